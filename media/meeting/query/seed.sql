-- name: HasMeetings :one
select exists (select from meeting where host_id = $1)::boolean as has;

-- name: SeedPeople :exec
insert into meeting_person (id, meeting_id, home, name, body_name, post, role, state)
select unnest(@people::uuid[]), @meeting_id, @home, unnest(@names::varchar[]), @body_name, '', 'speaker', 'in';

-- name: SeedStays :exec
insert into meeting_stay (meeting_id, id, person_id, joined_at, left_at)
select @meeting_id, unnest(@stays::uuid[]), unnest(@people::uuid[]), unnest(@joined::timestamptz[]), @ended::timestamptz;
