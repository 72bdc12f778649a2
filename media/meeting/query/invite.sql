-- name: ClearTargets :exec
delete from meeting_target where meeting_id = $1;

-- name: InsertTargets :exec
insert into meeting_target (meeting_id, target_id, kind, code, name, role)
select @meeting_id, unnest(@ids::uuid[]), unnest(@kinds::varchar[]), unnest(@codes::varchar[]), unnest(@names::varchar[]), unnest(@roles::varchar[]);

-- name: ListTargets :many
select target_id, kind, code, name, role, told from meeting_target where meeting_id = $1 order by target_id;

-- name: ToldTarget :exec
update meeting_target set told = $3 where meeting_id = $1 and target_id = $2;

-- name: ClearVia :many
-- Those of a group who are in it no more, and who they were.
delete from meeting_invitee where meeting_id = @meeting_id and via = @via and not identity_id = any (@keep::uuid[]) returning identity_id;

-- name: ListAway :many
-- Invited people of other bodies.
select identity_id, home, role from meeting_invitee where meeting_id = $1 and home <> '' order by home, identity_id;

-- name: KnownAway :many
-- People of other bodies who have been at a meeting here.
select distinct on (identity_id) identity_id::uuid as identity_id, name, home, body_name from meeting_person
where identity_id is not null and home not in ('', @own::varchar) and state = 'in'
	and (cardinality(@identities::uuid[]) = 0 or identity_id = any (@identities)) and strpos(name, @query::varchar) > 0
order by identity_id, id desc limit @size;

-- name: InsertOccurrences :exec
insert into meeting_occurrence (meeting_id, link, series_id, place, original, rule)
select unnest(@meetings::uuid[]), @link, @series_id, unnest(@places::smallint[]), unnest(@originals::timestamptz[]), @rule;

-- name: Occurrence :one
select meeting_id, link, series_id, place, original, rule from meeting_occurrence where meeting_id = $1;

-- name: OccurrencesOf :many
select meeting_id, link, series_id, place, original, rule from meeting_occurrence where meeting_id = any (@meetings::uuid[]);

-- name: ListOccurrences :many
select o.meeting_id, o.link, o.series_id, o.place, o.original, o.rule, m.number, m.title, m.starts_at, m.ends_at, m.state, m.version, m.host_name
from meeting_occurrence o join meeting m on m.id = o.meeting_id
where o.link = $1 order by o.place;

-- name: MoveOccurrence :exec
update meeting_occurrence set series_id = $2, rule = $3, original = $4 where meeting_id = $1;

-- name: CutRule :exec
update meeting_occurrence set rule = @rule where series_id = @series_id and link = @link;

-- name: CountPresent :one
-- How many came.
select count(distinct person_id)::integer from meeting_stay where meeting_id = $1;

-- name: NextByLink :one
-- The time of a recurring meeting to which its link leads: the one that runs, else the next, else the last.
select m.id from meeting_occurrence o join meeting m on m.id = o.meeting_id
where o.link = $1
order by (m.state = 'live') desc, (m.state = 'planned' and m.ends_at > @now::timestamptz) desc, abs(extract(epoch from m.starts_at) - extract(epoch from @now::timestamptz))
limit 1;

-- name: PutPointers :exec
insert into meeting_pointer (meeting_id, identity_id, body_code, body_name, number, title, host_name, starts_at, ends_at, state, role, revision,
	remind_first, remind_second, remind_text, place)
select unnest(@meetings::uuid[]), @identity_id, @body_code, @body_name, unnest(@numbers::varchar[]), unnest(@titles::varchar[]), @host_name,
	unnest(@starts::timestamptz[]), unnest(@ends::timestamptz[]), unnest(@states::varchar[]), @role, unnest(@revisions::integer[]),
	unnest(@remind_firsts::smallint[]), unnest(@remind_seconds::smallint[]), unnest(@remind_texts::boolean[]), unnest(@spots::varchar[])
on conflict (meeting_id, identity_id) do update set body_name = excluded.body_name, number = excluded.number, title = excluded.title, host_name = excluded.host_name,
	starts_at = excluded.starts_at, ends_at = excluded.ends_at, state = excluded.state, role = excluded.role, revision = excluded.revision,
	remind_first = excluded.remind_first, remind_second = excluded.remind_second, remind_text = excluded.remind_text, place = excluded.place
where meeting_pointer.revision <= excluded.revision and meeting_pointer.body_code = excluded.body_code;

