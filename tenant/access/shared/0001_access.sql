-- One row: counts the changes of everything that rights are made of, for who could not hear the news of them.
create table platform.access_epoch (version bigint not null, txid bigint not null);
insert into platform.access_epoch values (0, 0);

-- How a body keeps its administrators apart. No row: not at all.
create table platform.body_policy (
	body_id   uuid primary key references platform.body,
	separated boolean not null default false,
	set_at    timestamptz not null default now()
);
create index body_policy_separated on platform.body_policy (body_id) where separated;

-- A built-in role belongs to no body, and its capabilities are in the modules.
create table platform.role (
	id          uuid primary key,
	body_id     uuid references platform.body,
	code        varchar(24)  not null check (code ~ '^[a-z][a-z0-9_]{1,23}$'),
	title_zh    varchar(40)  not null,
	title_en    varchar(80)  not null,
	about       varchar(200) not null default '',
	parent_id   uuid references platform.role check (parent_id <> id),
	template    varchar(6)   not null default '' check (template in ('', 'open', 'locked')),
	copied_from uuid,
	version     integer      not null default 1,
	created_at  timestamptz  not null default now(),
	constraint role_code_key unique nulls not distinct (body_id, code)
);
create index role_parent on platform.role (parent_id) where parent_id is not null;
create index role_template on platform.role (code, body_id) where template <> '';

create table platform.role_capability (
	role_id    uuid not null references platform.role on delete cascade,
	capability varchar(64) not null,
	level      varchar(9)  not null check (level in ('aggregate', 'masked', 'full')),
	effect     varchar(5)  not null check (effect in ('allow', 'deny')),
	primary key (role_id, capability)
);

create table platform.body_set (
	id         uuid primary key,
	body_id    uuid not null references platform.body,
	name       varchar(60) not null,
	version    integer not null default 1,
	created_at timestamptz not null default now(),
	constraint body_set_name_key unique (body_id, name)
);
create table platform.body_set_item (
	set_id  uuid not null references platform.body_set on delete cascade,
	body_id uuid not null references platform.body,
	primary key (set_id, body_id)
);

create table platform.subject_group (
	id         uuid primary key,
	body_id    uuid not null references platform.body,
	name       varchar(60)  not null,
	about      varchar(200) not null default '',
	version    integer not null default 1,
	created_at timestamptz not null default now(),
	constraint subject_group_name_key unique (body_id, name)
);
create table platform.subject_group_member (
	group_id    uuid not null references platform.subject_group on delete cascade,
	identity_id uuid not null,
	added_at    timestamptz not null default now(),
	primary key (group_id, identity_id)
);
create index subject_group_member_identity on platform.subject_group_member (identity_id);

create table platform."grant" (
	id           uuid primary key,
	body_id      uuid not null references platform.body, -- that gave it, and can end it
	subject_kind varchar(8)  not null check (subject_kind in ('identity', 'account', 'post', 'group', 'app')),
	subject_id   uuid        not null,
	role_id      uuid references platform.role,
	capability   varchar(64),
	anchor_id    uuid not null references platform.body,
	scope        varchar(10) not null check (scope in ('self', 'own', 'department', 'body', 'subtree', 'industrial', 'set')),
	depth        smallint    not null default 0 check (depth between 0 and 20), -- levels below the anchor, 0 for all
	departments  uuid[]      not null default '{}',
	set_id       uuid references platform.body_set,
	level        varchar(9)  not null check (level in ('aggregate', 'masked', 'full')),
	effect       varchar(5)  not null check (effect in ('allow', 'deny')),
	mode         varchar(4)  not null check (mode in ('use', 'give', 'both')),
	valid_from   timestamptz not null,
	valid_to     timestamptz check (valid_to > valid_from),
	purpose      varchar(200) not null default '',
	request_id   varchar(40)  not null default '',
	granted_by   uuid, -- identity
	granted_name varchar(60)  not null,
	granted_at   timestamptz  not null default now(),
	ended_by     uuid,
	ended_name   varchar(60)  not null default '',
	ended_at     timestamptz,
	check ((role_id is null) <> (capability is null)),
	check ((scope = 'set') = (set_id is not null)),
	check ((scope = 'department') = (cardinality(departments) > 0)),
	check (effect = 'allow' or scope in ('body', 'subtree', 'industrial', 'set')), -- what is left of a part could not be named
	check (effect = 'allow' or mode = 'both')
);
create index grant_subject on platform."grant" (subject_id) where ended_at is null;
create index grant_anchor on platform."grant" (anchor_id, id);
create index grant_body on platform."grant" (body_id, id);
create index grant_role on platform."grant" (role_id) where role_id is not null;
create index grant_set on platform."grant" (set_id) where set_id is not null;

