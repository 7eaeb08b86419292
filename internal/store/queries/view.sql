-- name: Views :many
select name, query from saved_view where who = $1 order by name;

-- name: SaveView :exec
insert into saved_view (who, name, query) values ($1, $2, $3) on conflict (who, name) do update set query = excluded.query;

-- name: DropView :exec
delete from saved_view where who = $1 and name = $2;
