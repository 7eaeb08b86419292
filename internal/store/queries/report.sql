-- name: Report :one
select doc from report where id = $1;

-- name: ReportByCode :one
select doc from report where code = $1;

-- SaveReport changes a row only when it is still the one that the caller has read.
-- name: SaveReport :execrows
insert into report (id, code, person, made_at, version, doc, open)
values (sqlc.arg(id), sqlc.arg(code), sqlc.arg(person), sqlc.arg(made_at), sqlc.arg(version), sqlc.arg(doc), sqlc.arg(open))
on conflict (id) do update set version = excluded.version, doc = excluded.doc, code = excluded.code
where report.version = excluded.version - 1;

-- name: CountReports :one
select count(*) from report where person = sqlc.arg(person) and open = sqlc.arg(open) and made_at > sqlc.arg(since);

-- name: AddReportFile :exec
insert into report_file (report, sum, bytes) values ($1, $2, $3)
on conflict (report, sum) do nothing;

-- name: ReportFile :one
select bytes from report_file where report = $1 and sum = $2;

-- name: SealedReports :many
select sqlc.embed(report), cast(coalesce((select l.head from link l where l.row_key = 'report ' || report.id order by l.seq desc limit 1), '') as text) as chained
from report where id > sqlc.arg(after) order by id limit cast(sqlc.arg(most) as integer);

-- name: TakeReportMail :execrows
insert into report_mail (mail, report, taken_at) values ($1, $2, $3)
on conflict (mail) do nothing;

-- name: ReportMail :one
select report, taken_at from report_mail where mail = $1;

-- A message has two rows, by where it lay and by its Message-ID, and both name its report.
-- name: CountReportMail :one
select count(distinct report) from report_mail where report <> '' and taken_at > sqlc.arg(since);
