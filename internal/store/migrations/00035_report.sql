-- What anybody has said is wrong. Of an anonymous report nothing is kept that would tell who said it.

-- +goose Up
create table report (
    id      text   not null primary key,
    code    text   not null, -- hash of the code by which it is followed
    person  text   not null, -- empty: anonymous
    made_at bigint not null,
    version bigint not null,
    doc     text   not null
);
create index report_code on report (code);
create index report_made on report (person, made_at);

create table report_file (
    report text  not null,
    sum    text  not null,
    bytes  bytea not null,
    primary key (report, sum)
);

-- +goose Down
drop table report_file;
drop table report;
