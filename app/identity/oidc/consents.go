package oidc

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"google.golang.org/protobuf/types/known/timestamppb"

	"gonghui/app/identity/internal/db"
	"gonghui/app/identity/internal/noun"
	identityv1 "gonghui/app/identity/v1"
	"gonghui/app/kit/fault"
	"gonghui/app/kit/page"
	"gonghui/tenant"
)

var errAuthorization = fault.New(http.StatusNotFound, identityv1.Reason_AUTHORIZATION_INVALID,
	"这次登录请求已失效，请回到应用重新登录", "this request has expired or was answered; go back to the application and sign in again")

// waiting finds a request that waits for the person of the call.
func (s *Service) waiting(ctx context.Context, tx tenant.DBTX, id string) (*authRequest, step, error) {
	r, err := s.open(ctx, tx, id)
	if errors.Is(err, pgx.ErrNoRows) || err == nil && r.SessionID != nil {
		return nil, signIn, errAuthorization
	}
	if err != nil {
		return nil, signIn, err
	}
	step, err := s.stepOf(ctx, tx, r)
	return r, step, err
}

// GetAuthorization shows a request to the person who is to decide.
func (s *Service) GetAuthorization(ctx context.Context, in *identityv1.GetAuthorizationRequest) (*identityv1.Authorization, error) {
	reply := &identityv1.Authorization{}
	err := s.host.DB().Platform(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		r, step, err := s.waiting(ctx, tx, in.Id)
		if err != nil {
			return err
		}
		u, kind := address(r.Redirect)
		reply = &identityv1.Authorization{
			Id: in.Id, ClientName: r.ClientName, Homepage: r.Homepage, ReturnsTo: sector(u, kind), Own: r.Own, Scopes: r.Scopes,
			SignInAgain: step == signIn, Settled: step == nothing,
		}
		return nil
	})
	return reply, err
}

// DecideAuthorization takes the person's word.
func (s *Service) DecideAuthorization(ctx context.Context, in *identityv1.DecideAuthorizationRequest) (*identityv1.DecideAuthorizationReply, error) {
	me, reply := tenant.SubjectFrom(ctx), &identityv1.DecideAuthorizationReply{}
	err := s.host.DB().Platform(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		r, step, err := s.waiting(ctx, tx, in.Id)
		if err != nil {
			return err
		}
		if !in.Allow {
			reply.Url = denied(r)
			err := noun.Request.Gone(ctx, tx, tenant.Act{Act: "oidc.refuse", Object: r.GetClientID()}, r.ID)
			if err != nil {
				return err
			}
			_, err = s.q.DropRequest(ctx, tx, r.ID)
			return err
		}
		if step == signIn {
			return fault.New(http.StatusConflict, identityv1.Reason_AUTHORIZATION_INVALID, "应用要求重新登录，请先退出再登录", "the application asks for a fresh sign-in; sign out and in again")
		}
		if err := s.settle(ctx, tx, r.ID); err != nil {
			if errors.Is(err, pgx.ErrNoRows) {
				err = errAuthorization
			}
			return err
		}
		reply.Url = callback(r.ID)
		if r.Own {
			return nil
		}
		given, err := s.q.ConsentOf(ctx, tx, db.ConsentOfParams{AccountID: me.Account, ClientID: r.ClientID})
		if err != nil && !errors.Is(err, pgx.ErrNoRows) {
			return err
		}
		was, err := noun.Allowed.See(ctx, tx, me.Account, r.ClientID)
		if err != nil {
			return err
		}
		scopes := slices.Compact(slices.Sorted(slices.Values(append(given, r.Scopes...))))
		if err := s.q.PutConsent(ctx, tx, db.PutConsentParams{AccountID: me.Account, ClientID: r.ClientID, Scopes: scopes}); err != nil {
			return err
		}
		return was.Changed(ctx, tx, tenant.Act{Act: "oidc.allow", Object: r.GetClientID(), Reason: strings.Join(scopes, " ")})
	})
	return reply, err
}

// denied is where the application hears that the person refused.
func denied(r *authRequest) string {
	u, err := url.Parse(r.Redirect)
	if err != nil {
		return "/"
	}
	q := u.Query()
	q.Set("error", "access_denied")
	if r.State != "" {
		q.Set("state", r.State)
	}
	u.RawQuery = q.Encode()
	return u.String()
}

// ListOwnApps pages through the applications of this host that the caller allowed something.
func (s *Service) ListOwnApps(ctx context.Context, in *identityv1.ListOwnAppsRequest) (*identityv1.ListOwnAppsReply, error) {
	before := uuid.Max
	if _, err := page.Parse(in.PageToken, &before); err != nil {
		return nil, err
	}
	size := page.Size(in.PageSize, 50)
	reply := &identityv1.ListOwnAppsReply{}
	err := s.host.DB().Platform(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		rows, err := s.q.ListConsents(ctx, tx, db.ListConsentsParams{
			AccountID: tenant.SubjectFrom(ctx).Account, BodyID: tenant.From(ctx).ID, Before: before, Size: size + 1,
		})
		if err != nil {
			return err
		}
		rows, reply.NextPageToken = page.Cut(rows, size, func(r db.ListConsentsRow) any { return r.ClientID })
		for _, r := range rows {
			reply.Apps = append(reply.Apps, &identityv1.OwnApp{
				ClientId: r.ClientID.String(), Name: r.Name, Homepage: r.Homepage, Scopes: r.Scopes, GivenAt: timestamppb.New(r.GivenAt), Open: r.Open,
			})
		}
		return nil
	})
	return reply, err
}

// RevokeOwnApp takes the caller's word back from an application, and every sign-in at it.
func (s *Service) RevokeOwnApp(ctx context.Context, in *identityv1.RevokeOwnAppRequest) (*identityv1.RevokeOwnAppReply, error) {
	me, id := tenant.SubjectFrom(ctx), uuid.MustParse(in.ClientId)
	err := s.host.DB().Platform(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		was, err := noun.Allowed.See(ctx, tx, me.Account, id)
		if err != nil {
			return err
		}
		n, err := s.q.DeleteConsent(ctx, tx, db.DeleteConsentParams{AccountID: me.Account, ClientID: id, BodyID: tenant.From(ctx).ID})
		if err != nil {
			return err
		}
		if n == 0 {
			return errClient
		}
		was.Gone(ctx, tx, tenant.Act{Act: "oidc.revoke", Object: in.ClientId})
		return s.q.DeleteGrantsOfAccount(ctx, tx, db.DeleteGrantsOfAccountParams{AccountID: me.Account, ClientID: id})
	})
	return &identityv1.RevokeOwnAppReply{}, err
}
