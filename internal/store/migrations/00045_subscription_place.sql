-- How far each subscription was told. It moves with every change, and is no change itself: it is not in the chain.

-- +goose Up
create table subscription_place (
    id  text not null primary key,
    doc text not null
);

-- +goose Down
drop table subscription_place;
