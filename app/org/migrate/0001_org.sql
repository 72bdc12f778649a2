-- One row. The longest text lies apart: together they would need a TOAST table.
create table profile (
	short_name varchar(40)  not null default '',
	name_en    varchar(160) not null default '',
	address    varchar(200) not null default '',
	postcode   varchar(6)   not null default '',
	phone      varchar(30)  not null default '',
	term_start date,
	term_end   date,
	version    integer      not null default 1
);
create table profile_about (
	about varchar(500) not null default ''
);
insert into profile default values;
insert into profile_about default values;

create table dept (
	id        uuid primary key,
	parent_id uuid not null, -- all zeros at the top
	name      varchar(60) not null,
	sort      integer not null,
	constraint dept_name_key unique (parent_id, name)
);

create table post (
	id        uuid primary key,
	dept_id   uuid not null constraint post_dept_fkey references dept,
	name      varchar(60) not null,
	headcount integer not null check (headcount > 0),
	full_time boolean not null,
	duties    varchar(400) not null,
	sort      integer not null
);

create table officer (
	id           uuid primary key,
	name         varchar(60) not null,
	initials     varchar(60) not null,
	phone        varchar(80) not null,
	phone_digest varchar(43) constraint officer_phone_key unique, -- while working
	phone_tail   varchar(4)  not null,
	full_time    boolean not null,
	title        varchar(60) not null,
	state        varchar(8)  not null default 'working' check (state in ('working', 'left')),
	version      integer not null default 1,
	demo         boolean not null,
	check ((phone_digest is not null) = (state = 'working'))
);

create table appointment (
	id              uuid primary key,
	officer_id      uuid not null constraint appointment_officer_fkey references officer,
	post_id         uuid not null constraint appointment_post_fkey references post,
	start_on        date not null,
	end_on          date check (end_on >= start_on),
	approval_doc_no varchar(60) not null,
	acting          boolean not null
);
---- create above / drop below ----
drop table appointment, officer, post, dept, profile_about, profile;
