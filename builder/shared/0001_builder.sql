-- The app of a body: the id by which phones and shops know it, for ever.
create table platform.app (
	body_id        uuid primary key references platform.body,
	application_id varchar(100) not null unique check (application_id ~ '^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+$'),
	wechat_app_id  varchar(18)  not null default '' check (wechat_app_id ~ '^(wx[0-9a-f]{16})?$'),
	made_at        timestamptz  not null default now()
);

-- The last version of each channel: phones take only higher ones, so none is given twice.
create table platform.app_channel (
	body_id   uuid        not null references platform.app,
	channel   varchar(12) not null check (channel in ('pwa', 'android', 'webclip', 'ios', 'miniprogram', 'harmony', 'filing')),
	last_code integer     not null check (last_code > 0),
	primary key (body_id, channel)
);

-- Signing keys, sealed by the signer. Those without a body were made ahead.
create table platform.app_key (
	id          uuid primary key,
	body_id     uuid unique references platform.app,
	sealed      text        not null,
	certificate bytea       check (octet_length(certificate) <= 8192),
	made_at     timestamptz not null default now(),
	check ((body_id is null) = (certificate is null))
);
create index app_key_spare on platform.app_key (id) where body_id is null;

-- A rebuild of many bodies' apps.
create table platform.app_rebuild (
	id         uuid primary key,
	body_id    uuid         not null references platform.body, -- from where it was started: it and all below
	reason     varchar(100) not null,
	share      smallint     not null check (share between 0 and 100),
	every      boolean      not null, -- those that carry today's shell as well
	state      varchar(9)   not null default 'running' check (state in ('running', 'cancelled')), -- done is when no build is left
	started_by varchar(60)  not null,
	started_at timestamptz  not null default now(),
	ended_at   timestamptz,
	seen_to    varchar(24)  not null default '', -- the code of the last body whose build is queued
	planned    boolean      not null default false,
	total      integer      not null default 0
);
create index app_rebuild_body on platform.app_rebuild (body_id, id);

create table platform.app_build (
	id            uuid primary key,
	body_id       uuid         not null references platform.app,
	channel       varchar(12)  not null check (channel in ('pwa', 'android', 'webclip', 'ios', 'miniprogram', 'harmony', 'filing')),
	state         varchar(9)   not null default 'queued' check (state in ('queued', 'running', 'done', 'failed', 'cancelled')),
	trial         boolean      not null,
	input_hash    varchar(64)  not null,
	input         jsonb        not null check (octet_length(input::text) <= 262144),
	shell         varchar(16)  not null default '',
	version_code  integer      not null check (version_code > 0),
	version_name  varchar(50)  not null,
	started_by    varchar(60)  not null,
	rebuild_id    uuid         references platform.app_rebuild,
	rolls_back_to uuid         references platform.app_build,
	then_share    smallint     not null default 0 check (then_share between 0 and 100), -- published to this share when it is done; 0: not by itself
	queued_at     timestamptz  not null default now(),
	started_at    timestamptz,
	ended_at      timestamptz,
	tries         smallint     not null default 0,
	size          bigint       not null default 0,
	sha256        varchar(64)  not null default '',
	file          varchar(200) not null default '',
	file_name     varchar(200) not null default '',
	progress      smallint     not null default 0,
	log           jsonb        not null default '[]' check (octet_length(log::text) <= 65536),
	error         jsonb        check (octet_length(error::text) <= 4096),
	unique (body_id, channel, version_code, trial)
);
create unique index app_build_underway on platform.app_build (body_id, channel, input_hash, trial) where state in ('queued', 'running');
create index app_build_body on platform.app_build (body_id, id);
create index app_build_input on platform.app_build (body_id, channel, input_hash) where state = 'done';
create index app_build_back on platform.app_build (rolls_back_to) where rolls_back_to is not null;
create index app_build_rebuild on platform.app_build (rebuild_id, state) where rebuild_id is not null;

-- What is offered to people. In force are at most two of a channel: one for all, and a newer one for a share.
create table platform.app_release (
	id           uuid primary key,
	body_id      uuid         not null references platform.app,
	channel      varchar(12)  not null,
	build_id     uuid         not null references platform.app_build,
	share        smallint     not null check (share between 1 and 100),
	notes_zh     varchar(300) not null default '',
	notes_en     varchar(600) not null default '',
	published_at timestamptz  not null default now(),
	published_by varchar(60)  not null,
	ended_at     timestamptz
);
create unique index app_release_all on platform.app_release (body_id, channel) where ended_at is null and share = 100;
create unique index app_release_staged on platform.app_release (body_id, channel) where ended_at is null and share < 100;
create index app_release_body on platform.app_release (body_id, id);
create index app_release_build on platform.app_release (build_id);

-- Devices by a keyed digest of the number that the app made up when it was installed: nobody can be found by it.
create table platform.app_install (
	body_id       uuid        not null references platform.app,
	channel       varchar(12) not null,
	device        varchar(43) not null,
	version_code  integer     not null check (version_code > 0),
	first_seen_at timestamptz not null default now(),
	last_seen_at  timestamptz not null default now(),
	primary key (body_id, channel, device)
);
create index app_install_version on platform.app_install (body_id, channel, version_code, last_seen_at);

-- What is offered is kept in memory by every process that answers phones.
create function platform.tell_app() returns trigger language plpgsql as $$
begin
	perform pg_notify('gonghui', 'app ' || new.body_id);
	return null;
end $$;
create trigger tell after insert or update on platform.app_release for each row execute function platform.tell_app();
create trigger tell after insert or update on platform.app_key for each row when (new.body_id is not null) execute function platform.tell_app();
---- create above / drop below ----
drop table platform.app_install;
drop table platform.app_release;
drop table platform.app_build;
drop table platform.app_rebuild;
drop table platform.app_key;
drop table platform.app_channel;
drop table platform.app;
drop function platform.tell_app();
