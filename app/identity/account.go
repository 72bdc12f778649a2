package identity

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"google.golang.org/protobuf/types/known/timestamppb"

	"gonghui/app/identity/factor"
	"gonghui/app/identity/internal/db"
	"gonghui/app/identity/internal/noun"
	"gonghui/app/identity/sms"
	identityv1 "gonghui/app/identity/v1"
	"gonghui/app/kit/fault"
	"gonghui/tenant"
)

// exported is how many sessions an export lists at most.
const exported = 200

// ExportOwnAccount is all that the platform keeps of the caller above the bodies, unmasked.
func (s *Service) ExportOwnAccount(ctx context.Context, _ *identityv1.ExportOwnAccountRequest) (*identityv1.OwnAccount, error) {
	me := tenant.SubjectFrom(ctx)
	own := &identityv1.OwnAccount{}
	err := s.host.DB().Platform(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		account, err := s.q.AccountOfMe(ctx, tx, db.AccountOfMeParams{ID: me.Account})
		if err != nil {
			return err
		}
		own.Name, own.CreatedAt = account.Name, timestamppb.New(account.CreatedAt)
		if own.Phone, err = s.host.Keys().Open("person.phone", account.PhoneSealed); err != nil {
			return err
		}
		places, err := s.q.PlacesOfPerson(ctx, tx, me.Person)
		if err != nil {
			return err
		}
		for _, p := range places {
			own.Places = append(own.Places, s.place(p))
		}
		sessions, err := s.q.SessionsOfAccount(ctx, tx, db.SessionsOfAccountParams{AccountID: me.Account, Before: uuid.Max, Size: exported})
		if err != nil {
			return err
		}
		own.Sessions = sessionsOf(sessions, me.Session)
		consents, err := s.q.ConsentsOfAccount(ctx, tx, me.Account)
		if err != nil {
			return err
		}
		for _, c := range consents {
			one := &identityv1.Consent{Version: c.Version, At: timestamppb.New(c.CreatedAt), Device: c.Device}
			if c.WithdrawnAt != nil {
				one.WithdrawnAt = timestamppb.New(*c.WithdrawnAt)
			}
			own.Consents = append(own.Consents, one)
		}
		tenant.AuditPlatform(ctx, tx, tenant.Act{Act: "account.export", Kind: "account", Object: me.Account.String()})
		return nil
	})
	if err != nil {
		return nil, err
	}
	return own, nil
}

// coolingOff is how long an account that is to be closed can still be kept. The law leaves fifteen working days for all of it
// (App 违法违规收集使用个人信息行为认定方法, 2019, section 6; GB/T 35273-2020, 8.5).
const coolingOff = 7 * 24 * time.Hour

// CloseAccount has the caller's account closed when the cooling-off period is over. Every device is signed out at once; who signs
// in again before can keep the account.
func (s *Service) CloseAccount(ctx context.Context, in *identityv1.CloseAccountRequest) (*identityv1.CloseAccountReply, error) {
	me := tenant.SubjectFrom(ctx)
	phone, err := s.phoneOf(ctx, me.Account)
	if err != nil {
		return nil, err
	}
	if err := s.proven(ctx, sms.Close, s.host.Keys().Digest("phone", phone), tenant.CallFrom(ctx).Source, in.Code); err != nil {
		return nil, err
	}
	out := &identityv1.CloseAccountReply{}
	err = s.host.DB().Platform(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		if err := s.replaceable(ctx, tx, me.Person); err != nil {
			return err
		}
		was, err := noun.Account.See(ctx, tx, me.Account)
		if err != nil {
			return err
		}
		at, err := s.q.BeginClosing(ctx, tx, db.BeginClosingParams{ID: me.Account, Wait: coolingOff})
		if err != nil {
			return err
		}
		out.ClosingAt = timestamppb.New(at)
		if err := s.signOutEverywhere(ctx, tx, me.Account); err != nil {
			return err
		}
		return was.Changed(ctx, tx, tenant.Act{Act: "account.closing"})
	})
	if err != nil {
		return nil, err
	}
	s.left(ctx, me.Account)
	return out, nil
}

