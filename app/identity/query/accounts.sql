-- name: ListHolders :many
-- People with a place in the body, whoever came last first.
select p.id, p.name, p.phone_sealed, p.created_at
from (
	select distinct i.person_id from platform.identity i
	where i.body_id = $1 and i.person_id < sqlc.arg(before) and (i.valid_to is null or i.valid_to >= current_date)
		and (sqlc.arg(role)::text = '' or i.role = sqlc.arg(role)::text)
		and (sqlc.arg(state)::text = '' or (i.locked_at is not null) = (sqlc.arg(state)::text = 'locked'))
	order by i.person_id desc
) h join platform.person p on p.id = h.person_id
where (sqlc.arg(name)::text = '' or strpos(p.name, sqlc.arg(name)::text) > 0)
	and (sqlc.arg(phone_digest)::text = '' or p.phone_digest = sqlc.arg(phone_digest)::text)
order by h.person_id desc limit sqlc.arg(size);

-- name: HolderByID :one
select p.id, p.name, p.phone_sealed, p.created_at from platform.person p
where p.id = $1 and exists (select from platform.identity i where i.person_id = p.id and i.body_id = $2 and (i.valid_to is null or i.valid_to >= current_date));

-- name: PlacesOfHolders :many
select i.id, i.person_id, i.role, i.created_at, i.locked_at,
	(select count(*) from platform.session s where s.identity_id = i.id and s.expires_at > now() and s.seen_at > now() - s.idle)::int as sessions,
	coalesce((select max(s.seen_at) from platform.session s where s.identity_id = i.id), 'epoch')::timestamptz as seen_at
from platform.identity i
where i.body_id = $1 and i.person_id = any(sqlc.arg(persons)::uuid[]) and (i.valid_to is null or i.valid_to >= current_date)
order by i.person_id, array_position(array['system_admin', 'security_admin', 'audit_admin', 'supervisor', 'admin', 'officer', 'member'], i.role::text);

-- name: LockPlaces :many
-- The places of a person in a body, for a change.
select i.id, i.role, i.locked_at from platform.identity i
where i.body_id = $1 and i.person_id = $2 and (i.valid_to is null or i.valid_to >= current_date) order by i.id for update;

-- name: SetPlacesLocked :exec
update platform.identity set locked_at = case when sqlc.arg(locked)::boolean then now() end
where body_id = $1 and person_id = $2 and (valid_to is null or valid_to >= current_date);

-- name: DeleteSessionsInBody :execrows
delete from platform.session s using platform.identity i where i.id = s.identity_id and i.body_id = $1 and i.person_id = $2;

-- name: DeleteHandoffsInBody :exec
delete from platform.handoff h using platform.identity i where i.id = h.identity_id and i.body_id = $1 and i.person_id = $2;

-- name: LockAdminsOfBody :many
-- Every administrator of a body who can come in: who leaves first makes the next one wait.
select i.id, i.person_id from platform.identity i
join platform.account a on a.person_id = i.person_id and a.state = 'open' and a.closing_at is null
where i.body_id = $1 and i.role = 'admin' and i.locked_at is null and (i.valid_to is null or i.valid_to >= current_date) order by i.id for no key update of i, a;

-- name: WithSecondFactor :many
-- Who of these has an authenticator app or a passkey.
select a.person_id from platform.account a where a.person_id = any(sqlc.arg(persons)::uuid[])
	and (exists (select from platform.totp t where t.account_id = a.id) or exists (select from platform.passkey k where k.account_id = a.id));

-- name: AccountOfPerson :one
select a.id, p.phone_sealed from platform.account a join platform.person p on p.id = a.person_id where p.id = $1 and a.state = 'open';
