-- name: TicketStates :many
select state, count(*) as n from ticket group by state;

-- name: EffectStates :many
select state, count(*) as n from effect group by state;
