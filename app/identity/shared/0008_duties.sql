-- Three administrators: system, security and audit. In one body nobody holds two of these roles, nor one of them beside a
-- role that does business; being a member goes with each.
alter table platform.identity
	alter column role type varchar(20),
	drop constraint identity_role_check,
	add constraint identity_role_check check (role in ('admin', 'officer', 'member', 'supervisor', 'system_admin', 'security_admin', 'audit_admin'));
alter table platform.invitation
	alter column role type varchar(20),
	drop constraint invitation_role_check,
	add constraint invitation_role_check check (role in ('admin', 'officer', 'supervisor', 'member', 'system_admin', 'security_admin', 'audit_admin'));

create function platform.is_duty(role varchar) returns boolean language sql immutable as
$$ select role in ('system_admin', 'security_admin', 'audit_admin') $$;

-- Two roles that come at the same moment wait for each other on the person's row.
create function platform.keep_duties_apart() returns trigger language plpgsql as $$
begin
	if new.role = 'member' or new.valid_to < current_date then
		return new;
	end if;
	perform from platform.person where id = new.person_id for no key update;
	if exists (
		select from platform.identity i
		where i.person_id = new.person_id and i.body_id = new.body_id and i.id <> new.id and i.role <> 'member' and i.role <> new.role
			and (i.valid_to is null or i.valid_to >= current_date)
			and (platform.is_duty(i.role) or platform.is_duty(new.role))
	) then
		raise exception 'a duty stands alone in a body' using errcode = 'exclusion_violation', constraint = 'identity_duty';
	end if;
	return new;
end $$;
create trigger keep_duties_apart before insert or update of person_id, body_id, role, valid_to on platform.identity
	for each row execute function platform.keep_duties_apart();

-- The people of a body in the order of a list.
create index identity_holder on platform.identity (body_id, person_id);
drop index platform.identity_body;
---- create above / drop below ----
create index identity_body on platform.identity (body_id);
drop index platform.identity_holder;
drop trigger keep_duties_apart on platform.identity;
drop function platform.keep_duties_apart(), platform.is_duty(varchar);
delete from platform.invitation where role in ('system_admin', 'security_admin', 'audit_admin');
delete from platform.session where identity_id in (select id from platform.identity where role in ('system_admin', 'security_admin', 'audit_admin'));
delete from platform.handoff where identity_id in (select id from platform.identity where role in ('system_admin', 'security_admin', 'audit_admin'));
delete from platform.identity where role in ('system_admin', 'security_admin', 'audit_admin');
alter table platform.invitation
	alter column role type varchar(12),
	drop constraint invitation_role_check,
	add constraint invitation_role_check check (role in ('admin', 'officer', 'supervisor', 'member'));
alter table platform.identity
	alter column role type varchar(12),
	drop constraint identity_role_check,
	add constraint identity_role_check check (role in ('admin', 'officer', 'member', 'supervisor'));
