-- Enqueue wakes a leg for a thing. What waits already keeps the earlier instant. A claim began before this wake-up and cannot
-- stand for it: the wake-up takes the next slot, which is served when the claimed one is settled. A claim that nobody is at work
-- on (failed, let go) is also brought forward.
-- name: Enqueue :exec
insert into work (leg, ref, generation, done_generation, claimed, due_at, next_due_at, sent_at, resend_at, sends, resends,
                  attempts, lease_until, holder, poisoned_at, last_error)
values (sqlc.arg(leg), sqlc.arg(ref), 1, 0, 0, sqlc.arg(due_at), 0, 0, 0, 0, 0, 0, 0, '', 0, '')
on conflict (leg, ref) do update set
    generation = work.generation + 1,
    due_at = case
        when work.holder <> '' then work.due_at
        when work.generation > work.done_generation and work.poisoned_at = 0 and work.due_at < excluded.due_at then work.due_at
        else excluded.due_at end,
    next_due_at = case
        when work.claimed = 0 then 0
        when work.generation > work.claimed and work.next_due_at < excluded.due_at then work.next_due_at
        else excluded.due_at end,
    attempts = case when work.holder <> '' then work.attempts else 0 end,
    sent_at = 0, resends = 0, poisoned_at = 0;

-- Waits finds whether a leg has yet to do what was due for a thing by some time, or is at work on it.
-- name: Waits :one
select count(*) from work
where leg = sqlc.arg(leg) and ref = sqlc.arg(ref) and done_generation < generation and poisoned_at = 0
  and due_at <= sqlc.arg(by);

-- name: NextDue :one
select due_at from work
where sent_at = 0 and poisoned_at = 0 and done_generation < generation and lease_until <= sqlc.arg(wall)
order by due_at
limit 1;

-- Underway is asked at each turn of the relay. It reads the index of what was sent, few rows; grouped by the column itself SQLite would walk
-- through a backlog of any size in the order of its key instead.
-- name: Underway :many
select cast(leg || '' as text) as leg, count(*) as hints from work
where sent_at > 0 and poisoned_at = 0 and done_generation < generation and resend_at > 0
group by 1;

-- name: Unsent :many
select leg, ref, generation, sends, resends from work
where leg = sqlc.arg(leg) and sent_at = 0 and poisoned_at = 0 and done_generation < generation
  and due_at <= sqlc.arg(now) and lease_until <= sqlc.arg(wall)
order by due_at
limit cast(sqlc.arg(most) as integer);

-- name: MarkSent :exec
update work set sent_at = sqlc.arg(wall), resend_at = sqlc.arg(resend_at), sends = sends + 1
where leg = sqlc.arg(leg) and ref = sqlc.arg(ref)
  and generation = sqlc.arg(generation) and sends = sqlc.arg(sends) and sent_at = 0;

-- name: Overdue :one
select count(*) from work
where sent_at > 0 and poisoned_at = 0 and done_generation < generation and resend_at <= sqlc.arg(wall);

-- name: Unsend :execrows
update work set sent_at = 0, resends = resends + 1
where sent_at > 0 and poisoned_at = 0 and done_generation < generation and resend_at <= sqlc.arg(wall);

-- Claim takes the slot that is due. One that was claimed before and not settled is claimed again as it was.
-- name: Claim :one
update work set claimed = case when claimed > 0 then claimed else generation end,
    holder = sqlc.arg(holder), lease_until = sqlc.arg(lease_until),
    sent_at = 0, resends = 0, sends = sends + 1
where leg = sqlc.arg(leg) and ref = sqlc.arg(ref) and done_generation < generation and poisoned_at = 0
  and due_at <= sqlc.arg(now) and lease_until <= sqlc.arg(wall)
returning claimed, attempts;

-- name: Renew :execrows
update work set lease_until = sqlc.arg(lease_until)
where leg = sqlc.arg(leg) and ref = sqlc.arg(ref) and holder = sqlc.arg(holder);

-- name: Settle :one
update work set done_generation = claimed,
    due_at = case when generation > claimed then next_due_at else due_at end,
    claimed = 0, next_due_at = 0, holder = '', lease_until = 0, attempts = 0, last_error = ''
where leg = sqlc.arg(leg) and ref = sqlc.arg(ref) and holder = sqlc.arg(holder)
returning cast(generation - done_generation as bigint) as more;

-- name: LookAgain :execrows
update work set
    due_at = case when generation > claimed and next_due_at < sqlc.arg(due_at) then next_due_at else sqlc.arg(due_at) end,
    claimed = 0, next_due_at = 0, holder = '', lease_until = 0, attempts = 0, last_error = '', sent_at = 0
where leg = sqlc.arg(leg) and ref = sqlc.arg(ref) and holder = sqlc.arg(holder);

-- name: TryAgain :execrows
update work set due_at = sqlc.arg(due_at), holder = '', lease_until = 0, sent_at = 0,
    attempts = attempts + 1, last_error = sqlc.arg(last_error)
where leg = sqlc.arg(leg) and ref = sqlc.arg(ref) and holder = sqlc.arg(holder);

-- GiveUp poisons the generation that failed; one that was enqueued meanwhile gets its own chance.
-- name: GiveUp :execrows
update work set
    done_generation = case when generation > claimed then claimed else done_generation end,
    poisoned_at = case when generation > claimed then 0 else cast(sqlc.arg(wall) as bigint) end,
    due_at = case when generation > claimed then next_due_at else due_at end,
    attempts = case when generation > claimed then 0 else attempts + 1 end,
    claimed = 0, next_due_at = 0, holder = '', lease_until = 0, sent_at = 0, last_error = sqlc.arg(last_error)
where leg = sqlc.arg(leg) and ref = sqlc.arg(ref) and holder = sqlc.arg(holder);

-- name: LetGo :execrows
update work set holder = '', lease_until = 0, sent_at = 0
where leg = sqlc.arg(leg) and ref = sqlc.arg(ref) and holder = sqlc.arg(holder);

-- name: ReleaseAll :execrows
update work set holder = '', lease_until = 0, sent_at = 0
where done_generation < generation and (holder <> '' or sent_at > 0);

-- name: Prune :execrows
delete from work where done_generation >= generation and due_at < sqlc.arg(before) and holder = '';

-- name: Backlog :many
select leg, count(*) as pending,
    cast(sum(case when poisoned_at > 0 then 1 else 0 end) as bigint) as poisoned,
    cast(min(case when poisoned_at > 0 then 9223372036854775807 else due_at end) as bigint) as oldest_due
from work
where done_generation < generation
group by leg;

-- Oldest is the oldest due work of each leg that nobody is at work on.
-- name: Oldest :many
select leg, cast(min(due_at) as bigint) as due_at from work
where done_generation < generation and poisoned_at = 0 and due_at <= sqlc.arg(now) and lease_until <= sqlc.arg(wall)
group by leg;
