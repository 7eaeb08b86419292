-- name: Page :one
select doc from page where id = $1;

-- SavePage changes a row only when it is still the one that the caller has read.
-- name: SavePage :execrows
insert into page (id, state, severity, ticket, version, doc)
values (sqlc.arg(id), sqlc.arg(state), sqlc.arg(severity), sqlc.arg(ticket), sqlc.arg(version), sqlc.arg(doc))
on conflict (id) do update set
    state = excluded.state, severity = excluded.severity, ticket = excluded.ticket, version = excluded.version, doc = excluded.doc
where page.version = excluded.version - 1;

-- name: Pages :many
select doc from page
where (cast(sqlc.arg(states) as text) = '' or cast(sqlc.arg(states) as text) like '%,' || state || ',%')
  and severity >= sqlc.arg(severity)
order by id desc
limit cast(sqlc.arg(most) as integer);

-- PagesAfter are those that have not ended, in the order of their IDs.
-- name: PagesAfter :many
select doc from page where state <> 'resolved' and id > sqlc.arg(after) order by id limit cast(sqlc.arg(most) as integer);

-- PageOf is the page that tells of a ticket which is not closed.
-- name: PageOf :one
select page from page_ticket where ticket = $1 and open = 1 order by page desc limit 1;

-- name: PagesOf :many
select p.doc from page_ticket t join page p on p.id = t.page where t.ticket = $1 order by p.id;

-- name: TicketsOfPage :many
select ticket, open from page_ticket where page = sqlc.arg(page) order by at, ticket limit cast(sqlc.arg(most) as integer);

-- name: SavePageTicket :exec
insert into page_ticket (ticket, page, open, at, told) values (sqlc.arg(ticket), sqlc.arg(page), 1, sqlc.arg(at), 0)
on conflict (ticket, page) do update set open = 1, at = excluded.at, told = 0;

-- name: ShutPageTicket :execrows
update page_ticket set open = 0 where ticket = sqlc.arg(ticket) and page = sqlc.arg(page) and open = 1;

-- UntoldTickets are those that were of the page when an answer was given, are not closed, and do not tell of that answer yet.
-- name: UntoldTickets :many
select ticket from page_ticket
where page = sqlc.arg(page) and open = 1 and told < sqlc.arg(answered) and at <= sqlc.arg(answered)
order by ticket limit cast(sqlc.arg(most) as integer);

-- name: TellTicket :exec
update page_ticket set told = sqlc.arg(answered) where ticket = sqlc.arg(ticket) and page = sqlc.arg(page);

-- name: SavePageWord :exec
insert into page_word (word, page, at) values (sqlc.arg(word), sqlc.arg(page), sqlc.arg(at))
on conflict (word, page) do update set at = excluded.at where excluded.at > page_word.at;

-- PagesOfWord are pages that a ticket with that word has joined since, the last first.
-- name: PagesOfWord :many
select p.doc from page_word w join page p on p.id = w.page
where w.word = sqlc.arg(word) and w.at >= sqlc.arg(since) and p.state <> 'resolved'
order by w.at desc, w.page desc limit cast(sqlc.arg(most) as integer);

-- name: PrunePageWords :execrows
delete from page_word where at < sqlc.arg(before);

-- AddPageCall does nothing when somebody was asked for that level already.
-- name: AddPageCall :execrows
insert into page_call (call_key, page, person, state, at, doc)
values (sqlc.arg(call_key), sqlc.arg(page), sqlc.arg(person), sqlc.arg(state), sqlc.arg(at), sqlc.arg(doc))
on conflict (call_key) do nothing;

-- name: PageCall :one
select doc from page_call where call_key = $1;

-- name: MovePageCall :execrows
update page_call set state = sqlc.arg(state), doc = sqlc.arg(doc) where call_key = sqlc.arg(call_key);

-- name: PageCalls :many
select doc from page_call where page = $1 order by at, call_key;

-- TicketMark is how a ticket was before it is saved.
-- name: TicketMark :one
select state, severity from ticket where id = $1;

-- UnpagedTickets are those that are open, of which no page tells, and that were opened before: IDs sort by the time of the first opening.
-- name: UnpagedTickets :many
select t.id from ticket t
where t.state <> 'closed' and t.id > sqlc.arg(after) and t.id < sqlc.arg(before)
  and not exists (select 1 from page_ticket p where p.ticket = t.id and p.open = 1)
order by t.id limit cast(sqlc.arg(most) as integer);
