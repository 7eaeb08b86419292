-- SaveVoice remembers that a way was heard; after a silence that began before anew it begins again.
-- name: SaveVoice :exec
insert into voice (account, region, kind, way, since_at, last_at)
values (sqlc.arg(account), sqlc.arg(region), sqlc.arg(kind), sqlc.arg(way), sqlc.arg(since_at), sqlc.arg(last_at))
on conflict (account, region, kind, way) do update set
    since_at = case when voice.last_at < sqlc.arg(anew) then excluded.since_at else voice.since_at end,
    last_at = case when excluded.last_at > voice.last_at then excluded.last_at else voice.last_at end;

-- name: Voices :many
select account, region, kind, way, since_at, last_at from voice order by account, region, kind, way;

-- name: PruneVoices :execrows
delete from voice where last_at < sqlc.arg(before);

-- name: SaveVoiceDay :exec
insert into voice_day (account, way, day_at, last_at) values ($1, $2, $3, $4)
on conflict (account, way, day_at) do update set last_at = excluded.last_at where excluded.last_at > voice_day.last_at;

-- name: VoiceDays :many
select account, way, day_at, last_at from voice_day order by account, way, day_at;

-- name: PruneVoiceDays :execrows
delete from voice_day where day_at < sqlc.arg(before);

-- name: Pulse :one
select first_at, last_at from pulse where name = $1;

-- name: SavePulse :exec
insert into pulse (name, first_at, last_at) values ($1, $2, $2)
on conflict (name) do update set last_at = excluded.last_at where excluded.last_at > pulse.last_at;

-- name: AddOutage :exec
insert into outage (from_at, to_at) values ($1, $2)
on conflict (from_at) do nothing;

-- name: Outages :many
select from_at, to_at from outage order by from_at;

-- name: PruneOutages :execrows
delete from outage where to_at < sqlc.arg(before);
