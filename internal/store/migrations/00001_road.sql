-- Runs unchanged on SQLite and PostgreSQL. Times are microseconds since 1970 in UTC, 0 for never; doc is the noun as JSON;
-- the columns beside it are what is looked for. severity is its rank.

-- +goose Up
create table finding (
    fingerprint text   not null primary key,
    ticket      text   not null,
    state       text   not null,
    by_id       text   not null,
    account     text   not null,
    severity    bigint not null,
    seen_at     bigint not null,
    doc         text   not null
);
create index finding_ticket on finding (ticket);
create index finding_seen on finding (seen_at);
create index finding_by on finding (by_id, account);

create table sighting (
    fingerprint text   not null,
    sighting    text   not null,
    seen_at     bigint not null,
    primary key (fingerprint, sighting)
);

create table ticket (
    id       text   not null primary key,
    subject  text   not null unique,
    state    text   not null,
    account  text   not null,
    team     text   not null,
    person   text   not null,
    severity bigint not null,
    entries  bigint not null,
    head     text   not null,
    doc      text   not null
);
create index ticket_state on ticket (state);

create table entry (
    ticket text   not null,
    seq    bigint not null,
    hash   text   not null,
    doc    text   not null,
    primary key (ticket, seq)
);

create table link (
    seq    bigint not null primary key,
    ticket text   not null,
    entry  bigint not null,
    head   text   not null,
    prev   text   not null,
    hash   text   not null
);
create unique index link_entry on link (ticket, entry);

create table run (
    id         text   not null primary key,
    ticket     text   not null,
    state      text   not null,
    started_at bigint not null,
    doc        text   not null
);
create index run_ticket on run (ticket);

create table effect (
    effect_key text   not null primary key,
    ticket     text   not null,
    run        text   not null,
    playbook   text   not null,
    account    text   not null,
    resource   text   not null,
    state      text   not null,
    began_at   bigint not null,
    doc        text   not null
);
create index effect_ticket on effect (ticket);
create index effect_run on effect (run);
create index effect_resource on effect (resource, began_at);
create index effect_playbook on effect (playbook, account, began_at);
create index effect_began on effect (began_at);

create table brake (
    name text not null primary key,
    doc  text not null
);

create table letter (
    id     text   not null primary key,
    source text   not null,
    state  text   not null,
    size   bigint not null,
    doc    text   not null,
    bytes  bytea  not null
);
create index letter_state on letter (state, id);

-- work is outbox, timer and stall detector in one: see docs/adr/0002-one-work-table.md.
-- Pending means done_generation < generation and poisoned_at = 0.
create table work (
    leg             text   not null,
    ref             text   not null,
    generation      bigint not null, -- raised by each wake-up
    done_generation bigint not null, -- the last one that was finished
    claimed         bigint not null, -- the one that was begun and not settled, 0 when there is none
    due_at          bigint not null, -- by flow's clock
    next_due_at     bigint not null, -- of wake-ups after the claimed one (generation > claimed > 0)
    sent_at         bigint not null, -- 0: no hint is on its way
    resend_at       bigint not null, -- when a hint that nobody took counts as lost, by the wall clock
    sends           bigint not null, -- only ever rises: makes each hint's identity its own
    resends         bigint not null, -- hints lost in a row
    attempts        bigint not null, -- failures in a row
    lease_until     bigint not null, -- by the wall clock, 0 when free
    holder          text   not null,
    poisoned_at     bigint not null, -- given up and told to a person, 0 when not
    last_error      text   not null,
    primary key (leg, ref)
);
create index work_unsent on work (leg, due_at) where sent_at = 0 and poisoned_at = 0 and done_generation < generation;
create index work_due on work (due_at) where sent_at = 0 and poisoned_at = 0 and done_generation < generation;
create index work_sent on work (resend_at) where sent_at > 0 and poisoned_at = 0 and done_generation < generation;
create index work_done on work (due_at) where done_generation >= generation;

create table lease (
    name    text   not null primary key,
    holder  text   not null,
    ends_at bigint not null -- by the wall clock
);

-- +goose Down
drop table lease;
drop table work;
drop table letter;
drop table brake;
drop table effect;
drop table run;
drop table link;
drop table entry;
drop table ticket;
drop table sighting;
drop table finding;
