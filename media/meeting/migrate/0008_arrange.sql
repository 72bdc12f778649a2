-- Minutes before a meeting at which those invited are reminded; 0: not. by_text: also by text message. Without a row: half an hour before.
create table meeting_reminding (
	meeting_id uuid primary key constraint meeting_reminding_fkey references meeting,
	first      smallint not null,
	second     smallint not null,
	by_text    boolean  not null
);
alter table meeting_pointer
	add column remind_first  smallint not null default 30,
	add column remind_second smallint not null default 0,
	add column remind_text   boolean  not null default false,
	add column place         varchar(100) not null default ''; -- the room, and where it is
-- Reminders are asked for every minute by everybody who is at work.
create index meeting_ahead on meeting (ends_at) where state in ('planned', 'live');
create index meeting_pointer_of on meeting_pointer (identity_id, ends_at);

-- A reminder that somebody has put away, and when.
create table meeting_dismissal (
	meeting_id  uuid not null,
	identity_id uuid not null,
	at          timestamptz not null,
	primary key (meeting_id, identity_id)
);

-- A room of the body in which meetings take place.
create table meeting_place (
	id        uuid primary key,
	name      varchar(60)  not null constraint meeting_place_name_key unique,
	location  varchar(120) not null,
	seats     integer      not null check (seats between 1 and 100000),
	equipment varchar(200) not null,
	bookers   varchar(8)   not null check (bookers in ('hosts', 'managers')),
	closed    boolean      not null default false,
	version   integer      not null default 1
);

-- When a meeting has a room. Those of meetings that are over or called off hold it no more. Two at one time are kept apart by a lock on the room.
create table meeting_booking (
	meeting_id uuid primary key constraint meeting_booking_fkey references meeting,
	place_id   uuid not null constraint meeting_booking_place_fkey references meeting_place,
	starts_at  timestamptz not null,
	ends_at    timestamptz not null check (ends_at > starts_at)
);
create index meeting_booking_place on meeting_booking (place_id, ends_at);
---- create above / drop below ----
drop table meeting_booking, meeting_place, meeting_dismissal, meeting_reminding;
drop index meeting_pointer_of, meeting_ahead;
alter table meeting_pointer drop column remind_first, drop column remind_second, drop column remind_text, drop column place;
