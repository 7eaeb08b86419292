-- name: Backrun :many
select kind, id, digest from backrun;

-- AddBackrun remembers that something is known.
-- name: AddBackrun :exec
insert into backrun (kind, id, digest, run, known_at) values ($1, $2, $3, $4, $5)
on conflict (kind, id, digest) do nothing;

-- BackrunOf gives what a run is about and no later text has taken the place of.
-- name: BackrunOf :many
select b.kind, b.id, b.digest, b.known_at from backrun as b
where b.run = $1 and not exists (
    select 1 from backrun as c where c.kind = b.kind and c.id = b.id and c.known_at > b.known_at
)
order by b.kind, b.id;

-- name: AddBackrunPart :execrows
insert into backrun_part (run, part, state, found) values ($1, $2, 0, 0)
on conflict (run, part) do nothing;

-- name: BackrunPart :one
select state from backrun_part where run = $1 and part = $2;

-- name: EndBackrunPart :execrows
update backrun_part set state = sqlc.arg(state), found = sqlc.arg(found)
where run = sqlc.arg(run) and part = sqlc.arg(part) and state = 0;

-- name: BackrunParts :many
select state, count(*) as n, cast(sum(found) as bigint) as found from backrun_part where run = $1 group by state;

-- name: BackrunLeft :one
select count(*) from backrun_part where state = 0;

-- name: DropBackrunParts :exec
delete from backrun_part where run = $1;

-- name: AddBackrunHit :exec
insert into backrun_hit (run, id, at, doc) values ($1, $2, $3, $4)
on conflict (run, id) do nothing;

-- BackrunHits gives a page in the order of time.
-- name: BackrunHits :many
select id, at, doc from backrun_hit
where run = sqlc.arg(run) and (at > sqlc.arg(at) or (at = sqlc.arg(at) and id > sqlc.arg(id)))
order by at, id
limit cast(sqlc.arg(most) as integer);

-- name: DropBackrunHits :exec
delete from backrun_hit where run = $1;
