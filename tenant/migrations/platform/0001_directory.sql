create table platform.body (
	id            uuid primary key,
	code          varchar(24)  not null constraint body_code_key unique check (code ~ '^[a-z0-9]{2,24}$'),
	name          varchar(80)  not null,
	short_name    varchar(80)  not null default '',
	pinyin        varchar(400) not null default '',
	initials      varchar(80)  not null default '',
	level         varchar(24)  not null check (level in ('national', 'national_industrial', 'province', 'city', 'county', 'town', 'village', 'grassroots')),
	kind          varchar(24)  not null check (kind in ('territorial_union', 'industrial_union', 'grassroots_union', 'joint_union', 'federation')),
	division_code varchar(12)  not null default '',
	credit_code   varchar(18)  not null default '',
	status        varchar(12)  not null default 'registered' check (status in ('registered', 'active')),
	primary_line  varchar(12)  not null check (primary_line in ('territorial', 'industrial')),
	founded_on    date,
	created_at    timestamptz  not null default now()
);
create unique index body_credit_code_key on platform.body (credit_code) where credit_code <> '';

-- Counts the changes of what exists, its names and its places, for who keeps a copy of them.
create table platform.directory_version (version bigint not null);
insert into platform.directory_version values (0);

create table platform.body_parent (
	body_id   uuid not null references platform.body,
	line      varchar(12) not null check (line in ('territorial', 'industrial')),
	parent_id uuid not null references platform.body check (parent_id <> body_id),
	constraint body_parent_pkey primary key (body_id, line)
);
create index body_parent_children on platform.body_parent (parent_id, line);

-- Distinct pairs, a body with itself at depth 0. Line 'primary' follows every body's primary line: figures go up it.
create table platform.closure (
	line          varchar(12) not null check (line in ('primary', 'territorial', 'industrial')),
	ancestor_id   uuid not null references platform.body,
	descendant_id uuid not null references platform.body,
	depth         smallint not null check (depth >= 0),
	primary key (line, ancestor_id, descendant_id)
);
create index closure_up on platform.closure (line, descendant_id);

create table platform.body_event (
	id              uuid primary key,
	body_id         uuid not null references platform.body,
	kind            varchar(12) not null check (kind in ('found', 'activate', 'move', 'rename')),
	effective_on    date not null,
	approval_doc_no varchar(60) not null default '',
	before          varchar(400) not null default '',
	after           varchar(400) not null default '',
	at              timestamptz not null default now()
);
create index body_event_body on platform.body_event (body_id, id);

create table platform.tenant_module (
	body_id uuid not null references platform.body,
	module  varchar(20) not null,
	state   varchar(12) not null check (state in ('on', 'off')),
	at      timestamptz not null default now(),
	primary key (body_id, module)
);

-- What the provisioner is asked to do, one row a body.
create table platform.activation (
	body_id  uuid primary key references platform.body,
	modules  varchar(20)[] not null,
	state    varchar(12) not null default 'wanted' check (state in ('wanted', 'working', 'done', 'failed')),
	tries    smallint not null default 0,
	error    varchar(400) not null default '',
	asked_at timestamptz not null default now(),
	done_at  timestamptz
);
create index activation_open on platform.activation (asked_at) where state in ('wanted', 'working');

create table platform.audit_log (
	id          uuid primary key,
	at          timestamptz not null default now(),
	account_id  uuid,
	identity_id uuid,
	who         varchar(60)  not null,
	act         varchar(60)  not null,
	object_kind varchar(40)  not null,
	object_id   varchar(80)  not null,
	reason      varchar(200) not null default '',
	changed     varchar(400) not null default 'null',
	source      varchar(45)  not null default '',
	request_id  varchar(40)  not null default ''
);
---- create above / drop below ----
drop table platform.audit_log, platform.activation, platform.tenant_module, platform.body_event, platform.closure, platform.body_parent, platform.directory_version, platform.body;
