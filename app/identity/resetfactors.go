package identity

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"

	"gonghui/app/identity/factor"
	"gonghui/app/identity/internal/db"
	"gonghui/app/identity/internal/noun"
	"gonghui/app/module"
	"gonghui/tenant"
)

// ErrNoAccount is returned for a phone that no open account has.
var ErrNoAccount = errors.New("identity: no open account has this phone")

// ResetFactors takes every second factor from the account of a phone and ends its sessions. It is for operators: an administrator of
// one body must not weaken an account that other bodies trust.
func ResetFactors(ctx context.Context, tx tenant.DBTX, h module.Host, phone, reason string) error {
	number, err := normalPhone(phone)
	if err != nil {
		return err
	}
	q := db.New()
	account, err := q.AccountByPhone(ctx, tx, h.Keys().Digest("phone", number))
	if errors.Is(err, pgx.ErrNoRows) || err == nil && account.State != "open" {
		return ErrNoAccount
	}
	if err != nil {
		return err
	}
	was, err := noun.Account.See(ctx, tx, account.ID)
	if err != nil {
		return err
	}
	if err := factor.Wipe(ctx, tx, account.ID); err != nil {
		return err
	}
	if err := was.Changed(ctx, tx, tenant.Act{Act: "factors.reset", Reason: reason}); err != nil {
		return err
	}
	_, err = q.DeleteSessionsOfAccount(ctx, tx, account.ID)
	return err
}
