-- Keys that sign tokens, one set for all bodies: every serving process signs with the youngest that is in use.
create table platform.oidc_key (
	id         varchar(40)   primary key,
	sealed     varchar(4000) not null,          -- PKCS #8
	created_at timestamptz   not null default now(),
	use_from   timestamptz   not null,          -- published before, so that clients know it when it signs
	use_to     timestamptz   not null,          -- signs until then
	gone_at    timestamptz   not null check (gone_at > use_to) -- published until then
);

-- An application that a body lets its people sign in to.
create table platform.oidc_client (
	id              uuid primary key,
	body_id         uuid          not null references platform.body,
	name            varchar(60)   not null,
	kind            varchar(12)   not null check (kind in ('confidential', 'public')),
	own             boolean       not null, -- of the union itself: no consent is asked, the subject is the same everywhere
	redirects       varchar(300)[] not null check (cardinality(redirects) between 1 and 10),
	logout_returns  varchar(300)[] not null check (cardinality(logout_returns) <= 10),
	logout_notice   varchar(300)  not null default '', -- where the end of a session is told
	homepage        varchar(300)  not null default '',
	scopes          varchar(20)[] not null,
	sector          varchar(255)  not null,  -- of pairwise subjects: OpenID Connect Core, 8.1
	secret_digest   varchar(43)   not null default '',
	secret_at       timestamptz,
	created_at      timestamptz   not null default now(),
	ended_at        timestamptz
);
create index oidc_client_body on platform.oidc_client (body_id, id);

-- What somebody allowed an application to know. It outlives the session; taking it back ends the application's tokens.
create table platform.oidc_consent (
	account_id uuid not null references platform.account,
	client_id  uuid not null references platform.oidc_client,
	scopes     varchar(20)[] not null,
	given_at   timestamptz   not null default now(),
	primary key (account_id, client_id)
);

-- A request on its way through sign-in and consent, and the code that came of it.
create table platform.oidc_request (
	id           uuid primary key,
	client_id    uuid not null references platform.oidc_client,
	redirect     varchar(300)  not null,
	scopes       varchar(20)[] not null,
	state        varchar(1000) not null,
	nonce        varchar(500)  not null,
	challenge    varchar(128)  not null,
	fresh_since  timestamptz,          -- a session must be at least as young
	asks         boolean       not null, -- consent is to be asked again
	session_id   uuid,
	code_digest  varchar(43)   constraint oidc_request_code_key unique,
	grant_id     uuid,                 -- what the code was exchanged for
	created_at   timestamptz   not null default now(),
	expires_at   timestamptz   not null
);
create index oidc_request_expiry on platform.oidc_request (expires_at);

-- A sign-in at an application. It belongs to a session and ends with it, and all its tokens.
create table platform.oidc_grant (
	id         uuid primary key,
	client_id  uuid not null references platform.oidc_client,
	session_id uuid not null references platform.session on delete cascade,
	account_id uuid not null references platform.account,
	scopes     varchar(20)[] not null,
	auth_time  timestamptz   not null,
	created_at timestamptz   not null default now()
);
create index oidc_grant_session on platform.oidc_grant (session_id);
create index oidc_grant_client on platform.oidc_grant (client_id, account_id);

create table platform.oidc_token (
	id         varchar(43) primary key, -- of an access token; the digest of a refresh token
	grant_id   uuid not null references platform.oidc_grant on delete cascade,
	refresh    boolean       not null,
	scopes     varchar(20)[] not null,
	used_at    timestamptz,             -- a refresh token is good once
	expires_at timestamptz   not null
);
create index oidc_token_grant on platform.oidc_token (grant_id);
create index oidc_token_expiry on platform.oidc_token (expires_at);

-- Recent sign-ins, for the body that runs the application.
create table platform.oidc_sign_in (
	id         uuid primary key,
	client_id  uuid not null references platform.oidc_client,
	person_id  uuid not null references platform.person,
	device     varchar(120) not null,
	at         timestamptz  not null default now()
);
create index oidc_sign_in_client on platform.oidc_sign_in (client_id, id);
create index oidc_sign_in_at on platform.oidc_sign_in (at);

-- Ends of sign-ins that applications are still to be told of.
create table platform.oidc_notice (
	id        uuid primary key,
	client_id uuid not null references platform.oidc_client,
	person_id uuid not null,
	grant_id  uuid not null,
	tries     smallint    not null default 0,
	due_at    timestamptz not null default now(),
	expires_at timestamptz not null default now() + interval '1 day',
	error     varchar(200) not null default ''
);
create index oidc_notice_due on platform.oidc_notice (due_at);

-- Whatever ends a sign-in, the application hears of it.
create function platform.oidc_tell() returns trigger language plpgsql as $$
begin
	insert into platform.oidc_notice (id, client_id, person_id, grant_id)
	select gen_random_uuid(), c.id, a.person_id, old.id
	from platform.oidc_client c, platform.account a
	where c.id = old.client_id and c.logout_notice <> '' and a.id = old.account_id;
	if found then
		perform pg_notify('gonghui', 'oidc_notice');
	end if;
	return null;
end $$;
create trigger tell after delete on platform.oidc_grant for each row execute function platform.oidc_tell();

-- An account that is locked or closed has no sessions, whoever locked it.
create function platform.end_sessions() returns trigger language plpgsql as $$
begin
	delete from platform.session where account_id = new.id;
	return null;
end $$;
create trigger end_sessions after update of state on platform.account for each row
	when (new.state <> 'open' and old.state = 'open') execute function platform.end_sessions();
---- create above / drop below ----
drop trigger end_sessions on platform.account;
drop function platform.end_sessions();
drop table platform.oidc_notice, platform.oidc_sign_in, platform.oidc_token, platform.oidc_grant, platform.oidc_request, platform.oidc_consent, platform.oidc_client, platform.oidc_key;
drop function platform.oidc_tell();
