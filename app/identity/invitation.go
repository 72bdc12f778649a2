package identity

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"google.golang.org/protobuf/types/known/timestamppb"

	"gonghui/app/identity/internal/db"
	"gonghui/app/identity/internal/noun"
	"gonghui/app/identity/policy"
	"gonghui/app/identity/sms"
	identityv1 "gonghui/app/identity/v1"
	"gonghui/app/kit/fault"
	"gonghui/app/kit/page"
	"gonghui/app/module"
	"gonghui/tenant"
	"gonghui/tenant/access"
)

// invitationLife is how long an invitation stays open.
const invitationLife = 7 * 24 * time.Hour

// CreateInvitation offers a role in the own body to a phone.
func (s *Service) CreateInvitation(ctx context.Context, in *identityv1.CreateInvitationRequest) (*identityv1.Invitation, error) {
	t := tenant.From(ctx)
	// An administrator can do all that the one who invites can, and to whomever he likes.
	if in.Role == "admin" {
		if err := access.Fresh(ctx); err != nil {
			return nil, err
		}
	}
	var made *identityv1.Invitation
	err := s.host.DB().Platform(ctx, func(ctx context.Context, tx tenant.DBTX) (err error) {
		made, err = Invite(ctx, tx, s.host, t.ID, t.Code, in)
		return err
	})
	return made, err
}

// Invite offers a role in a body to a phone; the answer holds the only copy of the entry link.
func Invite(ctx context.Context, tx tenant.DBTX, h module.Host, body uuid.UUID, code string, in *identityv1.CreateInvitationRequest) (*identityv1.Invitation, error) {
	return invite(ctx, tx, h, body, code, offer{in.Phone, in.Name, in.Role, nil})
}

// offer is what an invitation offers, and to whom; ref is the file of a member.
type offer struct {
	phone, name, role string
	ref               *uuid.UUID
}

func invite(ctx context.Context, tx tenant.DBTX, h module.Host, body uuid.UUID, code string, o offer) (*identityv1.Invitation, error) {
	phone, err := normalPhone(o.phone)
	if err != nil {
		return nil, err
	}
	name := strings.TrimSpace(o.name)
	if name == "" {
		return nil, fault.Field("name", "请填写姓名", "enter a name")
	}
	if err := offerable(ctx, tx, db.New(), body, h.Keys().Digest("phone", phone), o.role); err != nil {
		return nil, err
	}
	token, digest := newToken()
	id, now := tenant.NewID(), time.Now()
	err = db.New().CreateInvitation(ctx, tx, db.CreateInvitationParams{
		ID: id, TokenDigest: digest, BodyID: body, Name: name, Role: o.role, RefID: o.ref, ExpiresAt: now.Add(invitationLife),
		PhoneSealed: h.Keys().Seal("person.phone", phone), PhoneDigest: h.Keys().Digest("phone", phone),
	})
	if err != nil {
		return nil, err
	}
	if err := noun.Invitation.Made(ctx, tx, tenant.Act{Act: "invitation.create", Reason: o.role + " @ " + code}, id); err != nil {
		return nil, err
	}
	page := "/console/invitation"
	if o.role == "member" {
		page = "/join"
	}
	return &identityv1.Invitation{
		Id: id.String(), Name: name, Phone: phone, Role: o.role, State: "pending",
		CreatedAt: timestamppb.New(now), ExpiresAt: timestamppb.New(now.Add(invitationLife)),
		Url: h.Scheme() + "://" + code + "." + h.Base() + page + "?token=" + token,
	}, nil
}

// ListInvitations pages through the invitations of the own body, newest first.
func (s *Service) ListInvitations(ctx context.Context, in *identityv1.ListInvitationsRequest) (*identityv1.ListInvitationsReply, error) {
	before := uuid.Max
	if _, err := page.Parse(in.PageToken, &before); err != nil {
		return nil, err
	}
	size := page.Size(in.PageSize, 50)
	t := tenant.From(ctx)
	reply := &identityv1.ListInvitationsReply{}
	err := s.host.DB().Platform(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		rows, err := s.q.ListInvitations(ctx, tx, db.ListInvitationsParams{BodyID: t.ID, Before: before, Size: size + 1})
		if err != nil {
			return err
		}
		rows, reply.NextPageToken = page.Cut(rows, size, func(r db.ListInvitationsRow) any { return r.ID })
		for _, r := range rows {
			phone, err := s.host.Keys().Open("person.phone", r.PhoneSealed)
			if err != nil {
				return err
			}
			reply.Invitations = append(reply.Invitations, &identityv1.Invitation{
				Id: r.ID.String(), Name: r.Name, Phone: phone, Role: r.Role, State: r.State,
				CreatedAt: timestamppb.New(r.CreatedAt), ExpiresAt: timestamppb.New(r.ExpiresAt),
			})
		}
		return nil
	})
	return reply, err
}

