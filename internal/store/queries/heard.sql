-- name: SaveHeard :exec
insert into heard (account, way, log, class, service, first_at, last_at) values ($1, $2, $3, $4, $5, $6, $6)
on conflict (account, way, log, class, service) do update set last_at = excluded.last_at where excluded.last_at > heard.last_at;

-- name: Heard :many
select account, way, log, class, service, first_at, last_at from heard order by account, way, log, class, service;
