-- name: Finding :one
select doc from finding where fingerprint = $1;

-- name: SaveFinding :exec
insert into finding (fingerprint, ticket, state, by_id, account, severity, seen_at, doc)
values ($1, $2, $3, $4, $5, $6, $7, $8)
on conflict (fingerprint) do update set
    ticket = excluded.ticket, state = excluded.state, by_id = excluded.by_id, account = excluded.account,
    severity = excluded.severity, seen_at = excluded.seen_at, doc = excluded.doc;

-- name: AddSighting :execrows
insert into sighting (fingerprint, sighting, seen_at) values ($1, $2, $3)
on conflict (fingerprint, sighting) do nothing;

-- name: PruneSightings :execrows
delete from sighting where seen_at < sqlc.arg(before);

-- name: FindingsOfTicket :many
select doc from finding
where ticket = sqlc.arg(ticket)
  and (cast(sqlc.arg(state) as text) = '' or state = sqlc.arg(state))
  and (cast(sqlc.arg(by_id) as text) = '' or by_id = sqlc.arg(by_id))
  and (cast(sqlc.arg(account) as text) = '' or account = sqlc.arg(account))
  and severity >= sqlc.arg(severity)
order by seen_at desc, fingerprint desc
limit cast(sqlc.arg(most) as integer);

-- name: Findings :many
select doc from finding
where (cast(sqlc.arg(state) as text) = '' or state = sqlc.arg(state))
  and (cast(sqlc.arg(by_id) as text) = '' or by_id = sqlc.arg(by_id))
  and (cast(sqlc.arg(account) as text) = '' or account = sqlc.arg(account))
  and severity >= sqlc.arg(severity)
order by seen_at desc, fingerprint desc
limit cast(sqlc.arg(most) as integer);
