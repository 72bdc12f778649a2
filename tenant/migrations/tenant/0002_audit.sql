alter table audit_log
	add column if not exists role   varchar(24) not null default '',
	add column if not exists anchor varchar(24) not null default '',
	add column if not exists result varchar(8)  not null default 'ok' check (result in ('ok', 'refused')),
	add column if not exists before varchar(43) not null default '',
	add column if not exists after  varchar(43) not null default '';
create index if not exists audit_log_account on audit_log (account_id, id);
create index if not exists audit_log_object on audit_log (object_id, id);
---- create above / drop below ----
drop index audit_log_object, audit_log_account;
alter table audit_log drop column after, drop column before, drop column result, drop column anchor, drop column role;
