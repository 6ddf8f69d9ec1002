-- What fans did for a persona, counted. A person's own counters need consent and go with it; the fleet's totals know nobody.
create table fan_count (
    who_key smallint not null,
    who bytea not null,
    persona text not null,
    deed text not null,
    count bigint not null,
    constraint fan_count_pkey primary key (who_key, who, persona, deed),
    constraint fan_count_who_is_hmac check (octet_length(who) = 32),
    constraint fan_count_positive check (count > 0)
);

create table fan_total (
    persona text not null,
    deed text not null,
    count bigint not null,
    constraint fan_total_pkey primary key (persona, deed),
    constraint fan_total_positive check (count > 0)
);
