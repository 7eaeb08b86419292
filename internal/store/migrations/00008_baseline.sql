-- What baselines hold: events in short that wait for their turn, some of one minute a row, and what is known. The version of the
-- learner rises with each change, so that a process knows whether what is in its memory is still what is in the table.

-- +goose Up
create table brief (
    id       text   not null primary key,
    first_at bigint not null,
    doc      bytea  not null
);
create index brief_first on brief (first_at, id);

create table habit (
    scope text  not null,
    id    text  not null,
    state bytea not null,
    primary key (scope, id)
);

create table learner (
    name    text   not null primary key,
    version bigint not null
);

-- +goose Down
drop table learner;
drop table habit;
drop table brief;
