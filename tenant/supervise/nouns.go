package supervise

import "gonghui/tenant"

// What the acts of this module are done on: a request with when its grant was ended, and a rule.
var (
	requestNoun = tenant.Noun{Kind: "supervision", State: `select to_jsonb(r) - 'accesses' || jsonb_build_object('valid_to', g.valid_to, 'ended_at', g.ended_at)
		from platform.supervise_request r left join platform."grant" g on g.id = r.grant_id where r.id = $1`}
	ruleNoun = tenant.Noun{Kind: "supervision_rule", State: "select to_jsonb(u) from platform.supervise_rule u where u.id = $1"}
)
