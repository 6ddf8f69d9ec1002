-- What may be known without knowing anybody, for whoever draws charts. Every view here is one of these: it has a column
-- `people`, and leaves out each cell of fewer than five. Somebody whose rows lie under two versions of the key would count
-- twice, so the cell counts the version under which it has most people: never too many. No view sums up the cells of
-- another, or what is left out could be had by subtraction.
create function most_people(key_versions smallint[], tags bytea[]) returns bigint
language sql immutable
return (
    select coalesce(max(people), 0)
    from (
        select count(distinct tag) as people
        from unnest(key_versions, tags) as known (key_version, tag)
        where tag is not null
        group by key_version
    ) as by_version
);

create view weekly_consultations as
select week, language, people, consultations
from (
    select date_trunc('week', asked_on)::date as week, language,
           most_people(array_agg(who_key), array_agg(who)) as people, count(*) as consultations
    from consultation
    group by 1, 2
) as cell
where people >= 5;

create view weekly_support as
select week, platform, kind, people, payments, cents
from (
    select date_trunc('week', paid_on)::date as week, platform, kind,
           most_people(array_agg(who_key), array_agg(who)) as people, count(*) as payments,
           least(sum(cents), 9223372036854775807)::bigint as cents
    from ledger
    group by 1, 2, 3
) as cell
where people >= 5;

create view fan_deeds as
select persona, deed, people, times
from (
    select persona, deed, most_people(array_agg(who_key), array_agg(who)) as people, sum(count)::bigint as times
    from fan_count
    group by 1, 2
) as cell
where people >= 5;

create view consents as
select language, consultation, fandom, people
from (
    select language, consent_consultation as consultation, consent_fandom as fandom,
           most_people(array_agg(key_version), array_agg(tag)) as people
    from person
    group by 1, 2, 3
) as cell
where people >= 5;

-- Two roles that nobody logs in as: `lovelm_bots` reads and writes rows and changes no table, `lovelm_analytics` reads the
-- views and no table. Programs that may act as the first do so. Where the user of this database may not make roles, nothing
-- fails: an administrator makes them, and the next start, or `select settle_roles()`, does the rest. Tables and views of
-- later migrations are settled likewise. Says whether the roles are there.
create function settle_roles() returns boolean
language plpgsql
set search_path = public
as $$
declare
    name text;
begin
    -- Of the programs that start at once, one does it.
    perform pg_advisory_xact_lock(hashtext('settle_roles'));
    foreach name in array array['lovelm_bots', 'lovelm_analytics'] loop
        if not exists (select from pg_roles where rolname = name) then
            begin
                execute format('create role %I nologin', name);
            exception
                -- Roles are the whole server's: another database of it may be as far as this one.
                when duplicate_object or unique_violation then null;
                when insufficient_privilege then return false;
            end;
        end if;
        execute format('grant usage on schema public to %I', name);
    end loop;
    for name in select tablename from pg_tables where schemaname = 'public' and tablename !~ '^_' loop
        if not has_table_privilege('lovelm_bots', name, 'select') then
            execute format('grant select, insert, update, delete on %I to lovelm_bots', name);
        end if;
    end loop;
    for name in select sequencename from pg_sequences where schemaname = 'public' loop
        if not has_sequence_privilege('lovelm_bots', name, 'usage') then
            execute format('grant usage on sequence %I to lovelm_bots', name);
        end if;
    end loop;
    for name in select viewname from pg_views where schemaname = 'public' loop
        if not has_table_privilege('lovelm_analytics', name, 'select') then
            execute format('grant select on %I to lovelm_analytics', name);
        end if;
    end loop;
    if not pg_has_role(current_user, 'lovelm_bots', 'member') then
        begin
            execute format('grant lovelm_bots to %I', current_user);
        exception
            when insufficient_privilege or unique_violation then null;
        end;
    end if;
    return true;
end
$$;
