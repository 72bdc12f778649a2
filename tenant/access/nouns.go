package access

import "gonghui/tenant"

// What the acts of this module are done on. A person in a group is an object of its own: groups are large.
var (
	roleNoun = tenant.Noun{Kind: "role", State: `select to_jsonb(r) || jsonb_build_object('capabilities',
		(select coalesce(jsonb_object_agg(c.capability, c.effect || ' ' || c.level), '{}') from platform.role_capability c where c.role_id = r.id))
		from platform.role r where r.id = $1`}
	grantNoun       = tenant.Noun{Kind: "grant", State: `select to_jsonb(g) from platform."grant" g where g.id = $1 for update`}
	groupNoun       = tenant.Noun{Kind: "group", State: "select to_jsonb(g) from platform.subject_group g where g.id = $1 for update"}
	groupMemberNoun = tenant.Noun{Kind: "group", State: "select to_jsonb(m) from platform.subject_group_member m where m.group_id = $1 and m.identity_id = $2"}
	setNoun         = tenant.Noun{Kind: "body_set", State: `select to_jsonb(s) || jsonb_build_object('bodies',
		array(select i.body_id from platform.body_set_item i where i.set_id = s.id order by i.body_id)) from platform.body_set s where s.id = $1`}
	separationNoun = tenant.Noun{Kind: "body", State: `select jsonb_build_object('separated',
		coalesce((select p.separated from platform.body_policy p where p.body_id = $1), false))`}
)
