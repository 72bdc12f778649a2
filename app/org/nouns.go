package org

import "gonghui/tenant"

// What the acts of this module are done on.
var (
	profileNoun     = tenant.Noun{Kind: "profile", State: "select to_jsonb(p) || to_jsonb(a) from profile p, profile_about a"}
	deptNoun        = tenant.Noun{Kind: "dept", State: "select to_jsonb(d) from dept d where d.id = $1"}
	postNoun        = tenant.Noun{Kind: "post", State: "select to_jsonb(p) from post p where p.id = $1"}
	officerNoun     = tenant.Noun{Kind: "officer", State: "select to_jsonb(o) from officer o where o.id = $1"}
	appointmentNoun = tenant.Noun{Kind: "appointment", State: "select to_jsonb(a) from appointment a where a.id = $1"}
)
