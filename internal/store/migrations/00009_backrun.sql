-- What is run back over the archive: what is known, and of each run its parts and what they found for correlations.

-- +goose Up
create table backrun (
    kind     text   not null,
    id       text   not null,
    digest   text   not null,
    run      text   not null, -- empty: it was known from the first start on and never run back
    known_at bigint not null,
    primary key (kind, id, digest)
);
create index backrun_run on backrun (run);

create table backrun_part (
    run   text   not null,
    part  text   not null,
    state bigint not null, -- 0 waiting, 1 done, 2 given up
    found bigint not null,
    primary key (run, part)
);
create index backrun_part_state on backrun_part (state);

create table backrun_hit (
    run text   not null,
    id  text   not null,
    at  bigint not null,
    doc text   not null,
    primary key (run, id)
);
create index backrun_hit_at on backrun_hit (run, at, id);

-- +goose Down
drop table backrun_hit;
drop table backrun_part;
drop table backrun;
