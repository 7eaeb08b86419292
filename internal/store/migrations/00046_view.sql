-- Filters that people have given a name, each person's own.

-- +goose Up
create table saved_view (
    who   text not null,
    name  text not null,
    query text not null, -- of the address of the list
    primary key (who, name)
);

-- +goose Down
drop table saved_view;
