-- What software read about findings before anything was done, what it remembers of that, and what people say of what software has closed.

-- +goose Up
create table inquiry (
    ticket      text   not null,
    opening     bigint not null, -- how often the ticket had been opened again
    fingerprint text   not null,
    account     text   not null,
    principal   text   not null,
    source      text   not null, -- the address, as the record has it
    occurred_at bigint not null,
    verdict     text   not null, -- empty: none applied
    memory      text   not null, -- what it was closed by, or is remembered by
    doc         text   not null,
    primary key (ticket, opening, fingerprint)
);
create index inquiry_principal on inquiry (principal, occurred_at);
create index inquiry_source on inquiry (source, occurred_at);
create index inquiry_account on inquiry (account, occurred_at);

create table memory (
    id      text   not null primary key,
    verdict text   not null,
    ends_at bigint not null,
    doc     text   not null
);

create table closing_review (
    ticket  text   not null,
    opening bigint not null,
    doc     text   not null,
    primary key (ticket, opening)
);

-- +goose Down
drop table closing_review;
drop table memory;
drop table inquiry;
