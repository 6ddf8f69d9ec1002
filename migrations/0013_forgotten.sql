-- Which entries of the journals of forgotten people are done. The journals lie outside the database: one that is brought back
-- from a backup lacks the entries since, and the next start does them again. Says nothing of who; an entry goes 30 days after
-- its line in the journal.
create table forgotten (
    entry bytea not null,
    done_on date not null,
    constraint forgotten_pkey primary key (entry),
    constraint forgotten_entry_is_random check (octet_length(entry) = 16)
);

create index forgotten_done_on on forgotten (done_on);
