package identity

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/go-kratos/kratos/v2/transport"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"google.golang.org/protobuf/types/known/timestamppb"

	"gonghui/app/identity/internal/db"
	identityv1 "gonghui/app/identity/v1"
	"gonghui/app/kit/fault"
	"gonghui/app/kit/page"
	"gonghui/app/module"
	"gonghui/tenant"
)

const (
	idle     = 12 * time.Hour      // a session unused for so long has ended
	lifetime = 30 * 24 * time.Hour // a session ends in any case
	touch    = 5 * time.Minute     // how exact "last seen" is
)

// newToken returns a secret of 256 bits and its digest; only the digest is stored.
func newToken() (token string, digest []byte) {
	var raw [32]byte
	_, _ = rand.Read(raw[:])
	token = base64.RawURLEncoding.EncodeToString(raw[:])
	sum := sha256.Sum256([]byte(token))
	return token, sum[:]
}

// errElsewhere answers a session that belongs to another host: the host wins, and there is nothing here.
var errElsewhere = fault.Plain(http.StatusNotFound, "NOT_FOUND", "没有这个页面", "there is nothing here")

// Authenticate implements module.Authenticator. An unknown or ended session is nobody; one of another body, or of the other
// kind of host, is refused.
func (s *Service) Authenticate(ctx context.Context, token string, t *tenant.Tenant) (*tenant.Subject, error) {
	digest := tokenDigest(sha256.Sum256([]byte(token)))
	e, ok := s.sessions.Get(digest)
	if !ok {
		asked := s.sessions.Ask()
		row, err := s.load(ctx, digest)
		if err != nil {
			return nil, err
		}
		e = row
		s.sessions.Put(digest, e, asked)
	}
	if e.subject != nil && (e.supervision != (t == nil) || t != nil && t.ID != e.subject.Body) {
		return nil, errElsewhere
	}
	return e.subject, nil
}

func (s *Service) load(ctx context.Context, digest tokenDigest) (held, error) {
	var e held
	err := s.host.DB().Platform(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		row, err := s.q.SessionByToken(ctx, tx, db.SessionByTokenParams{TokenDigest: digest[:], Idle: idle})
		if errors.Is(err, pgx.ErrNoRows) {
			return nil
		}
		if err != nil {
			return err
		}
		if time.Since(row.SeenAt) > touch {
			if err := s.q.TouchSession(ctx, tx, row.ID); err != nil {
				return err
			}
		}
		e = held{supervision: row.Supervision, subject: &tenant.Subject{
			Account: row.AccountID, Person: row.PersonID, Identity: row.IdentityID, Session: row.ID, Name: row.Name,
			Role: row.Role, Body: row.BodyID, BodyCode: row.BodyCode,
		}}
		if row.RefID != nil {
			e.subject.Ref = *row.RefID
		}
		return nil
	})
	return e, err
}

// open makes a session for the identity on the host of the call and puts its cookie into the answer.
func (s *Service) open(ctx context.Context, tx tenant.DBTX, account, identity uuid.UUID) (cookie string, session uuid.UUID, err error) {
	token, digest := newToken()
	c := tenant.CallFrom(ctx)
	session = tenant.NewID()
	err = s.q.CreateSession(ctx, tx, db.CreateSessionParams{
		ID: session, TokenDigest: digest, AccountID: account, IdentityID: identity, Supervision: c.Supervision,
		Host: limit(c.Host, 255), Source: limit(c.Source, 45), Device: device(c.Device), ExpiresAt: time.Now().Add(lifetime),
	})
	return sessionCookie(token, int(lifetime.Seconds())), session, err
}

func sessionCookie(token string, age int) string {
	return (&http.Cookie{Name: module.Cookie, Value: token, Path: "/", MaxAge: age, Secure: true, HttpOnly: true, SameSite: http.SameSiteLaxMode}).String()
}

func setCookie(ctx context.Context, cookie string) {
	if tr, ok := transport.FromServerContext(ctx); ok {
		tr.ReplyHeader().Set("Set-Cookie", cookie)
	}
}

