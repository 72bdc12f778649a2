-- home: code of another body, of which the person is; empty: of this one. via: the group by which they are invited.
alter table meeting_invitee add column home varchar(24) not null default '', add column via uuid;

-- Whom an invitation reaches beyond those named: a group of this body, another body, or all below one. told: bodies that were told so far.
create table meeting_target (
	meeting_id uuid         not null constraint meeting_target_fkey references meeting,
	target_id  uuid         not null,
	kind       varchar(7)   not null check (kind in ('group', 'body', 'subtree')),
	code       varchar(24)  not null, -- of a body; empty for a group
	name       varchar(120) not null,
	role       varchar(8)   not null check (role in ('cohost', 'speaker', 'audience')),
	told       integer      not null default 0,
	primary key (meeting_id, target_id)
);

-- One time of a recurring meeting. link: the number that leads to all of them. rule: of those with the same series, whose ids are that of
-- their first. original: when it was to begin by the rule.
create table meeting_occurrence (
	meeting_id uuid         primary key constraint meeting_occurrence_fkey references meeting,
	link       varchar(10)  not null,
	series_id  uuid         not null,
	place      smallint     not null,
	original   timestamptz  not null,
	rule       varchar(120) not null
);
create index meeting_occurrence_link on meeting_occurrence (link, place);

-- A meeting of another body to which somebody of this one is invited; identity 0: the staff of this body.
create table meeting_pointer (
	meeting_id  uuid         not null,
	identity_id uuid         not null,
	body_code   varchar(24)  not null,
	body_name   varchar(120) not null,
	number      varchar(10)  not null,
	title       varchar(120) not null,
	host_name   varchar(60)  not null,
	starts_at   timestamptz  not null,
	ends_at     timestamptz  not null,
	state       varchar(9)   not null check (state in ('planned', 'live', 'ended', 'cancelled')),
	role        varchar(8)   not null check (role in ('cohost', 'speaker', 'audience')),
	revision    integer      not null,
	primary key (meeting_id, identity_id)
);

-- What somebody answers to an invitation: kept where the person is, and where the meeting is.
create table meeting_answer (
	meeting_id    uuid         not null,
	identity_id   uuid         not null,
	home          varchar(24)  not null, -- as of an invitee
	name          varchar(60)  not null,
	body_name     varchar(120) not null,
	answer        varchar(10)  not null check (answer in ('yes', 'maybe', 'no', 'substitute')),
	note          varchar(160) not null,
	substitute_id uuid,
	substitute    varchar(60)  not null,
	at            timestamptz  not null,
	primary key (meeting_id, identity_id)
);

-- The secret of the address by which a person's calendar is taken up by other programs.
create table meeting_feed (
	identity_id uuid        primary key,
	digest      varchar(43) not null,
	made_at     timestamptz not null
);
---- create above / drop below ----
drop table meeting_feed, meeting_answer, meeting_pointer, meeting_occurrence, meeting_target;
alter table meeting_invitee drop column home, drop column via;
