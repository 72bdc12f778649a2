package member

import "gonghui/tenant"

// What the acts of this module are done on, beside the files of members, whose state is stated by asAudited.
var (
	requestNoun = tenant.Noun{Kind: "request", State: "select to_jsonb(r) from member_request r where r.id = $1"}
	// A person stands on the list of duplicates once: by id, or by the digest of the ID number.
	duplicateNoun = tenant.Noun{Kind: "duplicate", State: "select to_jsonb(d) from member_duplicate d where d.id = $1 for update"}
	twinNoun      = tenant.Noun{Kind: "duplicate", State: "select to_jsonb(d) from member_duplicate d where d.id_digest = $1"}
)
