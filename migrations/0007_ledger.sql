-- Every paid event once. Amounts need no consent and stay; forget takes the person off them.
create table ledger (
    platform text not null,
    event_key smallint not null,
    event bytea not null,
    who_key smallint,
    who bytea,
    -- Whom it was for, where the payer said so.
    persona text,
    kind text not null,
    -- In the platform's unit: bits, months, gifts, boosts.
    units bigint not null,
    -- Worth in hundredths of a US dollar.
    cents bigint not null,
    paid_on date not null,
    constraint ledger_pkey primary key (platform, event_key, event),
    constraint ledger_event_is_hmac check (octet_length(event) = 32),
    constraint ledger_who_is_hmac check (octet_length(who) = 32),
    constraint ledger_who_has_key check ((who is null) = (who_key is null)),
    constraint ledger_amounts_not_negative check (units >= 0 and cents >= 0)
);

create index ledger_who on ledger (who_key, who) where who is not null;
