-- name: FactorsOfAccount :one
-- What protects an account.
select a.id, a.state, a.password_hash <> '' as password_set, a.password_at, p.name, p.phone_sealed, p.demo,
	t.created_at as totp_at,
	(select count(*) from platform.passkey k where k.account_id = a.id)::integer as passkeys,
	(select count(*) from platform.recovery_code r where r.account_id = a.id)::integer as recovery_codes
from platform.account a
join platform.person p on p.id = a.person_id
left join platform.totp t on t.account_id = a.id
where a.id = $1;

-- name: LockAccount :one
-- Changes of the factors of an account wait for each other.
select id from platform.account where id = $1 for update;

-- name: TotpOfAccount :one
select secret_sealed, last_step from platform.totp where account_id = $1;

-- name: CreateTotp :execrows
insert into platform.totp (account_id, secret_sealed, last_step) values ($1, $2, $3) on conflict do nothing;

-- name: UseTotp :execrows
-- A step is good once.
update platform.totp set last_step = $2 where account_id = $1 and last_step < $2;

-- name: DeleteTotp :execrows
delete from platform.totp where account_id = $1;

-- name: CreateRecoveryCodes :exec
insert into platform.recovery_code (account_id, digest) select $1, unnest(sqlc.arg(digests)::text[]);

-- name: UseRecoveryCode :execrows
delete from platform.recovery_code where account_id = $1 and digest = $2;

-- name: DeleteRecoveryCodes :exec
delete from platform.recovery_code where account_id = $1;

-- name: CreatePasskey :execrows
insert into platform.passkey (id, account_id, credential_id, public_key, name, aaguid, transports, sign_count, backup_eligible, backup_state)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) on conflict (credential_id) do nothing;

-- name: PasskeysOfAccount :many
select id, credential_id, public_key, aaguid, transports, sign_count, backup_eligible, backup_state
from platform.passkey where account_id = $1 order by id;

-- name: ListPasskeys :many
select id, name, backup_state, created_at, used_at from platform.passkey
where account_id = $1 and id < sqlc.arg(before) order by id desc limit sqlc.arg(size);

-- name: UsePasskey :execrows
-- A counter that does not go up is that of a copy (Web Authentication Level 3, 6.1.1); those that do not count stay at 0.
update platform.passkey set sign_count = $3, backup_state = $4, used_at = now()
where account_id = $1 and credential_id = $2 and (sign_count < $3 or sign_count = 0 and $3 = 0);

-- name: RenamePasskey :one
update platform.passkey set name = $3 where id = $1 and account_id = $2
returning id, name, backup_state, created_at, used_at;

-- name: DeletePasskey :execrows
delete from platform.passkey where id = $1 and account_id = $2;

-- name: DeletePasskeysOfAccount :exec
delete from platform.passkey where account_id = $1;

-- name: RememberPassword :exec
-- The password of an account that is about to get another one.
insert into platform.password_history (id, account_id, password_hash)
select $1, a.id, a.password_hash from platform.account a where a.id = sqlc.arg(account_id) and a.password_hash <> '';

-- name: FormerPasswords :many
select password_hash from platform.password_history where account_id = $1 order by id desc limit sqlc.arg(size);

-- name: ForgetPasswords :exec
delete from platform.password_history where account_id = $1;

-- name: ForgetOldPasswords :exec
delete from platform.password_history h where h.account_id = $1
	and h.id not in (select k.id from platform.password_history k where k.account_id = $1 order by k.id desc limit 10);

-- name: ProveSession :exec
update platform.session set proved_at = now() where id = $1;

-- name: SessionFactor :one
select factor, proved_at, idle from platform.session where id = $1;

-- name: CrowdedSessions :many
-- The sessions of an account on a host beyond the newest ones.
select s.id from platform.session s
where s.account_id = $1 and s.host = $2 and s.expires_at > now() and s.seen_at > now() - s.idle
order by s.id desc offset sqlc.arg(keep)::integer limit 200;

-- name: EndSessions :many
-- Ends sessions and keeps why, for the devices that hold their tokens.
with ended as (delete from platform.session s where s.id = any(sqlc.arg(ids)::uuid[]) returning s.id, s.token_digest),
told as (
	insert into platform.session_end (token_digest, why, device) select e.token_digest, sqlc.arg(why), sqlc.arg(device) from ended e
	on conflict (token_digest) do nothing
)
select id from ended;

