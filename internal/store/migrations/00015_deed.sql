-- Who did what, as events say it: what waits to be folded, what it came to by day, and which events were folded lately. The version of the
-- ledger is a row of learner.

-- +goose Up
create table sheaf (
    id       text   not null primary key,
    added_at bigint not null,
    doc      bytea  not null
);
create index sheaf_added on sheaf (added_at, id);

create table deed (
    id        text  not null primary key, -- of all that doc says
    principal text  not null,
    place     text  not null, -- what is counted together; empty for what stands for many already
    resource  text  not null, -- a hash
    doc       bytea not null
);
create index deed_principal on deed (principal, id);
create index deed_of_place on deed (place, resource) where place <> '';

create table deed_day (
    deed     text   not null,
    day      bigint not null, -- since 1970
    times    bigint not null,
    refused  bigint not null,
    console  bigint not null,
    first_at bigint not null, -- seconds since 1970
    last_at  bigint not null,
    primary key (deed, day)
);
create index deed_day_day on deed_day (day);

create table deed_place (
    id   text   not null primary key,
    step bigint not null -- how far its resources are folded
);

create table deed_seen (
    n      bigint not null primary key,
    stamps bytea  not null -- of events, eight bytes each
);

create table deed_count (
    name text   not null primary key,
    n    bigint not null
);

-- +goose Down
drop table deed_count;
drop table deed_seen;
drop table deed_place;
drop table deed_day;
drop table deed;
drop table sheaf;
