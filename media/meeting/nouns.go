package meeting

import "gonghui/tenant"

// What the acts of this module are done on.
var (
	meetingNoun = tenant.Noun{Kind: "meeting", State: `select to_jsonb(m) || jsonb_build_object('invitees', (
		select coalesce(jsonb_agg(to_jsonb(i) order by i.identity_id), '[]') from meeting_invitee i where i.meeting_id = m.id and i.via is null),
		'targets', (select coalesce(jsonb_agg(to_jsonb(t) - 'told' order by t.target_id), '[]') from meeting_target t where t.meeting_id = m.id),
		'watermark', exists (select from meeting_option o where o.meeting_id = m.id and o.watermark),
		'reminders', (select jsonb_build_array(r.first, r.second, r.by_text) from meeting_reminding r where r.meeting_id = m.id),
		'place', (select b.place_id from meeting_booking b where b.meeting_id = m.id)) from meeting m where m.id = $1`}
	answerNoun = tenant.Noun{Kind: "meeting_answer", State: "select to_jsonb(a) from meeting_answer a where a.meeting_id = $1 and a.identity_id = $2"}
	insideNoun = tenant.Noun{Kind: "meeting", State: `select coalesce(to_jsonb(o), '{}') || jsonb_build_object('rooms', (
		select coalesce(jsonb_agg(r.name order by r.id), '[]') from meeting_room r where r.meeting_id = m.id and not r.retired), 'assigned', (
		select count(p.room_id) from meeting_part p where p.meeting_id = m.id)) from meeting m left join meeting_option o on o.meeting_id = m.id where m.id = $1`}
	minutesNoun = tenant.Noun{Kind: "meeting", State: `select jsonb_build_object('version', coalesce(max(x.version), 0), 'text', md5(coalesce(string_agg(x.text, '' order by x.part)
		filter (where x.version = (select max(y.version) from meeting_minutes y where y.meeting_id = m.id)), '')))
		from meeting m left join meeting_minutes x on x.meeting_id = m.id where m.id = $1 group by m.id`}
	personNoun    = tenant.Noun{Kind: "meeting_person", State: "select to_jsonb(p) - 'seat_digest' from meeting_person p where p.id = $1"}
	recordingNoun = tenant.Noun{Kind: "meeting_recording", State: `select to_jsonb(r) - '{seen_at,percent,run,tries,size,stored,segments}'::text[]
		from meeting_recording r where r.id = $1`}
	agendaNoun = tenant.Noun{Kind: "meeting", State: `select jsonb_build_object('agenda', (select coalesce(jsonb_agg(to_jsonb(i) - '{began_at,ended_at}'::text[] order by i.place, i.id), '[]')
		from meeting_item i where i.meeting_id = m.id)) from meeting m where m.id = $1`}
	courseNoun = tenant.Noun{Kind: "meeting", State: `select jsonb_build_object('item', (select i.id from meeting_item i where i.meeting_id = m.id
		and i.began_at is not null and i.ended_at is null)) from meeting m where m.id = $1`}
	paperNoun = tenant.Noun{Kind: "meeting_paper", State: `select to_jsonb(p) || jsonb_build_object('readers', (select coalesce(jsonb_agg(r.identity_id order by r.identity_id), '[]')
		from meeting_reader r where r.paper_id = p.id)) from meeting_paper p where p.id = $1`}
	placeNoun   = tenant.Noun{Kind: "meeting_place", State: "select to_jsonb(p) from meeting_place p where p.id = $1"}
	settingNoun = tenant.Noun{Kind: "meeting_recording_setting", State: "select to_jsonb(s) from meeting_recording_setting s where s.id = $1"}
)
