package access

import (
	"context"
	"testing"

	kerrors "github.com/go-kratos/kratos/v2/errors"

	"gonghui/tenant"
)

func TestInner(t *testing.T) {
	stranger := context.Background()
	member := tenant.WithSubject(stranger, &tenant.Subject{Role: "admin"})
	for name, row := range map[string]struct {
		ctx        context.Context
		capability string
		code       int
	}{
		"a stranger at what is inner":            {stranger, Inner, 404},
		"an administrator at what is inner":      {member, Inner, 404},
		"a module for a stranger":                {Inside(stranger), Inner, 200},
		"a module for an administrator":          {Inside(member), Inner, 200},
		"a module for a stranger, at a session":  {Inside(stranger), Session, 401},
		"a module for an administrator, unknown": {Inside(member), "nothing.read", 403},
		"a stranger at what is public":           {stranger, Public, 200},
	} {
		if got := kerrors.Code(Check(row.ctx, row.capability)); got != row.code {
			t.Errorf("%s: %d, want %d", name, got, row.code)
		}
	}
	if !Known(Inner) {
		t.Error("inner is not known")
	}
}
