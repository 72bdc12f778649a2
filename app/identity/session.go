package identity

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/go-kratos/kratos/v2/transport"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"google.golang.org/protobuf/types/known/timestamppb"

	"gonghui/app/identity/internal/db"
	"gonghui/app/identity/internal/noun"
	"gonghui/app/identity/policy"
	identityv1 "gonghui/app/identity/v1"
	"gonghui/app/kit/fault"
	"gonghui/app/kit/page"
	"gonghui/app/module"
	"gonghui/tenant"
	"gonghui/tenant/access"
)

// touch is how exact "last seen" is. What memory holds of a session adds [tenant.Heard].
const touch = time.Minute

// Why a session was ended, for the device that holds it.
const (
	endLimit    = "limit"
	endRemote   = "remote"
	endPassword = "password"
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
		var err error
		if module.Acting(token) {
			e.subject, e.until, err = s.sso.Acting(ctx, token)
		} else {
			e, err = s.load(ctx, digest)
		}
		if err != nil {
			return nil, err
		}
		s.sessions.Put(digest, e, asked)
	}
	if e.subject != nil && e.subject.App != uuid.Nil {
		return s.acting(ctx, e, t)
	}
	if e.subject != nil && e.subject.Assist != nil && !time.Now().Before(e.subject.Assist.Until) {
		return nil, nil
	}
	if e.subject != nil && (e.supervision != (t == nil) || t != nil && t.ID != e.subject.Body) {
		return nil, errElsewhere
	}
	return e.subject, nil
}

// acting is the application that acts by itself: on the host of the body that registered it, and of those below.
func (s *Service) acting(ctx context.Context, e held, t *tenant.Tenant) (*tenant.Subject, error) {
	switch {
	case !time.Now().Before(e.until):
		return nil, nil
	case t == nil:
		return nil, errElsewhere
	case t.ID == e.subject.Body:
		return e.subject, nil
	}
	below, err := access.EngineOf(s.host.DB()).Below(ctx, e.subject.Body, t.ID)
	if err == nil && !below {
		err = errElsewhere
	}
	if err != nil {
		return nil, err
	}
	return e.subject, nil
}

func (s *Service) load(ctx context.Context, digest tokenDigest) (held, error) {
	var e held
	err := s.host.DB().Platform(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		row, err := s.q.SessionByToken(ctx, tx, digest[:])
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
			Role: row.Role, Body: row.BodyID, BodyCode: row.BodyCode, Proved: row.ProvedAt,
		}}
		if row.RefID != nil {
			e.subject.Ref = *row.RefID
		}
		return s.helping(ctx, tx, e.subject)
	})
	return e, err
}

// opening is a session to be made.
type opening struct {
	account, identity uuid.UUID
	factor            string    // by what it is opened
	proved            time.Time // when its holder last proved to be who they are
	policy            policy.Policy
}

// opened is a session that was made, with its cookie, and those that made room for it.
type opened struct {
	cookie  string
	session uuid.UUID
	ended   []uuid.UUID
}

// open makes a session on the host of the call. Where there are more than the body allows the oldest end, and their devices are
// told why.
func (s *Service) open(ctx context.Context, tx tenant.DBTX, o opening) (opened, error) {
	token, digest := newToken()
	c := tenant.CallFrom(ctx)
	made := opened{cookie: sessionCookie(token, int(o.policy.Life().Seconds())), session: tenant.NewID()}
	host := limit(c.Host, 255)
	err := s.q.CreateSession(ctx, tx, db.CreateSessionParams{
		ID: made.session, TokenDigest: digest, AccountID: o.account, IdentityID: o.identity, Supervision: c.Supervision,
		Host: host, Source: limit(c.Source, 45), Device: device(c.Device), ExpiresAt: time.Now().Add(o.policy.Life()),
		Factor: o.factor, ProvedAt: o.proved, Idle: o.policy.IdleTime(),
	})
	if err != nil {
		return made, err
	}
	old, err := s.q.CrowdedSessions(ctx, tx, db.CrowdedSessionsParams{AccountID: o.account, Host: host, Keep: int32(o.policy.Sessions)})
	if err != nil || len(old) == 0 {
		return made, err
	}
	were := make(map[uuid.UUID]tenant.Seen, len(old))
	for _, id := range old {
		if were[id], err = noun.Session.See(ctx, tx, id); err != nil {
			return made, err
		}
	}
	made.ended, err = s.q.EndSessions(ctx, tx, db.EndSessionsParams{Ids: old, Why: endLimit, Device: device(c.Device)})
	for _, id := range made.ended {
		were[id].Gone(ctx, tx, tenant.Act{Act: "session.end", Reason: "too many at a time"})
	}
	return made, err
}

