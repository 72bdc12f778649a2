alter table platform.audit_log
	add column role   varchar(24) not null default '',
	add column anchor varchar(24) not null default '',
	add column result varchar(8)  not null default 'ok' check (result in ('ok', 'refused')),
	add column before varchar(43) not null default '',
	add column after  varchar(43) not null default '',
	add column body   varchar(24) not null default '';
create index audit_log_account on platform.audit_log (account_id, id);
create index audit_log_object on platform.audit_log (object_id, id);
create index audit_log_body on platform.audit_log (body, id);

-- How far each trail had come, one row a round in which it was sealed. The trail is the code of a body, or empty for
-- platform.audit_log. What is signed here can be kept elsewhere and compared later.
create table platform.audit_head (
	trail varchar(24) not null,
	count bigint not null,
	hash  bytea not null check (octet_length(hash) = 32),
	at    timestamptz not null,
	sign  bytea not null check (octet_length(sign) = 32),
	primary key (trail, count)
);

-- Parts of trails that lie in files, rows first_seq to last_seq. What stands in the tables goes on from the last link of the last part.
create table platform.audit_archive (
	trail     varchar(24) not null,
	first_seq bigint not null,
	last_seq  bigint not null,
	before    bytea not null check (octet_length(before) = 32),
	hash      bytea not null check (octet_length(hash) = 32),
	from_at   timestamptz not null,
	to_at     timestamptz not null,
	file      varchar(120) not null,
	size      bigint not null,
	sha256    bytea not null check (octet_length(sha256) = 32),
	at        timestamptz not null,
	sign      bytea not null check (octet_length(sign) = 32),
	primary key (trail, last_seq)
);

-- How long a trail is kept in the tables, in months; 36 where there is no row.
create table platform.audit_policy (
	trail  varchar(24) primary key,
	months smallint not null check (months between 6 and 120),
	at     timestamptz not null default now(),
	who    varchar(60) not null
);

-- Verifications that were asked for, with what they have found.
create table platform.audit_check (
	id       uuid primary key,
	trail    varchar(24) not null,
	state    varchar(8) not null default 'running' check (state in ('running', 'done', 'failed')),
	done     bigint not null default 0,
	total    bigint not null default 0,
	found    bigint not null default 0,
	findings jsonb not null default '[]',
	head     varchar(160) not null default '',
	who      varchar(60) not null,
	at       timestamptz not null default now(),
	beat_at  timestamptz not null default now(),
	ended_at timestamptz
);
create index audit_check_trail on platform.audit_check (trail, id);
create index audit_check_open on platform.audit_check (beat_at) where state = 'running';
---- create above / drop below ----
drop table platform.audit_check, platform.audit_policy, platform.audit_archive, platform.audit_head;
drop index platform.audit_log_body, platform.audit_log_object, platform.audit_log_account;
alter table platform.audit_log drop column body, drop column after, drop column before, drop column result, drop column anchor, drop column role;
