-- name: BeginReply :execrows
insert into reply (who, name, request, at, doc) values ($1, $2, $3, $4, '')
on conflict (who, name) do nothing;

-- name: Reply :one
select who, name, request, at, doc from reply where who = $1 and name = $2;

-- name: EndReply :exec
update reply set doc = $3 where who = $1 and name = $2;

-- name: DropReply :exec
delete from reply where who = $1 and name = $2;

-- name: PruneReplies :execrows
delete from reply where at < sqlc.arg(before);
