-- name: AddHit :exec
insert into hit (shard, id, doc) values ($1, $2, $3)
on conflict (shard, id) do nothing;

-- name: Hits :many
select id, doc from hit where shard = $1 order by id limit cast(sqlc.arg(most) as integer);

-- name: DropHit :exec
delete from hit where shard = $1 and id = $2;

-- name: HitsWaiting :one
select count(*) from hit;

-- name: ShardVersion :one
select version from shard where shard = $1;

-- name: SaveShard :execrows
insert into shard (shard, version) values ($1, 1)
on conflict (shard) do update set version = shard.version + 1 where shard.version = sqlc.arg(was);

-- name: Spans :many
select correlation, id, state from span where shard = $1 order by correlation, id;

-- name: SaveSpan :exec
insert into span (shard, correlation, id, state) values ($1, $2, $3, $4)
on conflict (shard, correlation, id) do update set state = excluded.state;

-- name: DropSpan :exec
delete from span where shard = $1 and correlation = $2 and id = $3;

-- SaveMark never lets a source go back.
-- name: SaveMark :exec
insert into mark (source, seen_at, idle) values ($1, $2, $3)
on conflict (source) do update set
    seen_at = case when excluded.seen_at > mark.seen_at then excluded.seen_at else mark.seen_at end,
    idle = excluded.idle;

-- name: Marks :many
select source, seen_at, idle from mark order by source;
