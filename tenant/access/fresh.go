package access

import (
	"context"
	"net/http"
	"time"

	"gonghui/app/kit/fault"
	"gonghui/tenant"
)

// FreshFor is how long a proof of who acts counts for sensitive acts.
const FreshFor = 10 * time.Minute

// Fresh refuses a caller who has not proved for a while to be the one of the session: it may be somebody else at the same
// screen. Who has never proved it, such as a program with a token, is refused as well.
func Fresh(ctx context.Context) error {
	s := tenant.SubjectFrom(ctx)
	if s != nil && time.Since(s.Proved) < FreshFor {
		return nil
	}
	return fault.Plain(http.StatusForbidden, "STEP_UP_REQUIRED",
		"请先验证身份，再继续操作", "prove that it is you, then go on")
}
