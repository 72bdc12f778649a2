-- An application that acts by itself need not send anybody back anywhere.
alter table platform.oidc_client drop constraint oidc_client_redirects_check;
alter table platform.oidc_client add constraint oidc_client_redirects_check
	check (cardinality(redirects) <= 10 and (cardinality(redirects) > 0 or 'api' = any (scopes)));

-- A token by which an application acts for nobody, with what is granted to it.
create table platform.oidc_app_token (
	id         varchar(43) primary key,
	client_id  uuid not null references platform.oidc_client,
	expires_at timestamptz not null
);
create index oidc_app_token_client on platform.oidc_app_token (client_id);
create index oidc_app_token_expiry on platform.oidc_app_token (expires_at);

-- What ends an application, or makes its secret or what it may do another, ends its tokens; every process hears of it.
create function platform.oidc_app_changed() returns trigger language plpgsql as $$
begin
	delete from platform.oidc_app_token where client_id = new.id;
	perform pg_notify('gonghui', 'app ' || new.id);
	return null;
end $$;
create trigger app_changed after update on platform.oidc_client for each row
	when (new.ended_at is distinct from old.ended_at or new.secret_digest <> old.secret_digest or new.scopes <> old.scopes or new.name <> old.name)
	execute function platform.oidc_app_changed();
create function platform.oidc_app_token_ended() returns trigger language plpgsql as $$
begin
	if old.expires_at > now() then
		perform pg_notify('gonghui', 'app ' || old.client_id);
	end if;
	return null;
end $$;
create trigger app_token_ended after delete on platform.oidc_app_token for each row execute function platform.oidc_app_token_ended();
---- create above / drop below ----
drop table platform.oidc_app_token;
drop function platform.oidc_app_token_ended();
drop trigger app_changed on platform.oidc_client;
drop function platform.oidc_app_changed();
alter table platform.oidc_client drop constraint oidc_client_redirects_check;
alter table platform.oidc_client add constraint oidc_client_redirects_check check (cardinality(redirects) between 1 and 10) not valid;