-- name: DropPointers :exec
delete from meeting_pointer where meeting_id = any (@meetings::uuid[]) and identity_id = @identity_id and body_code = @body_code and revision <= @revision;

-- name: GetPointer :one
select meeting_id, identity_id, body_code, body_name, number, title, host_name, starts_at, ends_at, state, role, revision, remind_first, remind_second, remind_text, place
from meeting_pointer where meeting_id = @meeting_id and identity_id = any (@selves::uuid[]) order by identity_id desc limit 1;

-- name: PutAnswer :one
insert into meeting_answer (meeting_id, identity_id, home, name, body_name, answer, note, substitute_id, substitute, at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
on conflict (meeting_id, identity_id) do update set name = excluded.name, body_name = excluded.body_name, answer = excluded.answer, note = excluded.note,
	substitute_id = excluded.substitute_id, substitute = excluded.substitute, at = excluded.at
where meeting_answer.at <= excluded.at
returning meeting_id, identity_id, home, name, body_name, answer, note, substitute_id, substitute, at;

-- name: GetAnswer :one
select meeting_id, identity_id, home, name, body_name, answer, note, substitute_id, substitute, at from meeting_answer where meeting_id = $1 and identity_id = $2;

-- name: ListAnswers :many
select meeting_id, identity_id, home, name, body_name, answer, note, substitute_id, substitute, at from meeting_answer
where meeting_id = @meeting_id and identity_id > @after order by identity_id limit @size;

-- name: CountAnswers :many
select answer, count(*)::integer as people from meeting_answer where meeting_id = $1 group by answer;

-- name: ListSubstitutes :many
select a.substitute_id::uuid as substitute_id, a.substitute, a.home, coalesce(i.role, '')::varchar as role
from meeting_answer a left join meeting_invitee i on i.meeting_id = a.meeting_id and i.identity_id = a.identity_id
where a.meeting_id = $1 and a.answer = 'substitute' and a.substitute_id is not null;

-- name: ListCalendar :many
-- What concerns somebody between two moments, here and in other bodies. With whole: all of this body.
select c.id, c.number, c.title, c.starts_at, c.ends_at, c.state, c.host_id, c.host_name, c.open_to, c.audience, c.version, c.invited, c.body_code, c.body_name, c.place,
	coalesce(a.answer, '')::varchar as answer, coalesce(o.link, '')::varchar as link
from (
	select m.id, m.number, m.title, m.starts_at, m.ends_at, m.state, m.host_id, m.host_name, m.open_to, m.audience, m.version,
		coalesce((select i.role from meeting_invitee i where i.meeting_id = m.id and i.identity_id = @self), '')::varchar as invited, ''::varchar as body_code, ''::varchar as body_name,
		coalesce((select case l.location when '' then l.name else l.name || ' · ' || l.location end from meeting_booking b join meeting_place l on l.id = b.place_id
			where b.meeting_id = m.id), '')::varchar as place
	from meeting m
	where m.starts_at >= @from_at and m.starts_at < @to_at and (@whole::boolean or m.host_id = @self::uuid or m.open_to = 'body'
		or exists (select from meeting_invitee i where i.meeting_id = m.id and i.identity_id = @self)
		or exists (select from meeting_person p where p.meeting_id = m.id and p.identity_id = @self))
	union all
	select distinct on (p.meeting_id) p.meeting_id, p.number, p.title, p.starts_at, p.ends_at, p.state, '00000000-0000-0000-0000-000000000000'::uuid, p.host_name, 'bodies', false, p.revision,
		p.role, p.body_code, p.body_name, p.place
	from meeting_pointer p
	where p.starts_at >= @from_at and p.starts_at < @to_at and p.identity_id = any (@selves::uuid[])
) c
left join meeting_answer a on a.meeting_id = c.id and a.identity_id = @self
left join meeting_occurrence o on o.meeting_id = c.id
where (c.starts_at, c.id) > (@after_at::timestamptz, @after::uuid)
order by c.starts_at, c.id limit @size;

-- name: PutFeed :exec
insert into meeting_feed (identity_id, digest, made_at) values ($1, $2, $3)
on conflict (identity_id) do update set digest = excluded.digest, made_at = excluded.made_at;

-- name: DropFeed :execrows
delete from meeting_feed where identity_id = $1;

-- name: GetFeed :one
select digest from meeting_feed where identity_id = $1;