// SignIn opens a session.
func (s *Service) SignIn(ctx context.Context, in *identityv1.SignInRequest) (*identityv1.SignInReply, error) {
	phone, err := normalPhone(in.Phone)
	if err != nil {
		return nil, err
	}
	call := tenant.CallFrom(ctx)
	digest := s.host.Keys().Digest("phone", phone)
	if err := s.guard.admit(ctx, digest, call.Source); err != nil {
		return nil, err
	}
	var rows []db.CandidatesRow
	err = s.host.DB().Platform(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		rows, err = s.q.Candidates(ctx, tx, digest)
		return err
	})
	if err != nil {
		return nil, err
	}
	place := placeOn(rows, tenant.From(ctx))
	hash := ""
	if len(rows) > 0 {
		hash = rows[0].PasswordHash
	}
	ok, err := PasswordMatches(ctx, in.Password, hash)
	if err != nil {
		return nil, err
	}
	if !ok || place == nil || place.State != "open" {
		if err := s.guard.fail(ctx, digest, call.Source); err != nil {
			return nil, err
		}
		return nil, refused()
	}
	if err := s.guard.pass(ctx, digest); err != nil {
		return nil, err
	}
	return s.enter(ctx, place.AccountID, place.IdentityID, "")
}

// placeOn picks the identity for the host: in its body the strongest role, on the supervision host the highest body that
// the person serves.
func placeOn(rows []db.CandidatesRow, t *tenant.Tenant) *db.CandidatesRow {
	for i, r := range rows {
		if t != nil && r.BodyID == t.ID || t == nil && r.Role != "member" {
			return &rows[i]
		}
	}
	return nil
}

// enter opens the session, records it and what was agreed to on the way in, and answers with who came in.
func (s *Service) enter(ctx context.Context, account, identity uuid.UUID, consent string) (*identityv1.SignInReply, error) {
	var cookie string
	err := s.host.DB().Platform(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		c, session, err := s.open(ctx, tx, account, identity)
		if err != nil {
			return err
		}
		cookie = c
		if err := s.agree(ctx, tx, account, consent); err != nil {
			return err
		}
		tenant.AuditPlatform(ctx, tx, tenant.Act{Act: "session.open", Kind: "session", Object: session.String()})
		return nil
	})
	if err != nil {
		return nil, err
	}
	token, _, _ := strings.Cut(strings.TrimPrefix(cookie, module.Cookie+"="), ";")
	subject, err := s.Authenticate(ctx, token, tenant.From(ctx))
	if err != nil || subject == nil {
		return nil, errors.Join(errors.New("identity: a session just opened is not there"), err)
	}
	me, err := s.me(tenant.WithSubject(ctx, subject))
	if err != nil {
		return nil, err
	}
	setCookie(ctx, cookie)
	return &identityv1.SignInReply{Me: me}, nil
}

// SignOut ends the session of the call.
func (s *Service) SignOut(ctx context.Context, _ *identityv1.SignOutRequest) (*identityv1.SignOutReply, error) {
	me := tenant.SubjectFrom(ctx)
	if _, err := s.end(ctx, me.Session); err != nil {
		return nil, err
	}
	setCookie(ctx, sessionCookie("", -1))
	return &identityv1.SignOutReply{}, nil
}

// ListSessions pages through the caller's open sessions, newest first.
func (s *Service) ListSessions(ctx context.Context, in *identityv1.ListSessionsRequest) (*identityv1.ListSessionsReply, error) {
	before := uuid.Max
	if _, err := page.Parse(in.PageToken, &before); err != nil {
		return nil, err
	}
	size := page.Size(in.PageSize, 50)
	me := tenant.SubjectFrom(ctx)
	reply := &identityv1.ListSessionsReply{}
	err := s.host.DB().Platform(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		rows, err := s.q.SessionsOfAccount(ctx, tx, db.SessionsOfAccountParams{AccountID: me.Account, Idle: idle, Before: before, Size: size + 1})
		if err != nil {
			return err
		}
		rows, reply.NextPageToken = page.Cut(rows, size, func(r db.SessionsOfAccountRow) any { return r.ID })
		reply.Sessions = sessionsOf(rows, me.Session)
		return nil
	})
	return reply, err
}

