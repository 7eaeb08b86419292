-- name: Person :one
select doc from person where id = $1;

-- name: PersonNamed :one
select doc from person where name_key = $1 and gone_at = 0;

-- name: PeopleOutside :many
select doc from person where external_id = $1 and gone_at = 0 order by id limit 1000;

-- SavePerson changes a row only when it is still the one that the caller has read.
-- name: SavePerson :execrows
insert into person (id, name_key, external_id, source, name, gone_at, version, doc)
values (sqlc.arg(id), sqlc.arg(name_key), sqlc.arg(external_id), sqlc.arg(source), sqlc.arg(name), sqlc.arg(gone_at),
        sqlc.arg(version), sqlc.arg(doc))
on conflict (id) do update set
    name_key = excluded.name_key, external_id = excluded.external_id, source = excluded.source, name = excluded.name,
    gone_at = excluded.gone_at, version = excluded.version, doc = excluded.doc
where person.version = excluded.version - 1;

-- People are those after another one; with all, also those who are gone.
-- name: People :many
select id, doc from person
where id > sqlc.arg(after) and (gone_at = 0 or cast(sqlc.arg(gone) as bigint) = 1)
order by id
limit cast(sqlc.arg(most) as integer);

-- name: PeopleFrom :many
select doc from person where gone_at = 0 order by id limit cast(sqlc.arg(most) as integer) offset cast(sqlc.arg(skip) as integer);

-- name: CountPeople :one
select count(*) from person where gone_at = 0;

-- name: Circle :one
select doc from circle where id = $1;

-- name: CircleNamed :one
select doc from circle where name_key = $1;

-- name: SaveCircle :execrows
insert into circle (id, name_key, external_id, name, version, doc)
values (sqlc.arg(id), sqlc.arg(name_key), sqlc.arg(external_id), sqlc.arg(name), sqlc.arg(version), sqlc.arg(doc))
on conflict (id) do update set
    name_key = excluded.name_key, external_id = excluded.external_id, name = excluded.name, version = excluded.version, doc = excluded.doc
where circle.version = excluded.version - 1;

-- name: DropCircle :exec
delete from circle where id = $1;

-- name: Circles :many
select id, doc from circle where id > sqlc.arg(after) order by id limit cast(sqlc.arg(most) as integer);

-- name: CirclesFrom :many
select doc from circle order by id limit cast(sqlc.arg(most) as integer) offset cast(sqlc.arg(skip) as integer);

-- name: CountCircles :one
select count(*) from circle;

-- name: AddMember :execrows
insert into member (circle, member, is_group) values ($1, $2, $3)
on conflict (circle, member) do nothing;

-- name: DropMember :execrows
delete from member where circle = $1 and member = $2;

-- name: DropMembers :exec
delete from member where circle = $1;

-- name: LeaveCircles :exec
delete from member where member = $1;

-- name: Members :many
select m.member, m.is_group, cast(coalesce(p.name, c.name, '') as text) as name
from member m
left join person p on p.id = m.member
left join circle c on c.id = m.member
where m.circle = sqlc.arg(circle) and m.member > sqlc.arg(after)
order by m.member
limit cast(sqlc.arg(most) as integer);

-- name: CirclesOf :many
select c.doc from member m join circle c on c.id = m.circle
where m.member = $1
order by c.id
limit 1000;

-- name: AddPersonEntry :exec
insert into person_entry (subject, seq, at, kind, doc) values ($1, $2, $3, $4, $5);

-- name: PersonEntries :many
select doc from person_entry where subject = sqlc.arg(subject) order by seq desc limit cast(sqlc.arg(most) as integer);

-- name: PersonEntriesOf :many
select doc from person_entry where kind = sqlc.arg(kind) and at >= sqlc.arg(since) order by at, subject, seq limit cast(sqlc.arg(most) as integer);
