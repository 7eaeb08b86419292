-- What CloudTrail says that our own roles have changed, until it is held against the timelines; how far the timelines were held against it;
-- and links of rows outside timelines, in the one chain.

-- +goose Up
create table our_call (
    account  text   not null, -- that received the event
    id       text   not null, -- of the event
    ticket   text   not null, -- that the session names
    request  text   not null,
    verdict  text   not null, -- empty while it waits
    heard_at bigint not null,
    doc      text   not null,
    primary key (account, id)
);
create index our_call_waiting on our_call (heard_at) where verdict = '';
create index our_call_ticket on our_call (ticket);
create index our_call_request on our_call (request);
create index our_call_heard on our_call (heard_at);

create table audit_mark (
    name text   not null primary key,
    seq  bigint not null -- of the last link that was looked at
);

-- A link is of an entry, or of a row outside timelines: then row_key names the row, ticket is empty, entry is 0 and head is the hash of the row,
-- empty when the row was removed.
alter table link add column row_key text not null default '';
drop index link_entry;
create unique index link_entry on link (ticket, entry) where row_key = '';
create index link_row on link (row_key, seq) where row_key <> '';

-- +goose Down
drop index link_row;
drop index link_entry;
delete from link where row_key <> '';
create unique index link_entry on link (ticket, entry);
alter table link drop column row_key;
drop table audit_mark;
drop table our_call;
