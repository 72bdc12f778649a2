-- How far a reader of the event log has come.
create table cell.consumer (
	name varchar(40) primary key,
	seq  bigint not null default 0
);
---- create above / drop below ----
drop table cell.consumer;
