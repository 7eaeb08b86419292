-- name: Handoff :one
select doc from handoff where id = $1;

-- SaveHandoff changes a row only when it is still the one that the caller has read.
-- name: SaveHandoff :execrows
insert into handoff (id, rota, state, due_at, version, doc)
values (sqlc.arg(id), sqlc.arg(rota), sqlc.arg(state), sqlc.arg(due_at), sqlc.arg(version), sqlc.arg(doc))
on conflict (id) do update set state = excluded.state, version = excluded.version, doc = excluded.doc
where handoff.version = excluded.version - 1;

-- name: Handoffs :many
select doc from handoff
where (cast(sqlc.arg(rota) as text) = '' or rota = sqlc.arg(rota))
  and (cast(sqlc.arg(states) as text) = '' or sqlc.arg(states) like '%,' || state || ',%')
  and due_at <= sqlc.arg(until)
order by due_at desc, id desc
limit cast(sqlc.arg(most) as integer);

-- name: SealedHandoffs :many
select sqlc.embed(handoff), cast(coalesce((select l.head from link l where l.row_key = 'handoff ' || handoff.id order by l.seq desc limit 1), '') as text) as chained
from handoff where id > sqlc.arg(after) order by id limit cast(sqlc.arg(most) as integer);
