-- Rows of audit trails that wait to be sealed, written in the transaction of the act: a row that commits late is sealed late,
-- but never left out. The trail is the code of the body, or empty for platform.audit_log.
create table cell.audit_pending (
	id     bigint generated always as identity primary key,
	trail  varchar(24) not null,
	row_id uuid not null,
	digest bytea not null check (octet_length(digest) = 32)
) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 20000);

-- The chain: rows in the order in which they were sealed, each tied to the one before it.
create table cell.audit_seal (
	trail  varchar(24) not null,
	seq    bigint not null,
	row_id uuid not null,
	digest bytea not null check (octet_length(digest) = 32),
	hash   bytea not null check (octet_length(hash) = 32),
	primary key (trail, seq)
);
create unique index audit_seal_row on cell.audit_seal (trail, row_id);

create function cell.audited(row_id uuid, digest bytea) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
	insert into cell.audit_pending (trail, row_id, digest) values (cell.tenant(), row_id, digest);
end $$;

alter function cell.audited(uuid, bytea) owner to {{prefix}}_cell;

-- Removes the rows up to a checkpoint, with their seals and heads. The checkpoint has to stand in platform.audit_archive, and
-- nothing younger than six months is removed (Cybersecurity Law of the PRC, article 21), whoever asks. The owner of the tenants' tables
-- owns it: nobody else may delete there.
create function cell.audit_trim(of varchar, upto bigint) returns bigint
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
	log text := case when of = '' then 'platform.audit_log' else format('%I.audit_log', '{{prefix}}_t_' || of) end;
	young boolean;
	removed bigint;
begin
	if not exists (select from platform.audit_archive a where a.trail = of and a.last_seq = upto) then
		raise exception 'no checkpoint of % at %', of, upto using errcode = '42501';
	end if;
	execute format('select exists (select from %s l join cell.audit_seal s on s.trail = $1 and s.row_id = l.id
		where s.seq <= $2 and l.at > now() - interval ''6 months'')', log) into young using of, upto;
	if young then
		raise exception 'rows of % are younger than six months', of using errcode = '42501';
	end if;
	execute format('delete from %s l using cell.audit_seal s where s.trail = $1 and s.seq <= $2 and s.row_id = l.id', log) using of, upto;
	get diagnostics removed = row_count;
	delete from cell.audit_seal s where s.trail = of and s.seq <= upto;
	delete from platform.audit_head h where h.trail = of and h.count < upto;
	return removed;
end $$;

alter function cell.audit_trim(varchar, bigint) owner to {{prefix}}_provisioner;
revoke all on function cell.audit_trim(varchar, bigint) from public;
grant execute on function cell.audit_trim(varchar, bigint) to {{prefix}}_platform;
---- create above / drop below ----
drop function cell.audit_trim(varchar, bigint);
drop function cell.audited(uuid, bytea);
drop table cell.audit_seal, cell.audit_pending;
