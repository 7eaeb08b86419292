-- name: Run :one
select doc from run where id = $1;

-- name: SaveRun :exec
insert into run (id, ticket, state, playbook, started_at, doc) values ($1, $2, $3, $4, $5, $6)
on conflict (id) do update set
    ticket = excluded.ticket, state = excluded.state, playbook = excluded.playbook, started_at = excluded.started_at, doc = excluded.doc;

-- name: RunsOf :many
select doc from run where ticket = $1 order by started_at, id;

-- name: UnfinishedRuns :many
select doc from run where ticket = $1 and state in ('running', 'verifying', 'undoing') order by started_at, id;

-- name: Runs :many
select doc from run
where (cast(sqlc.arg(ticket) as text) = '' or ticket = sqlc.arg(ticket))
  and (cast(sqlc.arg(playbook) as text) = '' or playbook = sqlc.arg(playbook))
  and (cast(sqlc.arg(states) as text) = '' or sqlc.arg(states) like '%,' || state || ',%')
order by started_at desc, id desc
limit cast(sqlc.arg(most) as integer);

-- name: CountRuns :many
select playbook, state, count(*) as n from run group by playbook, state;

-- name: RunsWithoutPlaybook :many
select doc from run where playbook = '' limit 200;
