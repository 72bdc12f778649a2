package identity

import (
	"context"

	"github.com/google/uuid"

	"gonghui/app/identity/internal/db"
	"gonghui/app/identity/internal/noun"
	"gonghui/app/kit/cnid"
	"gonghui/app/module"
	"gonghui/tenant"
)

// Enrolment is a person with a place in a body.
type Enrolment struct {
	Name, Phone  string
	PasswordHash string // by HashPassword; kept only when the person has no password yet
	Body         uuid.UUID
	Role         string
	Ref          *uuid.UUID // the member row in the body's own schema, when there is one
	Demo         bool
}

// Enrol makes person, account and identity as far as they are missing. It is for operators; people come in by invitation.
func Enrol(ctx context.Context, tx tenant.DBTX, keys module.Keys, e Enrolment) error {
	phone, err := cnid.NormalizePhone(e.Phone)
	if err != nil {
		return err
	}
	q := db.New()
	person, err := q.UpsertPerson(ctx, tx, db.UpsertPersonParams{
		ID: tenant.NewID(), Name: e.Name, PhoneSealed: keys.Seal("person.phone", phone), PhoneDigest: keys.Digest("phone", phone), Demo: e.Demo,
	})
	if err != nil {
		return err
	}
	if _, err := q.UpsertAccount(ctx, tx, db.UpsertAccountParams{ID: tenant.NewID(), PersonID: person, PasswordHash: e.PasswordHash}); err != nil {
		return err
	}
	_, err = q.UpsertIdentity(ctx, tx, db.UpsertIdentityParams{
		ID: tenant.NewID(), PersonID: person, BodyID: e.Body, Role: e.Role, RefID: e.Ref,
	})
	if err != nil {
		return err
	}
	return noun.Person.Made(ctx, tx, tenant.Act{Act: "identity.enrol", Reason: e.Role}, person)
}
