-- Each of these looks at no more than a span of rows, in an index that holds all that is asked for; what lies at the end of the span is asked
-- for beside, so that whoever reads knows how far was looked.

-- name: TicketPage :many
with near as (
    select x.id, x.severity, x.account, x.team, x.person, x.words from ticket as x
    where x.state = sqlc.arg(state) and x.id < sqlc.arg(before) and x.id >= sqlc.arg(since)
    order by x.id desc limit cast(sqlc.arg(span) as integer)
), few as (
    select near.id from near
    where near.severity >= cast(sqlc.arg(severity) as bigint)
      and (cast(sqlc.arg(account) as text) = '' or near.account = cast(sqlc.arg(account) as text))
      and (cast(sqlc.arg(owner) as text) = '' or near.team = cast(sqlc.arg(owner) as text) or near.person = cast(sqlc.arg(owner) as text))
      and (cast(sqlc.arg(words) as text) = '' or near.words like cast(sqlc.arg(words) as text) escape '!')
    order by near.id desc limit cast(sqlc.arg(most) as integer)
)
select t.id, t.doc from few join ticket as t on t.id = few.id
order by t.id desc;

-- name: TicketSpan :one
select id from ticket where state = sqlc.arg(state) and id < sqlc.arg(before) and id >= sqlc.arg(since)
order by id desc limit 1 offset cast(sqlc.arg(span) as integer);

-- name: WorstTickets :many
select doc from ticket where state = sqlc.arg(state) order by severity desc, id limit cast(sqlc.arg(most) as integer);

-- name: TicketsWithoutWords :many
select doc from ticket where words = '' order by id limit 200;

-- name: SetTicketWords :exec
update ticket set words = sqlc.arg(words) where id = sqlc.arg(id);

-- name: FindingPage :many
with near as (
    select x.fingerprint, x.seen_at, x.severity, x.account, x.by_id from finding as x
    where x.state = sqlc.arg(state) and (x.seen_at, x.fingerprint) < (cast(sqlc.arg(seen_at) as bigint), cast(sqlc.arg(fingerprint) as text))
    order by x.seen_at desc, x.fingerprint desc limit cast(sqlc.arg(span) as integer)
), few as (
    select near.fingerprint from near
    where near.severity >= cast(sqlc.arg(severity) as bigint)
    order by near.seen_at desc, near.fingerprint desc limit cast(sqlc.arg(most) as integer)
)
select t.fingerprint, t.seen_at, t.doc from few join finding as t on t.fingerprint = few.fingerprint
order by t.seen_at desc, t.fingerprint desc;

-- name: FindingSpan :one
select fingerprint, seen_at from finding
where state = sqlc.arg(state) and (seen_at, fingerprint) < (cast(sqlc.arg(seen_at) as bigint), cast(sqlc.arg(fingerprint) as text))
order by seen_at desc, fingerprint desc limit 1 offset cast(sqlc.arg(span) as integer);

-- name: FindingPageBy :many
with near as (
    select x.fingerprint, x.seen_at, x.state, x.severity, x.account from finding as x
    where x.by_id = sqlc.arg(by_id) and (x.seen_at, x.fingerprint) < (cast(sqlc.arg(seen_at) as bigint), cast(sqlc.arg(fingerprint) as text))
    order by x.seen_at desc, x.fingerprint desc limit cast(sqlc.arg(span) as integer)
), few as (
    select near.fingerprint from near
    where near.severity >= cast(sqlc.arg(severity) as bigint)
      and (cast(sqlc.arg(account) as text) = '' or near.account = cast(sqlc.arg(account) as text))
      and (cast(sqlc.arg(state) as text) = '' or near.state = cast(sqlc.arg(state) as text))
    order by near.seen_at desc, near.fingerprint desc limit cast(sqlc.arg(most) as integer)
)
select t.fingerprint, t.seen_at, t.doc from few join finding as t on t.fingerprint = few.fingerprint
order by t.seen_at desc, t.fingerprint desc;

