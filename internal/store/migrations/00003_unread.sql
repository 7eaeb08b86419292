-- What could not be read, by the finding that says so: the finding is over when its last row is gone.

-- +goose Up
create table unread (
    fingerprint text   not null,
    what        text   not null,
    seen_at     bigint not null,
    primary key (fingerprint, what)
);
create index unread_what on unread (what);
create index sighting_seen on sighting (seen_at);

-- +goose Down
drop index sighting_seen;
drop table unread;
