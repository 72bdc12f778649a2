-- name: ListOfficers :many
select id, name, initials, phone, phone_digest, phone_tail, full_time, title, state, version, demo
from officer
where officer.id > @after and (state = @state or @state = 'all') and (@query::varchar = '' or strpos(lower(name), @query) > 0
	or starts_with(initials, @query) or phone_tail = @query)
	and (@whole::boolean or officer.id = @self::uuid or exists (
		select from appointment a join post p on p.id = a.post_id
		where a.officer_id = officer.id and p.dept_id = any (@departments::uuid[]) and (a.end_on is null or a.end_on > @today::date)))
order by officer.id limit @size;

-- name: LockOfficer :one
select id, name, initials, phone, phone_digest, phone_tail, full_time, title, state, version, demo
from officer where id = $1 for update;

-- name: InsertOfficer :one
insert into officer (id, name, initials, phone, phone_digest, phone_tail, full_time, title, demo) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
returning id, name, initials, phone, phone_digest, phone_tail, full_time, title, state, version, demo;

-- name: UpdateOfficer :one
update officer set name = $2, initials = $3, phone = $4, phone_digest = $5, phone_tail = $6, full_time = $7, title = $8, state = $9,
	version = version + 1 where id = $1
returning id, name, initials, phone, phone_digest, phone_tail, full_time, title, state, version, demo;
