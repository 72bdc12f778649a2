-- name: Candidates :many
-- Every place of the account with this phone, the highest body first.
select a.id as account_id, a.password_hash, a.state, p.id as person_id, p.name, p.phone_sealed,
	i.id as identity_id, i.role, i.ref_id, b.id as body_id, b.code as body_code, b.name as body_name
from platform.person p
join platform.account a on a.person_id = p.id
join platform.identity i on i.person_id = p.id
	and i.valid_from <= current_date and (i.valid_to is null or i.valid_to >= current_date)
join platform.body b on b.id = i.body_id
where p.phone_digest = $1
order by array_position(array['national', 'national_industrial', 'province', 'city', 'county', 'town', 'village', 'grassroots'], b.level::text),
	array_position(array['supervisor', 'admin', 'officer', 'member'], i.role::text), b.code;

-- name: PlacesOfPerson :many
select i.id as identity_id, i.role, b.id as body_id, b.code as body_code, b.name as body_name
from platform.identity i
join platform.body b on b.id = i.body_id
where i.person_id = $1 and i.valid_from <= current_date and (i.valid_to is null or i.valid_to >= current_date)
order by array_position(array['national', 'national_industrial', 'province', 'city', 'county', 'town', 'village', 'grassroots'], b.level::text),
	array_position(array['supervisor', 'admin', 'officer', 'member'], i.role::text), b.code;

-- name: SessionByToken :one
select s.id, s.account_id, s.identity_id, s.supervision, s.seen_at, p.id as person_id, p.name, p.phone_sealed,
	i.role, i.ref_id, b.id as body_id, b.code as body_code
from platform.session s
join platform.account a on a.id = s.account_id and a.state = 'open'
join platform.identity i on i.id = s.identity_id
	and i.valid_from <= current_date and (i.valid_to is null or i.valid_to >= current_date)
join platform.person p on p.id = i.person_id
join platform.body b on b.id = i.body_id
where s.token_digest = $1 and s.expires_at > now() and s.seen_at > now() - sqlc.arg(idle)::interval;

-- name: CreateSession :exec
insert into platform.session (id, token_digest, account_id, identity_id, supervision, host, source, device, expires_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9);

-- name: TouchSession :exec
update platform.session set seen_at = now() where id = $1;

-- name: DeleteSession :execrows
delete from platform.session where id = $1 and account_id = $2;

-- name: DeleteOtherSessions :exec
delete from platform.session where account_id = $1 and id <> $2;

-- name: DeleteExpiredSessions :execrows
delete from platform.session where expires_at < now() or seen_at < now() - sqlc.arg(idle)::interval;

-- name: SessionsOfAccount :many
select id, host, source, device, created_at, seen_at from platform.session
where account_id = $1 and expires_at > now() order by id desc limit 50;

-- name: PasswordOfAccount :one
select a.password_hash, p.phone_sealed from platform.account a join platform.person p on p.id = a.person_id where a.id = $1 for update of a;

-- name: SetPassword :exec
update platform.account set password_hash = $2, password_at = now() where id = $1;

-- name: UpsertPerson :one
insert into platform.person (id, name, phone_sealed, phone_digest, demo) values ($1, $2, $3, $4, $5)
on conflict (phone_digest) do update set phone_digest = excluded.phone_digest
returning id;

-- name: UpsertAccount :one
-- An account that has a password keeps it.
insert into platform.account (id, person_id, password_hash, password_at) values ($1, $2, $3, now())
on conflict (person_id) do update
	set password_hash = case when platform.account.password_hash = '' then excluded.password_hash else platform.account.password_hash end
returning id, password_hash;

-- name: UpsertIdentity :one
insert into platform.identity (id, person_id, body_id, role, ref_id) values ($1, $2, $3, $4, $5)
on conflict (person_id, body_id, role) do update set valid_to = null, ref_id = coalesce(excluded.ref_id, platform.identity.ref_id)
returning id;

-- name: CreateInvitation :exec
insert into platform.invitation (id, token_digest, body_id, name, phone_sealed, phone_digest, role, expires_at)
values ($1, $2, $3, $4, $5, $6, $7, $8);

-- name: ListInvitations :many
select id, name, phone_sealed, role, created_at, expires_at,
	(case when state = 'pending' and expires_at < now() then 'expired' else state end)::text as state
from platform.invitation
where body_id = $1 and id < sqlc.arg(before) order by id desc limit sqlc.arg(size);

-- name: RevokeInvitation :execrows
update platform.invitation set state = 'revoked' where id = $1 and body_id = $2 and state = 'pending';

-- name: TakeInvitation :one
update platform.invitation set state = 'accepted'
where token_digest = $1 and body_id = $2 and state = 'pending' and expires_at > now()
returning id, name, phone_sealed, phone_digest, role;

-- name: CreateHandoff :exec
insert into platform.handoff (code_digest, account_id, identity_id, supervision, expires_at) values ($1, $2, $3, $4, $5);

-- name: TakeHandoff :one
delete from platform.handoff where code_digest = $1
returning account_id, identity_id, supervision, (expires_at > now())::boolean as fresh;

-- name: DeleteOldHandoffs :exec
delete from platform.handoff where expires_at < now();

-- name: IdentityByID :one
select i.id, i.person_id, i.role, b.id as body_id, b.code as body_code from platform.identity i join platform.body b on b.id = i.body_id
where i.id = $1 and i.valid_from <= current_date and (i.valid_to is null or i.valid_to >= current_date);

-- name: BodyByCode :one
select id, name from platform.body where code = $1;
