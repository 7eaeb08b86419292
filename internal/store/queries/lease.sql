-- name: TakeLease :execrows
insert into lease (name, holder, ends_at) values (sqlc.arg(name), sqlc.arg(holder), sqlc.arg(ends_at))
on conflict (name) do update set holder = excluded.holder, ends_at = excluded.ends_at
where lease.holder = excluded.holder or lease.ends_at <= sqlc.arg(wall);

-- name: DropLease :exec
delete from lease where name = $1 and holder = $2;

-- name: DropLeases :exec
delete from lease;
