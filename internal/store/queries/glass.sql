-- name: Glass :one
select doc, role, account, events, beyond from glass where id = $1;

-- SaveGlass changes a row only when it is still the one that the caller has read.
-- name: SaveGlass :execrows
insert into glass (id, state, account, role, person, version, events, beyond, doc)
values (sqlc.arg(id), sqlc.arg(state), sqlc.arg(account), sqlc.arg(role), sqlc.arg(person), sqlc.arg(version), 0, 0, sqlc.arg(doc))
on conflict (id) do update set
    state = excluded.state, version = excluded.version, doc = excluded.doc
where glass.version = excluded.version - 1;

-- name: Glasses :many
select doc, beyond from glass
where (cast(sqlc.arg(states) as text) = '' or cast(sqlc.arg(states) as text) like '%,' || state || ',%')
  and (cast(sqlc.arg(account) as text) = '' or account = cast(sqlc.arg(account) as text))
order by id desc
limit cast(sqlc.arg(most) as integer);

-- name: AddGlassEvent :execrows
insert into glass_event (glass, event, at, doc) values ($1, $2, $3, $4)
on conflict (glass, event) do nothing;

-- name: CountGlassEvents :exec
update glass set events = events + sqlc.arg(kept), beyond = beyond + sqlc.arg(beyond) where id = sqlc.arg(id);

-- name: GlassEvents :many
select doc from glass_event where glass = sqlc.arg(glass) order by at, event limit cast(sqlc.arg(most) as integer);
