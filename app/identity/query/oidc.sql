-- name: Keys :many
select id, sealed, use_from, use_to from platform.oidc_key where gone_at > now() order by use_from, id;

-- name: LockKeys :exec
select pg_advisory_xact_lock(hashtext('platform.oidc_key'));

-- name: CreateKey :exec
insert into platform.oidc_key (id, sealed, use_from, use_to, gone_at) values ($1, $2, $3, $4, $5);

-- name: DeleteGoneKeys :exec
delete from platform.oidc_key where gone_at < now();

-- name: CreateClient :exec
insert into platform.oidc_client (id, body_id, name, kind, own, redirects, logout_returns, logout_notice, homepage, scopes, sector, secret_digest, secret_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, case when sqlc.arg(secret_at)::boolean then now() end);

-- name: ClientOfBody :one
select c.id, c.name, c.kind, c.own, c.redirects, c.logout_returns, c.logout_notice, c.homepage, c.scopes, c.sector, c.secret_digest, c.secret_at, c.created_at, c.ended_at,
	(select count(*) from platform.oidc_sign_in s where s.client_id = c.id and s.at > now() - interval '30 days') as recent
from platform.oidc_client c where c.id = $1 and c.body_id = $2;

-- name: ActiveClient :one
select id, name, kind, own, redirects, logout_returns, homepage, scopes, sector, secret_digest
from platform.oidc_client where id = $1 and body_id = $2 and ended_at is null;

-- name: LockClient :one
select id, kind, own, sector from platform.oidc_client where id = $1 and body_id = $2 and ended_at is null for update;

-- name: ListClients :many
select c.id, c.name, c.kind, c.own, c.redirects, c.logout_returns, c.logout_notice, c.homepage, c.scopes, c.secret_at, c.created_at, c.ended_at,
	(select count(*) from platform.oidc_sign_in s where s.client_id = c.id and s.at > now() - interval '30 days') as recent
from platform.oidc_client c where c.body_id = $1 and c.id < sqlc.arg(before) order by c.id desc limit sqlc.arg(size);

-- name: UpdateClient :exec
-- One that only acted by itself has a sector once people return to it.
update platform.oidc_client set name = $2, redirects = $3, logout_returns = $4, logout_notice = $5, homepage = $6, scopes = $7,
	sector = case when sector = '' then sqlc.arg(sector) else sector end where id = $1;

-- name: SetClientSecret :exec
update platform.oidc_client set secret_digest = $2, secret_at = now() where id = $1;

-- name: EndClient :execrows
update platform.oidc_client set ended_at = now() where id = $1 and body_id = $2 and ended_at is null;

-- name: DeleteGrantsOfClient :exec
delete from platform.oidc_grant where client_id = $1;

-- name: ListSignIns :many
select s.id, p.name, s.device, s.at from platform.oidc_sign_in s join platform.person p on p.id = s.person_id
where s.client_id = $1 and s.id < sqlc.arg(before) and s.at > now() - interval '90 days' order by s.id desc limit sqlc.arg(size);

-- name: CreateRequest :exec
insert into platform.oidc_request (id, client_id, redirect, scopes, state, nonce, challenge, fresh_since, asks, expires_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10);

-- name: OpenRequest :one
-- A request of an application of the body that is still on its way.
select r.id, r.client_id, r.redirect, r.scopes, r.state, r.nonce, r.challenge, r.fresh_since, r.asks, r.session_id, r.code_digest, r.created_at,
	c.name as client_name, c.homepage, c.own, c.sector
from platform.oidc_request r join platform.oidc_client c on c.id = r.client_id and c.ended_at is null
where r.id = $1 and c.body_id = $2 and r.expires_at > now();

-- name: SettleRequest :execrows
update platform.oidc_request set session_id = sqlc.arg(session_id)::uuid where id = $1 and session_id is null and expires_at > now();

-- name: DropRequest :execrows
delete from platform.oidc_request where id = $1 and code_digest is null;

-- name: SaveCode :execrows
update platform.oidc_request set code_digest = sqlc.arg(code_digest)::text, expires_at = sqlc.arg(expires_at)
where id = $1 and code_digest is null and session_id is not null and expires_at > now();

