-- name: Brake :one
select doc from brake where name = $1;

-- name: SetBrake :exec
insert into brake (name, doc) values ($1, $2)
on conflict (name) do update set doc = excluded.doc;
