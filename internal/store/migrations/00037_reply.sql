-- What was answered to writes with a key of their own, so that the same again has the same answer.

-- +goose Up
create table reply (
    who     text   not null, -- whose key it is
    name    text   not null, -- the key
    request text   not null, -- hash of what was asked
    at      bigint not null,
    doc     text   not null, -- the answer; empty while it is being worked on
    primary key (who, name)
);
create index reply_at on reply (at);

-- +goose Down
drop table reply;
