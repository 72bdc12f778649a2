-- The free texts sum to more than a page lets stand in line, so this table alone has a TOAST table.
create table member (
	id               uuid primary key,
	member_no        varchar(16) not null constraint member_no_key unique,
	name             varchar(60) not null,
	initials         varchar(60) not null,
	pinyin           varchar(60) not null,
	id_kind          varchar(16) not null check (id_kind in ('citizen_id', 'passport', 'hmt_permit', 'foreign_permit')),
	id_number        varchar(90) not null,
	id_digest        varchar(43) constraint member_id_digest_key unique,
	phone            varchar(80) not null,
	phone_tail       varchar(4)  not null,
	sex              varchar(6)  not null check (sex in ('', 'male', 'female')),
	birth            date,
	nation           varchar(2)  not null,
	education        varchar(2)  not null,
	political_status varchar(2)  not null,
	employer         varchar(120) not null,
	job              varchar(60) not null,
	employment       varchar(10) not null check (employment in ('', 'contract', 'dispatched', 'flexible', 'new_form')),
	migrant          boolean     not null,
	address          varchar(200) not null,
	joined_on        date        not null,
	state            varchar(10) not null default 'active' check (state in ('active', 'withdrawn', 'deceased')),
	version          integer     not null default 1,
	demo             boolean     not null default false,
	created_at       timestamptz not null default now(),
	updated_at       timestamptz not null default now(),
	-- Of two files with one ID number only one may be in force. A partial index would say so too, but a planner without
	-- statistics takes that for a short cut to all active members.
	check ((id_digest is not null) = (state = 'active'))
);

-- What a member is found by: see keys.go.
create table member_search (
	key       varchar(64) collate "C" not null,
	member_id uuid not null,
	primary key (key, member_id)
);

create table member_history (
	member_id  uuid not null,
	id         uuid not null,
	kind       varchar(10)  not null check (kind in ('admit', 'update', 'withdraw', 'die', 'restore')),
	reason     varchar(200) not null default '',
	by_account uuid,
	by_name    varchar(60)  not null,
	at         timestamptz  not null default now(),
	changed    varchar(160) not null default '',
	primary key (member_id, id)
);

-- One row: the last serial that a member number of the year was made with.
create table member_serial (
	year smallint not null,
	last integer  not null
);
insert into member_serial values (0, 0);
---- create above / drop below ----
drop table member_serial, member_history, member_search, member;
