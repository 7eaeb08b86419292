-- name: Delivery :one
select doc from delivery where id = $1;

-- SaveDelivery changes a row only when it is still the one that the caller has read.
-- name: SaveDelivery :execrows
insert into delivery (id, state, person, channel, thread, made_at, version, doc)
values (sqlc.arg(id), sqlc.arg(state), sqlc.arg(person), sqlc.arg(channel), sqlc.arg(thread), sqlc.arg(made_at), sqlc.arg(version), sqlc.arg(doc))
on conflict (id) do update set
    state = excluded.state, version = excluded.version, doc = excluded.doc
where delivery.version = excluded.version - 1;

-- name: Deliveries :many
select doc from delivery
where (cast(sqlc.arg(states) as text) = '' or cast(sqlc.arg(states) as text) like '%,' || state || ',%')
  and (cast(sqlc.arg(person) as text) = '' or person = cast(sqlc.arg(person) as text))
  and (cast(sqlc.arg(thread) as text) = '' or thread = cast(sqlc.arg(thread) as text))
order by made_at desc, id desc
limit cast(sqlc.arg(most) as integer);

-- name: SealedDeliveries :many
select sqlc.embed(delivery), cast(coalesce((select l.head from link l where l.row_key = 'delivery ' || delivery.id order by l.seq desc limit 1), '') as text) as chained
from delivery where id > sqlc.arg(after) order by id limit cast(sqlc.arg(most) as integer);
