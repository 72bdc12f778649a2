-- The session of a helper is one of the helper's identity in another body, under a grant.
alter table platform.session
	add column assist_grant uuid,
	add column assist_body  uuid references platform.body,
	add column assist_role  varchar(20),
	add constraint session_assist check ((assist_grant is null) = (assist_body is null) and (assist_grant is null) = (assist_role is null));
create index session_assist_grant on platform.session (assist_grant) where assist_grant is not null;
alter table platform.handoff
	add column assist_grant uuid,
	add column assist_body  uuid references platform.body,
	add column assist_role  varchar(20),
	add column assist_until timestamptz;
create index handoff_assist_grant on platform.handoff (assist_grant) where assist_grant is not null;
---- create above / drop below ----
delete from platform.handoff where assist_grant is not null;
alter table platform.handoff drop column assist_until, drop column assist_role, drop column assist_body, drop column assist_grant;
delete from platform.session where assist_grant is not null;
alter table platform.session drop constraint session_assist, drop column assist_role, drop column assist_body, drop column assist_grant;
