package identity

import (
	"context"
	"net/http"
	"slices"

	"github.com/google/uuid"
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
		account, err := s.q.AccountOfMe(ctx, tx, db.AccountOfMeParams{ID: me.Account, Version: legal().version})
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
			own.Consents = append(own.Consents, &identityv1.Consent{Version: c.Version, At: timestamppb.New(c.CreatedAt), Device: c.Device})
		}
		tenant.AuditPlatform(ctx, tx, tenant.Act{Act: "account.export", Kind: "account", Object: me.Account.String()})
		return nil
	})
	if err != nil {
		return nil, err
	}
	return own, nil
}

// CloseAccount closes the caller's account for good: places and sessions end, name, phone and password are wiped, and the
// phone is free for a new account. Membership goes on.
func (s *Service) CloseAccount(ctx context.Context, in *identityv1.CloseAccountRequest) (*identityv1.CloseAccountReply, error) {
	me := tenant.SubjectFrom(ctx)
	phone, err := s.phoneOf(ctx, me.Account)
	if err != nil {
		return nil, err
	}
	if err := s.proven(ctx, sms.Close, s.host.Keys().Digest("phone", phone), tenant.CallFrom(ctx).Source, in.Code); err != nil {
		return nil, err
	}
	err = s.host.DB().Platform(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		if err := s.replaceable(ctx, tx, me.Person); err != nil {
			return err
		}
		was, err := noun.Account.See(ctx, tx, me.Account)
		if err != nil {
			return err
		}
		if _, err := s.q.DeleteSessionsOfAccount(ctx, tx, me.Account); err != nil {
			return err
		}
		if err := factor.Wipe(ctx, tx, me.Account); err != nil {
			return err
		}
		for _, step := range []struct {
			of func(context.Context, db.DBTX, uuid.UUID) error
			id uuid.UUID
		}{
			{s.q.CloseAccount, me.Account},
			{s.q.ForgetPasswords, me.Account},
			{s.q.DeleteHandoffsOfAccount, me.Account},
			{s.q.ForgetConsents, me.Account},
			{s.q.EndIdentities, me.Person},
			{s.q.ForgetInvitations, me.Person},
			{s.q.ForgetPerson, me.Person},
		} {
			if err := step.of(ctx, tx, step.id); err != nil {
				return err
			}
		}
		return was.Changed(ctx, tx, tenant.Act{Act: "account.close"})
	})
	if err != nil {
		return nil, err
	}
	s.forget(func(o *tenant.Subject) bool { return o.Account == me.Account })
	setCookie(ctx, sessionCookie("", -1))
	return &identityv1.CloseAccountReply{}, nil
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
