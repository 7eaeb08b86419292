-- Pages: what people are told of tickets. The timer of a page is a row of work. page_ticket is which tickets a page is about, page_word
-- by what they are grouped.

-- +goose Up
create table page (
    id        text   not null primary key,
    state     text   not null,
    severity  bigint not null,
    ticket    text   not null, -- whose timeline tells of it
    version   bigint not null,
    doc       text   not null
);
create index page_state on page (state, id);

create table page_ticket (
    ticket text   not null,
    page   text   not null,
    open   bigint not null, -- 1 until the ticket is closed
    at     bigint not null, -- when it joined
    told   bigint not null, -- whose answer its clocks tell of: when that was given, 0 for none
    primary key (ticket, page)
);
create index page_ticket_page on page_ticket (page, open, told);

create table page_word (
    word text   not null,
    page text   not null,
    at   bigint not null, -- when a ticket with it joined last
    primary key (word, page)
);
create index page_word_at on page_word (word, at);

-- +goose Down
drop table page_word;
drop table page_ticket;
drop table page;
