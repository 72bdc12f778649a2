-- name: InsertRecording :exec
insert into meeting_recording (id, meeting_id, began_at, seen_at, by_name) values ($1, $2, @at, @at, $3);

-- name: LockRecording :one
select id, meeting_id, state, began_at, stopped_at, seen_at, by_name, segments, stored, percent, tries, run, seconds, size, people, shared, kept, failure
from meeting_recording where id = $1 for update;

-- name: RunningRecording :one
select id, segments from meeting_recording where meeting_id = $1 and state = 'recording' order by id desc limit 1 for update;

-- name: AddSegment :exec
update meeting_recording set segments = segments + 1, seen_at = $2 where id = $1;

-- name: BeatRecording :exec
update meeting_recording set seen_at = $2, size = $3 where id = $1 and state = 'recording';

-- name: SetRecording :exec
update meeting_recording set state = $2, stopped_at = $3, seen_at = $4, stored = $5, percent = $6, tries = $7, run = $8, failure = $9 where id = $1;

-- name: FinishRecording :exec
update meeting_recording set state = 'ready', percent = 100, run = null, failure = '', seconds = $2, size = $3, people = $4 where id = $1;

-- name: ProgressRecording :execrows
update meeting_recording set percent = $3, seen_at = $4 where id = $1 and run = $2 and state = 'composing';

-- name: ChangeRecording :exec
update meeting_recording set shared = $2, kept = $3 where id = $1;

-- name: DeleteRecording :exec
delete from meeting_recording where id = $1;

-- name: GetRecording :one
select r.id, r.meeting_id, r.state, r.began_at, r.stopped_at, r.by_name, r.percent, r.seconds, r.size, r.people, r.shared, r.kept, r.failure, m.title, m.number, m.host_id
from meeting_recording r join meeting m on m.id = r.meeting_id where r.id = $1;

-- name: ListRecordings :many
select r.id, r.meeting_id, r.state, r.began_at, r.stopped_at, r.by_name, r.percent, r.seconds, r.size, r.people, r.shared, r.kept, r.failure, m.title, m.number, m.host_id
from meeting_recording r join meeting m on m.id = r.meeting_id
where r.id < @before::uuid and (@query::varchar = '' or strpos(lower(m.title), @query) > 0)
order by r.id desc limit @size;

-- name: ListRecordingsOf :many
select r.id, r.meeting_id, r.state, r.began_at, r.stopped_at, r.by_name, r.percent, r.seconds, r.size, r.people, r.shared, r.kept, r.failure, m.title, m.number, m.host_id
from meeting_recording r join meeting m on m.id = r.meeting_id
where r.meeting_id = @meeting_id and r.id < @before::uuid and (@whole::boolean or r.shared and r.state = 'ready')
order by r.id desc limit @size;

-- name: ListSharedRecordings :many
select r.id, r.meeting_id, r.state, r.began_at, r.stopped_at, r.by_name, r.percent, r.seconds, r.size, r.people, r.shared, r.kept, r.failure, m.title, m.number, m.host_id
from meeting_recording r join meeting m on m.id = r.meeting_id
where r.shared and r.state = 'ready' and r.id < @before::uuid and (
	exists (select from meeting_invitee i where i.meeting_id = m.id and i.identity_id = @self::uuid)
	or exists (select from meeting_person p where p.meeting_id = m.id and p.identity_id = @self::uuid and p.state = 'in')
)
order by r.id desc limit @size;

-- name: ReadyRecordings :many
select id, stopped_at from meeting_recording where state in ('ready', 'failed', 'cancelled') and stopped_at is not null order by id;

-- name: PutConsent :exec
insert into meeting_consent (recording_id, person_id, agreed, at) values ($1, $2, $3, $4)
on conflict (recording_id, person_id) do update set agreed = excluded.agreed, at = excluded.at;

-- name: ConsentsOf :many
select person_id, agreed from meeting_consent where recording_id = $1 order by person_id;

-- name: ListConsents :many
select c.person_id, c.agreed, c.at, p.name, p.body_name from meeting_consent c join meeting_person p on p.id = c.person_id
where c.recording_id = @recording_id and c.person_id > @after::uuid order by c.person_id limit @size;

-- name: MayWatch :one
select (exists (select from meeting_invitee i where i.meeting_id = @meeting_id and i.identity_id = @self::uuid)
	or exists (select from meeting_person p where p.meeting_id = @meeting_id and p.identity_id = @self::uuid and p.state = 'in'))::boolean as may;

-- name: KeepDays :one
select keep_days from meeting_recording_setting;

-- name: SetKeepDays :exec
update meeting_recording_setting set keep_days = $1;
