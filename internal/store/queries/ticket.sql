-- name: Ticket :one
select doc from ticket where id = $1;

-- name: TicketOf :one
select doc from ticket where subject = $1;

-- SaveTicket changes a row only when its timeline is still the one that the caller has read.
-- name: SaveTicket :execrows
insert into ticket (id, subject, state, account, team, person, severity, entries, head, words, doc)
values (sqlc.arg(id), sqlc.arg(subject), sqlc.arg(state), sqlc.arg(account), sqlc.arg(team), sqlc.arg(person),
        sqlc.arg(severity), sqlc.arg(entries), sqlc.arg(head), sqlc.arg(words), sqlc.arg(doc))
on conflict (id) do update set
    subject = excluded.subject, state = excluded.state, account = excluded.account, team = excluded.team,
    person = excluded.person, severity = excluded.severity, entries = excluded.entries, head = excluded.head,
    words = excluded.words, doc = excluded.doc
where ticket.head = sqlc.arg(head_before);

-- name: Tickets :many
select doc from ticket
where (cast(sqlc.arg(states) as text) = '' or sqlc.arg(states) like '%,' || state || ',%')
  and (cast(sqlc.arg(account) as text) = '' or account = sqlc.arg(account))
  and (cast(sqlc.arg(owner) as text) = '' or team = sqlc.arg(owner) or person = sqlc.arg(owner))
  and severity >= sqlc.arg(severity)
order by id desc
limit cast(sqlc.arg(most) as integer);

-- name: TicketsAfter :many
select id, entries, head, doc from ticket where id > sqlc.arg(id) order by id limit cast(sqlc.arg(most) as integer);
