-- name: RolesOfPhone :many
-- The roles in force that the holder of a phone has in a body.
select i.role from platform.person p join platform.identity i on i.person_id = p.id and i.body_id = $1 and (i.valid_to is null or i.valid_to >= current_date)
where p.phone_digest = sqlc.arg(phone_digest)::text;

-- name: InvitedRolesOfPhone :many
select i.role from platform.invitation i
where i.body_id = $1 and i.phone_digest = sqlc.arg(phone_digest)::text and i.state = 'pending' and i.expires_at > now();

-- name: LockDuties :many
-- Everybody who holds one of the three administrators' roles in the bodies: who leaves first makes the next one wait.
select i.id, i.person_id, i.body_id, i.role, b.name as body_name,
	coalesce((select p.separated from platform.body_policy p where p.body_id = i.body_id), false)::boolean as separated
from platform.identity i
join platform.body b on b.id = i.body_id
join platform.account a on a.person_id = i.person_id and a.state = 'open' and a.closing_at is null
where i.body_id = any(sqlc.arg(bodies)::uuid[]) and platform.is_duty(i.role) and i.locked_at is null
	and i.valid_from <= current_date and (i.valid_to is null or i.valid_to >= current_date)
order by i.id for no key update of i, a;

-- name: DutyBodiesOfPerson :many
select distinct i.body_id from platform.identity i
where i.person_id = $1 and platform.is_duty(i.role) and (i.valid_to is null or i.valid_to >= current_date);

-- name: CountDuties :many
select r.role::text as role,
	(select count(*) from platform.identity i join platform.account a on a.person_id = i.person_id and a.state = 'open' and a.closing_at is null
		where i.body_id = $1 and i.role = r.role and i.locked_at is null and (i.valid_to is null or i.valid_to >= current_date))::int as holders,
	(select count(*) from platform.invitation v where v.body_id = $1 and v.role = r.role and v.state = 'pending' and v.expires_at > now())::int as invited
from unnest(array['system_admin', 'security_admin', 'audit_admin']) with ordinality as r (role, n) order by r.n;
