-- name: Candidates :many
-- Every place of the account with this phone, the highest body first.
select a.id as account_id, a.password_hash, a.state, p.id as person_id, p.name, p.phone_sealed,
	i.id as identity_id, i.role, i.ref_id, b.id as body_id, b.code as body_code, b.name as body_name
from platform.person p
join platform.account a on a.person_id = p.id
join platform.identity i on i.person_id = p.id
	and i.valid_from <= current_date and (i.valid_to is null or i.valid_to >= current_date) and i.locked_at is null
join platform.body b on b.id = i.body_id
where p.phone_digest = sqlc.arg(phone_digest)::text
order by array_position(array['national', 'national_industrial', 'province', 'city', 'county', 'town', 'village', 'grassroots'], b.level::text),
	array_position(array['supervisor', 'admin', 'officer', 'system_admin', 'security_admin', 'audit_admin', 'member'], i.role::text), b.code;

-- name: PlacesOfPerson :many
select i.id as identity_id, i.role, b.id as body_id, b.code as body_code, b.name as body_name
from platform.identity i
join platform.body b on b.id = i.body_id
where i.person_id = $1 and i.valid_from <= current_date and (i.valid_to is null or i.valid_to >= current_date) and i.locked_at is null
order by array_position(array['national', 'national_industrial', 'province', 'city', 'county', 'town', 'village', 'grassroots'], b.level::text),
	array_position(array['supervisor', 'admin', 'officer', 'system_admin', 'security_admin', 'audit_admin', 'member'], i.role::text), b.code;

-- name: SessionByToken :one
select s.id, s.account_id, s.identity_id, s.supervision, s.seen_at, s.proved_at, p.id as person_id, p.name, p.phone_sealed,
	i.role, i.ref_id, b.id as body_id, b.code as body_code
from platform.session s
join platform.account a on a.id = s.account_id and a.state = 'open'
join platform.identity i on i.id = s.identity_id
	and i.valid_from <= current_date and (i.valid_to is null or i.valid_to >= current_date) and i.locked_at is null
join platform.person p on p.id = i.person_id
join platform.body b on b.id = i.body_id
where s.token_digest = $1 and s.expires_at > now() and s.seen_at > now() - s.idle;

-- name: CreateSession :exec
insert into platform.session (id, token_digest, account_id, identity_id, supervision, host, source, device, expires_at, factor, proved_at, idle)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12);

-- name: TouchSession :exec
update platform.session set seen_at = now() where id = $1;

-- name: DeleteSession :execrows
delete from platform.session where id = $1 and account_id = $2;

-- name: DeleteExpiredSessions :execrows
-- Kept for a while, so that who comes back hears why the session is over.
delete from platform.session where expires_at < now() - interval '7 days' or seen_at < now() - idle - interval '7 days';

-- name: DeleteSessionsOfAccount :execrows
delete from platform.session where account_id = $1;

-- name: SessionsOfAccount :many
select id, host, source, device, created_at, seen_at, factor from platform.session
where account_id = $1 and expires_at > now() and seen_at > now() - idle and id < sqlc.arg(before)
order by id desc limit sqlc.arg(size);

-- name: PasswordOfAccount :one
select a.password_hash, p.phone_sealed from platform.account a join platform.person p on p.id = a.person_id where a.id = $1 for update of a;

-- name: AccountOfMe :one
-- What the own account shows of itself.
select a.created_at, a.closing_at, (a.password_hash <> '')::boolean as password_set, p.name, p.phone_sealed,
	exists (select from platform.consent c where c.account_id = a.id and c.version = sqlc.arg(version) and c.withdrawn_at is null)::boolean as consented
from platform.account a join platform.person p on p.id = a.person_id where a.id = $1;

-- name: AccountByPhone :one
select a.id, a.state, a.password_hash from platform.account a join platform.person p on p.id = a.person_id
where p.phone_digest = sqlc.arg(phone_digest)::text;

