-- Tells the processes that keep answers in memory what has changed: topic and key, see tenant.News.
create function platform.tell() returns trigger language plpgsql as $$
declare key text := '';
begin
	if tg_argv[0] = 'body' then
		key := new.code;
	elsif tg_argv[0] = 'module' then
		select code into key from platform.body where id = new.body_id;
	end if;
	perform pg_notify('gonghui', tg_argv[0] || ' ' || key);
	return null;
end $$;

create trigger tell after update of code, name, level, status on platform.body for each row execute function platform.tell('body');
create trigger tell after insert or update on platform.tenant_module for each row execute function platform.tell('module');
create trigger tell after update on platform.directory_version for each row execute function platform.tell('tree');
---- create above / drop below ----
drop trigger tell on platform.directory_version;
drop trigger tell on platform.tenant_module;
drop trigger tell on platform.body;
drop function platform.tell();