func sessionsOf(rows []db.SessionsOfAccountRow, current uuid.UUID) []*identityv1.Session {
	all := make([]*identityv1.Session, 0, len(rows))
	for _, r := range rows {
		all = append(all, &identityv1.Session{
			Id: r.ID.String(), Device: r.Device, Ip: r.Source, Host: r.Host, Current: r.ID == current,
			CreatedAt: timestamppb.New(r.CreatedAt), SeenAt: timestamppb.New(r.SeenAt),
		})
	}
	return all
}

// RevokeSession ends one of the caller's own sessions.
func (s *Service) RevokeSession(ctx context.Context, in *identityv1.RevokeSessionRequest) (*identityv1.RevokeSessionReply, error) {
	ended, err := s.end(ctx, uuid.MustParse(in.Id))
	if err != nil {
		return nil, err
	}
	if !ended {
		return nil, fault.New(http.StatusNotFound, identityv1.Reason_SESSION_NOT_FOUND, "这次登录已经结束", "this session has ended already")
	}
	return &identityv1.RevokeSessionReply{}, nil
}

func (s *Service) end(ctx context.Context, session uuid.UUID) (bool, error) {
	me := tenant.SubjectFrom(ctx)
	var n int64
	err := s.host.DB().Platform(ctx, func(ctx context.Context, tx tenant.DBTX) (err error) {
		n, err = s.q.DeleteSession(ctx, tx, db.DeleteSessionParams{ID: session, AccountID: me.Account})
		if n > 0 {
			tenant.AuditPlatform(ctx, tx, tenant.Act{Act: "session.end", Kind: "session", Object: session.String()})
		}
		return err
	})
	s.forget(func(o *tenant.Subject) bool { return o.Session == session })
	return n > 0, err
}

// ChangePassword sets a new password and ends every other session of the account. Who has none yet needs no old one.
func (s *Service) ChangePassword(ctx context.Context, in *identityv1.ChangePasswordRequest) (*identityv1.ChangePasswordReply, error) {
	me := tenant.SubjectFrom(ctx)
	var old db.PasswordOfAccountRow
	err := s.host.DB().Platform(ctx, func(ctx context.Context, tx tenant.DBTX) (err error) {
		old, err = s.q.PasswordOfAccount(ctx, tx, me.Account)
		return err
	})
	if err != nil {
		return nil, err
	}
	guessed := "change:" + me.Account.String()
	if err := s.guard.admit(ctx, guessed, tenant.CallFrom(ctx).Source); err != nil {
		return nil, err
	}
	ok := old.PasswordHash == ""
	if !ok {
		if ok, err = PasswordMatches(ctx, in.OldPassword, old.PasswordHash); err != nil {
			return nil, err
		}
	}
	if !ok {
		if err := s.guard.fail(ctx, guessed, tenant.CallFrom(ctx).Source); err != nil {
			return nil, err
		}
		return nil, fault.Of(http.StatusBadRequest, identityv1.Reason_PASSWORD_WRONG, "oldPassword", "原密码不正确", "the old password is wrong")
	}
	phone, err := s.host.Keys().Open("person.phone", old.PhoneSealed)
	if err != nil {
		return nil, err
	}
	if err := checkPassword("newPassword", in.NewPassword, phone); err != nil {
		return nil, err
	}
	hash, err := HashPassword(in.NewPassword)
	if err != nil {
		return nil, err
	}
	err = s.host.DB().Platform(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		if err := s.q.SetPassword(ctx, tx, db.SetPasswordParams{ID: me.Account, PasswordHash: hash}); err != nil {
			return err
		}
		tenant.AuditPlatform(ctx, tx, tenant.Act{Act: "password.change", Kind: "account", Object: me.Account.String()})
		return s.q.DeleteOtherSessions(ctx, tx, db.DeleteOtherSessionsParams{AccountID: me.Account, ID: me.Session})
	})
	s.forget(func(o *tenant.Subject) bool { return o.Account == me.Account && o.Session != me.Session })
	return &identityv1.ChangePasswordReply{}, err
}

func limit(s string, bytes int) string {
	if len(s) <= bytes {
		return s
	}
	return strings.ToValidUTF8(s[:bytes], "")
}