-- name: EndSession :many
with ended as (delete from platform.session s where s.id = $1 and s.account_id = $2 returning s.id, s.token_digest),
told as (
	insert into platform.session_end (token_digest, why) select e.token_digest, sqlc.arg(why) from ended e
	on conflict (token_digest) do nothing
)
select id from ended;

-- name: EndOtherSessions :many
with ended as (delete from platform.session s where s.account_id = $1 and s.id <> $2 returning s.id, s.token_digest),
told as (
	insert into platform.session_end (token_digest, why) select e.token_digest, sqlc.arg(why) from ended e
	on conflict (token_digest) do nothing
)
select id from ended;

-- name: SessionEnd :one
-- Why a session ended: because somebody ended it, or by itself.
select e.why::text as why, e.at::timestamptz as at, e.device::text as device from platform.session_end e where e.token_digest = $1
union all
select case when s.expires_at <= now() then 'expired' else 'idle' end, case when s.expires_at <= now() then s.expires_at else s.seen_at + s.idle end, ''
from platform.session s where s.token_digest = $1 and (s.expires_at <= now() or s.seen_at <= now() - s.idle);

-- name: DeleteOldSessionEnds :exec
delete from platform.session_end where at < now() - interval '30 days';

-- name: PoliciesOver :many
-- What a body and those above it on the primary line demand, the nearest first.
select p.body_id, b.name as body_name, c.depth, p.min_length, p.kinds, p.history, p.max_age_days, p.idle_minutes, p.absolute_hours, p.sessions,
	p.factor_roles, p.below, p.version, p.updated_at
from platform.closure c
join platform.security_policy p on p.body_id = c.ancestor_id
join platform.body b on b.id = p.body_id
where c.line = 'primary' and c.descendant_id = $1 and (c.depth = 0 or p.below)
order by c.depth;

-- name: PoliciesOfStaff :many
-- What the bodies that an account serves, and those above them, demand.
select distinct p.body_id, p.min_length, p.kinds, p.history, p.max_age_days, p.idle_minutes, p.absolute_hours, p.sessions, p.factor_roles
from platform.account a
join platform.identity i on i.person_id = a.person_id and i.role <> 'member'
	and i.valid_from <= current_date and (i.valid_to is null or i.valid_to >= current_date)
join platform.closure c on c.line = 'primary' and c.descendant_id = i.body_id
join platform.security_policy p on p.body_id = c.ancestor_id and (c.depth = 0 or p.below)
where a.id = $1;

-- name: PlacesOfAccount :many
-- Where an account has a place, and as what.
select i.id as identity_id, i.role, i.body_id, b.code as body_code
from platform.account a
join platform.identity i on i.person_id = a.person_id
	and i.valid_from <= current_date and (i.valid_to is null or i.valid_to >= current_date)
join platform.body b on b.id = i.body_id
where a.id = $1 and a.state = 'open'
order by array_position(array['national', 'national_industrial', 'province', 'city', 'county', 'town', 'village', 'grassroots'], b.level::text),
	array_position(array['supervisor', 'admin', 'officer', 'member'], i.role::text), b.code;

-- name: CreatePolicy :execrows
insert into platform.security_policy (body_id, min_length, kinds, history, max_age_days, idle_minutes, absolute_hours, sessions, factor_roles, below)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) on conflict (body_id) do nothing;

-- name: UpdatePolicy :execrows
update platform.security_policy
set min_length = $2, kinds = $3, history = $4, max_age_days = $5, idle_minutes = $6, absolute_hours = $7, sessions = $8, factor_roles = $9,
	below = $10, version = version + 1, updated_at = now()
where body_id = $1 and version = sqlc.arg(version);

-- name: TightenSessions :exec
-- Open sessions of a body's staff keep to a stricter policy at once.
update platform.session s set idle = least(s.idle, sqlc.arg(idle)::interval), expires_at = least(s.expires_at, s.created_at + sqlc.arg(life)::interval)
from platform.identity i
where i.id = s.identity_id and i.body_id = $1 and i.role <> 'member'
	and (s.idle > sqlc.arg(idle)::interval or s.expires_at > s.created_at + sqlc.arg(life)::interval);