// RevokeInvitation takes back an invitation that was not accepted yet.
func (s *Service) RevokeInvitation(ctx context.Context, in *identityv1.RevokeInvitationRequest) (*identityv1.RevokeInvitationReply, error) {
	t := tenant.From(ctx)
	err := s.host.DB().Platform(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		was, err := noun.Invitation.See(ctx, tx, uuid.MustParse(in.Id))
		if err != nil {
			return err
		}
		n, err := s.q.RevokeInvitation(ctx, tx, db.RevokeInvitationParams{ID: uuid.MustParse(in.Id), BodyID: t.ID})
		if err == nil && n == 0 {
			return fault.New(http.StatusNotFound, identityv1.Reason_INVITATION_NOT_FOUND, "没有这个待接受的邀请", "there is no such open invitation")
		}
		if err != nil {
			return err
		}
		return was.Changed(ctx, tx, tenant.Act{Act: "invitation.revoke"})
	})
	return &identityv1.RevokeInvitationReply{}, err
}

// GetInvitation shows whom a link invites.
func (s *Service) GetInvitation(ctx context.Context, in *identityv1.GetInvitationRequest) (*identityv1.InvitationCard, error) {
	row, err := s.openInvitation(ctx, in.Token)
	if err != nil {
		return nil, err
	}
	phone, err := s.host.Keys().Open("person.phone", row.PhoneSealed)
	if err != nil {
		return nil, err
	}
	return &identityv1.InvitationCard{
		BodyName: row.BodyName, Name: maskName(row.Name), Phone: phone, Role: row.Role, ExpiresAt: timestamppb.New(row.ExpiresAt),
	}, nil
}

// maskName is the first character and stars.
func maskName(name string) string {
	first, size := utf8.DecodeRuneInString(name)
	if size == 0 {
		return ""
	}
	return string(first) + strings.Repeat("*", utf8.RuneCountInString(name[size:]))
}

// AcceptInvitation makes the account, if the phone has none yet, and the identity, and opens a session. Who accepts proves to
// be meant by a code to the invited phone or, but for members, by the link and a password: a new account takes it as its own,
// one that has a password must be given that, and one that has none takes a code only.
func (s *Service) AcceptInvitation(ctx context.Context, in *identityv1.AcceptInvitationRequest) (*identityv1.SignInReply, error) {
	inv, err := s.openInvitation(ctx, in.Token)
	if err != nil {
		return nil, err
	}
	phone, err := s.host.Keys().Open("person.phone", inv.PhoneSealed)
	if err != nil {
		return nil, err
	}
	a := acceptance{token: in.Token, password: in.Password}
	if in.Code == "" {
		err = s.byPassword(ctx, inv, phone, &a)
	} else {
		err = s.byCode(ctx, inv, phone, in.Code, &a)
	}
	if err != nil {
		return nil, err
	}
	var account, identity uuid.UUID
	var ended []uuid.UUID
	err = s.host.DB().Platform(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		account, identity, ended, err = s.accept(ctx, tx, a)
		return err
	})
	if err != nil {
		return nil, err
	}
	s.forget(func(o *tenant.Subject) bool { return slices.Contains(ended, o.Identity) })
	e := entry{Account: account, Identity: identity, First: "invitation"}
	switch {
	case a.proven:
		e.First = "code"
	case a.matched != "":
		e.First = "password"
	}
	return s.proceed(ctx, e, nil)
}

// acceptance is how an invitation is accepted.
type acceptance struct {
	token, password string
	hash            string // of the password, for an account that has none yet
	matched         string // the hash that the password was found to be of
	proven          bool   // the phone was
}

// errCodeOfAccount keeps who holds nothing but the link from giving somebody else's account a password.
var errCodeOfAccount = fault.Field("code", "这个手机号已有账号，请输入发送到该手机的验证码",
	"this phone has an account already; enter the code that was sent to it")

// byPassword checks the password of an account that has one, or makes one for an account that has none.
func (s *Service) byPassword(ctx context.Context, inv db.InvitationByTokenRow, phone string, a *acceptance) error {
	switch {
	case inv.Role == "member":
		return fault.Field("code", "请输入发送到受邀手机的验证码", "enter the code that was sent to the invited phone")
	case a.password == "":
		return fault.Field("password", "请输入密码", "enter a password")
	}
	source := tenant.CallFrom(ctx).Source
	if err := s.guard.admit(ctx, inv.PhoneDigest, source); err != nil {
		return err
	}
	var account db.AccountByPhoneRow
	err := s.host.DB().Platform(ctx, func(ctx context.Context, tx tenant.DBTX) (err error) {
		account, err = s.q.AccountByPhone(ctx, tx, inv.PhoneDigest)
		if errors.Is(err, pgx.ErrNoRows) {
			return nil
		}
		return err
	})
	switch {
	case err != nil:
		return err
	case account.ID == uuid.Nil:
		return s.choose(ctx, inv, phone, a)
	case account.PasswordHash == "":
		return errCodeOfAccount
	}
	ok, err := PasswordMatches(ctx, a.password, account.PasswordHash)
	if err != nil {
		return err
	}
	if !ok {
		if err := s.guard.fail(ctx, inv.PhoneDigest, source); err != nil {
			return err
		}
		return fault.Of(http.StatusBadRequest, identityv1.Reason_PASSWORD_WRONG, "password",
			"这个手机号已有账号，请输入原来的密码", "this phone has an account already; enter its password")
	}
	a.matched = account.PasswordHash
	return nil
}