-- name: SetPassword :exec
update platform.account set password_hash = $2, password_at = now() where id = $1;

-- name: UpsertPerson :one
insert into platform.person (id, name, phone_sealed, phone_digest, demo)
values ($1, $2, $3, sqlc.arg(phone_digest)::text, $4)
on conflict (phone_digest) do update set phone_digest = excluded.phone_digest
returning id;

-- name: UpsertAccount :one
-- An account that has a password keeps it.
insert into platform.account (id, person_id, password_hash, password_at, phone_proved_at) values ($1, $2, $3, now(), now())
on conflict (person_id) do update
	set phone_proved_at = coalesce(platform.account.phone_proved_at, now()), password_hash = case when platform.account.password_hash = '' then excluded.password_hash else platform.account.password_hash end
returning id, password_hash;

-- name: UpsertIdentity :one
insert into platform.identity (id, person_id, body_id, role, ref_id) values ($1, $2, $3, $4, $5)
on conflict (person_id, body_id, role) do update set valid_to = null, ref_id = coalesce(excluded.ref_id, platform.identity.ref_id)
returning id;

-- name: CreateInvitation :exec
insert into platform.invitation (id, token_digest, body_id, name, phone_sealed, phone_digest, role, ref_id, expires_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9);

-- name: InvitationByToken :one
select i.name, i.phone_sealed, i.phone_digest, i.role, i.expires_at, b.name as body_name
from platform.invitation i join platform.body b on b.id = i.body_id
where i.token_digest = $1 and i.body_id = $2 and i.state = 'pending' and i.expires_at > now();

-- name: RevokeInvitationsOfRef :exec
update platform.invitation set state = 'revoked' where body_id = $1 and ref_id = sqlc.arg(ref_id)::uuid and state = 'pending';

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
returning id, name, phone_sealed, phone_digest, role, ref_id;

-- name: CreateHandoff :exec
insert into platform.handoff (code_digest, account_id, identity_id, supervision, expires_at, factor, proved_at) values ($1, $2, $3, $4, $5, $6, $7);

-- name: TakeHandoff :one
delete from platform.handoff where code_digest = $1
returning account_id, identity_id, supervision, factor, proved_at, (expires_at > now())::boolean as fresh;

-- name: DeleteOldHandoffs :exec
delete from platform.handoff where expires_at < now();

-- name: IdentityByID :one
select i.id, i.person_id, p.name, i.role, b.id as body_id, b.code as body_code
from platform.identity i join platform.body b on b.id = i.body_id join platform.person p on p.id = i.person_id
where i.id = $1 and i.valid_from <= current_date and (i.valid_to is null or i.valid_to >= current_date) and i.locked_at is null;

-- name: BodyByCode :one
select id, name from platform.body where code = $1;

-- name: PersonByPhone :one
select id, name, coalesce(id_digest, '')::text as id_digest from platform.person where phone_digest = sqlc.arg(phone_digest)::text for update;

-- name: PersonByID :one
select id from platform.person where id_digest = sqlc.arg(id_digest)::text for update;

-- name: CreatePerson :execrows
insert into platform.person (id, name, phone_sealed, phone_digest, id_digest)
values ($1, $2, $3, sqlc.arg(phone_digest)::text, sqlc.arg(id_digest)::text)
on conflict do nothing;

-- name: BindPerson :exec
update platform.person set id_digest = sqlc.arg(id_digest)::text where id = $1;

-- name: OpenAccount :one
-- The account of a person, made without a password when there is none.
insert into platform.account (id, person_id, phone_proved_at) values ($1, $2, case when sqlc.arg(proved)::boolean then now() end)
on conflict (person_id) do update set person_id = excluded.person_id
returning id, state, password_hash;

-- name: ProvePhone :one
-- The first proof of an account's phone takes away the password that was set without one.
with found as (
	select a.id, a.password_hash from platform.account a join platform.person p on p.id = a.person_id
	where p.phone_digest = sqlc.arg(phone_digest)::text and a.phone_proved_at is null for update of a
)
update platform.account a set phone_proved_at = now(), password_hash = '', password_at = null from found where a.id = found.id
returning a.id, found.password_hash <> '' as had_password;

