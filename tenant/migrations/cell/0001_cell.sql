create table cell.outbox (
	id      bigint generated always as identity primary key,
	tenant  varchar(24) not null,
	kind    varchar(60) not null,
	subject uuid,
	data    jsonb not null,
	counts  jsonb not null,
	at      timestamptz not null default clock_timestamp()
) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 20000);

create table cell.event_log (
	seq     bigint primary key,
	tenant  varchar(24) not null,
	kind    varchar(60) not null,
	subject uuid,
	data    jsonb not null,
	at      timestamptz not null
);
create sequence cell.event_seq;

create table cell.idempotency (
	tenant  varchar(24) not null,
	account uuid not null,
	key     varchar(80) not null,
	digest  bytea not null,
	answer  bytea not null,
	at      timestamptz not null default now(),
	primary key (tenant, account, key)
);
create index idempotency_age on cell.idempotency (at);

create table cell.migration (
	tenant  varchar(24) not null,
	module  varchar(20) not null,
	version integer not null,
	at      timestamptz not null default now(),
	primary key (tenant, module, version)
);

-- The tenant is what the role says, whatever the caller would like.
create function cell.tenant() returns varchar language plpgsql stable as $$
declare r text := current_setting('role');
begin
	if r not like '{{prefix}}\_t\_%' then
		raise exception 'no tenant: role is %', r using errcode = '42501';
	end if;
	return substr(r, length('{{prefix}}_t_') + 1);
end $$;

create function cell.emit(kind text, subject uuid, data text, counts text) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare unknown text;
begin
	select k into unknown from jsonb_object_keys(case when counts = 'null' then '{}'::jsonb else counts::jsonb end) k
		where not exists (select 1 from platform.metric m where m.name = k) limit 1;
	if unknown is not null then
		raise exception 'metric % is not declared', unknown using errcode = '22023';
	end if;
	insert into cell.outbox (tenant, kind, subject, data, counts)
		values (cell.tenant(), kind, subject, data::jsonb, case when counts = 'null' then '{}'::jsonb else counts::jsonb end);
end $$;

create function cell.recall(account uuid, key text, sum bytea) returns table (digest bytea, answer bytea)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
	select i.digest, i.answer from cell.idempotency i
	where i.tenant = cell.tenant() and i.account = recall.account and i.key = recall.key
$$;

-- Two calls with one key at the same time: the second runs again and finds the first one's answer.
create function cell.remember(account uuid, key text, sum bytea, answer bytea) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
	insert into cell.idempotency (tenant, account, key, digest, answer)
		values (cell.tenant(), account, key, sum, answer) on conflict do nothing;
	if not found then
		raise exception 'idempotency key in use' using errcode = '40001';
	end if;
end $$;

-- A figure of the tenant itself, with what the drainer has not counted yet: exact in the caller's snapshot.
create function cell.figure(metric text) returns bigint
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
	select coalesce((select f.own from platform.figure f join platform.body b on b.id = f.body_id
			where b.code = cell.tenant() and f.metric = figure.metric), 0)
		+ coalesce((select sum((o.counts ->> figure.metric)::bigint) from cell.outbox o
			where o.tenant = cell.tenant() and o.counts ? figure.metric), 0)::bigint
$$;

-- A job for the workers; the tenant goes into its arguments here, not by the caller.
create function cell.enqueue(name text, args text) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
	insert into cell.river_job (kind, args, max_attempts, metadata, queue)
		values ('tenant_job', jsonb_build_object('name', name, 'tenant', cell.tenant(), 'args', enqueue.args::jsonb), 8, '{}', 'default');
	perform pg_notify('cell.river_insert', '{"queue": "default"}');
end $$;

do $$
declare f text;
begin
	foreach f in array array['cell.emit(text, uuid, text, text)', 'cell.recall(uuid, text, bytea)',
		'cell.remember(uuid, text, bytea, bytea)', 'cell.figure(text)', 'cell.enqueue(text, text)'] loop
		execute format('alter function %s owner to {{prefix}}_cell', f);
	end loop;
end $$;
---- create above / drop below ----
drop schema cell cascade;
