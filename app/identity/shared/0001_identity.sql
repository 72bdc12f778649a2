create table platform.person (
	id           uuid primary key,
	name         varchar(60)  not null,
	phone_sealed varchar(200) not null,
	phone_digest varchar(64)  not null constraint person_phone_key unique,
	demo         boolean      not null default false,
	created_at   timestamptz  not null default now()
);

create table platform.account (
	id            uuid primary key,
	person_id     uuid not null unique references platform.person,
	password_hash varchar(200) not null default '',
	state         varchar(12)  not null default 'open' check (state in ('open', 'locked', 'closed')),
	password_at   timestamptz,
	created_at    timestamptz  not null default now()
);

-- The capacity in which a person acts: a role anchored at a body.
create table platform.identity (
	id         uuid primary key,
	person_id  uuid not null references platform.person,
	body_id    uuid not null references platform.body,
	role       varchar(12) not null check (role in ('admin', 'officer', 'member', 'supervisor')),
	ref_id     uuid,
	valid_from date not null default current_date,
	valid_to   date,
	created_at timestamptz not null default now(),
	constraint identity_key unique (person_id, body_id, role)
);
create index identity_body on platform.identity (body_id);

create table platform.session (
	id           uuid primary key,
	token_digest bytea not null constraint session_token_key unique,
	account_id   uuid not null references platform.account,
	identity_id  uuid not null references platform.identity,
	supervision  boolean not null,
	host         varchar(255) not null,
	source       varchar(45)  not null,
	device       varchar(120) not null,
	created_at   timestamptz  not null default now(),
	seen_at      timestamptz  not null default now(),
	expires_at   timestamptz  not null
);
create index session_account on platform.session (account_id);
create index session_expiry on platform.session (expires_at);

create table platform.invitation (
	id           uuid primary key,
	token_digest bytea not null unique,
	body_id      uuid not null references platform.body,
	name         varchar(60)  not null,
	phone_sealed varchar(200) not null,
	phone_digest varchar(64)  not null,
	role         varchar(12)  not null check (role in ('admin', 'officer', 'supervisor')),
	state        varchar(12)  not null default 'pending' check (state in ('pending', 'accepted', 'revoked')),
	created_at   timestamptz  not null default now(),
	expires_at   timestamptz  not null
);
create index invitation_body on platform.invitation (body_id, id);

create table platform.handoff (
	code_digest bytea primary key,
	account_id  uuid not null references platform.account,
	identity_id uuid not null references platform.identity,
	supervision boolean not null,
	expires_at  timestamptz not null
);
---- create above / drop below ----
drop table platform.handoff, platform.invitation, platform.session, platform.identity, platform.account, platform.person;
