-- Uses of break-glass, and the events of their sessions. What happened to a use is on the timeline of its ticket.

-- +goose Up
create table glass (
    id      text   not null primary key,
    state   text   not null,
    account text   not null,
    role    text   not null,
    person  text   not null,
    version bigint not null,
    events  bigint not null, -- kept in glass_event
    beyond  bigint not null, -- that were too many to keep
    doc     text   not null
);
create index glass_state on glass (state, id);

create table glass_event (
    glass text   not null,
    event text   not null,
    at    bigint not null,
    doc   text   not null,
    primary key (glass, event)
);
create index glass_event_at on glass_event (glass, at, event);

-- +goose Down
drop table glass_event;
drop table glass;
