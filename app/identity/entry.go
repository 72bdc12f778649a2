package identity

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"gonghui/app/identity/internal/db"
	"gonghui/app/identity/internal/noun"
	"gonghui/app/identity/sms"
	identityv1 "gonghui/app/identity/v1"
	"gonghui/app/kit/fault"
	"gonghui/tenant"
)

// OfferPlace invites the member of a file. Older invitations to the file are taken back.
func (s *Service) OfferPlace(ctx context.Context, in *identityv1.OfferPlaceRequest) (*identityv1.Invitation, error) {
	t, ref := tenant.From(ctx), uuid.MustParse(in.MemberId)
	var made *identityv1.Invitation
	err := s.host.DB().Platform(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		if err := s.q.RevokeInvitationsOfRef(ctx, tx, db.RevokeInvitationsOfRefParams{BodyID: t.ID, RefID: ref}); err != nil {
			return err
		}
		var err error
		made, err = invite(ctx, tx, s.host, t.ID, t.Code, offer{in.Phone, in.Name, "member", &ref})
		return err
	})
	return made, err
}

// PhoneOfToken returns the phone that a token proves.
func (s *Service) PhoneOfToken(ctx context.Context, in *identityv1.PhoneOfTokenRequest) (*identityv1.PhoneOfTokenReply, error) {
	of, err := s.proofs.look(ctx, in.PhoneToken, tenant.From(ctx).ID)
	if err != nil {
		return nil, err
	}
	return &identityv1.PhoneOfTokenReply{Phone: of.Phone}, nil
}

// TellClaimant tells a phone what became of its claim. On a system without text messages nobody can be told so.
func (s *Service) TellClaimant(ctx context.Context, in *identityv1.TellClaimantRequest) (*identityv1.TellClaimantReply, error) {
	template := sms.ClaimRefused
	if in.Approved {
		template = sms.ClaimApproved
	}
	err := s.sms.Send(ctx, in.Phone, template, map[string]string{"body": tenant.From(ctx).Name})
	if errors.Is(err, sms.ErrNone) {
		err = nil
	}
	return &identityv1.TellClaimantReply{}, err
}

// TakePlace makes or finds the person, gives them the place of the file and opens a session. The token is used up, unless
// nothing came of it.
func (s *Service) TakePlace(ctx context.Context, in *identityv1.TakePlaceRequest) (*identityv1.SignInReply, error) {
	of, giveBack, err := s.proofs.use(ctx, in.PhoneToken, tenant.From(ctx).ID)
	if err != nil {
		return nil, err
	}
	var account, identity uuid.UUID
	err = s.host.DB().Platform(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		account, identity, err = s.settle(ctx, tx, claimant{
			name: strings.TrimSpace(in.Name), phone: of.Phone, idDigest: in.IdDigest, file: uuid.MustParse(in.MemberId),
		})
		return err
	})
	if err != nil {
		if lost := giveBack(); lost != nil {
			return nil, lost
		}
		if errors.Is(err, errOtherPhone) {
			if lost := s.noteTwins(ctx, of.Phone, in); lost != nil {
				return nil, lost
			}
		}
		return nil, err
	}
	return s.proceed(ctx, entry{Account: account, Identity: identity, Consent: of.Consent, First: "code"}, nil)
}

// noteTwins opens a case for merging when a claim showed one ID number with two phones that both have an account.
func (s *Service) noteTwins(ctx context.Context, phone string, in *identityv1.TakePlaceRequest) error {
	return s.host.DB().Platform(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		return s.q.NoteTwins(ctx, tx, db.NoteTwinsParams{
			ID: tenant.NewID(), IDDigest: in.IdDigest, PhoneDigest: s.host.Keys().Digest("phone", phone), Name: strings.TrimSpace(in.Name),
		})
	})
}

// claimant is somebody who proved to hold a phone and to be the one of a file.
type claimant struct {
	name, phone, idDigest string
	file                  uuid.UUID
}

func conflict(zh, en string) error {
	return fault.New(http.StatusConflict, identityv1.Reason_PLACE_CONFLICT, zh, en)
}

// settle gives a claimant the place of the file.
func (s *Service) settle(ctx context.Context, tx tenant.DBTX, c claimant) (account, identity uuid.UUID, err error) {
	body := tenant.From(ctx).ID
	person, known, err := s.personOf(ctx, tx, c)
	if err != nil {
		return uuid.Nil, uuid.Nil, err
	}
	acc, err := s.q.OpenAccount(ctx, tx, db.OpenAccountParams{ID: tenant.NewID(), PersonID: person, Proved: true})
	if err != nil {
		return uuid.Nil, uuid.Nil, err
	}
	if acc.State != "open" {
		return uuid.Nil, uuid.Nil, refused()
	}
	holders, err := s.q.HoldersOfRef(ctx, tx, db.HoldersOfRefParams{BodyID: body, RefID: c.file})
	if err != nil {
		return uuid.Nil, uuid.Nil, err
	}
	if slices.ContainsFunc(holders, func(h db.HoldersOfRefRow) bool { return h.PersonID != person }) {
		return uuid.Nil, uuid.Nil, errFileTaken
	}
	if !known {
		if err := s.freeOf(ctx, tx, person, body, c.file); err != nil {
			return uuid.Nil, uuid.Nil, err
		}
	}
	identity, err = s.q.UpsertIdentity(ctx, tx, db.UpsertIdentityParams{ID: tenant.NewID(), PersonID: person, BodyID: body, Role: "member", RefID: &c.file})
	var pe *pgconn.PgError
	if errors.As(err, &pe) && pe.ConstraintName == "identity_ref_key" {
		return uuid.Nil, uuid.Nil, errFileTaken
	}
	if err != nil {
		return uuid.Nil, uuid.Nil, err
	}
	return acc.ID, identity, noun.Identity.Made(ctx, tx, tenant.Act{Act: "place.take", Reason: "member " + c.file.String()}, identity)
}

