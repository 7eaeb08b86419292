-- The two ways in which CloudTrail's events come, held against each other.

-- +goose Up
-- An event and the ways that have brought it (1 live, 2 S3, 3 both). One that both have brought stays until no copy of it can be
-- taken for a new one.
create table sight (
    account  text   not null,
    id       text   not null,
    region   text   not null,
    name     text   not null,
    ways     bigint not null,
    at       bigint not null, -- when it happened
    heard_at bigint not null, -- when the first way brought it
    told_at  bigint not null, -- when it was said that S3 lacks it, 0 until then
    primary key (account, id)
);
create index sight_waits on sight (heard_at) where ways <> 3 and told_at = 0;
create index sight_whole on sight (at) where ways = 3;
create index sight_lacks on sight (account, region, told_at) where ways = 1 and told_at > 0;

-- What of a gap is only counted any more.
create table gap (
    account  text   not null,
    region   text   not null,
    beyond   bigint not null,
    first_at bigint not null,
    last_at  bigint not null,
    told_at  bigint not null,
    primary key (account, region)
);

-- What the comparison came to. Each process has a line of its own, so that they are not in each other's way.
create table tally (
    account text   not null,
    region  text   not null,
    day_at  bigint not null,
    teller  bigint not null,
    matched bigint not null,
    missed  bigint not null,
    lacking bigint not null,
    passed  bigint not null,
    primary key (account, region, day_at, teller)
);
create index tally_day on tally (day_at);

-- Which kinds of records a way has brought from where, since when without a long pause, and when last.
create table voice (
    account  text   not null,
    region   text   not null,
    kind     text   not null,
    way      bigint not null,
    since_at bigint not null,
    last_at  bigint not null,
    primary key (account, region, kind, way)
);

-- On which days a way was heard.
create table voice_day (
    account text   not null,
    way     bigint not null,
    day_at  bigint not null,
    last_at bigint not null,
    primary key (account, way, day_at)
);

-- When a process was listening: the signs of life, and the times without any.
create table pulse (
    name     text   not null primary key,
    first_at bigint not null,
    last_at  bigint not null
);
create table outage (
    from_at bigint not null primary key,
    to_at   bigint not null
);

-- +goose Down
drop table outage;
drop table pulse;
drop table voice_day;
drop table voice;
drop table tally;
drop table gap;
drop table sight;
