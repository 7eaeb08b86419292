-- AddSight remembers that a way has brought an event, whichever was first.
-- name: AddSight :exec
insert into sight (account, id, region, name, ways, at, heard_at, told_at) values ($1, $2, $3, $4, $5, $6, $7, 0)
on conflict (account, id) do update set ways = sight.ways | excluded.ways
where (sight.ways | excluded.ways) <> sight.ways;

-- MatchSight completes what is known, and begins nothing.
-- name: MatchSight :exec
update sight set ways = sight.ways | sqlc.arg(way)
where account = sqlc.arg(account) and id = sqlc.arg(id) and (sight.ways | sqlc.arg(way)) <> sight.ways;

-- name: WaitingSights :many
select account, id, region, name, ways, at, heard_at, told_at from sight
where ways <> 3 and told_at = 0 and heard_at < sqlc.arg(before)
order by heard_at
limit cast(sqlc.arg(most) as integer);

-- name: WholeSights :many
select account, id, region, name, ways, at, heard_at, told_at from sight
where ways = 3 and at < sqlc.arg(before)
order by at
limit cast(sqlc.arg(most) as integer);

-- name: LackingSights :many
select account, id, region, name, ways, at, heard_at, told_at from sight
where ways = 1 and told_at > 0 and account = sqlc.arg(account) and region = sqlc.arg(region)
order by told_at, at, id
limit cast(sqlc.arg(most) as integer);

-- name: TellSight :exec
update sight set told_at = sqlc.arg(told_at) where account = sqlc.arg(account) and id = sqlc.arg(id);

-- name: DropSight :exec
delete from sight where account = $1 and id = $2;

-- name: DropLacking :execrows
delete from sight
where ways = 1 and told_at > 0 and told_at <= sqlc.arg(told_at) and account = sqlc.arg(account) and region = sqlc.arg(region);

-- name: Lacking :many
select account, region, count(*) as events, cast(min(at) as bigint) as first_at, cast(max(at) as bigint) as last_at,
    cast(max(told_at) as bigint) as told_at
from sight
where ways = 1 and told_at > 0
group by account, region
order by account, region;

-- name: Gaps :many
select account, region, beyond, first_at, last_at, told_at from gap order by account, region;

-- name: AddGap :exec
insert into gap (account, region, beyond, first_at, last_at, told_at) values ($1, $2, 1, $3, $3, $4)
on conflict (account, region) do update set
    beyond = gap.beyond + 1,
    first_at = case when excluded.first_at < gap.first_at then excluded.first_at else gap.first_at end,
    last_at = case when excluded.last_at > gap.last_at then excluded.last_at else gap.last_at end,
    told_at = case when excluded.told_at > gap.told_at then excluded.told_at else gap.told_at end;

-- name: DropGap :exec
delete from gap where account = sqlc.arg(account) and region = sqlc.arg(region) and told_at <= sqlc.arg(told_at);

-- name: AddTally :exec
insert into tally (account, region, day_at, teller, matched, missed, lacking, passed) values ($1, $2, $3, $4, $5, $6, $7, $8)
on conflict (account, region, day_at, teller) do update set
    matched = tally.matched + excluded.matched, missed = tally.missed + excluded.missed,
    lacking = tally.lacking + excluded.lacking, passed = tally.passed + excluded.passed;

-- name: Tallies :many
select account, region, day_at, cast(sum(matched) as bigint) as matched, cast(sum(missed) as bigint) as missed,
    cast(sum(lacking) as bigint) as lacking, cast(sum(passed) as bigint) as passed
from tally
where day_at >= sqlc.arg(since)
group by account, region, day_at
order by account, region, day_at;

-- name: PruneTallies :execrows
delete from tally where day_at < sqlc.arg(before);
