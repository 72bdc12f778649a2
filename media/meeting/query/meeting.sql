-- name: InsertMeeting :one
insert into meeting (id, number, title, starts_at, ends_at, began_at, state, open_to, waiting_room, audience, password, guest_key, host_id, host_name)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
on conflict on constraint meeting_number_key do nothing
returning id, number, title, starts_at, ends_at, began_at, ended_at, state, open_to, waiting_room, locked, audience, password, guest_key, host_id, host_name, version;

-- name: GetMeeting :one
select id, number, title, starts_at, ends_at, began_at, ended_at, state, open_to, waiting_room, locked, audience, password, guest_key, host_id, host_name, version
from meeting where id = $1;

-- name: LockMeeting :one
select id, number, title, starts_at, ends_at, began_at, ended_at, state, open_to, waiting_room, locked, audience, password, guest_key, host_id, host_name, version
from meeting where id = $1 for update;

-- name: FindMeeting :one
select id, number, title, starts_at, ends_at, began_at, ended_at, state, open_to, waiting_room, locked, audience, password, guest_key, host_id, host_name, version
from meeting where number = $1;

-- name: UpdateMeeting :one
update meeting set title = $2, starts_at = $3, ends_at = $4, open_to = $5, waiting_room = $6, audience = $7, password = $8, version = version + 1
where id = $1
returning id, number, title, starts_at, ends_at, began_at, ended_at, state, open_to, waiting_room, locked, audience, password, guest_key, host_id, host_name, version;

-- name: BeginMeeting :one
update meeting set state = 'live', began_at = $2, version = version + 1 where id = $1
returning id, number, title, starts_at, ends_at, began_at, ended_at, state, open_to, waiting_room, locked, audience, password, guest_key, host_id, host_name, version;

-- name: CloseMeeting :one
update meeting set state = $2, ended_at = $3, version = version + 1 where id = $1
returning id, number, title, starts_at, ends_at, began_at, ended_at, state, open_to, waiting_room, locked, audience, password, guest_key, host_id, host_name, version;

-- name: SetDoor :exec
update meeting set locked = $2, waiting_room = $3, version = version + 1 where id = $1;

-- name: ListAhead :many
select id, number, title, starts_at, ends_at, began_at, ended_at, state, open_to, waiting_room, locked, audience, password, guest_key, host_id, host_name, version
from meeting m
where (state = 'live' or state = 'planned' and ends_at > @now) and (starts_at, id) > (@after_at::timestamptz, @after::uuid)
	and starts_at >= @from_at and starts_at < @to_at and (@query::varchar = '' or number = @query or strpos(lower(title), @query) > 0)
	and (@whole::boolean or host_id = @self::uuid or open_to = 'body'
		or exists (select from meeting_invitee i where i.meeting_id = m.id and i.identity_id = @self)
		or exists (select from meeting_person p where p.meeting_id = m.id and p.identity_id = @self))
order by starts_at, id limit @size;

-- name: ListPast :many
select id, number, title, starts_at, ends_at, began_at, ended_at, state, open_to, waiting_room, locked, audience, password, guest_key, host_id, host_name, version
from meeting m
where not (state = 'live' or state = 'planned' and ends_at > @now) and (starts_at, id) < (@after_at::timestamptz, @after::uuid)
	and starts_at >= @from_at and starts_at < @to_at and (@query::varchar = '' or number = @query or strpos(lower(title), @query) > 0)
	and (@whole::boolean or host_id = @self::uuid or open_to = 'body'
		or exists (select from meeting_invitee i where i.meeting_id = m.id and i.identity_id = @self)
		or exists (select from meeting_person p where p.meeting_id = m.id and p.identity_id = @self))
order by starts_at desc, id desc limit @size;

-- name: ClearInvitees :exec
delete from meeting_invitee where meeting_id = $1;

-- name: InsertInvitees :execrows
-- Who is named and comes with a group as well keeps what was said by name.
insert into meeting_invitee (meeting_id, identity_id, name, role, home, via)
select @meeting_id, unnest(@identities::uuid[]), unnest(@names::varchar[]), unnest(@roles::varchar[]), unnest(@homes::varchar[]), @via
on conflict (meeting_id, identity_id) do nothing;

-- name: ListInvitees :many
select identity_id, name, role, home from meeting_invitee where meeting_id = $1 and via is null order by identity_id;

-- name: RolesOf :many
select meeting_id, role from meeting_invitee where identity_id = @self and meeting_id = any (@meetings::uuid[]);
