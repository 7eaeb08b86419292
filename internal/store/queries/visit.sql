-- name: Visit :one
select hash, who, seen_at, ends_at, doc from visit where hash = $1;

-- name: SaveVisit :exec
insert into visit (hash, who, seen_at, ends_at, doc) values ($1, $2, $3, $4, $5)
on conflict (hash) do update set seen_at = excluded.seen_at, doc = excluded.doc;

-- name: DropVisit :exec
delete from visit where hash = $1;

-- name: DropVisitsOf :execrows
delete from visit where who = $1;

-- name: PruneVisits :execrows
delete from visit where ends_at < sqlc.arg(before);

-- name: Token :one
select doc from token where id = $1;

-- name: Tokens :many
select doc from token order by name;

-- name: SaveToken :exec
insert into token (id, name, doc) values ($1, $2, $3)
on conflict (id) do update set doc = excluded.doc;

-- name: SaveLoginLink :exec
insert into login_link (hash, ends_at, doc) values ($1, $2, $3);

-- name: LoginLink :one
select hash, ends_at, doc from login_link where hash = $1;

-- name: DropLoginLink :execrows
delete from login_link where hash = $1;

-- name: PruneLoginLinks :execrows
delete from login_link where ends_at < sqlc.arg(before);

-- name: Asked :one
select doc from asked where id = $1;

-- name: SaveAsked :exec
insert into asked (id, at, who, doc) values ($1, $2, $3, $4)
on conflict (id) do update set who = excluded.who, doc = excluded.doc;

-- name: AskedBefore :many
select doc from asked
where (cast(sqlc.arg(before) as text) = '' or id < sqlc.arg(before))
order by id desc limit cast(sqlc.arg(most) as integer);

-- name: SealedAsked :many
select sqlc.embed(asked), cast(coalesce((select l.head from link l where l.row_key = 'asked ' || asked.id order by l.seq desc limit 1), '') as text) as chained
from asked where id > sqlc.arg(after) order by id limit cast(sqlc.arg(most) as integer);
