-- The processes that run jobs, and when each was last heard of.
create table cell.worker (
	id      varchar(40) primary key,
	seen_at timestamptz not null
);
---- create above / drop below ----
drop table cell.worker;
