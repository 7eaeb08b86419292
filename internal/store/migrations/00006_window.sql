-- What correlations hold: hits that wait to be taken up, and the windows of each shard. The version of a shard rises with each
-- change, so that a process knows whether the windows in its memory are still those in the table.

-- +goose Up
create table hit (
    shard bigint not null,
    id    text   not null,
    doc   text   not null,
    primary key (shard, id)
);

create table shard (
    shard   bigint not null primary key,
    version bigint not null
);

create table span (
    shard       bigint not null,
    correlation text   not null,
    id          text   not null,
    state       bytea  not null,
    primary key (shard, correlation, id)
);

-- How far each source has come. idle: it has nothing more to give for now.
create table mark (
    source  text   not null primary key,
    seen_at bigint not null,
    idle    bigint not null
);

-- +goose Down
drop table mark;
drop table span;
drop table shard;
drop table hit;
