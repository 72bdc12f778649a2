create table audit_log (
	id          uuid primary key,
	at          timestamptz not null default now(),
	account_id  uuid,
	identity_id uuid,
	who         varchar(60)  not null,
	act         varchar(60)  not null,
	object_kind varchar(40)  not null,
	object_id   varchar(80)  not null,
	reason      varchar(200) not null default '',
	changed     varchar(400) not null default 'null',
	source      varchar(45)  not null default '',
	request_id  varchar(40)  not null default ''
);
---- create above / drop below ----
drop table audit_log;