-- name: HoldersOfRef :many
-- The places that a file of a body has given, in force.
select id, person_id from platform.identity
where body_id = $1 and ref_id = sqlc.arg(ref_id)::uuid and role = 'member' and (valid_to is null or valid_to >= current_date) for update;

-- name: MemberPlace :one
select ref_id from platform.identity
where person_id = $1 and body_id = $2 and role = 'member' and (valid_to is null or valid_to >= current_date) for update;

-- name: EndIdentity :exec
-- The last day of an identity is the day before it ends: it counts no more at once.
update platform.identity set valid_to = current_date - 1 where id = $1;

-- name: DeleteSessionsOfIdentity :exec
delete from platform.session where identity_id = $1;

-- name: DeleteHandoffsOfIdentity :exec
delete from platform.handoff where identity_id = $1;

-- name: GiveConsent :execrows
insert into platform.consent (id, account_id, version, source, device) values ($1, $2, $3, $4, $5)
on conflict (account_id, version) do update set withdrawn_at = null, created_at = now(), source = excluded.source, device = excluded.device
where consent.withdrawn_at is not null;

-- name: WithdrawConsents :many
update platform.consent set withdrawn_at = now() where account_id = $1 and withdrawn_at is null returning version;

-- name: ConsentsOfAccount :many
select version, device, created_at, withdrawn_at from platform.consent where account_id = $1 order by created_at desc, id desc limit 100;

-- name: LockAdmins :many
-- Every administrator of the active bodies that the person administers: who leaves first makes the next one wait. Whose account is
-- about to be closed counts as gone.
select i.id, i.person_id, i.body_id, b.name as body_name from platform.identity i
join platform.body b on b.id = i.body_id and b.status = 'active'
join platform.account a on a.person_id = i.person_id and a.state = 'open' and a.closing_at is null
where i.role = 'admin' and i.valid_from <= current_date and (i.valid_to is null or i.valid_to >= current_date)
	and i.body_id in (select o.body_id from platform.identity o where o.person_id = $1 and o.role = 'admin'
		and o.valid_from <= current_date and (o.valid_to is null or o.valid_to >= current_date))
order by i.id for no key update of i, a;

-- name: BeginClosing :one
-- Asked for again, it stays with the first date.
update platform.account set closing_at = coalesce(closing_at, now() + sqlc.arg(wait)::interval) where id = $1 and state = 'open'
returning closing_at::timestamptz as closing_at;

-- name: KeepAccount :execrows
update platform.account set closing_at = null where id = $1 and state = 'open' and closing_at is not null;

-- name: DueClosings :many
select id from platform.account where closing_at <= now() and state = 'open' order by closing_at limit sqlc.arg(size);

-- name: TakeClosing :one
select id, person_id from platform.account where id = $1 and closing_at <= now() and state = 'open' for update skip locked;

-- name: CloseAccount :exec
update platform.account set state = 'closed', closing_at = null, password_hash = '', password_at = null where id = $1;

-- name: ForgetConsents :exec
-- That there was a consent stays, from where does not.
update platform.consent set source = '', device = '' where account_id = $1;

-- name: ForgetInvitations :exec
delete from platform.invitation where state <> 'pending' and phone_digest = (select p.phone_digest from platform.person p where p.id = $1);

-- name: DeleteOldInvitations :exec
delete from platform.invitation where expires_at < now() - interval '180 days';

-- name: EndIdentities :exec
update platform.identity set valid_to = current_date - 1
where person_id = $1 and (valid_to is null or valid_to >= current_date);

-- name: DeleteHandoffsOfAccount :exec
delete from platform.handoff where account_id = $1;

-- name: ForgetPerson :exec
update platform.person set name = '', phone_sealed = '', phone_digest = null, id_digest = null where id = $1;
