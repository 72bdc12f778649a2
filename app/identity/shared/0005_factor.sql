-- By what a session was opened, when its holder last proved to be who they are, and how long it may stay unused.
alter table platform.session
	add column factor    varchar(30) not null default 'password',
	add column proved_at timestamptz not null default now(),
	add column idle      interval    not null default '12 hours';
alter table platform.handoff
	add column factor    varchar(30) not null default 'password',
	add column proved_at timestamptz not null default now();
drop trigger tell on platform.session;
create trigger tell after delete or update of expires_at, proved_at, idle on platform.session for each row when (old.expires_at > clock_timestamp()) execute function platform.tell_session('session');
create index session_place on platform.session (account_id, host, id);

-- Why a session was ended before its time, for the device that still holds its token.
create table platform.session_end (
	token_digest bytea primary key,
	why          varchar(12)  not null check (why in ('limit', 'remote', 'password')),
	device       varchar(120) not null default '',
	at           timestamptz  not null default now()
);
create index session_end_at on platform.session_end (at);

-- The secret of an authenticator app, sealed. A code is good for one step of thirty seconds, once.
create table platform.totp (
	account_id    uuid primary key references platform.account,
	secret_sealed varchar(200) not null,
	last_step     bigint       not null,
	created_at    timestamptz  not null default now()
);

create table platform.recovery_code (
	account_id uuid not null references platform.account,
	digest     varchar(64) not null,
	primary key (account_id, digest)
);

create table platform.passkey (
	id              uuid primary key,
	account_id      uuid not null references platform.account,
	credential_id   bytea        not null constraint passkey_credential_key unique check (length(credential_id) <= 1023),
	public_key      bytea        not null check (length(public_key) <= 4096),
	name            varchar(60)  not null,
	aaguid          bytea        not null default '',
	transports      varchar(80)  not null default '',
	sign_count      bigint       not null default 0,
	backup_eligible boolean      not null,
	backup_state    boolean      not null,
	created_at      timestamptz  not null default now(),
	used_at         timestamptz
);
create index passkey_account on platform.passkey (account_id, id);

-- Hashes of former passwords.
create table platform.password_history (
	id            uuid primary key,
	account_id    uuid not null references platform.account,
	password_hash varchar(200) not null
);
create index password_history_account on platform.password_history (account_id, id);

-- What a body demands of passwords and sessions of its staff; without a row the defaults of the platform hold.
create table platform.security_policy (
	body_id        uuid primary key references platform.body,
	min_length     smallint     not null check (min_length between 8 and 32),
	kinds          smallint     not null check (kinds between 2 and 4),
	history        smallint     not null check (history between 0 and 10),
	max_age_days   smallint     not null check (max_age_days between 0 and 365),
	idle_minutes   smallint     not null check (idle_minutes between 5 and 720),
	absolute_hours smallint     not null check (absolute_hours between 1 and 720),
	sessions       smallint     not null check (sessions between 1 and 100),
	factor_roles   varchar(200) not null,
	below          boolean      not null,
	version        integer      not null default 1,
	updated_at     timestamptz  not null default now()
);
---- create above / drop below ----
drop table platform.security_policy, platform.password_history, platform.passkey, platform.recovery_code, platform.totp, platform.session_end;
drop index platform.session_place;
drop trigger tell on platform.session;
create trigger tell after delete or update of expires_at on platform.session for each row when (old.expires_at > clock_timestamp()) execute function platform.tell_session('session');
alter table platform.handoff drop column factor, drop column proved_at;
alter table platform.session drop column factor, drop column proved_at, drop column idle;
