-- Long lists are read a page at a time, the newest first, one state after the other: everything that they are filtered by is in an index
-- beside what they are ordered by, so that no document is read that is not shown. What the words of older tickets are is filled in by the
-- program, which reads their documents.

-- +goose Up
alter table ticket add column words text not null default ''; -- title and subject, in small letters; empty: not filled in yet
create index ticket_page on ticket (state, id, severity, account, team, person, words);
create index ticket_worst on ticket (state, severity, id);
create index ticket_wordless on ticket (id) where words = '';

create index finding_page on finding (state, seen_at, fingerprint, severity, account, by_id);
create index finding_page_by on finding (by_id, seen_at, fingerprint, state, severity, account);
create index finding_page_account on finding (account, seen_at, fingerprint, state, severity);

create index run_page on run (state, started_at, id, playbook);
create index run_count on run (playbook, state);
create index effect_count on effect (state);
create index work_pending on work (leg, poisoned_at, due_at) where done_generation < generation;
create index standing_typed on standing (account, type, key);
create index standing_failing on standing (account, key) where failing <> '';

-- +goose Down
drop index standing_failing;
drop index work_pending;
drop index standing_typed;
drop index effect_count;
drop index run_count;
drop index run_page;
drop index finding_page_account;
drop index finding_page_by;
drop index finding_page;
drop index ticket_wordless;
drop index ticket_worst;
drop index ticket_page;
alter table ticket drop column words;
