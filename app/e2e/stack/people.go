package stack

import (
	"context"
	"path/filepath"
	"sync"
	"testing"

	"github.com/google/uuid"

	"gonghui/app/identity"
	"gonghui/app/kit/crypt"
	"gonghui/tenant"
)

// Password opens every account that Enrol makes.
const Password = "journey-2026"

var passwordHash = sync.OnceValues(func() (string, error) { return identity.HashPassword(Password) })

// Doors opens the database as an operator's command does; both are closed with the test.
func (s *Stack) Doors(t testing.TB) (*tenant.DB, *crypt.Ring) {
	t.Helper()
	ring, err := crypt.Load(filepath.Join(s.Dir, "keys.json"))
	if err != nil {
		t.Fatal(err)
	}
	db, err := tenant.Open(context.Background(), tenant.Config{DSN: s.PGDSN, Prefix: s.Prefix, Secret: ring.Secret()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(db.Close)
	return db, ring
}

// Person has a role in a body; the phone tells persons apart.
type Person struct {
	Body, Role, Name, Phone string
	Ref                     *uuid.UUID // the member row in the body's own schema, when there is one
}

// Enrol makes the persons with their accounts, without an invitation.
func (s *Stack) Enrol(t testing.TB, persons ...Person) {
	t.Helper()
	hash, err := passwordHash()
	if err != nil {
		t.Fatal(err)
	}
	db, ring := s.Doors(t)
	err = db.Platform(context.Background(), func(ctx context.Context, tx tenant.DBTX) error {
		for _, p := range persons {
			var body uuid.UUID
			if err := tx.QueryRow(ctx, "select id from platform.body where code = $1", p.Body).Scan(&body); err != nil {
				return err
			}
			err := identity.Enrol(ctx, tx, ring, identity.Enrolment{
				Name: p.Name, Phone: p.Phone, PasswordHash: hash, Body: body, Role: p.Role, Ref: p.Ref,
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
