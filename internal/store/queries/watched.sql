-- name: Watched :many
select state from watched order by state;

-- name: Unwatch :exec
delete from watched;

-- name: Watch :exec
insert into watched (state) values ($1);

-- name: TicketState :one
select state from ticket where id = $1;
