create table platform.theme (
	body_id    uuid primary key references platform.body,
	app_name   varchar(20) not null,
	accent     varchar(7)  not null check (accent ~ '^#[0-9A-F]{6}$'),
	logo       text not null,
	updated_at timestamptz not null default now()
);
---- create above / drop below ----
drop table platform.theme;
