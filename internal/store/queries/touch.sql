-- name: Touch :one
select doc from touch where resource = $1;

-- SaveTouch keeps the newest event: records arrive late and out of order.
-- name: SaveTouch :exec
insert into touch (resource, at, doc) values ($1, $2, $3)
on conflict (resource) do update set at = excluded.at, doc = excluded.doc where excluded.at >= touch.at;
