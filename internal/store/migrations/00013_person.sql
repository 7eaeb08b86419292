-- The people whom directories tell of, their groups, and what changed of them. Who is gone is kept: what was his may be there still.

-- +goose Up
create table person (
    id          text   not null primary key,
    name_key    text   not null, -- the user name in small letters
    external_id text   not null,
    source      text   not null,
    name        text   not null, -- what people call him
    gone_at     bigint not null, -- 0 while the directory has him
    version     bigint not null,
    doc         text   not null
);
create unique index person_name on person (name_key) where gone_at = 0;
create index person_external on person (external_id) where external_id <> '';
create index person_source on person (source, id);

create table circle (
    id          text   not null primary key,
    name_key    text   not null,
    external_id text   not null,
    name        text   not null,
    version     bigint not null,
    doc         text   not null
);
create unique index circle_name on circle (name_key);
create index circle_external on circle (external_id) where external_id <> '';

create table member (
    circle   text   not null,
    member   text   not null, -- a person or a circle
    is_group bigint not null,
    primary key (circle, member)
);
create index member_of on member (member, circle);

create table person_entry (
    subject text   not null, -- a person or a circle
    seq     bigint not null,
    at      bigint not null,
    kind    text   not null,
    doc     text   not null,
    primary key (subject, seq)
);
create index person_entry_kind on person_entry (kind, at);

-- +goose Down
drop table person_entry;
drop table member;
drop table circle;
drop table person;