-- name: TakeCode :one
-- Whoever comes first with a code has it.
update platform.oidc_request r set grant_id = sqlc.arg(grant_id)::uuid
from platform.oidc_client c
where r.code_digest = sqlc.arg(code_digest)::text and r.grant_id is null and r.expires_at > now()
	and c.id = r.client_id and c.body_id = $1 and c.ended_at is null
returning r.id, r.client_id, r.redirect, r.scopes, r.state, r.nonce, r.challenge, r.session_id, c.own, c.sector;

-- name: SpoilCode :one
-- A code that comes again ends what it was exchanged for. It is over for exchanges that began before, too: they see their own now().
update platform.oidc_request set expires_at = now() - interval '1 minute'
where code_digest = sqlc.arg(code_digest)::text and grant_id is not null returning grant_id, client_id;

-- name: DeleteGrant :execrows
delete from platform.oidc_grant where id = $1;

-- name: LiveSession :one
-- The session behind a sign-in, if it counts.
select s.id, s.account_id, s.created_at, s.device, i.person_id
from platform.session s
join platform.account a on a.id = s.account_id and a.state = 'open'
join platform.identity i on i.id = s.identity_id and i.body_id = sqlc.arg(body_id) and i.locked_at is null
	and i.valid_from <= current_date and (i.valid_to is null or i.valid_to >= current_date)
where s.id = sqlc.arg(session_id) and not s.supervision and s.expires_at > now() and s.seen_at > now() - s.idle;

-- name: CreateGrant :execrows
-- The grant of a code, unless the code was spoilt meanwhile.
insert into platform.oidc_grant (id, client_id, session_id, account_id, scopes, auth_time)
select sqlc.arg(id)::uuid, r.client_id, sqlc.arg(session_id)::uuid, sqlc.arg(account_id)::uuid, r.scopes, sqlc.arg(auth_time)::timestamptz
from platform.oidc_request r where r.grant_id = sqlc.arg(id)::uuid and r.expires_at > now() for update;

-- name: CreateSignIn :exec
insert into platform.oidc_sign_in (id, client_id, person_id, device) values ($1, $2, $3, $4);

-- name: CreateToken :exec
insert into platform.oidc_token (id, grant_id, refresh, scopes, expires_at) values ($1, $2, $3, $4, $5);

-- name: LiveToken :one
-- A token that counts: its session, account, place and application do.
select t.id, t.grant_id, t.scopes, t.used_at, t.expires_at, g.client_id, g.auth_time, g.scopes as granted, g.session_id,
	c.own, c.sector, i.person_id, i.id as identity_id
from platform.oidc_token t
join platform.oidc_grant g on g.id = t.grant_id
join platform.oidc_client c on c.id = g.client_id and c.ended_at is null and c.body_id = sqlc.arg(body_id)
join platform.session s on s.id = g.session_id and s.expires_at > now() and s.seen_at > now() - s.idle
join platform.account a on a.id = s.account_id and a.state = 'open'
join platform.identity i on i.id = s.identity_id and i.locked_at is null
	and i.valid_from <= current_date and (i.valid_to is null or i.valid_to >= current_date)
where t.id = sqlc.arg(id) and t.refresh = sqlc.arg(refresh) and t.expires_at > now();

-- name: UseRefresh :execrows
update platform.oidc_token set used_at = now() where id = $1 and refresh and used_at is null;

-- name: DeleteToken :exec
delete from platform.oidc_token t using platform.oidc_grant g where t.id = $1 and not t.refresh and g.id = t.grant_id and g.client_id = sqlc.arg(client_id);

-- name: DeleteTokensOfRefresh :exec
-- All tokens of the sign-in that a refresh token belongs to.
delete from platform.oidc_token t using platform.oidc_token r, platform.oidc_grant g
where r.id = $1 and r.refresh and g.id = r.grant_id and g.client_id = sqlc.arg(client_id) and t.grant_id = g.id;

-- name: PersonOfToken :one
select p.name, p.phone_sealed, p.created_at from platform.person p where p.id = $1;

