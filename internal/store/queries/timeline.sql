-- name: AddEntry :exec
insert into entry (ticket, seq, hash, doc) values ($1, $2, $3, $4);

-- name: Timeline :many
select seq, hash, doc from entry where ticket = $1 order by seq;

-- name: LastLink :one
select seq, ticket, entry, head, prev, hash from link order by seq desc limit 1;

-- name: AddLink :exec
insert into link (seq, ticket, entry, head, prev, hash) values ($1, $2, $3, $4, $5, $6);

-- name: LinksAfter :many
select l.seq, l.ticket, l.entry, l.head, l.prev, l.hash,
       cast(coalesce(e.hash, '') as text) as entry_hash,
       cast(coalesce(t.id, '') as text) as ticket_id
from link l
left join entry e on e.ticket = l.ticket and e.seq = l.entry
left join ticket t on t.id = l.ticket
where l.seq > sqlc.arg(seq)
order by l.seq
limit cast(sqlc.arg(most) as integer);

-- name: UnlinkedEntry :one
select e.ticket, e.seq from entry e
left join link l on l.ticket = e.ticket and l.entry = e.seq
where l.seq is null
limit 1;
