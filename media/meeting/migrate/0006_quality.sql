-- How sound and pictures were during a stay: by what the page told (of 1,000; milliseconds; kilobits a second; lines of a picture),
-- and by what came here (server_…).
alter table meeting_stay
	add column samples       integer,
	add column loss_up       smallint,
	add column loss_up_most  smallint,
	add column loss_down     smallint,
	add column loss_down_most smallint,
	add column rtt           integer,
	add column rtt_most      integer,
	add column jitter        integer,
	add column concealed     smallint,
	add column freezes       integer,
	add column kbit_up       integer,
	add column kbit_down     integer,
	add column height_up     smallint,
	add column height_down   smallint,
	add column server_loss   smallint,
	add column server_jitter integer,
	add column browser       varchar(8),
	add column system        varchar(8);

-- Versions of the minutes, in parts of at most 400 characters. The first part says who wrote the version, and when.
create table meeting_minutes (
	meeting_id uuid     not null constraint meeting_minutes_fkey references meeting,
	version    integer  not null,
	part       smallint not null,
	text       varchar(400) not null,
	by_name    varchar(60),
	at         timestamptz,
	primary key (meeting_id, version, part)
);
---- create above / drop below ----
drop table meeting_minutes;
alter table meeting_stay
	drop column samples, drop column loss_up, drop column loss_up_most, drop column loss_down, drop column loss_down_most, drop column rtt,
	drop column rtt_most, drop column jitter, drop column concealed, drop column freezes, drop column kbit_up, drop column kbit_down,
	drop column height_up, drop column height_down, drop column server_loss, drop column server_jitter, drop column browser, drop column system;
