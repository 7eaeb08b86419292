-- name: AddEntry :exec
insert into entry (ticket, seq, hash, doc) values ($1, $2, $3, $4);

-- name: Timeline :many
select seq, hash, doc from entry where ticket = $1 order by seq;

-- name: LastLink :one
select seq, ticket, entry, head, prev, hash, row_key from link order by seq desc limit 1;

-- name: AddLink :exec
insert into link (seq, ticket, entry, head, prev, hash, row_key) values ($1, $2, $3, $4, $5, $6, $7);

-- name: LinksAfter :many
select l.seq, l.ticket, l.entry, l.head, l.prev, l.hash, l.row_key,
       cast(coalesce(e.hash, '') as text) as entry_hash,
       cast(coalesce(t.id, '') as text) as ticket_id
from link l
left join entry e on e.ticket = l.ticket and e.seq = l.entry and l.row_key = ''
left join ticket t on t.id = l.ticket and l.row_key = ''
where l.seq > sqlc.arg(seq)
order by l.seq
limit cast(sqlc.arg(most) as integer);

-- name: UnlinkedEntry :one
select e.ticket, e.seq from entry e
left join link l on l.ticket = e.ticket and l.entry = e.seq and l.row_key = ''
where l.seq is null
limit 1;

-- name: Exported :many
select sqlc.embed(l), cast(coalesce(e.doc, '') as text) as entry from link l
left join entry e on e.ticket = l.ticket and e.seq = l.entry and l.row_key = ''
where l.seq > sqlc.arg(after) and l.seq <= sqlc.arg(upto) order by l.seq limit cast(sqlc.arg(most) as integer);

-- name: Links :many
select seq, ticket, entry, head, prev, hash, row_key from link where seq > sqlc.arg(after) order by seq limit cast(sqlc.arg(most) as integer);
