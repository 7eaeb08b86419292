-- name: AnyRowLink :one
select seq from link where row_key <> '' limit 1;

-- name: SealedEffects :many
select sqlc.embed(effect), cast(coalesce((select l.head from link l where l.row_key = 'effect ' || effect.effect_key order by l.seq desc limit 1), '') as text) as chained
from effect where effect_key > sqlc.arg(after) order by effect_key limit cast(sqlc.arg(most) as integer);

-- name: SealedRuns :many
select sqlc.embed(run), cast(coalesce((select l.head from link l where l.row_key = 'run ' || run.id order by l.seq desc limit 1), '') as text) as chained
from run where id > sqlc.arg(after) order by id limit cast(sqlc.arg(most) as integer);

-- name: SealedBrakes :many
select sqlc.embed(brake), cast(coalesce((select l.head from link l where l.row_key = 'brake ' || brake.name order by l.seq desc limit 1), '') as text) as chained
from brake where name > sqlc.arg(after) order by name limit cast(sqlc.arg(most) as integer);

-- name: SealedCanaries :many
select sqlc.embed(canary),
       cast(coalesce((select l.head from link l where l.row_key = 'canary ' || canary.playbook || '|' || canary.account || '|' || canary.hash order by l.seq desc limit 1), '') as text) as chained
from canary where playbook || '|' || account || '|' || hash > cast(sqlc.arg(after) as text)
order by playbook || '|' || account || '|' || hash limit cast(sqlc.arg(most) as integer);

-- name: SealedGlasses :many
select sqlc.embed(glass), cast(coalesce((select l.head from link l where l.row_key = 'glass ' || glass.id order by l.seq desc limit 1), '') as text) as chained
from glass where id > sqlc.arg(after) order by id limit cast(sqlc.arg(most) as integer);

-- name: SealedMemories :many
select sqlc.embed(memory), cast(coalesce((select l.head from link l where l.row_key = 'memory ' || memory.id order by l.seq desc limit 1), '') as text) as chained
from memory where id > sqlc.arg(after) order by id limit cast(sqlc.arg(most) as integer);

-- name: CountRowNames :one
select count(distinct row_key) from link where row_key <> '';

-- name: RowNames :many
select distinct row_key from link where row_key > sqlc.arg(after) order by row_key limit cast(sqlc.arg(most) as integer);

-- name: SealedPages :many
select sqlc.embed(page), cast(coalesce((select l.head from link l where l.row_key = 'page ' || page.id order by l.seq desc limit 1), '') as text) as chained
from page where id > sqlc.arg(after) order by id limit cast(sqlc.arg(most) as integer);

-- name: SealedPageCalls :many
select sqlc.embed(page_call), cast(coalesce((select l.head from link l where l.row_key = 'page_call ' || page_call.call_key order by l.seq desc limit 1), '') as text) as chained
from page_call where call_key > sqlc.arg(after) order by call_key limit cast(sqlc.arg(most) as integer);
