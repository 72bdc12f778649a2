-- A job for the workers that is due at a moment. One that is due soon stands ready at once: promoting scheduled jobs is the
-- leader's work, and after a crash there is none for some seconds.
create function cell.enqueue_at(name text, args text, due timestamptz) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
	insert into cell.river_job (kind, args, max_attempts, metadata, queue, scheduled_at, state)
		values ('tenant_job', jsonb_build_object('name', name, 'tenant', cell.tenant(), 'args', enqueue_at.args::jsonb), 8, '{}', 'default', due,
			case when due < now() + interval '5 minutes' then 'available' else 'scheduled' end::cell.river_job_state);
end $$;

alter function cell.enqueue_at(text, text, timestamptz) owner to {{prefix}}_cell;
---- create above / drop below ----
drop function cell.enqueue_at(text, text, timestamptz);
