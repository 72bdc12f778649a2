create table platform.metric (
	name   varchar(40) primary key,
	module varchar(20) not null
);

create table platform.figure (
	body_id    uuid not null references platform.body,
	metric     varchar(40) not null references platform.metric,
	own        bigint not null default 0,
	subtree    bigint not null default 0,
	updated_at timestamptz not null default now(),
	primary key (body_id, metric)
) with (fillfactor = 80); -- room for new versions of a row beside the old one: the nation's change with every drain

-- Values at the end of a day in Asia/Shanghai; a day without change has no row.
create table platform.figure_day (
	body_id uuid not null references platform.body,
	metric  varchar(40) not null references platform.metric,
	day     date not null,
	own     bigint not null,
	subtree bigint not null,
	primary key (body_id, metric, day)
);

-- How far the drainer of a cell has come.
create table platform.rollup_cell (
	cell       varchar(20) primary key,
	drained_at timestamptz not null default now(),
	seq        bigint not null default 0
);
insert into platform.rollup_cell (cell) values ('home');

-- Differences that a recount found.
create table platform.recount (
	id       uuid primary key,
	at       timestamptz not null default now(),
	bodies   integer not null,
	wrong    integer not null,
	first    varchar(200) not null default '',
	repaired boolean not null default false
);
---- create above / drop below ----
drop table platform.recount, platform.rollup_cell, platform.figure_day, platform.figure, platform.metric;
