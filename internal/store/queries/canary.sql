-- name: Canary :one
select doc from canary where playbook = $1 and account = $2 and hash = $3;

-- name: SaveCanary :exec
insert into canary (playbook, account, hash, doc) values ($1, $2, $3, $4)
on conflict (playbook, account, hash) do update set doc = excluded.doc;

-- name: Fleet :one
select count(*) from standing where account = $1 and type = $2;
