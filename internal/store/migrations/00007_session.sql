-- Which temporary credential came from whom, a record a row, until the credential ends.

-- +goose Up
create table session (
    id       text   not null primary key,
    until_at bigint not null,
    saved_at bigint not null,
    doc      text   not null
);
create index session_until on session (until_at);
create index session_saved on session (saved_at);

-- +goose Down
drop table session;
