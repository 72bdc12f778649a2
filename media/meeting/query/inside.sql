-- name: GetOption :one
select meeting_id, watermark, rooms_open, choice, until, venue, main_id, called_id, files from meeting_option where meeting_id = $1;

-- name: PutOption :exec
insert into meeting_option (meeting_id, watermark, rooms_open, choice, until, venue, main_id, called_id, files)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
on conflict (meeting_id) do update set watermark = excluded.watermark, rooms_open = excluded.rooms_open, choice = excluded.choice,
	until = excluded.until, venue = excluded.venue, main_id = excluded.main_id, called_id = excluded.called_id, files = excluded.files;

-- name: SetWatermark :exec
insert into meeting_option (meeting_id, watermark) values ($1, $2)
on conflict (meeting_id) do update set watermark = excluded.watermark;

-- name: ListRooms :many
select id, name from meeting_room where meeting_id = $1 and not retired order by id;

-- name: NameRooms :many
select id, name from meeting_room where meeting_id = $1;

-- name: RetireRooms :exec
update meeting_room set retired = true where meeting_id = $1;

-- name: InsertRooms :exec
insert into meeting_room (meeting_id, id, name)
select @meeting_id, unnest(@ids::uuid[]), unnest(@names::varchar[]);

-- name: ListParts :many
select person_id, room_id, stenographer, venue from meeting_part where meeting_id = $1 order by person_id;

-- name: AssignRooms :exec
insert into meeting_part (meeting_id, person_id, room_id)
select @meeting_id, unnest(@people::uuid[]), nullif(unnest(@rooms::uuid[]), '00000000-0000-0000-0000-000000000000')
on conflict (meeting_id, person_id) do update set room_id = excluded.room_id;

-- name: ForgetRooms :exec
update meeting_part set room_id = null where meeting_id = $1;

-- name: SetStenographer :exec
insert into meeting_part (meeting_id, person_id, stenographer) values ($1, $2, $3)
on conflict (meeting_id, person_id) do update set stenographer = excluded.stenographer;

-- name: SetVenue :exec
insert into meeting_part (meeting_id, person_id, venue) values ($1, $2, $3)
on conflict (meeting_id, person_id) do update set venue = excluded.venue;

-- name: BeginRoomStays :exec
insert into meeting_stay (meeting_id, id, person_id, joined_at, room_id)
select @meeting_id, unnest(@ids::uuid[]), unnest(@people::uuid[]), @at, nullif(@room_id::uuid, '00000000-0000-0000-0000-000000000000');

-- name: EndSomeStays :exec
update meeting_stay set left_at = greatest(joined_at, @at::timestamptz)
where meeting_id = @meeting_id and person_id = any (@people::uuid[]) and left_at is null;

-- name: InsertCaption :exec
insert into meeting_line (meeting_id, id, person_id, at, text, caption) values ($1, $2, $3, $4, $5, true);

-- name: MendCaption :execrows
update meeting_line set text = $3 where meeting_id = $1 and id = $2 and caption;

-- name: ListCaptions :many
select l.id, l.person_id, l.at, l.text from meeting_line l
where l.meeting_id = @meeting_id and l.id > @after and l.caption order by l.id limit @size;

-- name: LastCaptions :many
select l.id, l.person_id, l.at, l.text from meeting_line l
where l.meeting_id = @meeting_id and l.caption order by l.id desc limit @size;
