-- E-mails that were taken in as reports, each once: a row is written in the transaction that makes the report of it.

-- +goose Up
create table report_mail (
    mail     text   not null primary key, -- hash of its Message-ID, or of where it lay when it has none
    report   text   not null, -- empty: it made none
    taken_at bigint not null
);
create index report_mail_taken on report_mail (taken_at);

-- +goose Down
drop table report_mail;
