-- name: Subscription :one
select doc from subscription where id = $1;

-- name: Subscriptions :many
select doc from subscription order by id;

-- SaveSubscription changes a row only when it is still the one that the caller has read.
-- name: SaveSubscription :execrows
insert into subscription (id, name, state, version, doc)
values (sqlc.arg(id), sqlc.arg(name), sqlc.arg(state), sqlc.arg(version), sqlc.arg(doc))
on conflict (id) do update set name = excluded.name, state = excluded.state, version = excluded.version, doc = excluded.doc
where subscription.version = excluded.version - 1;

-- name: SubscriptionPlace :one
select doc from subscription_place where id = $1;

-- name: SaveSubscriptionPlace :exec
insert into subscription_place (id, doc) values (sqlc.arg(id), sqlc.arg(doc))
on conflict (id) do update set doc = excluded.doc;

-- Changes are links with their entries, and the entries before those.
-- name: Changes :many
select l.seq, l.ticket, l.row_key, cast(coalesce(e.doc, '') as text) as entry, cast(coalesce(p.doc, '') as text) as before from link l
left join entry e on e.ticket = l.ticket and e.seq = l.entry and l.row_key = ''
left join entry p on p.ticket = l.ticket and p.seq = l.entry - 1 and l.row_key = ''
where l.seq > sqlc.arg(after) order by l.seq limit cast(sqlc.arg(most) as integer);

-- name: SealedSubscriptions :many
select sqlc.embed(subscription), cast(coalesce((select l.head from link l where l.row_key = 'subscription ' || subscription.id order by l.seq desc limit 1), '') as text) as chained
from subscription where id > sqlc.arg(after) order by id limit cast(sqlc.arg(most) as integer);
