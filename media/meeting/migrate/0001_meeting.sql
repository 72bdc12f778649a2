-- Times are planned (starts_at, ends_at) and what became of them (began_at, ended_at). Password and key are sealed.
create table meeting (
	id           uuid primary key,
	number       varchar(10)  not null constraint meeting_number_key unique,
	title        varchar(120) not null,
	starts_at    timestamptz  not null,
	ends_at      timestamptz  not null check (ends_at > starts_at),
	began_at     timestamptz,
	ended_at     timestamptz,
	state        varchar(9)   not null default 'planned' check (state in ('planned', 'live', 'ended', 'cancelled')),
	open_to      varchar(7)   not null check (open_to in ('invited', 'body', 'bodies', 'anyone')),
	waiting_room boolean      not null,
	locked       boolean      not null default false,
	audience     boolean      not null,
	password     varchar(100),
	guest_key    varchar(100) not null,
	host_id      uuid         not null, -- an identity
	host_name    varchar(60)  not null,
	version      integer      not null default 1
);

create table meeting_invitee (
	meeting_id  uuid not null constraint meeting_invitee_fkey references meeting,
	identity_id uuid not null,
	name        varchar(60) not null,
	role        varchar(8)  not null check (role in ('cohost', 'speaker', 'audience')),
	primary key (meeting_id, identity_id)
);

-- Who came, or waits: an identity of any body, or a guest, who is known again by what the page keeps.
create table meeting_person (
	id          uuid primary key,
	meeting_id  uuid not null constraint meeting_person_fkey references meeting,
	identity_id uuid,
	seat_digest varchar(43) constraint meeting_person_seat_key unique,
	home        varchar(24)  not null, -- code of the own body; empty for a guest
	name        varchar(60)  not null,
	body_name   varchar(120) not null,
	post        varchar(60)  not null,
	role        varchar(8)   not null check (role in ('host', 'cohost', 'speaker', 'audience')),
	state       varchar(8)   not null check (state in ('waiting', 'in', 'refused', 'out')),
	decided_at  timestamptz,
	constraint meeting_person_key unique (meeting_id, identity_id)
);

create table meeting_stay (
	meeting_id uuid not null,
	id         uuid not null,
	person_id  uuid not null constraint meeting_stay_person_fkey references meeting_person,
	joined_at  timestamptz not null,
	left_at    timestamptz check (left_at >= joined_at),
	primary key (meeting_id, id)
);

create table meeting_line (
	meeting_id uuid not null,
	id         uuid not null,
	person_id  uuid not null constraint meeting_line_person_fkey references meeting_person,
	at         timestamptz  not null,
	text       varchar(480) not null,
	primary key (meeting_id, id)
);
---- create above / drop below ----
drop table meeting_line, meeting_stay, meeting_person, meeting_invitee, meeting;
