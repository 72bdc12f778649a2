-- name: PersonByIdentity :one
select id, meeting_id, identity_id, seat_digest, home, name, body_name, post, role, state, decided_at
from meeting_person where meeting_id = $1 and identity_id = $2;

-- name: PersonBySeat :one
select id, meeting_id, identity_id, seat_digest, home, name, body_name, post, role, state, decided_at
from meeting_person where meeting_id = $1 and seat_digest = $2;

-- name: LockPerson :one
select id, meeting_id, identity_id, seat_digest, home, name, body_name, post, role, state, decided_at
from meeting_person where meeting_id = $1 and id = $2 for update;

-- name: InsertPerson :one
insert into meeting_person (id, meeting_id, identity_id, seat_digest, home, name, body_name, post, role, state)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
on conflict on constraint meeting_person_key do nothing
returning id, meeting_id, identity_id, seat_digest, home, name, body_name, post, role, state, decided_at;

-- name: CountPeople :one
select count(*) as people, count(*) filter (where state = 'out' and home = '') as guests_out from meeting_person where meeting_id = $1;

-- name: UpdatePerson :one
update meeting_person set seat_digest = $2, name = $3, body_name = $4, post = $5, role = $6, state = $7, decided_at = $8 where id = $1
returning id, meeting_id, identity_id, seat_digest, home, name, body_name, post, role, state, decided_at;

-- name: BeginStay :exec
-- Who comes back while the seat is kept was never gone.
insert into meeting_stay (meeting_id, id, person_id, joined_at, room_id)
select @meeting_id, @id, @person_id, @at, sqlc.narg(room_id)::uuid
where not exists (select from meeting_stay s where s.meeting_id = @meeting_id and s.person_id = @person_id and s.left_at is null);

-- name: EndStay :exec
update meeting_stay set left_at = greatest(joined_at, @at::timestamptz) where meeting_id = @meeting_id and person_id = @person_id and left_at is null;

-- name: EndStays :exec
update meeting_stay set left_at = greatest(joined_at, @at::timestamptz) where meeting_id = @meeting_id and left_at is null;

-- name: ListStays :many
select s.id, s.person_id, s.joined_at, s.left_at, s.room_id, p.name, p.body_name, p.post, p.role, p.home
from meeting_stay s join meeting_person p on p.id = s.person_id
where s.meeting_id = @meeting_id and s.id > @after order by s.id limit @size;

-- name: InsertLine :exec
insert into meeting_line (meeting_id, id, person_id, at, text, room_id) values ($1, $2, $3, $4, $5, $6);

-- name: ListLines :many
-- Of one room, or of all.
select l.id, l.person_id, l.at, l.text, l.room_id, p.name, f.id as file_id, f.name as file_name, f.kind as file_kind, f.size as file_size
from meeting_line l join meeting_person p on p.id = l.person_id
	left join meeting_paper f on f.meeting_id = l.meeting_id and f.line_id = l.id
where l.meeting_id = @meeting_id and l.id < @before and not l.caption and (@whole::boolean or l.room_id is not distinct from sqlc.narg(room_id)::uuid)
order by l.id desc limit @size;
