-- name: LastMinutes :one
select coalesce(max(version), 0)::integer as version from meeting_minutes where meeting_id = $1;

-- name: GetMinutes :many
select part, text, by_name, at from meeting_minutes where meeting_id = $1 and version = $2 order by part;

-- name: InsertMinutes :exec
insert into meeting_minutes (meeting_id, version, part, text, by_name, at)
select @meeting_id, @version, unnest(@parts::smallint[]), unnest(@texts::varchar[]), nullif(unnest(@by_names::varchar[]), ''), @at;

-- name: PickLines :many
select l.id, l.at, l.text, p.name from meeting_line l join meeting_person p on p.id = l.person_id
where l.meeting_id = @meeting_id and l.id = any (@lines::uuid[]) and not l.caption order by l.id;

-- name: SumAttendance :many
select p.id, p.name, p.body_name, p.post, p.role, p.home, min(s.joined_at)::timestamptz as joined_at, max(s.left_at)::timestamptz as left_at
from meeting_stay s join meeting_person p on p.id = s.person_id
where s.meeting_id = @meeting_id and p.id > @after group by p.id order by p.id limit @size;
