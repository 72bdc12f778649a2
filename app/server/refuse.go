package server

import (
	"context"
	"net/http"
	"time"

	"github.com/go-kratos/kratos/v2/errors"

	"gonghui/tenant"
	"gonghui/tenant/access"
)

// recording bounds how long the record of a refusal may take; the answer waits for it.
const recording = 2 * time.Second

// refused records that a call was refused for want of a right, or that somebody could not prove who he is. What else can be wrong
// with a request is no matter for the audit.
func (r *registry) refused(ctx context.Context, route Route, err error) {
	if err == nil || r.recorder == nil {
		return
	}
	e := errors.FromError(err)
	act := tenant.Act{Act: "refused", Kind: "capability", Object: route.Capability, Reason: e.Reason + " " + route.Method + " " + route.Path}
	switch {
	case route.Capability == access.Public && route.Method != http.MethodGet:
		if e.Code != http.StatusUnauthorized && e.Code != http.StatusForbidden && e.Code != http.StatusLocked {
			return
		}
		act.Kind, act.Object = "route", route.Path
	case e.Code != http.StatusForbidden || tenant.SubjectFrom(ctx) == nil:
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), recording)
	defer cancel()
	r.recorder.Refused(ctx, act)
}