-- Who holds a post of a body, by the officer's row in the body's own schema: an identity of the body with this ref_id has what
-- is granted to the post. Kept right by the events of appointments.
create table platform.post_holder (
	appointment_id uuid primary key,
	body_id    uuid not null references platform.body,
	post_id    uuid not null,
	officer_id uuid not null,
	valid_from timestamptz not null,
	valid_to   timestamptz
);
create index post_holder_officer on platform.post_holder (body_id, officer_id);
create index post_holder_post on platform.post_holder (post_id);

insert into platform.role (id, code, title_zh, title_en) values
	('00000000-0000-7000-8000-0000000000a1', 'admin', '管理员', 'Administrator'),
	('00000000-0000-7000-8000-0000000000a2', 'officer', '工会干部', 'Officer'),
	('00000000-0000-7000-8000-0000000000a3', 'member', '会员', 'Member'),
	('00000000-0000-7000-8000-0000000000a4', 'supervisor', '督导人员', 'Supervisor'),
	('00000000-0000-7000-8000-0000000000a5', 'system_admin', '系统管理员', 'System administrator'),
	('00000000-0000-7000-8000-0000000000a6', 'security_admin', '安全管理员', 'Security administrator'),
	('00000000-0000-7000-8000-0000000000a7', 'audit_admin', '审计管理员', 'Audit administrator');

-- Every change counts the epoch on once a transaction and tells, under a topic, which subject, role, set or body it is about.
create function platform.tell_access() returns trigger language plpgsql as $$
declare
	o jsonb := case when tg_op <> 'INSERT' then to_jsonb(old) end;
	n jsonb := case when tg_op <> 'DELETE' then to_jsonb(new) end;
	key text;
begin
	update platform.access_epoch set version = version + 1, txid = txid_current() where txid <> txid_current();
	foreach key in array tg_argv[1:] loop
		if o ->> key is not null and (n is null or o ->> key is distinct from n ->> key) then
			perform pg_notify('gonghui', tg_argv[0] || ' ' || (o ->> key));
		end if;
		if n ->> key is not null then
			perform pg_notify('gonghui', tg_argv[0] || ' ' || (n ->> key));
		end if;
	end loop;
	return null;
end $$;

create trigger tell after insert or update or delete on platform.role for each row execute function platform.tell_access('access', 'id', 'body_id');
create trigger tell after insert or update or delete on platform.role_capability for each row execute function platform.tell_access('access', 'role_id');
create trigger tell after insert or update or delete on platform."grant" for each row execute function platform.tell_access('access', 'subject_id');
create trigger tell after insert or update or delete on platform.body_set_item for each row execute function platform.tell_access('access', 'set_id');
create trigger tell after insert or update or delete on platform.subject_group_member for each row execute function platform.tell_access('access', 'identity_id');
create trigger tell after insert or update or delete on platform.post_holder for each row execute function platform.tell_access('access', 'officer_id');
create trigger tell after insert or update or delete on platform.body_policy for each row execute function platform.tell_access('separation', 'body_id');
---- create above / drop below ----
drop table platform.post_holder, platform."grant", platform.subject_group_member, platform.subject_group, platform.body_set_item,
	platform.body_set, platform.role_capability, platform.role, platform.body_policy, platform.access_epoch;
drop function platform.tell_access();
