package identity

import (
	"context"
	"crypto/sha256"
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"google.golang.org/protobuf/types/known/timestamppb"

	"gonghui/app/identity/internal/db"
	identityv1 "gonghui/app/identity/v1"
	"gonghui/app/kit/cnid"
	"gonghui/app/kit/fault"
	"gonghui/app/kit/page"
	"gonghui/app/module"
	"gonghui/tenant"
)

// invitationLife is how long an invitation stays open.
const invitationLife = 7 * 24 * time.Hour

// CreateInvitation offers a role in the own body to a phone.
func (s *Service) CreateInvitation(ctx context.Context, in *identityv1.CreateInvitationRequest) (*identityv1.Invitation, error) {
	t := tenant.From(ctx)
	var made *identityv1.Invitation
	err := s.host.DB().Platform(ctx, func(ctx context.Context, tx tenant.DBTX) (err error) {
		made, err = Invite(ctx, tx, s.host, t.ID, t.Code, in)
		return err
	})
	return made, err
}

// Invite offers a role in a body to a phone; the answer holds the only copy of the entry link.
func Invite(ctx context.Context, tx tenant.DBTX, h module.Host, body uuid.UUID, code string, in *identityv1.CreateInvitationRequest) (*identityv1.Invitation, error) {
	phone, err := cnid.NormalizePhone(in.Phone)
	if err != nil {
		return nil, fault.Field("phone", "请输入 11 位手机号", "enter a mobile number of 11 digits")
	}
	name := strings.TrimSpace(in.Name)
	if name == "" {
		return nil, fault.Field("name", "请填写姓名", "enter a name")
	}
	token, digest := newToken()
	id, now := tenant.NewID(), time.Now()
	err = db.New().CreateInvitation(ctx, tx, db.CreateInvitationParams{
		ID: id, TokenDigest: digest, BodyID: body, Name: name, Role: in.Role, ExpiresAt: now.Add(invitationLife),
		PhoneSealed: h.Keys().Seal("person.phone", phone), PhoneDigest: h.Keys().Digest("phone", phone),
	})
	if err != nil {
		return nil, err
	}
	tenant.AuditPlatform(ctx, tx, tenant.Act{Act: "invitation.create", Kind: "invitation", Object: id.String(), Reason: in.Role + " @ " + code})
	return &identityv1.Invitation{
		Id: id.String(), Name: name, Phone: cnid.MaskPhone(phone), Role: in.Role, State: "pending",
		CreatedAt: timestamppb.New(now), ExpiresAt: timestamppb.New(now.Add(invitationLife)),
		Url: h.Scheme() + "://" + code + "." + h.Base() + "/console/invitation?token=" + token,
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
				Id: r.ID.String(), Name: r.Name, Phone: cnid.MaskPhone(phone), Role: r.Role, State: r.State,
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
		n, err := s.q.RevokeInvitation(ctx, tx, db.RevokeInvitationParams{ID: uuid.MustParse(in.Id), BodyID: t.ID})
		if err == nil && n == 0 {
			return fault.New(http.StatusNotFound, identityv1.Reason_INVITATION_NOT_FOUND, "没有这个待接受的邀请", "there is no such open invitation")
		}
		tenant.AuditPlatform(ctx, tx, tenant.Act{Act: "invitation.revoke", Kind: "invitation", Object: in.Id})
		return err
	})
	return &identityv1.RevokeInvitationReply{}, err
}

// AcceptInvitation makes the account, if the phone has none yet, and the identity, and opens a session. Who has an account
// already keeps its password and must give it.
func (s *Service) AcceptInvitation(ctx context.Context, in *identityv1.AcceptInvitationRequest) (*identityv1.SignInReply, error) {
	t := tenant.From(ctx)
	hash, err := HashPassword(in.Password)
	if err != nil {
		return nil, err
	}
	digest := sha256.Sum256([]byte(in.Token))
	var account, identity uuid.UUID
	err = s.host.DB().Platform(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		inv, err := s.q.TakeInvitation(ctx, tx, db.TakeInvitationParams{TokenDigest: digest[:], BodyID: t.ID})
		if errors.Is(err, pgx.ErrNoRows) {
			return fault.Of(http.StatusBadRequest, identityv1.Reason_INVITATION_INVALID, "token",
				"邀请链接无效、已使用或已过期，请向工会管理员再要一个", "the invitation is unknown, used or expired; ask the administrator for a new one")
		}
		if err != nil {
			return err
		}
		phone, err := s.host.Keys().Open("person.phone", inv.PhoneSealed)
		if err != nil {
			return err
		}
		person, err := s.q.UpsertPerson(ctx, tx, db.UpsertPersonParams{
			ID: tenant.NewID(), Name: inv.Name, PhoneSealed: inv.PhoneSealed, PhoneDigest: inv.PhoneDigest,
		})
		if err != nil {
			return err
		}
		acc, err := s.q.UpsertAccount(ctx, tx, db.UpsertAccountParams{ID: tenant.NewID(), PersonID: person, PasswordHash: hash})
		if err != nil {
			return err
		}
		if acc.PasswordHash == hash {
			if err := checkPassword("password", in.Password, phone); err != nil {
				return err
			}
		} else if !passwordMatches(in.Password, acc.PasswordHash) {
			return fault.Of(http.StatusBadRequest, identityv1.Reason_PASSWORD_WRONG, "password",
				"这个手机号已有账号，请输入原来的密码", "this phone has an account already; enter its password")
		}
		account = acc.ID
		identity, err = s.q.UpsertIdentity(ctx, tx, db.UpsertIdentityParams{ID: tenant.NewID(), PersonID: person, BodyID: t.ID, Role: inv.Role})
		tenant.AuditPlatform(ctx, tx, tenant.Act{Act: "invitation.accept", Kind: "invitation", Object: inv.ID.String()})
		return err
	})
	if err != nil {
		return nil, err
	}
	return s.enter(ctx, account, identity)
}
