-- Which program has a paid call in hand: a number that it drew when it started, and on which it holds an advisory lock as
-- long as it lives. A call without a living holder may be taken up by another program; only the holder may announce an
-- answer or close the call, so that of two programs that both believe to have it one is heard. Older programs know no
-- holder: what they accept anyone may take up after them.
create sequence pending_holder as integer cycle;

alter table pending add column holder integer;

create index pending_holder_platform on pending (holder, platform);
