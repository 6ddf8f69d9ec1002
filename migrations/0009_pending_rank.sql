-- Class and worth lie in the sealed call, and the ordering key follows from when it arrived. No program that writes these
-- columns was ever released, so they go at once.
alter table pending
    drop constraint pending_credit_not_negative,
    drop column class,
    drop column credit,
    drop column ordering_key;
