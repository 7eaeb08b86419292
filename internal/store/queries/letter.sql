-- name: AddLetter :exec
insert into letter (id, source, state, size, doc, bytes, digest) values ($1, $2, $3, $4, $5, $6, $7)
on conflict do nothing;

-- name: SaveLetter :execrows
update letter set state = $2, doc = $3 where id = $1;

-- name: Letter :one
select doc, bytes from letter where id = $1;

-- name: Letters :many
select doc from letter
where (cast(sqlc.arg(state) as text) = '' or state = sqlc.arg(state))
  and (cast(sqlc.arg(source) as text) = '' or source = sqlc.arg(source))
order by id desc
limit cast(sqlc.arg(most) as integer);
