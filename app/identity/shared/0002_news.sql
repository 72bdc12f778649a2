-- A session ends, or what it stands for changes: whoever keeps it in memory hears of it.
create function platform.tell_session() returns trigger language plpgsql as $$
begin
	perform pg_notify('gonghui', tg_argv[0] || ' ' || old.id);
	return null;
end $$;

create trigger tell after delete or update of expires_at on platform.session for each row when (old.expires_at > clock_timestamp()) execute function platform.tell_session('session');
create trigger tell after update or delete on platform.identity for each row execute function platform.tell_session('identity');
create trigger tell after update of state on platform.account for each row execute function platform.tell_session('account');
---- create above / drop below ----
drop trigger tell on platform.account;
drop trigger tell on platform.identity;
drop trigger tell on platform.session;
drop function platform.tell_session();
