-- Paid events that were answered or apologised for, kept for 7 days against late duplicates. Says nothing of who or where.
create table delivered (
    platform text not null,
    event_key smallint not null,
    event bytea not null,
    persona text not null,
    delivered_at timestamptz not null,
    constraint delivered_pkey primary key (platform, event_key, event, persona),
    constraint delivered_event_is_hmac check (octet_length(event) = 32)
);

create index delivered_at on delivered (delivered_at);
