-- Handoffs of duty, one for each rota and hour, with the document as it was written. They are kept for ever.

-- +goose Up
create table handoff (
    id      text   not null primary key,
    rota    text   not null,
    state   text   not null,
    due_at  bigint not null,
    version bigint not null,
    doc     text   not null
);
create index handoff_due on handoff (rota, due_at);

-- +goose Down
drop table handoff;
