-- What each resource came to when it was last judged, how that adds up day by day, and how far each list of resources was swept.

-- +goose Up
create table standing (
    key       text   not null primary key,
    type      text   not null,
    account   text   not null,
    region    text   not null,
    owner     text   not null, -- team or person
    read_at   bigint not null, -- when it was last read
    judged_at bigint not null, -- when what was read was last judged, and not only found unchanged
    swept_at  bigint not null, -- when the sweep began that listed it last, 0 for none
    until_at  bigint not null, -- when it has to be judged again though nothing changes, 0 for never
    judged    bigint not null, -- expectations that apply
    passing   text   not null, -- IDs, with spaces between them
    failing   text   not null,
    unknown   text   not null,
    waived    text   not null, -- each ID with = and the waiver's
    digest    text   not null  -- of what was read and what it was judged by; empty when it has to be judged anew
);
create index standing_account on standing (account, key);
create index standing_place on standing (account, region, type, key);
create index standing_waived on standing (key) where waived <> '';

create table score (
    day_at      bigint not null,
    expectation text   not null,
    account     text   not null,
    team        text   not null,
    pass        bigint not null,
    fail        bigint not null,
    unknown     bigint not null,
    waived      bigint not null,
    folded_at   bigint not null,
    primary key (expectation, day_at, account, team)
);
create index score_day on score (day_at, account);

create table sweep (
    place    text   not null primary key,
    began_at bigint not null,
    done_at  bigint not null, -- before began_at while it is under way
    cursor   text   not null, -- how far it is
    judges   text   not null, -- digest of what is expected, by the last that was begun
    listed   bigint not null
);

-- +goose Down
drop table sweep;
drop table score;
drop table standing;
