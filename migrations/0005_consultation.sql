-- Scrubbed stories of people who consented, kept for 90 days. A panel is one consultation with several answers. The day is
-- all the time there is: a finer one would point at a line of a public chat log.
create table consultation (
    id bigint generated always as identity,
    who_key smallint not null,
    who bytea not null,
    language text not null,
    story text not null,
    asked_on date not null,
    constraint consultation_pkey primary key (id),
    constraint consultation_who_is_hmac check (octet_length(who) = 32),
    constraint consultation_language_known check (language in ('ko', 'en', 'ja'))
);

create index consultation_who on consultation (who_key, who);
create index consultation_asked_on on consultation (asked_on);

create table answer (
    consultation_id bigint not null,
    -- The order in which a panel spoke, from 1.
    turn smallint not null,
    persona text not null,
    text text not null,
    constraint answer_pkey primary key (consultation_id, turn),
    constraint answer_consultation_fkey foreign key (consultation_id) references consultation (id) on delete cascade,
    constraint answer_one_a_persona unique (consultation_id, persona)
);
