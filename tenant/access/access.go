// Package access answers whether who acts may do a thing, where, and how much of the data it shows him. The rules are rows of
// schema platform, read through casbin (package source); they are compiled once a subject (package policy) and kept until news
// of a change comes.
package access

import (
	"context"
	"log/slog"
	"net/http"
	"slices"

	"github.com/google/uuid"

	"gonghui/app/kit/fault"
	"gonghui/tenant"
	"gonghui/tenant/access/policy"
	"gonghui/tenant/directory/scope"
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

var (
	errSession   = fault.Plain(http.StatusUnauthorized, "SESSION_REQUIRED", "请先登录", "sign in first")
	errForbidden = fault.Plain(http.StatusForbidden, "FORBIDDEN",
		"您没有这项权限，可请本工会管理员授予", "you do not hold this right; an administrator of the body can give it")
	errModuleOff = fault.Plain(http.StatusNotFound, "MODULE_OFF", "本工会没有开通这个应用", "this module is off in this body")
	errNothing   = fault.Plain(http.StatusNotFound, "NOT_FOUND", "没有这个页面", "there is nothing here")
)

// Check decides whether the subject of the context may use the capability on the host of the call, at the level that the
// capability takes.
func Check(ctx context.Context, capability string) error { return CheckLevel(ctx, capability, None) }

// CheckLevel is Check at a data level, or at the capability's own where that is higher. On the host of a body it is decided for
// that body; on the supervision host, which is nobody's, it is enough to hold the capability anywhere, and what is asked about a
// body goes through [CheckAt].
func CheckLevel(ctx context.Context, capability string, level Level) error {
	switch {
	case capability == Public, capability == Inner && ctx.Value(insideKey{}) != nil:
		return nil
	case capability == Inner:
		return errNothing
	}
	s := tenant.SubjectFrom(ctx)
	if s == nil {
		return errSession
	}
	if capability == Session {
		if s.App != uuid.Nil {
			return errForbidden // what every person may do about himself is no program's to do
		}
		return nil
	}
	id := product().ID(capability)
	if id < 0 {
		return errForbidden
	}
	r, err := rightsOf(ctx, s)
	if err != nil {
		return err
	}
	t := tenant.From(ctx)
	var held Level
	switch {
	case t == nil:
		held = r.Anywhere(id)
	case t.ID == s.Body:
		held = r.host(id, s.Role)
	default:
		held = r.Level(id, t.ID)
	}
	if held < max(level, product().Level(id)) {
		return errForbidden
	}
	if t != nil && off(t, id) {
		return errModuleOff
	}
	return nil
}

// off reports whether the capability is of a module that the body has not on.
func off(t *tenant.Tenant, capability int32) bool {
	info := product().modules[capability]
	return !info.Core && !t.On[info.Name]
}

// rightsOf returns the rights of the subject, by the engine of the context.
func rightsOf(ctx context.Context, s *tenant.Subject) (*rights, error) {
	if e, ok := ctx.Value(engineKey{}).(*Engine); ok {
		return e.of(ctx, s)
	}
	return placeOnly(s), nil
}

// CheckAt decides about any body. One in which the caller holds nothing at all, and that is not his own, is answered as one
// that does not exist.
func CheckAt(ctx context.Context, capability string, body uuid.UUID, level Level) error {
	s := tenant.SubjectFrom(ctx)
	if s == nil {
		return errSession
	}
	r, err := rightsOf(ctx, s)
	if err != nil {
		return err
	}
	if id := product().ID(capability); id >= 0 && r.at(id, s, body) >= max(level, product().Level(id)) {
		return nil
	}
	if body == s.Body || r.knows(body) {
		return errForbidden
	}
	return scope.NotFound("code")
}

// host is the level held in the subject's own body. What is held there in part counts where it is told apart.
func (r *rights) host(capability int32, role string) Level {
	if product().narrowed(capability, role) {
		return r.Home(capability)
	}
	return r.Parts(capability).All
}

// at is the level held in a body, the subject's own included when no index knows it.
func (r *rights) at(capability int32, s *tenant.Subject, body uuid.UUID) Level {
	if body == s.Body {
		return r.host(capability, s.Role)
	}
	return r.Level(capability, body)
}

// knows reports whether anything is held in a body: then the subject may know that it exists.
func (r *rights) knows(body uuid.UUID) bool {
	for id := range int32(product().Len()) {
		if r.Level(id, body) > None {
			return true
		}
	}
	return false
}

// LevelAt is the highest level at which the subject holds the capability in a body.
func LevelAt(ctx context.Context, capability string, body uuid.UUID) Level {
	s, id := tenant.SubjectFrom(ctx), product().ID(capability)
	if s == nil || id < 0 {
		return None
	}
	r, err := rightsOf(ctx, s)
	if err != nil {
		slog.ErrorContext(ctx, "access: rights", "request", tenant.CallFrom(ctx).Request, "error", err)
		return None
	}
	return r.at(id, s, body)
}

// Seen returns which bodies a right reaches, for lists of many. It asks the engine given, also where the context has none.
func (e *Engine) Seen(ctx context.Context, capability string) (func(body uuid.UUID) bool, error) {
	s, id := tenant.SubjectFrom(ctx), product().ID(capability)
	if s == nil || id < 0 {
		return func(uuid.UUID) bool { return false }, nil
	}
	r, err := e.of(ctx, s)
	if err != nil {
		return nil, err
	}
	level := product().Level(id)
	return func(body uuid.UUID) bool { return r.at(id, s, body) >= level }, nil
}

// Reach is how much of the host's body a right reaches, for queries of lists: all of it, or the parts of it.
type Reach struct {
	All         bool        // every record
	Own         uuid.UUID   // records that this identity made or has in hand; zero for none
	Self        uuid.UUID   // the record that is about the caller; zero for none
	Departments []uuid.UUID // records of these departments; never nil, for it is a parameter of queries
}

// Nothing reports whether the right reaches no record.
func (r Reach) Nothing() bool {
	return !r.All && r.Own == uuid.Nil && r.Self == uuid.Nil && len(r.Departments) == 0
}

// Takes reports whether the right reaches a record: with its id, the identity that made it, and its department, nil for none.
func (r Reach) Takes(id uuid.UUID, by, department *uuid.UUID) bool {
	return r.All || id == r.Self && id != uuid.Nil || by != nil && *by == r.Own && r.Own != uuid.Nil ||
		department != nil && slices.Contains(r.Departments, *department)
}

// And is what both rights reach. Where they reach different kinds of parts, what lies in both by chance is left out.
func (r Reach) And(o Reach) Reach {
	switch {
	case r.All:
		return o
	case o.All:
		return r
	}
	both := Reach{Departments: []uuid.UUID{}}
	if r.Own == o.Own {
		both.Own = r.Own
	}
	if r.Self == o.Self {
		both.Self = r.Self
	}
	for _, d := range r.Departments {
		if slices.Contains(o.Departments, d) {
			both.Departments = append(both.Departments, d)
		}
	}
	return both
}

// Within is Filter for what the product also does of itself: jobs and seeds act for nobody, and reach every record.
func Within(ctx context.Context, capability string) (Reach, error) {
	if tenant.SubjectFrom(ctx) == nil {
		return Reach{All: true, Departments: []uuid.UUID{}}, nil
	}
	return Filter(ctx, capability)
}

// Filter is how far the subject's right to a capability reaches in the body of the host, at the level that the capability
// takes. It fails where rights cannot be read: that is not to hold none.
func Filter(ctx context.Context, capability string) (Reach, error) {
	reach := Reach{Departments: []uuid.UUID{}}
	s, id := tenant.SubjectFrom(ctx), product().ID(capability)
	if s == nil || id < 0 {
		return reach, nil
	}
	r, err := rightsOf(ctx, s)
	if err != nil {
		return reach, err
	}
	level, parts := product().Level(id), r.Parts(id)
	if t := tenant.From(ctx); t != nil && t.ID != s.Body {
		parts = policy.Parts{All: r.Level(id, t.ID)} // parts are those of the subject's own body
	}
	if reach.All = parts.All >= level; reach.All {
		return reach, nil
	}
	if parts.Own >= level {
		reach.Own = s.Actor()
	}
	if parts.Self >= level {
		reach.Self = s.Ref
	}
	for d, l := range parts.Departments {
		if l >= level {
			reach.Departments = append(reach.Departments, d)
		}
	}
	return reach, nil
}

// Held returns the capabilities that the subject holds on the host, those of modules that are off left out.
func Held(ctx context.Context) []string {
	var held []string
	for _, c := range product().infos {
		if CheckLevel(ctx, c.Name, None) == nil {
			held = append(held, c.Name)
		}
	}
	return held
}
