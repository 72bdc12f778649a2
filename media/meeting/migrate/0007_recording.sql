-- A recording is made of segments: one a node, and one more after each interruption. stored has a bit for each that is in the store.
create table meeting_recording (
	id         uuid primary key,
	meeting_id uuid not null constraint meeting_recording_fkey references meeting,
	state      varchar(9)  not null default 'recording' check (state in ('recording', 'waiting', 'composing', 'ready', 'failed', 'cancelled')),
	began_at   timestamptz not null,
	stopped_at timestamptz,
	seen_at    timestamptz not null, -- by who writes or makes it
	by_name    varchar(60) not null,
	segments   smallint    not null default 1 check (segments between 1 and 62),
	stored     bigint      not null default 0,
	percent    smallint    not null default 0,
	tries      smallint    not null default 0,
	run        uuid, -- of the job that makes the film
	seconds    integer     not null default 0,
	size       bigint      not null default 0,
	people     integer     not null default 0,
	shared     boolean     not null default false,
	kept       boolean     not null default false,
	failure    varchar(10) not null default ''
);

create index meeting_recording_meeting on meeting_recording (meeting_id);

create table meeting_consent (
	recording_id uuid not null constraint meeting_consent_fkey references meeting_recording on delete cascade,
	person_id    uuid not null constraint meeting_consent_person_fkey references meeting_person,
	agreed       boolean     not null,
	at           timestamptz not null,
	primary key (recording_id, person_id)
);

create table meeting_recording_setting (
	id        smallint primary key default 1 check (id = 1),
	keep_days smallint not null check (keep_days between 1 and 3650)
);

insert into meeting_recording_setting (keep_days) values (180);
---- create above / drop below ----
drop table meeting_recording_setting, meeting_consent, meeting_recording;