-- name: FindingSpanBy :one
select fingerprint, seen_at from finding
where by_id = sqlc.arg(by_id) and (seen_at, fingerprint) < (cast(sqlc.arg(seen_at) as bigint), cast(sqlc.arg(fingerprint) as text))
order by seen_at desc, fingerprint desc limit 1 offset cast(sqlc.arg(span) as integer);

-- name: FindingPageAccount :many
with near as (
    select x.fingerprint, x.seen_at, x.state, x.severity from finding as x
    where x.account = sqlc.arg(account) and (x.seen_at, x.fingerprint) < (cast(sqlc.arg(seen_at) as bigint), cast(sqlc.arg(fingerprint) as text))
    order by x.seen_at desc, x.fingerprint desc limit cast(sqlc.arg(span) as integer)
), few as (
    select near.fingerprint from near
    where near.severity >= cast(sqlc.arg(severity) as bigint) and (cast(sqlc.arg(state) as text) = '' or near.state = cast(sqlc.arg(state) as text))
    order by near.seen_at desc, near.fingerprint desc limit cast(sqlc.arg(most) as integer)
)
select t.fingerprint, t.seen_at, t.doc from few join finding as t on t.fingerprint = few.fingerprint
order by t.seen_at desc, t.fingerprint desc;

-- name: FindingSpanAccount :one
select fingerprint, seen_at from finding
where account = sqlc.arg(account) and (seen_at, fingerprint) < (cast(sqlc.arg(seen_at) as bigint), cast(sqlc.arg(fingerprint) as text))
order by seen_at desc, fingerprint desc limit 1 offset cast(sqlc.arg(span) as integer);

-- name: CountTickets :one
select count(*) from (select 1 from ticket where state = sqlc.arg(state) limit cast(sqlc.arg(most) as integer)) as few;

-- name: CountFindings :one
select count(*) from (select 1 from finding where state = sqlc.arg(state) limit cast(sqlc.arg(most) as integer)) as few;

-- name: RunPage :many
with near as (
    select x.id, x.started_at, x.playbook from run as x
    where x.state = sqlc.arg(state) and (x.started_at, x.id) < (cast(sqlc.arg(started_at) as bigint), cast(sqlc.arg(id) as text))
    order by x.started_at desc, x.id desc limit cast(sqlc.arg(span) as integer)
), few as (
    select near.id from near
    where cast(sqlc.arg(playbook) as text) = '' or near.playbook = cast(sqlc.arg(playbook) as text)
    order by near.started_at desc, near.id desc limit cast(sqlc.arg(most) as integer)
)
select t.id, t.started_at, t.doc from few join run as t on t.id = few.id
order by t.started_at desc, t.id desc;

-- name: RunSpan :one
select id, started_at from run
where state = sqlc.arg(state) and (started_at, id) < (cast(sqlc.arg(started_at) as bigint), cast(sqlc.arg(id) as text))
order by started_at desc, id desc limit 1 offset cast(sqlc.arg(span) as integer);

-- name: LetterPage :many
select id, doc from letter
where state = sqlc.arg(state) and id < sqlc.arg(before)
order by id desc limit cast(sqlc.arg(most) as integer);

-- name: CountLetters :one
select count(*) from (select 1 from letter where state = sqlc.arg(state) limit cast(sqlc.arg(most) as integer)) as few;

-- name: StandingPageTyped :many
select * from standing where account = sqlc.arg(account) and type = sqlc.arg(type) and key > sqlc.arg(after)
order by key limit cast(sqlc.arg(most) as integer);

-- name: StandingPageFailing :many
select * from standing
where account = sqlc.arg(account) and key > sqlc.arg(after) and failing <> '' and (cast(sqlc.arg(type) as text) = '' or type = sqlc.arg(type))
order by key limit cast(sqlc.arg(most) as integer);
