-- Two person rows that are one human being, from the finding to the merge and, within thirty days, back.
create table platform.person_merge (
	id             uuid primary key,
	keep_id        uuid not null references platform.person,
	gone_id        uuid not null references platform.person check (gone_id <> keep_id),
	ground         varchar(12)  not null check (ground in ('id_number', 'phones')),
	state          varchar(12)  not null default 'open' check (state in ('open', 'done', 'undone', 'dropped')),
	reason         varchar(200) not null default '',
	asked_by       uuid, -- account; none when the claim of a file brought it to light
	asked_at       timestamptz not null default now(),
	keep_proved_at timestamptz,
	gone_proved_at timestamptz,
	done_at        timestamptz,
	undone_at      timestamptz,
	log            text not null default '', -- what the merge changed, sealed
	updated_at     timestamptz not null default now()
);
create unique index person_merge_open on platform.person_merge (least(keep_id, gone_id), greatest(keep_id, gone_id)) where state = 'open';
create index person_merge_state on platform.person_merge (state, id);
create index person_merge_keep on platform.person_merge (keep_id);
create index person_merge_gone on platform.person_merge (gone_id);

-- A place that its body has locked: nobody comes in by it until it is unlocked. Other bodies' places of the person are not touched.
alter table platform.identity add column locked_at timestamptz;
---- create above / drop below ----
alter table platform.identity drop column locked_at;
drop table platform.person_merge;
