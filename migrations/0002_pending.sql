-- Paid calls that were accepted and not answered yet: what a restart needs to answer each exactly once. The row goes with
-- the answer, the apology, or after 24 hours.
create table pending (
    platform text not null,
    -- HMAC of platform and event, so that a duplicate of the event is known.
    event_key smallint not null,
    event bytea not null,
    persona text not null,
    who_key smallint not null,
    who bytea not null,
    -- Where the answer goes, sealed.
    address_key smallint not null,
    address bytea not null,
    -- The scrubbed call, sealed.
    question_key smallint not null,
    question bytea not null,
    -- The scheduler's: class, worth in hundredths of a US dollar, and the ordering key in microseconds of wall time.
    class text not null,
    credit bigint not null,
    ordering_key bigint not null,
    arrived_at timestamptz not null,
    -- `sending` is committed before a line goes to a platform that cannot say whether it was shown.
    state text not null default 'waiting',
    constraint pending_pkey primary key (platform, event_key, event, persona),
    constraint pending_event_is_hmac check (octet_length(event) = 32),
    constraint pending_who_is_hmac check (octet_length(who) = 32),
    constraint pending_credit_not_negative check (credit >= 0),
    constraint pending_state_known check (state in ('waiting', 'sending'))
);

create index pending_who on pending (who_key, who);
create index pending_arrived_at on pending (arrived_at);
