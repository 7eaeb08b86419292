-- name: AddBrief :exec
insert into brief (id, first_at, doc) values ($1, $2, $3)
on conflict (id) do nothing;

-- name: Briefs :many
select id, doc from brief where first_at < sqlc.arg(before_at) order by first_at, id limit cast(sqlc.arg(most) as integer);

-- name: DropBrief :exec
delete from brief where id = $1;

-- name: LearnerVersion :one
select version from learner where name = $1;

-- name: SaveLearner :execrows
insert into learner (name, version) values ($1, 1)
on conflict (name) do update set version = learner.version + 1 where learner.version = sqlc.arg(was);

-- name: Habits :many
select scope, id, state from habit order by scope, id;

-- name: SaveHabit :exec
insert into habit (scope, id, state) values ($1, $2, $3)
on conflict (scope, id) do update set state = excluded.state;

-- name: DropHabit :exec
delete from habit where scope = $1 and id = $2;

-- name: DropHabits :exec
delete from habit;
