-- name: ListItems :many
select id, title, minutes, presenter, presenter_id, note, began_at, ended_at from meeting_item where meeting_id = $1 order by place, id;

-- name: PutItems :exec
insert into meeting_item (meeting_id, id, place, title, minutes, presenter, presenter_id, note)
select @meeting_id, unnest(@ids::uuid[]), unnest(@places::smallint[]), unnest(@titles::varchar[]), unnest(@minutes::smallint[]),
	unnest(@presenters::varchar[]), nullif(unnest(@presenter_ids::uuid[]), '00000000-0000-0000-0000-000000000000'), unnest(@notes::varchar[])
on conflict (meeting_id, id) do update set place = excluded.place, title = excluded.title, minutes = excluded.minutes,
	presenter = excluded.presenter, presenter_id = excluded.presenter_id, note = excluded.note;

-- name: DropItems :exec
delete from meeting_item where meeting_id = @meeting_id and id <> all (@kept::uuid[]);

-- name: LoosenPapers :exec
-- The papers of items that are dropped stay with the meeting.
update meeting_paper set item_id = null where meeting_id = @meeting_id and item_id <> all (@kept::uuid[]);

-- name: EndItems :exec
update meeting_item set ended_at = @at where meeting_id = @meeting_id and began_at is not null and ended_at is null;

-- name: BeginItem :execrows
update meeting_item set began_at = @at, ended_at = null where meeting_id = @meeting_id and id = @id;

-- name: LastAgenda :one
-- The meeting before one, of the same series, or of the same host and title, that has an agenda.
select m.id, m.title, m.starts_at from meeting m
where m.id <> @id and m.starts_at < @starts_at and exists (select from meeting_item i where i.meeting_id = m.id)
	and (m.host_id = @host_id and m.title = @title or exists (
		select from meeting_occurrence o join meeting_occurrence p on p.link = o.link where o.meeting_id = @id and p.meeting_id = m.id))
order by m.starts_at desc, m.id desc limit 1;

-- name: ListPapers :many
select id, item_id, name, kind, size, access, download, by_name, at from meeting_paper
where meeting_id = $1 and arrived and access <> 'chat' order by id;

-- name: ListReaders :many
select r.paper_id, r.identity_id from meeting_reader r join meeting_paper p on p.id = r.paper_id
where p.meeting_id = $1 order by r.paper_id, r.identity_id;

-- name: IsReader :one
select exists (select from meeting_reader where paper_id = $1 and identity_id = $2)::boolean as is_reader;

-- name: ClearReaders :exec
delete from meeting_reader where paper_id = $1;

-- name: InsertReaders :exec
insert into meeting_reader (paper_id, identity_id) select @paper_id, unnest(@identities::uuid[]);

-- name: InvitedOf :many
select identity_id, name from meeting_invitee where meeting_id = @meeting_id and identity_id = any (@identities::uuid[]);

-- name: GetPaper :one
select p.id, p.meeting_id, p.person_id, p.name, p.kind, p.size, p.access, p.download, p.arrived, p.at, l.room_id
from meeting_paper p left join meeting_line l on l.meeting_id = p.meeting_id and l.id = p.line_id where p.id = $1;

-- name: LockPaper :one
select id, meeting_id, item_id, person_id, name, kind, size, access, download, arrived from meeting_paper where id = $1 for update;

-- name: CountPapers :one
select count(*) filter (where access <> 'chat') as papers, count(*) filter (where access = 'chat') as files,
	count(*) filter (where person_id = @person_id::uuid and at > @since) as recent
from meeting_paper where meeting_id = @meeting_id;

-- name: InsertPaper :exec
insert into meeting_paper (id, meeting_id, item_id, person_id, name, size, access, download, by_name, at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10);

-- name: ArrivePaper :exec
update meeting_paper set arrived = true, name = $2, kind = $3, size = $4, line_id = $5 where id = $1;

-- name: UpdatePaper :exec
update meeting_paper set item_id = $2, name = $3, access = $4, download = $5 where id = $1;

-- name: DeletePaper :exec
delete from meeting_paper where id = $1;

-- name: ClearPapers :execrows
delete from meeting_paper where meeting_id = $1 and access <> 'chat';

-- name: DropUnarrived :exec
delete from meeting_paper where meeting_id = @meeting_id and not arrived and at < @before;

-- name: PaperIDs :many
select id from meeting_paper where meeting_id = $1;
