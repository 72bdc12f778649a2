package access

import (
	"context"
	"testing"
	"time"

	kerrors "github.com/go-kratos/kratos/v2/errors"

	"gonghui/tenant"
)

func TestFresh(t *testing.T) {
	for name, row := range map[string]struct {
		subject *tenant.Subject
		fresh   bool
	}{
		"just signed in":     {&tenant.Subject{Proved: time.Now()}, true},
		"nine minutes ago":   {&tenant.Subject{Proved: time.Now().Add(-9 * time.Minute)}, true},
		"eleven minutes ago": {&tenant.Subject{Proved: time.Now().Add(-11 * time.Minute)}, false},
		"never":              {&tenant.Subject{}, false},
		"nobody":             {nil, false},
	} {
		ctx := context.Background()
		if row.subject != nil {
			ctx = tenant.WithSubject(ctx, row.subject)
		}
		err := Fresh(ctx)
		if (err == nil) != row.fresh || err != nil && kerrors.Reason(err) != "STEP_UP_REQUIRED" {
			t.Errorf("%s: %v", name, err)
		}
	}
}
