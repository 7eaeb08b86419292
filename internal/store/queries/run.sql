-- name: Run :one
select doc from run where id = $1;

-- name: SaveRun :exec
insert into run (id, ticket, state, started_at, doc) values ($1, $2, $3, $4, $5)
on conflict (id) do update set
    ticket = excluded.ticket, state = excluded.state, started_at = excluded.started_at, doc = excluded.doc;

-- name: RunsOf :many
select doc from run where ticket = $1 order by started_at, id;

-- name: UnfinishedRuns :many
select doc from run where ticket = $1 and state in ('running', 'verifying', 'undoing') order by started_at, id;
