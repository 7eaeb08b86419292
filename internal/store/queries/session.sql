-- SaveSession keeps what a record said; it never changes.
-- name: SaveSession :exec
insert into session (id, until_at, saved_at, doc) values ($1, $2, $3, $4)
on conflict (id) do nothing;

-- SessionsAfter gives a page in the order in which they were saved.
-- name: SessionsAfter :many
select id, until_at, saved_at, doc from session
where saved_at > sqlc.arg(saved_at) or (saved_at = sqlc.arg(saved_at) and id > sqlc.arg(id))
order by saved_at, id
limit cast(sqlc.arg(most) as integer);

-- name: PruneSessions :execrows
delete from session where until_at < sqlc.arg(before);
