-- name: AddSheaf :exec
insert into sheaf (id, added_at, doc) values ($1, $2, $3)
on conflict (id) do nothing;

-- name: Sheaves :many
select id, doc from sheaf order by added_at, id limit cast(sqlc.arg(most) as integer);

-- name: DropSheaf :execrows
delete from sheaf where id = $1;

-- name: AddDeed :execrows
insert into deed (id, principal, place, resource, doc) values ($1, $2, $3, $4, $5)
on conflict (id) do nothing;

-- name: DropDeed :exec
delete from deed where id = $1;

-- name: DeedsOfPlace :many
select id, doc from deed where place = $1 order by id;

-- name: DeedResources :one
select count(distinct resource) from deed where place = $1;

-- name: AddDeedDay :exec
insert into deed_day (deed, day, times, refused, console, first_at, last_at) values ($1, $2, $3, $4, $5, $6, $7)
on conflict (deed, day) do update set
    times = deed_day.times + excluded.times, refused = deed_day.refused + excluded.refused, console = deed_day.console + excluded.console,
    first_at = case when excluded.first_at < deed_day.first_at then excluded.first_at else deed_day.first_at end,
    last_at = case when excluded.last_at > deed_day.last_at then excluded.last_at else deed_day.last_at end;

-- name: DeedDays :many
select day, times, refused, console, first_at, last_at from deed_day where deed = $1 order by day;

-- name: DropDeedDays :exec
delete from deed_day where deed = $1;

-- name: DeedsAfter :many
select d.id, d.doc, x.day, x.times, x.refused, x.console, x.first_at, x.last_at
from deed d join deed_day x on x.deed = d.id
where (cast(sqlc.arg(principal) as text) = '' or d.principal = sqlc.arg(principal)) and d.id >= sqlc.arg(after) and (d.id > sqlc.arg(after) or x.day > sqlc.arg(day))
order by d.id, x.day limit cast(sqlc.arg(most) as integer);

-- name: DeedStep :one
select step from deed_place where id = $1;

-- name: SaveDeedStep :exec
insert into deed_place (id, step) values ($1, $2)
on conflict (id) do update set step = excluded.step;

-- name: AddDeedSeen :exec
insert into deed_seen (n, stamps) values ($1, $2);

-- name: DeedSeen :many
select n, stamps from deed_seen order by n;

-- name: DropDeedSeen :exec
delete from deed_seen where n < $1;

-- name: AddDeedCount :exec
insert into deed_count (name, n) values ($1, $2)
on conflict (name) do update set n = deed_count.n + excluded.n;

-- name: DeedCounts :many
select name, n from deed_count order by name;

-- name: DeedTimes :one
select cast(coalesce(sum(times), 0) as bigint) from deed_day where day < $1;

-- name: PruneDeedDays :execrows
delete from deed_day where day < $1;

-- name: PruneDeeds :exec
delete from deed where not exists (select 1 from deed_day x where x.deed = deed.id);
