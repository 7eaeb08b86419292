-- name: AuditCounts :one
select (select count(*) from ticket) as tickets, (select count(*) from entry) as entries, (select count(*) from run) as runs,
       (select count(*) from effect) as effects;
