-- What a meeting goes through, in order. It is at the item that has begun and not ended.
create table meeting_item (
	meeting_id   uuid not null constraint meeting_item_fkey references meeting,
	id           uuid not null,
	place        smallint     not null,
	title        varchar(120) not null,
	minutes      smallint     not null check (minutes between 0 and 1440),
	presenter    varchar(60)  not null,
	presenter_id uuid, -- an identity that is invited
	note         varchar(240) not null,
	began_at     timestamptz,
	ended_at     timestamptz,
	primary key (meeting_id, id)
);

-- Files of a meeting: papers, of an item or of the whole, and what was sent in the chat, where it stands at a line. What has not
-- arrived is told to nobody. The files themselves are in the store of objects.
create table meeting_paper (
	id         uuid primary key,
	meeting_id uuid not null constraint meeting_paper_fkey references meeting,
	item_id    uuid,
	person_id  uuid constraint meeting_paper_person_fkey references meeting_person, -- who sends it in the chat
	line_id    uuid,
	name       varchar(160) not null,
	kind       varchar(5)   not null default '', -- by what is in it: pdf, docx, png …
	size       bigint       not null check (size > 0),
	access     varchar(5)   not null check (access in ('all', 'hosts', 'named', 'chat')),
	download   boolean      not null,
	arrived    boolean      not null default false,
	by_name    varchar(60)  not null,
	at         timestamptz  not null,
	constraint meeting_paper_item_fkey foreign key (meeting_id, item_id) references meeting_item,
	constraint meeting_paper_line_fkey foreign key (meeting_id, line_id) references meeting_line
);
create index meeting_paper_meeting on meeting_paper (meeting_id);

-- For whom a paper is that is for some by name.
create table meeting_reader (
	paper_id    uuid not null constraint meeting_reader_fkey references meeting_paper on delete cascade,
	identity_id uuid not null,
	primary key (paper_id, identity_id)
);

-- Who sends files in the chat: everybody; members: no guests; none: nobody.
alter table meeting_option add column files varchar(7) not null default 'all' check (files in ('all', 'members', 'none'));
---- create above / drop below ----
alter table meeting_option drop column files;
drop table meeting_reader, meeting_paper, meeting_item;
