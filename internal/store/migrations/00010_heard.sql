-- What was heard from which account, by which way: where rules are blind.

-- +goose Up
create table heard (
    account  text   not null,
    way      text   not null,
    log      text   not null,
    class    text   not null,
    service  text   not null,
    first_at bigint not null,
    last_at  bigint not null,
    primary key (account, way, log, class, service)
);

-- +goose Down
drop table heard;
