-- Who last changed a resource: what the next read of it is judged as the consequence of.

-- +goose Up
create table touch (
    resource text   not null primary key,
    at       bigint not null,
    doc      text   not null
);

-- +goose Down
drop table touch;
