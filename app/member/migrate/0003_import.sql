-- Rosters on their way into the register. What they hold stays here until it is entered or the import lapses.
create table import (
	id             uuid primary key,
	file_name      varchar(200) not null,
	size           bigint       not null,
	kind           varchar(4)   not null check (kind in ('csv', 'xlsx')),
	state          varchar(10)  not null check (state in ('mapping', 'checking', 'ready', 'committing', 'done', 'cancelled', 'failed')),
	sheets         varchar(20000)  not null,
	sheet          varchar(60)  not null,
	header_row     integer      not null,
	layout        varchar(200000) not null,
	head           varchar(400000) not null, -- rows up to the titles, sealed
	policy         varchar(6)   not null default 'skip' check (policy in ('skip', 'update')),
	-- How far the work is: rows up to position are staged, or the claims of rows up to it taken.
	reached       bigint       not null default 0,
	total           bigint       not null default 0,
	admitted       bigint       not null default 0,
	known          bigint       not null default 0,
	faulty         bigint       not null default 0,
	faults         varchar(600) not null default '{}', -- counts by kind
	progress       integer      not null default 0,
	serial_year    integer      not null default 0, -- of the numbers that are kept for the members
	serial_from    integer      not null default 0,
	fault_zh       varchar(300) not null default '',
	fault_en       varchar(300) not null default '',
	by_name        varchar(60)  not null,
	-- Who did the last step: the work that follows is done in their name.
	actor_account  uuid,
	actor_identity uuid,
	actor_name     varchar(60)  not null,
	-- Who works on it. A lease that is over is anybody's.
	worker         uuid,
	lease_until    timestamptz,
	attempts       integer      not null default 0, -- without getting ahead
	created_at     timestamptz  not null default now(),
	ended_at       timestamptz
);

-- The file, in sealed parts.
create table import_part (
	import_id uuid not null,
	no        integer not null,
	data      varchar(400000) not null,
	primary key (import_id, no)
);
alter table import_part alter data set storage external;

-- The rows of the file, ready to be entered, or with what is wrong and the cells as they came.
create table import_row (
	import_id        uuid not null,
	number           bigint not null,
	outcome          varchar(6) not null check (outcome in ('admit', 'update', 'skip', 'fault')),
	member_id        uuid not null,
	name             varchar(60) not null,
	initials         varchar(60) not null,
	pinyin           varchar(60) not null,
	id_kind          varchar(16) not null,
	id_number        varchar(90) not null,
	id_digest        varchar(43) not null,
	phone            varchar(80) not null,
	phone_tail       varchar(4)  not null,
	sex              varchar(6)  not null,
	birth            date,
	nation           varchar(2)  not null,
	education        varchar(2)  not null,
	political_status varchar(2)  not null,
	employer         varchar(120) not null,
	job              varchar(60) not null,
	employment       varchar(10) not null,
	migrant          boolean,
	address          varchar(200) not null,
	joined_on        date,
	keys             varchar(4400) not null, -- what the member will be found by, a line each
	kinds            varchar(200) not null default '', -- of the faults
	faults           varchar(4000) not null default '',
	cells            varchar(400000) not null default '', -- sealed
	primary key (import_id, number)
);
---- create above / drop below ----
drop table import_row, import_part, import;