-- name: SessionOfGrant :one
select g.session_id from platform.oidc_grant g join platform.oidc_client c on c.id = g.client_id
where g.id = $1 and g.client_id = $2 and c.body_id = $3;

-- name: EndSessionByID :execrows
delete from platform.session where id = $1;

-- name: ConsentOf :one
select scopes from platform.oidc_consent where account_id = $1 and client_id = $2;

-- name: PutConsent :exec
insert into platform.oidc_consent (account_id, client_id, scopes) values ($1, $2, $3)
on conflict (account_id, client_id) do update set scopes = excluded.scopes, given_at = now();

-- name: ListConsents :many
select c.id as client_id, c.name, c.homepage, k.scopes, k.given_at,
	(select count(*) from platform.oidc_grant g where g.client_id = c.id and g.account_id = k.account_id)::int as open
from platform.oidc_consent k join platform.oidc_client c on c.id = k.client_id and c.ended_at is null
where k.account_id = $1 and c.body_id = $2 and c.id < sqlc.arg(before) order by c.id desc limit sqlc.arg(size);

-- name: DeleteConsent :execrows
delete from platform.oidc_consent k using platform.oidc_client c
where k.account_id = $1 and k.client_id = $2 and c.id = k.client_id and c.body_id = $3;

-- name: DeleteGrantsOfAccount :exec
delete from platform.oidc_grant where account_id = $1 and client_id = $2;

-- name: TakeNotices :many
-- Notices that are due, put off until the try is over.
update platform.oidc_notice n set due_at = now() + interval '1 minute', tries = n.tries + 1
from (select o.id from platform.oidc_notice o where o.due_at <= now() order by o.due_at limit $1 for update skip locked) due,
	platform.oidc_client c, platform.body b
where n.id = due.id and c.id = n.client_id and b.id = c.body_id
returning n.id, n.client_id, n.person_id, n.grant_id, n.tries, (n.expires_at < now())::boolean as stale, c.logout_notice, c.own, c.sector, b.id as body_id, b.code as body_code;

-- name: DeleteNotice :exec
delete from platform.oidc_notice where id = $1;

-- name: PutOffNotice :exec
update platform.oidc_notice set due_at = now() + sqlc.arg(wait)::interval, error = $2 where id = $1;

-- name: SweepRequests :exec
delete from platform.oidc_request where expires_at < now() - interval '1 day';

-- name: SweepTokens :exec
delete from platform.oidc_token where expires_at < now();

-- name: SweepSignIns :exec
delete from platform.oidc_sign_in where at < now() - interval '90 days';

-- name: SweepGrants :exec
-- A session that has run out is kept for a while to tell its device why; the sign-ins that hang on it are over at once.
delete from platform.oidc_grant g using platform.session s
where s.id = g.session_id and (s.expires_at < now() or s.seen_at < now() - s.idle);

-- name: CreateAppToken :exec
insert into platform.oidc_app_token (id, client_id, expires_at) values ($1, $2, $3);

-- name: AppToken :one
select t.client_id, t.expires_at, c.name, c.body_id, b.code as body_code
from platform.oidc_app_token t
join platform.oidc_client c on c.id = t.client_id and c.ended_at is null
join platform.body b on b.id = c.body_id
where t.id = $1 and t.expires_at > now();

-- name: DeleteAppToken :exec
delete from platform.oidc_app_token where id = $1 and client_id = $2;

-- name: SweepAppTokens :exec
delete from platform.oidc_app_token where expires_at < now();

-- name: NameApps :many
-- Applications that act by themselves, of a body or of one above it: those with the ids, ended ones among them, or all that fit.
select c.id, c.name, c.body_id, b.name as body_name, coalesce(c.ended_at is null and 'api' = any (c.scopes), false)::boolean as active
from platform.closure up join platform.oidc_client c on c.body_id = up.ancestor_id join platform.body b on b.id = c.body_id
where up.line = 'primary' and up.descendant_id = sqlc.arg(body_id)
	and case when cardinality(@ids::uuid[]) > 0 then c.id = any (@ids::uuid[])
		else c.id > @after and c.ended_at is null and 'api' = any (c.scopes) and strpos(lower(c.name), @query::varchar) > 0 end
order by c.id limit sqlc.arg(size);
