-- Which reports came through the door that is open to everybody: these count together and apart from all others, so that a flood of strangers
-- keeps nobody out who is let in otherwise. It says no more of who said something than that.

-- +goose Up
alter table report add column open bigint not null default 0; -- 1: by nobody who had signed in
create index report_open on report (person, open, made_at);
drop index report_made;

-- +goose Down
create index report_made on report (person, made_at);
drop index report_open;
alter table report drop column open;
