-- Links that let one person accept one handoff without signing in, by the hashes of their secrets. They are kept, and say which were used.

-- +goose Up
create table handoff_link (
    hash    text   not null primary key, -- of the secret in the link
    handoff text   not null,
    person  text   not null,
    ends_at bigint not null,
    version bigint not null,
    doc     text   not null
);

-- +goose Down
drop table handoff_link;
