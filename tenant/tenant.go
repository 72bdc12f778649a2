// Package tenant is the kernel: it knows which union body a request belongs to and gives that body's own Postgres
// schema, and nothing else, to the code that serves it.
//
// There are two doors to SQL and no third: [DB.Tx] runs as the role of the tenant in the context, [DB.Platform] serves
// what stands above tenants (directory, identity, rights, roll-up). Neither opens inside the other.
package tenant

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"
)

// Tenant is a union body as the owner of a schema.
type Tenant struct {
	ID     uuid.UUID
	Code   string // code of the body: part of its host, schema and role names
	Name   string
	Level  string
	Active bool            // the schema stands
	On     map[string]bool // modules that are switched on
}

// Subject is who acts: one identity of one person, in one session.
type Subject struct {
	Account  uuid.UUID
	Person   uuid.UUID
	Identity uuid.UUID
	Session  uuid.UUID
	Name     string
	Role     string    // admin | officer | member | supervisor | system_admin | security_admin | audit_admin
	Body     uuid.UUID // where the role is anchored
	BodyCode string
	Ref      uuid.UUID // the member or officer row in the body's own schema, when there is one
	Assist   *Assist   // the help under which a person of another body acts here; nil for who is of the body
	App      uuid.UUID // an app that acts by itself, for nobody; zero for people
	// Proved is when the person last proved to be who they are, in this session; zero outside a session.
	Proved time.Time
}

// Actor is whose records are those that the subject makes: the identity's, or the app's that acts by itself.
func (s *Subject) Actor() uuid.UUID {
	if s.App != uuid.Nil {
		return s.App
	}
	return s.Identity
}

// Assist is the help of another body: given with the consent of the body that is helped, for a time.
type Assist struct {
	Grant    uuid.UUID // that allows it
	Body     uuid.UUID // the helper's own body
	BodyName string
	Until    time.Time
}

// Call is what the edge knows of a request.
type Call struct {
	Host           string
	Supervision    bool   // the host is the supervision host, which belongs to no tenant
	Source         string // address of the caller
	Request        string // request id
	Device         string
	IdempotencyKey string
}

type (
	tenantKey  struct{}
	subjectKey struct{}
	callKey    struct{}
	doorKey    struct{}
)

var (
	// ErrNoTenant is returned by DB.Tx for a context that belongs to no tenant.
	ErrNoTenant = errors.New("tenant: no tenant in the context")
	// ErrNestedDoor is returned when a door, or a call to another module, is opened inside a door.
	ErrNestedDoor = errors.New("tenant: a door was opened inside another")
	// ErrNotActive is returned by DB.Tx when the tenant has no schema and none could be made.
	ErrNotActive = errors.New("tenant: the body is not active")
)

// With returns a context that belongs to t.
func With(ctx context.Context, t *Tenant) context.Context {
	return context.WithValue(ctx, tenantKey{}, t)
}

// From returns the tenant of the context, or nil.
func From(ctx context.Context) *Tenant {
	t, _ := ctx.Value(tenantKey{}).(*Tenant)
	return t
}

// WithSubject returns a context in which s acts.
func WithSubject(ctx context.Context, s *Subject) context.Context {
	return context.WithValue(ctx, subjectKey{}, s)
}

// SubjectFrom returns who acts, or nil.
func SubjectFrom(ctx context.Context) *Subject {
	s, _ := ctx.Value(subjectKey{}).(*Subject)
	return s
}

// WithCall returns a context that carries what the edge knows of the request.
func WithCall(ctx context.Context, c Call) context.Context {
	return context.WithValue(ctx, callKey{}, &c)
}

// CallFrom returns what the edge knows of the request; the zero Call outside a request.
func CallFrom(ctx context.Context) Call {
	if c, ok := ctx.Value(callKey{}).(*Call); ok {
		return *c
	}
	return Call{}
}

// InDoor reports whether the context comes from inside a door.
func InDoor(ctx context.Context) bool { return ctx.Value(doorKey{}) != nil }

func enterDoor(ctx context.Context) (context.Context, error) {
	if InDoor(ctx) {
		return nil, ErrNestedDoor
	}
	return context.WithValue(ctx, doorKey{}, true), nil
}
