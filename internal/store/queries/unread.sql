-- name: AddUnread :exec
insert into unread (fingerprint, what, seen_at) values ($1, $2, $3)
on conflict (fingerprint, what) do update set seen_at = excluded.seen_at;

-- name: UnreadOf :many
select fingerprint from unread where what = $1 order by fingerprint;

-- name: DropUnread :exec
delete from unread where fingerprint = $1 and what = $2;

-- name: CountUnread :one
select count(*) from unread where fingerprint = $1;