// dropped takes sessions that have ended out of memory.
func (s *Service) dropped(ended []uuid.UUID) {
	if len(ended) > 0 {
		s.forget(func(o *tenant.Subject) bool { return slices.Contains(ended, o.Session) })
	}
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
	if err := s.unhurried(ctx, digest, call.Source, in.Captcha); err != nil {
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
	return s.proceed(ctx, entry{Account: place.AccountID, Identity: place.IdentityID, First: "password"}, nil)
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
func (s *Service) enter(ctx context.Context, e entry, p policy.Policy) (*identityv1.SignInReply, error) {
	var made opened
	err := s.host.DB().Platform(ctx, func(ctx context.Context, tx tenant.DBTX) (err error) {
		made, err = s.open(ctx, tx, opening{e.Account, e.Identity, e.factor(), time.Now(), p})
		if err != nil {
			return err
		}
		if err := s.agree(ctx, tx, e.Account, e.Consent); err != nil {
			return err
		}
		place, err := s.q.IdentityByID(ctx, tx, e.Identity)
		if err != nil {
			return err
		}
		return noun.Session.Made(ctx, tx, tenant.Act{
			Act: "session.open", Reason: e.factor(),
			As: &tenant.Subject{Account: e.Account, Identity: e.Identity, Name: place.Name, Role: place.Role, BodyCode: place.BodyCode},
		}, made.session)
	})
	if err != nil {
		return nil, err
	}
	s.dropped(made.ended)
	token, _, _ := strings.Cut(strings.TrimPrefix(made.cookie, module.Cookie+"="), ";")
	subject, err := s.Authenticate(ctx, token, tenant.From(ctx))
	if err != nil || subject == nil {
		return nil, errors.Join(errors.New("identity: a session just opened is not there"), err)
	}
	me, err := s.me(access.With(tenant.WithSubject(ctx, subject), access.EngineOf(s.host.DB())))
	if err != nil {
		return nil, err
	}
	setCookie(ctx, made.cookie)
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
		rows, err := s.q.SessionsOfAccount(ctx, tx, db.SessionsOfAccountParams{AccountID: me.Account, Before: before, Size: size + 1})
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
			CreatedAt: timestamppb.New(r.CreatedAt), SeenAt: timestamppb.New(r.SeenAt), Factor: r.Factor,
		})
	}
	return all
}

// RevokeSession ends one of the caller's own sessions.
func (s *Service) RevokeSession(ctx context.Context, in *identityv1.RevokeSessionRequest) (*identityv1.RevokeSessionReply, error) {
	me := tenant.SubjectFrom(ctx)
	var ended []uuid.UUID
	err := s.host.DB().Platform(ctx, func(ctx context.Context, tx tenant.DBTX) (err error) {
		was, err := noun.Session.See(ctx, tx, uuid.MustParse(in.Id))
		if err != nil {
			return err
		}
		ended, err = s.q.EndSession(ctx, tx, db.EndSessionParams{ID: uuid.MustParse(in.Id), AccountID: me.Account, Why: endRemote})
		if len(ended) > 0 {
			was.Gone(ctx, tx, tenant.Act{Act: "session.end"})
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	s.dropped(ended)
	if len(ended) == 0 {
		return nil, fault.New(http.StatusNotFound, identityv1.Reason_SESSION_NOT_FOUND, "这次登录已经结束", "this session has ended already")
	}
	return &identityv1.RevokeSessionReply{}, nil
}

func (s *Service) end(ctx context.Context, session uuid.UUID) (bool, error) {
	me := tenant.SubjectFrom(ctx)
	var n int64
	err := s.host.DB().Platform(ctx, func(ctx context.Context, tx tenant.DBTX) (err error) {
		was, err := noun.Session.See(ctx, tx, session)
		if err != nil {
			return err
		}
		n, err = s.q.DeleteSession(ctx, tx, db.DeleteSessionParams{ID: session, AccountID: me.Account})
		if n > 0 {
			was.Gone(ctx, tx, tenant.Act{Act: "session.end"})
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
	hash, err := s.newPassword(ctx, "newPassword", in.NewPassword, me.Account)
	if err != nil {
		return nil, err
	}
	err = s.host.DB().Platform(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		was, err := noun.Account.See(ctx, tx, me.Account)
		if err != nil {
			return err
		}
		if err := s.setPassword(ctx, tx, me.Account, hash); err != nil {
			return err
		}
		if err := was.Changed(ctx, tx, tenant.Act{Act: "password.change"}); err != nil {
			return err
		}
		_, err = s.q.EndOtherSessions(ctx, tx, db.EndOtherSessionsParams{AccountID: me.Account, ID: me.Session, Why: endPassword})
		return err
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
