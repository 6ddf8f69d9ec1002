-- What moderators want in their places. A row is kept until it says nothing but the default, a block until it is lifted: a
-- person who deletes everything about themselves stays blocked, or a block would be none. Places and people are pseudonyms.
-- The whole fleet is a place as well, under a name that no platform has.
create table place_rule (
    place_key smallint not null,
    place bytea not null,
    -- How much is said.
    tone text not null default 'open',
    -- Whether the fleet answers here.
    allowed boolean not null default true,
    -- Calls of one person in a minute and in a day; as configured where there is none.
    per_minute integer,
    per_day integer,
    -- Quiet hours: minutes since midnight, in the time zone of the configuration.
    quiet_from smallint,
    quiet_until smallint,
    -- Where moderators read that somebody may need help, sealed.
    alerts_key smallint,
    alerts bytea,
    constraint place_rule_pkey primary key (place_key, place),
    constraint place_rule_place_is_hmac check (octet_length(place) = 32),
    constraint place_rule_tone_known check (tone in ('open', 'quiet', 'paused')),
    constraint place_rule_limits_positive check (per_minute > 0 and per_day > 0),
    constraint place_rule_hours_whole check ((quiet_from is null) = (quiet_until is null)),
    constraint place_rule_hours_of_a_day check (
        quiet_from between 0 and 1439 and quiet_until between 0 and 1439 and quiet_from <> quiet_until
    ),
    constraint place_rule_alerts_have_key check ((alerts is null) = (alerts_key is null))
);

create table place_block (
    place_key smallint not null,
    place bytea not null,
    who_key smallint not null,
    who bytea not null,
    -- When whoever paid was told that nothing is answered: once.
    told_at timestamptz,
    constraint place_block_pkey primary key (place_key, place, who_key, who),
    constraint place_block_place_is_hmac check (octet_length(place) = 32),
    constraint place_block_who_is_hmac check (octet_length(who) = 32)
);

create index place_block_who on place_block (who_key, who);

-- What moderators did. Who did it, as pseudonym and as sealed name, goes after 30 days, or when they ask for it; the row goes
-- after a year.
create table moderation_log (
    id bigint generated always as identity,
    place_key smallint not null,
    place bytea not null,
    deed text not null,
    -- A number or hours. Never a name, an id or words.
    detail text,
    done_at timestamptz not null,
    who_key smallint,
    who bytea,
    name_key smallint,
    name bytea,
    constraint moderation_log_pkey primary key (id),
    constraint moderation_log_place_is_hmac check (octet_length(place) = 32),
    constraint moderation_log_who_is_hmac check (octet_length(who) = 32),
    constraint moderation_log_who_whole check (
        (who is null) = (who_key is null) and (who is null) = (name is null) and (name is null) = (name_key is null)
    )
);

create index moderation_log_place on moderation_log (place_key, place, id);
create index moderation_log_who on moderation_log (who_key, who) where who is not null;
create index moderation_log_done_at on moderation_log (done_at);

-- Codes by which a place gets the alerts of another, for some minutes. The code is an HMAC, the place behind it sealed.
create table alert_code (
    code_key smallint not null,
    code bytea not null,
    place_key smallint not null,
    place bytea not null,
    until timestamptz not null,
    constraint alert_code_pkey primary key (code_key, code),
    constraint alert_code_is_hmac check (octet_length(code) = 32)
);

create index alert_code_until on alert_code (until);
