-- name: ListAppointments :many
select a.id, a.officer_id, a.post_id, p.name as post_name, d.name as dept_name, a.start_on, a.end_on, a.approval_doc_no, a.acting
from appointment a join post p on p.id = a.post_id join dept d on d.id = p.dept_id
where a.officer_id = any (@officers::uuid[]) order by a.start_on desc, a.id desc;

-- name: GetAppointment :one
select a.id, a.officer_id, a.post_id, p.name as post_name, d.name as dept_name, a.start_on, a.end_on, a.approval_doc_no, a.acting
from appointment a join post p on p.id = a.post_id join dept d on d.id = p.dept_id
where a.id = $1;

-- name: LockAppointment :one
select officer_id, post_id, start_on, end_on from appointment where id = $1 for update;

-- name: CountFrom :one
-- How many hold the post on a day or later, and how often the officer is among them.
select count(*)::integer as holders, count(*) filter (where officer_id = @officer_id)::integer as own
from appointment where post_id = @post_id and (end_on is null or end_on > @day::date);

-- name: InsertAppointment :exec
insert into appointment (id, officer_id, post_id, start_on, approval_doc_no, acting) values ($1, $2, $3, $4, $5, $6);

-- name: EndAppointment :exec
update appointment set end_on = $2 where id = $1;

-- name: EndAppointmentsOf :many
update appointment set end_on = greatest(start_on, @day::date)
where officer_id = @officer_id and (end_on is null or end_on > greatest(start_on, @day::date))
returning id, post_id, start_on, end_on;
