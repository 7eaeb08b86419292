-- What people are told, one row a message and receiver, with every attempt in its document.

-- +goose Up
create table delivery (
    id      text   not null primary key,
    state   text   not null,
    person  text   not null,
    channel text   not null,
    thread  text   not null,
    made_at bigint not null,
    version bigint not null,
    doc     text   not null
);
create index delivery_made on delivery (made_at, id);
create index delivery_state on delivery (state, made_at);
create index delivery_thread on delivery (thread, made_at);

-- +goose Down
drop table delivery;
