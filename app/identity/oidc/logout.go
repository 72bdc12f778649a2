package oidc

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"syscall"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/zitadel/oidc/v3/pkg/crypto"
	"github.com/zitadel/oidc/v3/pkg/oidc"
	"github.com/zitadel/oidc/v3/pkg/op"

	"gonghui/app/identity/internal/db"
	"gonghui/app/identity/internal/noun"
	"gonghui/tenant"
)

// signOutPage asks the person, where an application sent them to sign out without a proof of whom it means.
const signOutPage = "/sign-out"

// TerminateSession implements op.AuthStorage; TerminateSessionFromRequest stands in its place.
func (storage) TerminateSession(context.Context, string, string) error { return errNotOffered }

// TerminateSessionFromRequest implements op.CanTerminateSessionFromRequest: the session that the ID token was made in ends, and
// the one of the browser, when it is the same person's. Every application of the session is told.
func (s storage) TerminateSessionFromRequest(ctx context.Context, in *op.EndSessionRequest) (string, error) {
	if in.IDTokenHintClaims == nil {
		return signOutPage, nil
	}
	grant, err := uuid.Parse(in.IDTokenHintClaims.SessionID)
	if err != nil {
		return "", oidc.ErrInvalidRequest().WithDescription("the id_token_hint names no session")
	}
	c, err := s.client(ctx, in.ClientID)
	if err != nil {
		return "", s.trouble(err)
	}
	return in.RedirectURI, s.trouble(s.host.DB().Platform(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		body := tenant.From(ctx).ID
		session, err := s.q.SessionOfGrant(ctx, tx, db.SessionOfGrantParams{ID: grant, ClientID: c.ID, BodyID: body})
		if err != nil && !errors.Is(err, pgx.ErrNoRows) {
			return err
		}
		ended := []uuid.UUID{session}
		if me := tenant.SubjectFrom(ctx); me != nil && me.Session != session && s.subject(c.Own, c.Sector, body, me.Person) == in.UserID {
			ended = append(ended, me.Session)
		}
		for _, id := range ended {
			was, err := noun.Session.See(ctx, tx, id)
			if err != nil {
				return err
			}
			n, err := s.q.EndSessionByID(ctx, tx, id)
			if err != nil {
				return err
			}
			if n > 0 {
				was.Gone(ctx, tx, tenant.Act{Act: "session.end", Reason: "application " + c.ID.String()})
			}
		}
		return nil
	}))
}

const (
	noticesAtOnce = 20
	noticeTime    = 10 * time.Second // an application may take so long to answer
	noticePause   = 15 * time.Second // how often what is due is looked for, besides when news comes
)

// notices tells applications of ended sign-ins: OpenID Connect Back-Channel Logout 1.0. A notice that does not arrive is sent
// again, ever more seldom, for a day.
type notices struct {
	s    *Service
	http *http.Client
	wake chan struct{}
}

func newNotices(s *Service) *notices {
	n := &notices{s: s, wake: make(chan struct{}, 1)}
	dialer := &net.Dialer{Timeout: 5 * time.Second, Control: n.reachable}
	n.http = &http.Client{
		Timeout: noticeTime,
		Transport: &http.Transport{
			DialContext: dialer.DialContext, TLSClientConfig: &tls.Config{MinVersion: tls.VersionTLS12}, DisableKeepAlives: true,
		},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	s.host.DB().News.On("oidc_notice", func(string) {
		select {
		case n.wake <- struct{}{}:
		default:
		}
	})
	return n
}

// reachable keeps notices out of the inner network: whoever registers an address must not make us call our own services. On a
// demo system the own machine may be called.
func (n *notices) reachable(_, address string, _ syscall.RawConn) error {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return err
	}
	ip := net.ParseIP(host)
	if ip.IsLoopback() && n.s.host.Demo() {
		return nil
	}
	if !ip.IsGlobalUnicast() || ip.IsPrivate() || sharedRange.Contains(ip) {
		return fmt.Errorf("oidc: %s is no public address", ip)
	}
	return nil
}

// sharedRange is the carriers' own: RFC 6598.
var sharedRange = net.IPNet{IP: net.IPv4(100, 64, 0, 0).To4(), Mask: net.CIDRMask(10, 32)}

func (n *notices) run(ctx context.Context) {
	tick := time.NewTicker(noticePause)
	defer tick.Stop()
	for {
		for n.round(ctx) == noticesAtOnce {
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		case <-n.wake:
		}
	}
}

// round sends what is due and returns how many notices that was.
func (n *notices) round(ctx context.Context) int {
	var due []db.TakeNoticesRow
	err := n.s.host.DB().Platform(ctx, func(ctx context.Context, tx tenant.DBTX) (err error) {
		due, err = n.s.q.TakeNotices(ctx, tx, noticesAtOnce)
		return err
	})
	if err != nil {
		if ctx.Err() == nil {
			n.s.log.Error("oidc: notices", "error", err)
		}
		return 0
	}
	done := make(chan struct{})
	for _, one := range due {
		go func() {
			defer func() { done <- struct{}{} }()
			n.deliver(ctx, one)
		}()
	}
	for range due {
		<-done
	}
	return len(due)
}

// wait is the pause after a try: a minute, then four times as long, at most four hours.
func wait(tries int16) time.Duration {
	return min(time.Minute<<(2*min(tries-1, 6)), 4*time.Hour)
}

func (n *notices) deliver(ctx context.Context, one db.TakeNoticesRow) {
	err := n.send(ctx, one)
	settled := n.s.host.DB().Platform(context.WithoutCancel(ctx), func(ctx context.Context, tx tenant.DBTX) error {
		if err == nil || one.Stale {
			return n.s.q.DeleteNotice(ctx, tx, one.ID)
		}
		text := []rune(err.Error())
		return n.s.q.PutOffNotice(ctx, tx, db.PutOffNoticeParams{ID: one.ID, Error: string(text[:min(len(text), 200)]), Wait: wait(one.Tries)})
	})
	if err = errors.Join(err, settled); err != nil && ctx.Err() == nil {
		n.s.log.Warn("oidc: an application was not told of a sign-out", "client", one.ClientID, "tries", one.Tries, "error", err)
	}
}

// send posts one logout token.
func (n *notices) send(ctx context.Context, one db.TakeNoticesRow) error {
	token, err := n.s.logoutToken(ctx, one)
	if err != nil {
		return err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, one.LogoutNotice, strings.NewReader(url.Values{"logout_token": {token}}.Encode()))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	resp, err := n.http.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	_, _ = io.Copy(io.Discard, io.LimitReader(resp.Body, 64<<10))
	if resp.StatusCode >= 300 {
		return fmt.Errorf("oidc: the application answered %d", resp.StatusCode)
	}
	return nil
}

func (s *Service) logoutToken(ctx context.Context, one db.TakeNoticesRow) (string, error) {
	all, err := s.keys.load(ctx)
	if err != nil {
		return "", err
	}
	key, ok := signing(all, time.Now())
	if !ok {
		return "", errNoKey
	}
	signer, err := op.SignerFromKey(key)
	if err != nil {
		return "", err
	}
	claims := oidc.NewLogoutTokenClaims(s.issuer(one.BodyCode), s.subject(one.Own, one.Sector, one.BodyID, one.PersonID),
		oidc.Audience{one.ClientID.String()}, time.Now().Add(2*time.Minute), one.ID.String(), one.GrantID.String(), 0)
	return crypto.Sign(claims, signer)
}
