-- name: Effect :one
select doc from effect where effect_key = $1;

-- name: SaveEffect :exec
insert into effect (effect_key, ticket, run, playbook, account, resource, state, began_at, doc, shuts)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
on conflict (effect_key) do update set
    ticket = excluded.ticket, run = excluded.run, playbook = excluded.playbook, account = excluded.account,
    resource = excluded.resource, state = excluded.state, began_at = excluded.began_at, doc = excluded.doc,
    shuts = excluded.shuts;

-- name: EffectsOfTicket :many
select doc from effect
where ticket = sqlc.arg(ticket)
  and (cast(sqlc.arg(run) as text) = '' or run = sqlc.arg(run))
  and (cast(sqlc.arg(playbook) as text) = '' or playbook = sqlc.arg(playbook))
  and (cast(sqlc.arg(account) as text) = '' or account = sqlc.arg(account))
  and (cast(sqlc.arg(resource) as text) = '' or resource = sqlc.arg(resource))
  and (cast(sqlc.arg(states) as text) = '' or sqlc.arg(states) like '%,' || state || ',%')
  and began_at >= sqlc.arg(since)
order by began_at desc, effect_key desc
limit cast(sqlc.arg(most) as integer);

-- name: EffectsOnResource :many
select doc from effect
where resource = sqlc.arg(resource)
  and (cast(sqlc.arg(run) as text) = '' or run = sqlc.arg(run))
  and (cast(sqlc.arg(playbook) as text) = '' or playbook = sqlc.arg(playbook))
  and (cast(sqlc.arg(account) as text) = '' or account = sqlc.arg(account))
  and (cast(sqlc.arg(states) as text) = '' or sqlc.arg(states) like '%,' || state || ',%')
  and began_at >= sqlc.arg(since)
order by began_at desc, effect_key desc
limit cast(sqlc.arg(most) as integer);

-- name: EffectsSince :many
select doc from effect
where began_at >= sqlc.arg(since)
  and (cast(sqlc.arg(run) as text) = '' or run = sqlc.arg(run))
  and (cast(sqlc.arg(playbook) as text) = '' or playbook = sqlc.arg(playbook))
  and (cast(sqlc.arg(account) as text) = '' or account = sqlc.arg(account))
  and (cast(sqlc.arg(states) as text) = '' or sqlc.arg(states) like '%,' || state || ',%')
order by began_at desc, effect_key desc
limit cast(sqlc.arg(most) as integer);

-- name: CountEffects :one
select count(*) from effect
where (cast(sqlc.arg(playbook) as text) = '' or playbook = sqlc.arg(playbook))
  and (cast(sqlc.arg(account) as text) = '' or account = sqlc.arg(account))
  and began_at >= sqlc.arg(since);

-- name: EffectsThatShut :many
select doc from effect
where shuts > '' and state = 'done' and began_at >= sqlc.arg(since)
order by began_at desc, effect_key desc
limit cast(sqlc.arg(most) as integer);

-- CountEffectsOf asks the index alone: it is asked before each effect, and a day may have many.
-- name: CountEffectsOf :one
select count(*) from effect
where playbook = sqlc.arg(playbook) and account = sqlc.arg(account) and began_at >= sqlc.arg(since);
