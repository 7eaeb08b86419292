-- Runs are listed and counted by their playbook, and states of tickets are watched that a playbook begins at. What older runs ran is
-- filled in by the program, which reads their documents: no words for that are the same in both databases.

-- +goose Up
alter table run add column playbook text not null default '';
create index run_playbook on run (playbook, started_at);

create table watched (
    state text not null primary key
);

-- +goose Down
drop table watched;
drop index run_playbook;
alter table run drop column playbook;