// byCode checks the code, and takes the password, if there is one, as the new one of an account that has none.
func (s *Service) byCode(ctx context.Context, inv db.InvitationByTokenRow, phone, code string, a *acceptance) error {
	if a.password != "" {
		if err := s.choose(ctx, inv, phone, a); err != nil {
			return err
		}
	}
	a.proven = true
	return s.proven(ctx, sms.Invitation, inv.PhoneDigest, tenant.CallFrom(ctx).Source, code)
}

// choose makes the password a new one.
func (s *Service) choose(ctx context.Context, inv db.InvitationByTokenRow, phone string, a *acceptance) error {
	t := tenant.From(ctx)
	var p policy.Policy
	err := s.host.DB().Platform(ctx, func(ctx context.Context, tx tenant.DBTX) (err error) {
		p, err = s.policyFor(ctx, tx, t.ID, inv.Role)
		return err
	})
	if err != nil {
		return err
	}
	if err := flawOf("password", p.Check(a.password, policy.Owner{Phone: phone, Name: inv.Name, Bodies: []string{t.Code}}), p); err != nil {
		return err
	}
	a.hash, err = hashPassword(ctx, a.password)
	return err
}

// accept uses the invitation up and returns the account and the identity that came of it, and which identities made room.
func (s *Service) accept(ctx context.Context, tx tenant.DBTX, a acceptance) (account, identity uuid.UUID, ended []uuid.UUID, err error) {
	fail := func(err error) (uuid.UUID, uuid.UUID, []uuid.UUID, error) { return uuid.Nil, uuid.Nil, nil, err }
	body := tenant.From(ctx).ID
	was, err := noun.InvitationByToken.See(ctx, tx, digestOf(a.token))
	if err != nil {
		return fail(err)
	}
	inv, err := s.q.TakeInvitation(ctx, tx, db.TakeInvitationParams{TokenDigest: digestOf(a.token), BodyID: body})
	if errors.Is(err, pgx.ErrNoRows) {
		return fail(errInvitation)
	}
	if err != nil {
		return fail(err)
	}
	person, err := s.q.UpsertPerson(ctx, tx, db.UpsertPersonParams{
		ID: tenant.NewID(), Name: inv.Name, PhoneSealed: inv.PhoneSealed, PhoneDigest: inv.PhoneDigest,
	})
	if err != nil {
		return fail(err)
	}
	fresh := tenant.NewID()
	acc, err := s.q.OpenAccount(ctx, tx, db.OpenAccountParams{ID: fresh, PersonID: person, Proved: a.proven})
	if err != nil {
		return fail(err)
	}
	switch {
	case acc.State != "open":
		return fail(refused())
	case !a.proven && acc.ID != fresh && (a.matched == "" || acc.PasswordHash != a.matched):
		return fail(errCodeOfAccount) // the account, or its password, came in this very moment
	case acc.PasswordHash == "" && a.hash != "":
		if err := s.setPassword(ctx, tx, acc.ID, a.hash); err != nil {
			return fail(err)
		}
	}
	if inv.RefID != nil && inv.Role != "member" {
		if err := s.q.UntieOfficer(ctx, tx, db.UntieOfficerParams{BodyID: body, RefID: *inv.RefID, PersonID: person}); err != nil {
			return fail(err)
		}
	}
	if inv.RefID != nil && inv.Role == "member" {
		if err := s.freeOf(ctx, tx, person, body, *inv.RefID); err != nil {
			return fail(err)
		}
		// Whom the body invites takes the place of who held the file before: so a member gets in with a new phone.
		if ended, err = s.endPlaces(ctx, tx, body, *inv.RefID, person); err != nil {
			return fail(err)
		}
	}
	identity, err = s.q.UpsertIdentity(ctx, tx, db.UpsertIdentityParams{ID: tenant.NewID(), PersonID: person, BodyID: body, Role: inv.Role, RefID: inv.RefID})
	if err != nil {
		return fail(dutyTold(err))
	}
	return acc.ID, identity, ended, was.Changed(ctx, tx, tenant.Act{Act: "invitation.accept", Object: inv.ID.String()})
}

var errInvitation = fault.Of(http.StatusBadRequest, identityv1.Reason_INVITATION_INVALID, "token",
	"邀请链接无效、已使用或已过期，请向工会管理员再要一个", "the invitation is unknown, used or expired; ask the administrator for a new one")

// openInvitation finds what a token of the host's body invites to.
func (s *Service) openInvitation(ctx context.Context, token string) (db.InvitationByTokenRow, error) {
	var row db.InvitationByTokenRow
	t := tenant.From(ctx)
	if t == nil {
		return row, errInvitation
	}
	err := s.host.DB().Platform(ctx, func(ctx context.Context, tx tenant.DBTX) (err error) {
		row, err = s.q.InvitationByToken(ctx, tx, db.InvitationByTokenParams{TokenDigest: digestOf(token), BodyID: t.ID})
		if errors.Is(err, pgx.ErrNoRows) {
			return errInvitation
		}
		return err
	})
	return row, err
}
