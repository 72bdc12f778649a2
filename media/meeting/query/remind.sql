-- name: SetReminders :exec
insert into meeting_reminding (meeting_id, first, second, by_text) select unnest(@meetings::uuid[]), @first, @second, @by_text
on conflict (meeting_id) do update set first = excluded.first, second = excluded.second, by_text = excluded.by_text;

-- name: GetReminders :one
select meeting_id, first, second, by_text from meeting_reminding where meeting_id = $1;

-- name: ArrangedOf :many
-- Reminders of some meetings, and the room with where it is.
select m.id, coalesce(o.first, 30)::smallint as first, coalesce(o.second, 0)::smallint as second, coalesce(o.by_text, false) as by_text,
	coalesce((select left(case l.location when '' then l.name else l.name || ' · ' || l.location end, 100) from meeting_booking b join meeting_place l on l.id = b.place_id
		where b.meeting_id = m.id), '')::varchar as place
from meeting m left join meeting_reminding o on o.meeting_id = m.id where m.id = any (@meetings::uuid[]);

-- name: DueReminders :many
-- Meetings of which somebody is to be reminded now, here and in other bodies: the latest time for it is past, and they have not put it
-- away since. Who comes not is not reminded.
with t as (select @self::uuid as self, @now::timestamptz as now)
select e.id, e.number, e.title, e.starts_at, e.ends_at, e.state, e.host_name, e.body_code, e.body_name, e.role, e.due_at::timestamptz as due_at
from (
	select c.id, c.number, c.title, c.starts_at, c.ends_at, c.state, c.host_name, c.body_code, c.body_name, c.role, c.answer,
		case when c.second > 0 and c.starts_at - c.second * interval '1 minute' <= t.now then c.starts_at - c.second * interval '1 minute'
			when c.first > 0 and c.starts_at - c.first * interval '1 minute' <= t.now then c.starts_at - c.first * interval '1 minute' end as due_at
	from (
		select m.id, coalesce(x.link, m.number)::varchar as number, m.title, m.starts_at, m.ends_at, m.state, m.host_name, ''::varchar as body_code, ''::varchar as body_name,
			case when m.host_id = t.self then 'host' else coalesce(i.role, case when m.audience then 'audience' else 'speaker' end) end::varchar as role,
			coalesce(o.first, 30) as first, coalesce(o.second, 0) as second, coalesce(a.answer, '') as answer
		from t cross join meeting m
		left join meeting_invitee i on i.meeting_id = m.id and i.identity_id = t.self
		left join meeting_answer a on a.meeting_id = m.id and a.identity_id = t.self
		left join meeting_reminding o on o.meeting_id = m.id
		left join meeting_occurrence x on x.meeting_id = m.id
		where m.state in ('planned', 'live') and m.ends_at > t.now and m.starts_at < t.now + interval '1 day 1 minute'
			and (m.host_id = t.self or i.role is not null or m.open_to <> 'invited' and a.answer in ('yes', 'maybe'))
		union all
		select distinct on (p.meeting_id) p.meeting_id, p.number, p.title, p.starts_at, p.ends_at, p.state, p.host_name, p.body_code, p.body_name, p.role,
			p.remind_first, p.remind_second, coalesce(b.answer, '')
		from t cross join meeting_pointer p
		left join meeting_answer b on b.meeting_id = p.meeting_id and b.identity_id = t.self
		where p.identity_id = any (@selves::uuid[]) and p.ends_at > t.now and p.starts_at < t.now + interval '1 day 1 minute' and p.state in ('planned', 'live')
	) c cross join t
) e
cross join t
left join meeting_dismissal d on d.meeting_id = e.id and d.identity_id = t.self
where e.due_at is not null and e.answer not in ('no', 'substitute') and (d.at is null or d.at < e.due_at)
order by e.starts_at, e.id limit @size;

-- name: Dismiss :exec
insert into meeting_dismissal (meeting_id, identity_id, at) values ($1, $2, $3)
on conflict (meeting_id, identity_id) do update set at = excluded.at;

-- name: ToRemind :many
-- Those of this body who are to be reminded of a meeting of it, by their ids.
with who as (
	select m.host_id as id from meeting m where m.id = @meeting_id
	union select i.identity_id from meeting_invitee i where i.meeting_id = @meeting_id and i.home = ''
	union select a.identity_id from meeting_answer a where a.meeting_id = @meeting_id and a.home = '' and a.answer in ('yes', 'maybe')
)
select w.id::uuid as id from who w
left join meeting_answer n on n.meeting_id = @meeting_id and n.identity_id = w.id and n.answer in ('no', 'substitute')
where w.id > @after::uuid and n.meeting_id is null
order by w.id limit @size;

-- name: PointersTo :many
-- Who of this body is invited to a meeting of another one.
select meeting_id, identity_id, body_code, body_name, number, title, host_name, starts_at, ends_at, state, role, revision, remind_first, remind_second, remind_text, place
from meeting_pointer where meeting_id = $1 order by identity_id;

-- name: NotComing :many
-- Those among some who have said that they do not come.
select identity_id from meeting_answer where meeting_id = @meeting_id and identity_id = any (@identities::uuid[]) and answer in ('no', 'substitute');
