-- Who was asked by a page, at which level and when, and how far that came. The key makes sure that nobody is asked twice for one level.

-- +goose Up
create table page_call (
    call_key text   not null primary key,
    page     text   not null,
    person   text   not null,
    state    text   not null,
    at       bigint not null,
    doc      text   not null
);
create index page_call_page on page_call (page, at);
create index page_call_person on page_call (person, at);

-- +goose Down
drop table page_call;