var (
	errFileTaken = conflict("这份会员档案已绑定另一个手机号，请用原手机号登录，或请工会向新手机号发送邀请",
		"this file is bound to another phone already; sign in with that one, or ask your union to send an invitation to the new one")
	errOtherPhone = conflict("您的证件号码已绑定另一个手机号，请用原手机号登录，或请工会向新手机号发送邀请",
		"your ID number is bound to another phone already; sign in with that one, or ask your union to send an invitation to the new one")
	errOtherPerson = conflict("这个手机号已是另一个人的账号，请换用本人的手机号，或请工会核对您的档案",
		"this phone is somebody else's account already; use your own, or ask your union to check your file")
)

// personOf finds the person of a claimant by phone and ID number, or makes one; known says that the ID number was theirs
// before. Phone and ID number together name a person; when they name two, or one who is somebody else, nothing is moved from
// one to the other: see the README.
func (s *Service) personOf(ctx context.Context, tx tenant.DBTX, c claimant) (person uuid.UUID, known bool, err error) {
	phone := s.host.Keys().Digest("phone", c.phone)
	byPhone, err := s.q.PersonByPhone(ctx, tx, phone)
	if err != nil && !errors.Is(err, pgx.ErrNoRows) {
		return uuid.Nil, false, err
	}
	byID, err := s.q.PersonByID(ctx, tx, c.idDigest)
	if err != nil && !errors.Is(err, pgx.ErrNoRows) {
		return uuid.Nil, false, err
	}
	switch {
	case byID != uuid.Nil && byID == byPhone.ID:
		return byID, true, nil
	case byID != uuid.Nil:
		return uuid.Nil, false, errOtherPhone
	case byPhone.ID != uuid.Nil && (byPhone.IDDigest != "" || byPhone.Name != c.name):
		return uuid.Nil, false, errOtherPerson
	case byPhone.ID != uuid.Nil:
		return byPhone.ID, false, s.q.BindPerson(ctx, tx, db.BindPersonParams{ID: byPhone.ID, IDDigest: c.idDigest})
	}
	person = tenant.NewID()
	n, err := s.q.CreatePerson(ctx, tx, db.CreatePersonParams{
		ID: person, Name: c.name, PhoneSealed: s.host.Keys().Seal("person.phone", c.phone), PhoneDigest: phone, IDDigest: c.idDigest,
	})
	if err == nil && n == 0 {
		err = errOtherPerson // made by another call in this very moment
	}
	return person, false, err
}

// freeOf refuses a person whose place as a member of the body is another file's.
func (s *Service) freeOf(ctx context.Context, tx tenant.DBTX, person, body, file uuid.UUID) error {
	ref, err := s.q.MemberPlace(ctx, tx, db.MemberPlaceParams{PersonID: person, BodyID: body})
	if errors.Is(err, pgx.ErrNoRows) || err == nil && (ref == nil || *ref == file) {
		return nil
	}
	if err != nil {
		return err
	}
	return errOtherPerson
}

// endPlaces ends the places that a file has given, but for the one of a person, and returns their identities.
func (s *Service) endPlaces(ctx context.Context, tx tenant.DBTX, body, file, but uuid.UUID) ([]uuid.UUID, error) {
	holders, err := s.q.HoldersOfRef(ctx, tx, db.HoldersOfRefParams{BodyID: body, RefID: file})
	if err != nil {
		return nil, err
	}
	var ended []uuid.UUID
	for _, h := range holders {
		if h.PersonID == but {
			continue
		}
		was, err := noun.Identity.See(ctx, tx, h.ID)
		if err != nil {
			return nil, err
		}
		if err := s.q.EndIdentity(ctx, tx, h.ID); err != nil {
			return nil, err
		}
		if err := s.q.DeleteSessionsOfIdentity(ctx, tx, h.ID); err != nil {
			return nil, err
		}
		if err := s.q.DeleteHandoffsOfIdentity(ctx, tx, h.ID); err != nil {
			return nil, err
		}
		if err := was.Changed(ctx, tx, tenant.Act{Act: "place.end", Reason: "member " + file.String()}); err != nil {
			return nil, err
		}
		ended = append(ended, h.ID)
	}
	return ended, nil
}

// EndPlace ends the place that a file has given, its sessions, and what was offered. There being none is no error.
func (s *Service) EndPlace(ctx context.Context, in *identityv1.EndPlaceRequest) (*identityv1.EndPlaceReply, error) {
	t, file := tenant.From(ctx), uuid.MustParse(in.MemberId)
	var ended []uuid.UUID
	err := s.host.DB().Platform(ctx, func(ctx context.Context, tx tenant.DBTX) (err error) {
		if ended, err = s.endPlaces(ctx, tx, t.ID, file, uuid.Nil); err != nil {
			return err
		}
		return s.q.RevokeInvitationsOfRef(ctx, tx, db.RevokeInvitationsOfRefParams{BodyID: t.ID, RefID: file})
	})
	if err != nil {
		return nil, err
	}
	s.forget(func(o *tenant.Subject) bool { return slices.Contains(ended, o.Identity) })
	return &identityv1.EndPlaceReply{}, nil
}
