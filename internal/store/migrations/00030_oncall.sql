-- What people changed in rotas. A change is never changed: a later one counts over it. And what people have to be told, until it is sent.

-- +goose Up
create table oncall_change (
    id      text   not null primary key,
    kind    text   not null,
    rota    text   not null, -- empty for leave, which is of a person
    person  text   not null, -- who made it
    made_at bigint not null,
    ends_at bigint not null, -- when its last span is over
    doc     text   not null
);
create index oncall_change_ends on oncall_change (ends_at);

create table oncall_tell (
    tell_key text   not null primary key,
    person   text   not null,
    due_at   bigint not null,
    told_at  bigint not null, -- zero: nobody has sent it yet
    doc      text   not null
);
create index oncall_tell_due on oncall_tell (told_at, due_at);

-- +goose Down
drop table oncall_tell;
drop table oncall_change;
