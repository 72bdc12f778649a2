// Package access answers whether who acts may do a thing. Until rights are granted one by one, four fixed roles anchored
// at a body decide: each capability names the roles that hold it.
package access

import (
	"context"
	"net/http"
	"strings"

	"gonghui/app/kit/fault"
	"gonghui/app/module"
	"gonghui/tenant"
)

// Capabilities that every host knows besides those of the modules.
const (
	Public  = "public"  // no session is needed
	Session = "session" // any signed-in person
	Inner   = "inner"   // calls between modules only; to everybody else it does not exist
)

type insideKey struct{}

// Inside returns the context of a call that comes from a module of this process. It is for the host that passes such calls on,
// and for the check alone: what is called must not hand it further.
func Inside(ctx context.Context) context.Context { return context.WithValue(ctx, insideKey{}, true) }

// Known reports whether a module declares the capability, or every host knows it.
func Known(capability string) bool {
	return capability == Public || capability == Session || capability == Inner || find(capability) != nil
}

func find(capability string) *module.Capability {
	name, _, _ := strings.Cut(capability, ".")
	info := module.Named(name)
	if info == nil {
		return nil
	}
	return info.Capability(capability)
}

// Check decides whether the subject of the context may use the capability on the host of the call.
func Check(ctx context.Context, capability string) error {
	switch {
	case capability == Public, capability == Inner && ctx.Value(insideKey{}) != nil:
		return nil
	case capability == Inner:
		return fault.Plain(http.StatusNotFound, "NOT_FOUND", "没有这个页面", "there is nothing here")
	}
	s := tenant.SubjectFrom(ctx)
	if s == nil {
		return fault.Plain(http.StatusUnauthorized, "SESSION_REQUIRED", "请先登录", "sign in first")
	}
	if capability == Session {
		return nil
	}
	c := find(capability)
	if c == nil || !c.HeldBy(s.Role) {
		return fault.Plain(http.StatusForbidden, "FORBIDDEN",
			"您没有这项权限，可请本工会管理员授予", "you do not hold this right; an administrator of the body can give it")
	}
	name, _, _ := strings.Cut(capability, ".")
	if t := tenant.From(ctx); t != nil && !module.Named(name).Core && !t.On[name] {
		return fault.Plain(http.StatusNotFound, "MODULE_OFF", "本工会没有开通这个应用", "this module is off in this body")
	}
	return nil
}
