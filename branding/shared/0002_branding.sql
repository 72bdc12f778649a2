-- What a body chooses of its looks: a version is never changed once it was published, but for the mark of the one in force.
create table platform.branding (
	body_id      uuid        not null references platform.body,
	version      integer     not null check (version > 0),
	profile      jsonb       not null check (octet_length(profile::text) <= 262144),
	note         varchar(80) not null default '',
	current      boolean     not null,
	published_by varchar(60) not null,
	published_at timestamptz not null default now(),
	primary key (body_id, version)
);
create unique index branding_current on platform.branding (body_id) where current;

-- What a body is working on; nobody but who holds a link to the preview sees it.
create table platform.branding_draft (
	body_id  uuid primary key references platform.body,
	revision integer     not null check (revision > 0),
	profile  jsonb       not null check (octet_length(profile::text) <= 262144),
	saved_by varchar(60) not null,
	saved_at timestamptz not null default now()
);

-- Logos by the digest of their bytes: versions name them.
create table platform.branding_logo (
	body_id uuid        not null references platform.body,
	digest  varchar(64) not null check (digest ~ '^[0-9a-f]{64}$'),
	kind    varchar(16) not null check (kind in ('image/svg+xml', 'image/png', 'image/jpeg', 'image/webp')),
	content bytea       not null check (octet_length(content) <= 65536),
	width   integer     not null,
	height  integer     not null,
	made_at timestamptz not null default now(),
	primary key (body_id, digest)
);

create function platform.tell_branding() returns trigger language plpgsql as $$
begin
	perform pg_notify('gonghui', 'branding ' || coalesce(new.body_id, old.body_id));
	return null;
end $$;
create trigger tell after insert or update or delete on platform.branding for each row execute function platform.tell_branding();

-- What bodies had set before there were versions. The table stays for the release that still reads it.
insert into platform.branding_logo (body_id, digest, kind, content, width, height)
select body_id, encode(sha256(raw), 'hex'), kind, raw, 0, 0
from (
	select body_id, split_part(split_part(logo, ':', 2), ';', 1) as kind, decode(split_part(logo, ',', 2), 'base64') as raw
	from platform.theme where logo <> ''
) l;
insert into platform.branding (body_id, version, profile, current, published_by, published_at)
select body_id, 1, jsonb_build_object(
	'names', jsonb_build_object('appName', app_name),
	'theme', jsonb_build_object('accent', accent),
	'logo', jsonb_build_object('digest', case when logo = '' then '' else encode(sha256(decode(split_part(logo, ',', 2), 'base64')), 'hex') end)
), true, '', updated_at
from platform.theme;
---- create above / drop below ----
drop table platform.branding_logo;
drop table platform.branding_draft;
drop table platform.branding;
drop function platform.tell_branding();
