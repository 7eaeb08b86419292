-- name: Inquiry :one
select doc from inquiry where ticket = $1 and opening = $2 and fingerprint = $3;

-- name: InquiriesOf :many
select doc from inquiry where ticket = $1 order by opening, fingerprint;

-- name: SaveInquiry :exec
insert into inquiry (ticket, opening, fingerprint, account, principal, source, occurred_at, verdict, memory, doc)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
on conflict (ticket, opening, fingerprint) do update set
    account = excluded.account, principal = excluded.principal, source = excluded.source, occurred_at = excluded.occurred_at,
    verdict = excluded.verdict, memory = excluded.memory, doc = excluded.doc;

-- What is near is looked for among the latest only, so that an account with a hundred thousand findings costs no more than any other.
-- name: KinByPrincipal :many
select distinct i.ticket from (
    select n.ticket from inquiry n
    where n.principal = sqlc.arg(principal) and n.occurred_at between sqlc.arg(since) and sqlc.arg(until)
    order by n.occurred_at desc limit cast(sqlc.arg(most) as integer)
) as i join ticket t on t.id = i.ticket
where t.state <> 'closed'
order by i.ticket desc;

-- name: KinBySource :many
select distinct i.ticket from (
    select n.ticket from inquiry n
    where n.source = sqlc.arg(source) and n.occurred_at between sqlc.arg(since) and sqlc.arg(until)
    order by n.occurred_at desc limit cast(sqlc.arg(most) as integer)
) as i join ticket t on t.id = i.ticket
where t.state <> 'closed'
order by i.ticket desc;

-- name: KinByAccount :many
select distinct i.ticket from (
    select n.ticket from inquiry n
    where n.account = sqlc.arg(account) and n.occurred_at between sqlc.arg(since) and sqlc.arg(until)
    order by n.occurred_at desc limit cast(sqlc.arg(most) as integer)
) as i join ticket t on t.id = i.ticket
where t.state <> 'closed'
order by i.ticket desc;

-- name: Memory :one
select doc from memory where id = $1;

-- name: SaveMemory :exec
insert into memory (id, verdict, ends_at, doc) values ($1, $2, $3, $4)
on conflict (id) do update set verdict = excluded.verdict, ends_at = excluded.ends_at, doc = excluded.doc;

-- name: PruneMemories :many
delete from memory where ends_at < sqlc.arg(before) returning id;

-- name: SaveClosingReview :exec
insert into closing_review (ticket, opening, doc) values ($1, $2, $3)
on conflict (ticket, opening) do update set doc = excluded.doc;

-- name: ClosingReviewsOf :many
select doc from closing_review where ticket = $1 order by opening;
