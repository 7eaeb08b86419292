-- name: SaveStanding :exec
insert into standing (key, type, account, region, owner, read_at, judged_at, swept_at, until_at, judged, passing, failing, unknown, waived, digest)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
on conflict (key) do update set
    type = excluded.type, account = excluded.account, region = excluded.region, owner = excluded.owner, read_at = excluded.read_at,
    judged_at = excluded.judged_at, swept_at = case when excluded.swept_at > standing.swept_at then excluded.swept_at else standing.swept_at end,
    until_at = excluded.until_at, judged = excluded.judged, passing = excluded.passing, failing = excluded.failing,
    unknown = excluded.unknown, waived = excluded.waived, digest = excluded.digest;

-- name: Standing :one
select * from standing where key = $1;

-- name: SeeStanding :exec
update standing set read_at = sqlc.arg(read_at) where key = sqlc.arg(key) and read_at < sqlc.arg(read_at);

-- name: ListStanding :exec
update standing set swept_at = sqlc.arg(swept_at) where key = sqlc.arg(key);

-- name: DropStanding :exec
delete from standing where key = $1;

-- name: StandingAccounts :one
select account from standing where account > sqlc.arg(after) order by account limit 1;

-- name: StandingsOf :many
select * from standing where account = sqlc.arg(account) and key > sqlc.arg(after) order by key limit cast(sqlc.arg(most) as integer);

-- name: StandingsWaived :many
select * from standing where waived <> '' and key > sqlc.arg(after) order by key limit cast(sqlc.arg(most) as integer);

-- name: StandingsMissed :many
select key from standing
where account = sqlc.arg(account) and region = sqlc.arg(region) and type = sqlc.arg(type) and key > sqlc.arg(after)
  and swept_at < sqlc.arg(began_at) and read_at < sqlc.arg(began_at)
order by key limit cast(sqlc.arg(most) as integer);

-- name: DropScores :exec
delete from score where day_at = sqlc.arg(day_at) and account = sqlc.arg(account);

-- name: SaveScore :exec
insert into score (day_at, expectation, account, team, pass, fail, unknown, waived, folded_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
on conflict (expectation, day_at, account, team) do update set
    pass = excluded.pass, fail = excluded.fail, unknown = excluded.unknown, waived = excluded.waived, folded_at = excluded.folded_at;

-- name: DropStaleScores :exec
delete from score where day_at = sqlc.arg(day_at) and folded_at < sqlc.arg(folded_at);

-- name: PruneScores :execrows
delete from score where day_at < sqlc.arg(before);

-- name: ScoredNext :one
select expectation from score where expectation > sqlc.arg(after) order by expectation limit 1;

-- name: ScoresOf :many
select * from score
where expectation = sqlc.arg(expectation) and day_at >= sqlc.arg(day_at)
  and (cast(sqlc.arg(account) as text) = '' or account = sqlc.arg(account))
  and (cast(sqlc.arg(team) as text) = '' or team = sqlc.arg(team))
order by day_at, account, team;

-- name: SweepOf :one
select * from sweep where place = $1;

-- name: SaveSweep :exec
insert into sweep (place, began_at, done_at, cursor, judges, listed) values ($1, $2, $3, $4, $5, $6)
on conflict (place) do update set
    began_at = excluded.began_at, done_at = excluded.done_at, cursor = excluded.cursor, judges = excluded.judges, listed = excluded.listed;

-- name: RestartSweep :exec
update sweep set began_at = 0, cursor = '' where place = $1;

-- name: StandingsTyped :many
select * from standing
where account = sqlc.arg(account) and region = sqlc.arg(region) and type = sqlc.arg(type) and key > sqlc.arg(after)
order by key limit cast(sqlc.arg(most) as integer);

-- name: Sweeps :many
select * from sweep where place > sqlc.arg(after) order by place limit cast(sqlc.arg(most) as integer);
