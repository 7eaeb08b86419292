-- Addresses of programs that are told of changes. No secret is here: they follow from a key of the settings.

-- +goose Up
create table subscription (
    id      text   not null primary key,
    name    text   not null,
    state   text   not null,
    version bigint not null,
    doc     text   not null
);

-- +goose Down
drop table subscription;
