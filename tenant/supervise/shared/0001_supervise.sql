-- What an upper body asks of a lower one: sight of its records, or leave to help in it.
create table platform.supervise_rule (
	id           uuid primary key,
	body_id      uuid not null references platform.body,
	purpose_kind varchar(12) not null default '',
	max_days     smallint not null check (max_days between 1 and 30),
	below        boolean not null default false, -- it holds in every body below as well
	by_identity  uuid not null,
	by_name      varchar(60) not null,
	created_at   timestamptz not null default now(),
	constraint supervise_rule_key unique (body_id, purpose_kind, below)
);

create table platform.supervise_request (
	id             uuid primary key,
	kind           varchar(8) not null check (kind in ('details', 'assist')),
	asker_id       uuid not null references platform.body,
	identity_id    uuid not null references platform.identity,
	person_name    varchar(60) not null,
	body_id        uuid not null references platform.body,
	capability     varchar(64) not null default '',
	role           varchar(20) not null default '',
	purpose_kind   varchar(12) not null,
	purpose        varchar(200) not null,
	minutes        integer not null check (minutes between 10 and 43200),
	state          varchar(10) not null default 'open' check (state in ('open', 'approved', 'refused', 'withdrawn')),
	rule_id        uuid,
	decided_name   varchar(60) not null default '',
	decided_at     timestamptz,
	reason         varchar(200) not null default '',
	grant_id       uuid references platform."grant",
	accesses       bigint not null default 0,
	created_at     timestamptz not null default now(),
	check ((kind = 'details') = (capability <> '')),
	check ((kind = 'assist') = (role <> '')),
	check ((state = 'approved') = (grant_id is not null))
);
create index supervise_request_body on platform.supervise_request (body_id, id);
create index supervise_request_open on platform.supervise_request (body_id) where state = 'open';
create index supervise_request_identity on platform.supervise_request (identity_id, id);
create index supervise_request_grant on platform.supervise_request (grant_id) where grant_id is not null;

-- Who looked, or came in, when. Kept as a record for the body: never changed.
create table platform.supervise_access (
	id          uuid primary key,
	at          timestamptz not null default now(),
	request_id  uuid not null references platform.supervise_request,
	body_id     uuid not null references platform.body,
	kind        varchar(5) not null check (kind in ('read', 'enter')),
	person_name varchar(60) not null,
	rows        integer not null default 0,
	source      varchar(45) not null default ''
);
create index supervise_access_body on platform.supervise_access (body_id, id);

-- Whoever ends the grant, the helper's sessions end in the same transaction. The hand-off goes first: who is just redeeming one
-- is waited for, and the session found.
create function platform.end_assistance() returns trigger language plpgsql as $$
begin
	delete from platform.handoff where assist_grant = new.id;
	delete from platform.session where assist_grant = new.id;
	return null;
end $$;
create trigger end_assistance after update of ended_at on platform."grant" for each row
	when (new.ended_at is not null and new.request_id <> '') execute function platform.end_assistance();
---- create above / drop below ----
drop trigger end_assistance on platform."grant";
drop function platform.end_assistance();
drop table platform.supervise_access, platform.supervise_request, platform.supervise_rule;
