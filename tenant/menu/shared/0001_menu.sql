-- The settings that a body makes of one place (menu of the console, columns of the first pages) for one role, or for all of
-- them. Rows are never changed but for the two marks: the newest is in force, a published one holds for all bodies below.
create table platform.menu (
	body_id      uuid not null references platform.body,
	place        varchar(8)  not null check (place in ('console', 'home', 'portal')),
	role         varchar(16) not null default '', -- '' for all
	version      integer     not null check (version > 0),
	settings     jsonb       not null check (octet_length(settings::text) <= 65536),
	current      boolean     not null,
	published_at timestamptz,
	published_by varchar(60) not null default '',
	saved_by     varchar(60) not null,
	saved_at     timestamptz not null default now(),
	primary key (body_id, place, role, version)
);
create unique index menu_current on platform.menu (body_id, place, role) where current;
create unique index menu_published on platform.menu (body_id, place, role) where published_at is not null;

create function platform.tell_menu() returns trigger language plpgsql as $$
begin
	perform pg_notify('gonghui', 'menu ' || coalesce(new.body_id, old.body_id));
	return null;
end $$;
create trigger tell after insert or update or delete on platform.menu for each row execute function platform.tell_menu();
---- create above / drop below ----
drop table platform.menu;
drop function platform.tell_menu();
