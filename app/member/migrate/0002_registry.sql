-- A file is complete when nothing that the real-name sheet asks for is missing.
alter table member add complete boolean not null generated always as (phone <> '' and sex <> '' and birth is not null and nation <> ''
	and education <> '' and political_status <> '' and employer <> '' and job <> '' and employment <> '') stored;

alter table member_history drop constraint member_history_kind_check;
alter table member_history add constraint member_history_kind_check
	check (kind in ('admit', 'import', 'update', 'request', 'withdraw', 'die', 'restore'));

-- Whom the body wanted to admit while they were members elsewhere.
create table member_duplicate (
	id        uuid primary key,
	name      varchar(60) not null,
	id_kind   varchar(16) not null,
	id_number varchar(90) not null,
	id_digest varchar(43) not null constraint member_duplicate_key unique,
	source    varchar(6)  not null check (source in ('form', 'import')),
	by_name   varchar(60) not null,
	at        timestamptz not null default now()
);

-- Changes of the own file that members ask for. What should change is sealed: it may hold a phone.
create table member_request (
	id         uuid primary key,
	member_id  uuid not null,
	changes    varchar(8000) not null,
	note       varchar(200) not null,
	state      varchar(10)  not null default 'open' check (state in ('open', 'approved', 'refused', 'withdrawn')),
	reason     varchar(200) not null default '',
	decided_by varchar(60)  not null default '',
	created_at timestamptz  not null default now(),
	decided_at timestamptz
);
create index member_request_member on member_request (member_id, id);
create index member_request_state on member_request (state, id);
---- create above / drop below ----
drop table member_request, member_duplicate;
alter table member_history drop constraint member_history_kind_check;
alter table member_history add constraint member_history_kind_check check (kind in ('admit', 'update', 'withdraw', 'die', 'restore'));
alter table member drop complete;
