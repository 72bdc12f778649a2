package identity

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/go-kratos/kratos/v2/transport"
	"github.com/jackc/pgx/v5"
	"google.golang.org/protobuf/types/known/timestamppb"

	"gonghui/app/identity/factor"
	"gonghui/app/identity/internal/db"
	"gonghui/app/identity/policy"
	identityv1 "gonghui/app/identity/v1"
	"gonghui/app/module"
	"gonghui/tenant"
	"gonghui/tenant/access"
)

// ownFactors answers the RPCs of FactorService: the factors themselves are those of package factor.
type ownFactors struct {
	*factor.Service
	s *Service
}

// GetSecurity says what protects the own account, and what has to.
func (o ownFactors) GetSecurity(ctx context.Context, _ *identityv1.GetSecurityRequest) (*identityv1.Security, error) {
	s, me := o.s, tenant.SubjectFrom(ctx)
	var of db.FactorsOfAccountRow
	var place, password policy.Policy
	var session db.SessionFactorRow
	err := s.host.DB().Platform(ctx, func(ctx context.Context, tx tenant.DBTX) (err error) {
		if of, err = s.q.FactorsOfAccount(ctx, tx, me.Account); err != nil {
			return err
		}
		if place, err = s.policyFor(ctx, tx, me.Body, me.Role); err != nil {
			return err
		}
		if password, _, err = s.passwordPolicy(ctx, tx, me.Account); err != nil {
			return err
		}
		session, err = s.session(ctx, tx, me.Session)
		return err
	})
	if err != nil {
		return nil, err
	}
	reply := &identityv1.Security{
		PasswordSet: of.PasswordSet, Password: rulesOf(password), Totp: of.TotpAt != nil, Passkeys: of.Passkeys, RecoveryCodes: of.RecoveryCodes,
		Demanded: place.Demands(me.Role), Ways: factor.Ways(of), FreshUntil: timestamppb.New(session.ProvedAt.Add(access.FreshFor)),
		Sessions: int32(place.Sessions), IdleMinutes: int32(session.Idle / time.Minute),
	}
	if of.PasswordSet && of.PasswordAt != nil {
		reply.PasswordAt = timestamppb.New(*of.PasswordAt)
	}
	if of.TotpAt != nil {
		reply.TotpAt = timestamppb.New(*of.TotpAt)
	}
	if len(reply.Ways) == 0 {
		if of.PasswordSet {
			reply.Ways = append(reply.Ways, factor.Password)
		}
		reply.Ways = append(reply.Ways, factor.Code)
	}
	return reply, nil
}

// GetSessionEnd says why the session of the caller's cookie is over. It tells nobody else: the cookie is the proof.
func (s *Service) GetSessionEnd(ctx context.Context, _ *identityv1.GetSessionEndRequest) (*identityv1.SessionEnd, error) {
	end := &identityv1.SessionEnd{}
	tr, ok := transport.FromServerContext(ctx)
	if !ok || tenant.SubjectFrom(ctx) != nil {
		return end, nil
	}
	cookies, err := http.ParseCookie(tr.RequestHeader().Get("Cookie"))
	if err != nil {
		return end, nil
	}
	for _, c := range cookies {
		if c.Name != module.Cookie {
			continue
		}
		err := s.host.DB().Platform(ctx, func(ctx context.Context, tx tenant.DBTX) error {
			row, err := s.q.SessionEnd(ctx, tx, digestOf(c.Value))
			if errors.Is(err, pgx.ErrNoRows) {
				return nil
			}
			if err == nil {
				end.Why, end.At, end.Device = row.Why, timestamppb.New(row.At), row.Device
			}
			return err
		})
		return end, err
	}
	return end, nil
}
