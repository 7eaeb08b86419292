-- name: AddOurCall :exec
insert into our_call (account, id, ticket, request, verdict, heard_at, doc) values ($1, $2, $3, $4, $5, $6, $7)
on conflict (account, id) do nothing;

-- name: JudgeOurCall :exec
update our_call set verdict = sqlc.arg(verdict), doc = sqlc.arg(doc) where account = sqlc.arg(account) and id = sqlc.arg(id);

-- name: WaitingCalls :many
select doc from our_call where verdict = '' and heard_at <= sqlc.arg(before) order by heard_at limit cast(sqlc.arg(most) as integer);

-- name: FirstWaitingCall :one
select heard_at from our_call where verdict = '' and heard_at > sqlc.arg(after) order by heard_at limit 1;

-- name: CallsOfTicket :many
select doc from our_call where ticket = $1 and verdict <> '' order by heard_at limit cast(sqlc.arg(most) as integer);

-- name: OurCallsOf :one
select count(*) from our_call where request = $1;

-- name: PruneOurCalls :execrows
delete from our_call where heard_at < sqlc.arg(before) and verdict <> '';

-- name: AuditMark :one
select seq from audit_mark where name = $1;

-- name: SaveAuditMark :exec
insert into audit_mark (name, seq) values ($1, $2)
on conflict (name) do update set seq = excluded.seq;

-- name: MadeAfter :many
select l.seq, e.doc from link l
join entry e on e.ticket = l.ticket and e.seq = l.entry
where l.seq > sqlc.arg(after) and l.seq <= sqlc.arg(upto) and e.doc like '%"made":%'
order by l.seq;
