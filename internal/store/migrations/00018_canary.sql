-- The first run of each version of a playbook in an account, which is verified before others change anything there.

-- +goose Up
create table canary (
    playbook text not null,
    account  text not null,
    hash     text not null,
    doc      text not null,
    primary key (playbook, account, hash)
);

-- +goose Down
drop table canary;
