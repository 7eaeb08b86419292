-- name: AddOncallChange :execrows
insert into oncall_change (id, kind, rota, person, made_at, ends_at, doc) values ($1, $2, $3, $4, $5, $6, $7)
on conflict (id) do nothing;

-- name: OncallChange :one
select doc from oncall_change where id = $1;

-- name: OncallChanges :many
select doc from oncall_change
where ends_at > sqlc.arg(after) and (rota = '' or cast(sqlc.arg(rota) as text) = '' or rota = sqlc.arg(rota))
order by made_at, id;

-- name: SealedOncallChanges :many
select sqlc.embed(oncall_change), cast(coalesce((select l.head from link l where l.row_key = 'oncall_change ' || oncall_change.id order by l.seq desc limit 1), '') as text) as chained
from oncall_change where id > sqlc.arg(after) order by id limit cast(sqlc.arg(most) as integer);

-- name: AddOncallTell :exec
insert into oncall_tell (tell_key, person, due_at, told_at, doc) values ($1, $2, $3, 0, $4)
on conflict (tell_key) do nothing;

-- name: OncallTells :many
select tell_key, told_at, doc from oncall_tell
where (sqlc.arg(waiting) = 0 or told_at = 0)
order by due_at desc, tell_key desc
limit cast(sqlc.arg(most) as integer);

-- name: MarkOncallTold :execrows
update oncall_tell set told_at = sqlc.arg(told_at) where tell_key = sqlc.arg(tell_key) and told_at = 0;
