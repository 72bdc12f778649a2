// Package scope says which union bodies a caller may look at.
package scope

import (
	"context"
	"net/http"

	"github.com/google/uuid"

	"gonghui/app/kit/fault"
	"gonghui/tenant"
	directoryv1 "gonghui/tenant/directory/v1"
)

// Viewer is from where a caller looks: the body of the host, or his anchor on the supervision host.
type Viewer struct {
	Anchor uuid.UUID
	// Supervision viewers have no body of their own and see nothing outside the anchor's subtree.
	Supervision bool
}

// Of returns the viewer of a call. Without a host's body and without a subject it sees nothing.
func Of(ctx context.Context) Viewer {
	if t := tenant.From(ctx); t != nil {
		return Viewer{Anchor: t.ID}
	}
	if s := tenant.SubjectFrom(ctx); s != nil {
		return Viewer{Anchor: s.Body, Supervision: true}
	}
	return Viewer{Supervision: true}
}

// Inside is a condition in SQL, given two expressions for ids: the body is the anchor or lies below it, on any line. It is a
// look-up by key for each row: as EXISTS the planner may turn it round and read the anchor's whole subtree.
func Inside(body, anchor string) string {
	return `coalesce((select true from platform.closure scope where scope.line in ('primary', 'territorial', 'industrial')
		and scope.ancestor_id = ` + anchor + ` and scope.descendant_id = ` + body + ` limit 1), false)`
}

// NotFound says that a body does not exist, or that the caller may not see it: the two look the same. field is the field of
// the request that names the body.
func NotFound(field string) error {
	return fault.Of(http.StatusNotFound, directoryv1.Reason_BODY_NOT_FOUND, field,
		"没有这个工会组织，请核对编码", "there is no such body; check the code")
}
