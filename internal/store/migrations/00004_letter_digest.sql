-- What a dead letter is, so that a message that is delivered again is one letter and not two.

-- +goose Up
alter table letter add column digest text not null default '';
create unique index letter_digest on letter (digest) where digest <> '';

-- +goose Down
drop index letter_digest;
alter table letter drop column digest;
