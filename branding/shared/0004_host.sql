-- Names under which the host of a body is reached beside its code: one label before the base (slug), or a domain of the body's own.
create table platform.host_name (
	body_id       uuid         not null references platform.body,
	name          varchar(253) not null check (name = lower(name)),
	kind          varchar(8)   not null check (kind in ('slug', 'domain')),
	-- pending: its owner is not proved. live, lapsing (the proof fails of late): in use. retired: an earlier slug that still leads on.
	state         varchar(8)   not null check (state in ('pending', 'live', 'lapsing', 'retired', 'ended')),
	-- A slug as it looks, so that two that look alike cannot both be.
	look          varchar(60)  not null default '',
	token         varchar(64)  not null default '',
	way           varchar(4)   not null default '' check (way in ('', 'dns', 'http')),
	problem       varchar(16)  not null default '',
	set_by        varchar(60)  not null,
	set_at        timestamptz  not null default now(),
	verified_at   timestamptz,
	checked_at    timestamptz,
	failing_since timestamptz,
	ends_at       timestamptz,
	primary key (body_id, name)
);
create unique index host_name_used on platform.host_name (name) where state in ('live', 'lapsing', 'retired');
create unique index host_name_look on platform.host_name (look) where kind = 'slug' and state = 'live';
create unique index host_name_slug on platform.host_name (body_id) where kind = 'slug' and state = 'live';
create index host_name_checked on platform.host_name (checked_at) where kind = 'domain' and state in ('live', 'lapsing');

create function platform.tell_host() returns trigger language plpgsql as $$
begin
	perform pg_notify('gonghui', 'host ' || coalesce(new.name, old.name));
	return null;
end $$;
create trigger tell after insert or update of state, name, body_id, ends_at or delete on platform.host_name
	for each row execute function platform.tell_host();

-- A body's code is its host, too: none is given that is somebody's slug.
create function platform.code_is_no_slug() returns trigger language plpgsql as $$
begin
	if exists (select from platform.host_name h where h.name = new.code and h.state in ('live', 'retired')) then
		raise unique_violation using constraint = 'body_code_key', message = 'the code is the slug of a body';
	end if;
	return new;
end $$;
create trigger no_slug before insert on platform.body for each row execute function platform.code_is_no_slug();
---- create above / drop below ----
drop trigger no_slug on platform.body;
drop function platform.code_is_no_slug();
drop table platform.host_name;
drop function platform.tell_host();
