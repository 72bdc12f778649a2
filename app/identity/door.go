package identity

import (
	"context"

	"github.com/google/uuid"

	"gonghui/app/identity/factor"
	"gonghui/app/identity/sms"
	"gonghui/tenant"
)

// door is what package factor gets of the module.
type door struct{ *Service }

var _ factor.Door = door{}

// Guess runs a check that may be guessed at.
func (d door) Guess(ctx context.Context, name string, refusal error, check func() (bool, error)) error {
	source := tenant.CallFrom(ctx).Source
	if err := d.guard.admit(ctx, name, source); err != nil {
		return err
	}
	ok, err := check()
	if err != nil {
		return err
	}
	if !ok {
		if err := d.guard.fail(ctx, name, source); err != nil {
			return err
		}
		return refusal
	}
	return d.guard.pass(ctx, name)
}

// PasswordOf reports whether the password is that of the account.
func (d door) PasswordOf(ctx context.Context, account uuid.UUID, password string) (bool, error) {
	return d.passwordOf(ctx, account, password)
}

// CodeOf uses up a code that was sent to the account's phone for a fresh proof.
func (d door) CodeOf(ctx context.Context, account uuid.UUID, code string) error {
	phone, err := d.phoneOf(ctx, account)
	if err != nil {
		return err
	}
	return d.proven(ctx, sms.StepUp, d.host.Keys().Digest("phone", phone), tenant.CallFrom(ctx).Source, code)
}

// Demanded reports whether the caller's place demands a second factor.
func (d door) Demanded(ctx context.Context, tx tenant.DBTX) (bool, error) {
	me := tenant.SubjectFrom(ctx)
	p, err := d.policyFor(ctx, tx, me.Body, me.Role)
	return p.Demands(me.Role), err
}

// Forget drops what memory holds of a session.
func (d door) Forget(session uuid.UUID) {
	d.forget(func(o *tenant.Subject) bool { return o.Session == session })
}

// Device is the caller's device in a few words.
func (d door) Device(ctx context.Context) string { return device(tenant.CallFrom(ctx).Device) }
