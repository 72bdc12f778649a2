package builder

import "gonghui/tenant"

// What the acts of this module are done on. Logs and inputs are not in the state: an input's digest stands for it.
var (
	appNoun   = tenant.Noun{Kind: "app", State: "select to_jsonb(a) from platform.app a where a.body_id = $1"}
	buildNoun = tenant.Noun{
		Kind:  "app_build",
		State: "select to_jsonb(b) - 'log' - 'input' - 'progress' - 'tries' - 'started_at' from platform.app_build b where b.id = $1",
	}
	releaseNoun = tenant.Noun{Kind: "app_release", State: "select to_jsonb(r) from platform.app_release r where r.id = $1"}
	keyNoun     = tenant.Noun{
		Kind:  "app_key",
		State: "select to_jsonb(k) - 'sealed' from platform.app_key k where k.body_id = $1",
	}
	rebuildNoun = tenant.Noun{
		Kind:  "app_rebuild",
		State: "select to_jsonb(r) - 'seen_to' - 'planned' - 'total' from platform.app_rebuild r where r.id = $1",
	}
)
