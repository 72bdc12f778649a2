package identity

import (
	"context"
	"crypto/sha256"
	"errors"
	"net/http"
	"net/url"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"gonghui/app/identity/internal/db"
	"gonghui/app/identity/internal/noun"
	identityv1 "gonghui/app/identity/v1"
	"gonghui/app/kit/fault"
	"gonghui/tenant"
)

// handoffLife is how long the code that opens a session on another host is good for.
const handoffLife = 30 * time.Second

// CreateHandoff makes a code for another host on which the person has a place.
func (s *Service) CreateHandoff(ctx context.Context, in *identityv1.CreateHandoffRequest) (*identityv1.CreateHandoffReply, error) {
	me := tenant.SubjectFrom(ctx)
	code, digest := newToken()
	host := ""
	err := s.host.DB().Platform(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		to, err := s.q.IdentityByID(ctx, tx, uuid.MustParse(in.IdentityId))
		if errors.Is(err, pgx.ErrNoRows) || err == nil && (to.PersonID != me.Person || in.Supervision && to.Role == "member") {
			return fault.Field("identityId", "您没有这个身份", "you have no such identity")
		}
		if err != nil {
			return err
		}
		session, err := s.session(ctx, tx, me.Session)
		if err != nil {
			return err
		}
		p, err := s.policyFor(ctx, tx, to.BodyID, to.Role)
		if err != nil {
			return err
		}
		if p.Demands(to.Role) && !strong(session.Factor) {
			return fault.New(http.StatusForbidden, identityv1.Reason_FACTOR_DEMANDED,
				"该单位要求两步验证，请先在安全设置中开启，再用两步验证登录", "that union demands a second factor; set one up and sign in with it first")
		}
		host = to.BodyCode
		if in.Supervision {
			host = "hq"
		}
		err = s.q.CreateHandoff(ctx, tx, db.CreateHandoffParams{
			CodeDigest: digest, AccountID: me.Account, IdentityID: to.ID, Supervision: in.Supervision, ExpiresAt: time.Now().Add(handoffLife),
			Factor: session.Factor, ProvedAt: session.ProvedAt,
		})
		if err != nil {
			return err
		}
		return noun.Handoff("identity").Made(ctx, tx, tenant.Act{Act: "session.handoff", Object: to.ID.String()}, digest)
	})
	if err != nil {
		return nil, err
	}
	return &identityv1.CreateHandoffReply{Url: s.handoffURL(host, code)}, nil
}

func (s *Service) handoffURL(host, code string) string {
	return s.host.Scheme() + "://" + host + "." + s.host.Base() + "/handoff?code=" + url.QueryEscape(code)
}

// redeem turns a code into a session on the host that the code was made for, once.
func (s *Service) redeem(w http.ResponseWriter, r *http.Request) {
	ctx := r.Context()
	digest := sha256.Sum256([]byte(r.URL.Query().Get("code")))
	t := tenant.From(ctx)
	to := "/"
	var made opened
	var left uuid.UUID
	err := s.host.DB().Platform(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		help, err := s.assistanceOf(ctx, tx, digest[:])
		if err != nil {
			return err
		}
		taken, err := s.q.TakeHandoff(ctx, tx, digest[:])
		if err != nil || !taken.Fresh {
			return err
		}
		place, err := s.q.IdentityByID(ctx, tx, taken.IdentityID)
		if err != nil {
			return err
		}
		if help != nil {
			place.BodyID, place.Role = help.BodyID, help.Role
		}
		if taken.Supervision != (t == nil) || t != nil && t.ID != place.BodyID {
			return nil
		}
		if t != nil && place.Role != "member" {
			to = "/console/"
		}
		// On the same host the new session takes the place of the one in use.
		if me := tenant.SubjectFrom(ctx); me != nil && me.Account == taken.AccountID {
			if err := noun.Session.Gone(ctx, tx, tenant.Act{Act: "session.end"}, me.Session); err != nil {
				return err
			}
			if _, err := s.q.DeleteSession(ctx, tx, db.DeleteSessionParams{ID: me.Session, AccountID: me.Account}); err != nil {
				return err
			}
			left = me.Session
		}
		p, err := s.policyFor(ctx, tx, place.BodyID, place.Role)
		if err != nil {
			return err
		}
		made, err = s.open(ctx, tx, opening{taken.AccountID, taken.IdentityID, taken.Factor, taken.ProvedAt, p})
		if err == nil && help != nil {
			err = s.q.BindSession(ctx, tx, db.BindSessionParams{ID: made.session, GrantID: help.GrantID, BodyID: help.BodyID, Role: help.Role, Until: help.Until})
		}
		if err != nil {
			return err
		}
		return noun.Session.Made(ctx, tx, tenant.Act{
			Act: "session.open",
			As:  &tenant.Subject{Account: taken.AccountID, Identity: place.ID, Name: place.Name, Role: place.Role, BodyCode: place.BodyCode},
		}, made.session)
	})
	if err != nil && !errors.Is(err, pgx.ErrNoRows) {
		http.Error(w, "暂时无法登录 · cannot sign in just now", http.StatusServiceUnavailable)
		return
	}
	if left != uuid.Nil {
		s.forget(func(o *tenant.Subject) bool { return o.Session == left })
	}
	s.dropped(made.ended)
	if made.cookie != "" {
		w.Header().Add("Set-Cookie", made.cookie)
	}
	// Without a cookie the page asks for phone and password.
	http.Redirect(w, r, to, http.StatusSeeOther)
}