// KeepAccount takes the wish to close the account back. Without one it does nothing.
func (s *Service) KeepAccount(ctx context.Context, _ *identityv1.KeepAccountRequest) (*identityv1.KeepAccountReply, error) {
	me := tenant.SubjectFrom(ctx)
	err := s.host.DB().Platform(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		was, err := noun.Account.See(ctx, tx, me.Account)
		if err != nil {
			return err
		}
		if n, err := s.q.KeepAccount(ctx, tx, me.Account); err != nil || n == 0 {
			return err
		}
		return was.Changed(ctx, tx, tenant.Act{Act: "account.keep"})
	})
	if err != nil {
		return nil, err
	}
	return &identityv1.KeepAccountReply{}, nil
}

// signOutEverywhere ends the account's sessions, and the ways to others that are open.
func (s *Service) signOutEverywhere(ctx context.Context, tx tenant.DBTX, account uuid.UUID) error {
	if _, err := s.q.DeleteSessionsOfAccount(ctx, tx, account); err != nil {
		return err
	}
	return s.q.DeleteHandoffsOfAccount(ctx, tx, account)
}

// left takes the session of a call away on this side, once it is gone on the other.
func (s *Service) left(ctx context.Context, account uuid.UUID) {
	s.forget(func(o *tenant.Subject) bool { return o.Account == account })
	setCookie(ctx, sessionCookie("", -1))
}

const (
	// closingRound is the time from one look for accounts that are due to the next.
	closingRound = 15 * time.Second
	// dueClosings is how many accounts a round takes up.
	dueClosings = 100
)

// closeDue closes the accounts whose cooling-off period is over: each in a transaction of its own, so that one that fails waits for
// the next round without holding up the others.
func (s *Service) closeDue(ctx context.Context) error {
	var due []uuid.UUID
	err := s.host.DB().Platform(ctx, func(ctx context.Context, tx tenant.DBTX) (err error) {
		due, err = s.q.DueClosings(ctx, tx, dueClosings)
		return err
	})
	for _, account := range due {
		err = errors.Join(err, s.closeAccount(ctx, account))
	}
	return err
}

// closeAccount closes an account that is due for good: places and sessions end, name, phone and password are wiped, and the phone is
// free for a new account. Membership goes on.
func (s *Service) closeAccount(ctx context.Context, account uuid.UUID) error {
	err := s.host.DB().Platform(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		taken, err := s.q.TakeClosing(ctx, tx, account)
		if errors.Is(err, pgx.ErrNoRows) { // kept after all, or closed by another process
			return nil
		}
		if err != nil {
			return err
		}
		was, err := noun.Account.See(ctx, tx, account)
		if err != nil {
			return err
		}
		if err := s.signOutEverywhere(ctx, tx, account); err != nil {
			return err
		}
		if err := factor.Wipe(ctx, tx, account); err != nil {
			return err
		}
		for _, step := range []struct {
			of func(context.Context, db.DBTX, uuid.UUID) error
			id uuid.UUID
		}{
			{s.q.CloseAccount, account},
			{s.q.ForgetPasswords, account},
			{s.q.ForgetConsents, account},
			{s.q.EndIdentities, taken.PersonID},
			{s.q.ForgetInvitations, taken.PersonID},
			{s.q.ForgetPerson, taken.PersonID},
		} {
			if err := step.of(ctx, tx, step.id); err != nil {
				return err
			}
		}
		return was.Changed(ctx, tx, tenant.Act{Act: "account.close"})
	})
	if err != nil {
		return fmt.Errorf("closing account %s: %w", account, err)
	}
	s.forget(func(o *tenant.Subject) bool { return o.Account == account })
	return nil
}

// replaceable refuses who is the only administrator of an active body, or alone holds a duty that a body keeps apart. Two who leave at once wait for each other.
func (s *Service) replaceable(ctx context.Context, tx tenant.DBTX, person uuid.UUID) error {
	admins, err := s.q.LockAdmins(ctx, tx, person)
	if err != nil {
		return err
	}
	for _, mine := range admins {
		if mine.PersonID != person {
			continue
		}
		if !slices.ContainsFunc(admins, func(a db.LockAdminsRow) bool { return a.BodyID == mine.BodyID && a.PersonID != person }) {
			return fault.New(http.StatusConflict, identityv1.Reason_LAST_ADMIN,
				"您是"+mine.BodyName+"唯一的管理员，请先邀请另一位管理员再注销", "you are the only administrator of "+mine.BodyName+"; invite another one first")
		}
	}
	duties, err := s.q.DutyBodiesOfPerson(ctx, tx, person)
	if err != nil || len(duties) == 0 {
		return err
	}
	return s.dutySpared(ctx, tx, person, duties)
}
