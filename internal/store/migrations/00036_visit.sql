-- Who is signed in, service tokens and one-time links, by the hashes of their secrets; and what was written by whom.

-- +goose Up
create table visit (
    hash    text   not null primary key, -- of the secret in the cookie
    who     text   not null,
    seen_at bigint not null,
    ends_at bigint not null,
    doc     text   not null
);
create index visit_who on visit (who);
create index visit_ends on visit (ends_at);

create table token (
    id   text not null primary key,
    name text not null,
    doc  text not null
);

create table login_link (
    hash    text   not null primary key,
    ends_at bigint not null,
    doc     text   not null
);

create table asked (
    id  text   not null primary key, -- a ULID, so that they sort by time
    at  bigint not null,
    who text   not null,
    doc text   not null
);

-- +goose Down
drop table asked;
drop table login_link;
drop table token;
drop table visit;
