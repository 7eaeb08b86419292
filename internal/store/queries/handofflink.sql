-- name: HandoffLink :one
select doc from handoff_link where hash = $1;

-- SaveHandoffLink changes a row only when it is still the one that the caller has read: a link is used once.
-- name: SaveHandoffLink :execrows
insert into handoff_link (hash, handoff, person, ends_at, version, doc)
values (sqlc.arg(hash), sqlc.arg(handoff), sqlc.arg(person), sqlc.arg(ends_at), sqlc.arg(version), sqlc.arg(doc))
on conflict (hash) do update set version = excluded.version, doc = excluded.doc
where handoff_link.version = excluded.version - 1;

-- name: SealedHandoffLinks :many
select sqlc.embed(handoff_link), cast(coalesce((select l.head from link l where l.row_key = 'handoff_link ' || handoff_link.hash order by l.seq desc limit 1), '') as text) as chained
from handoff_link where handoff_link.hash > sqlc.arg(after) order by handoff_link.hash limit cast(sqlc.arg(most) as integer);
