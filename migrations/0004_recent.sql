-- The last exchanges, for follow-ups: scrubbed question and answer, sealed, at most 24 hours. Deletion of the message, a
-- timeout or ban of its writer, and forget remove them.
create table recent (
    id bigint generated always as identity,
    place_key smallint not null,
    place bytea not null,
    who_key smallint not null,
    who bytea not null,
    persona text not null,
    -- HMAC of the asker's message, where the platform has one.
    message_key smallint,
    message bytea,
    exchange_key smallint not null,
    exchange bytea not null,
    answered_at timestamptz not null,
    constraint recent_pkey primary key (id),
    constraint recent_place_is_hmac check (octet_length(place) = 32),
    constraint recent_who_is_hmac check (octet_length(who) = 32),
    constraint recent_message_is_hmac check (octet_length(message) = 32),
    constraint recent_message_has_key check ((message is null) = (message_key is null))
);

create index recent_who_place on recent (who_key, who, place_key, place, answered_at desc);
create index recent_place on recent (place_key, place);
create index recent_message on recent (message_key, message);
create index recent_answered_at on recent (answered_at);
