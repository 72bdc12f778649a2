package member

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"net/http"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	identityv1 "gonghui/app/identity/v1"
	"gonghui/app/kit/cnid"
	"gonghui/app/kit/fault"
	"gonghui/app/kit/field"
	"gonghui/app/member/internal/db"
	memberv1 "gonghui/app/member/v1"
	"gonghui/tenant"
)

var (
	errClaim = fault.New(http.StatusForbidden, memberv1.Reason_CLAIM_REFUSED,
		"没有找到与姓名、证件号码和本手机号都相符的会员档案，请联系您的工会核对档案", "no member's file fits this name, ID number and phone; ask your union to check the file")
	errClaims = fault.New(http.StatusTooManyRequests, memberv1.Reason_CLAIM_REFUSED,
		"核对次数过多，请重新获取验证码后再试", "too many tries; ask for a new code first")
	errNoPhone = fault.Of(http.StatusConflict, memberv1.Reason_MEMBER_STATE, "fields.phone",
		"档案里没有手机号，请先补充再邀请", "the file has no phone; enter one before inviting")
)

// A proof of a phone is good for so many tries to name one's file: ID numbers must not be guessed with it.
const (
	claimTries  = 5
	claimMemory = 15 * time.Minute
)

func (s *Service) entry() identityv1.EntryServiceClient {
	return identityv1.NewEntryServiceClient(s.host.Conn("identity"))
}

// InviteMember makes an entry link for the member of a file.
func (s *Service) InviteMember(ctx context.Context, req *memberv1.InviteMemberRequest) (*identityv1.Invitation, error) {
	id, err := field.ID("id", req.GetId())
	if err != nil {
		return nil, err
	}
	row, err := s.row(ctx, id, by(mayWrite))
	if err != nil {
		return nil, err
	}
	f, err := s.open(row)
	switch {
	case err != nil:
		return nil, err
	case row.State != stateActive:
		return nil, errEnded
	case f.phone == "":
		return nil, errNoPhone
	}
	made, err := s.entry().OfferPlace(ctx, &identityv1.OfferPlaceRequest{MemberId: id.String(), Name: f.name, Phone: f.phone})
	if err != nil {
		return nil, err
	}
	err = s.db.Tx(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		tenant.Audit(ctx, tx, tenant.Act{Act: "member.invite", Kind: "member", Object: id.String()})
		return nil
	})
	return made, err
}

// ClaimOwnMember binds whoever proved a phone to the file with the same name, ID number and phone. For a file that has no phone
// the body is asked.
func (s *Service) ClaimOwnMember(ctx context.Context, req *memberv1.ClaimOwnMemberRequest) (*identityv1.SignInReply, error) {
	paper, err := cnid.ParsePaper(req.GetIdKind(), req.GetIdNumber())
	if err != nil {
		return nil, worded("idNumber", err)
	}
	name, err := field.Required("name", req.GetName())
	if err != nil {
		return nil, err
	}
	proved, err := s.entry().PhoneOfToken(ctx, &identityv1.PhoneOfTokenRequest{PhoneToken: req.GetPhoneToken()})
	if err != nil {
		return nil, err
	}
	if err := s.tryClaim(ctx, req.GetPhoneToken()); err != nil {
		return nil, err
	}
	digest := s.keys.Digest(idDigest, paper.Number)
	var row db.Member
	var f *file
	err = s.db.Tx(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		row, err = s.sql.MemberByDigest(ctx, tx, digest)
		if err == nil {
			f, err = s.open(&row)
		}
		return err
	})
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		return nil, errClaim
	case err != nil:
		return nil, err
	case fold(f.name) != fold(name) || f.phone != "" && f.phone != proved.GetPhone():
		return nil, errClaim
	}
	if err := s.fitted(ctx, req.GetPhoneToken()); err != nil {
		return nil, err
	}
	if f.phone == "" {
		return nil, s.askFor(ctx, row.ID, proved.GetPhone(), req.GetAgain())
	}
	return s.entry().TakePlace(ctx, &identityv1.TakePlaceRequest{
		PhoneToken: req.GetPhoneToken(), MemberId: row.ID.String(), Name: f.name, IdDigest: digest,
	})
}

func claimKey(token string) string {
	sum := sha256.Sum256([]byte(token))
	return "member:claim:" + base64.RawURLEncoding.EncodeToString(sum[:])
}

// fitted takes back a try that named the own file: who looks how a claim stands guesses nothing.
func (s *Service) fitted(ctx context.Context, token string) error {
	return s.host.Redis().Decr(ctx, claimKey(token)).Err()
}

// tryClaim counts the tries with one proof of a phone.
func (s *Service) tryClaim(ctx context.Context, token string) error {
	key := claimKey(token)
	n, err := s.host.Redis().Incr(ctx, key).Result()
	if err != nil {
		return err
	}
	if n > claimTries {
		return errClaims
	}
	return s.host.Redis().Expire(ctx, key, claimMemory).Err()
}

// endPlace closes the account's place of a member who left.
func (s *Service) endPlace(ctx context.Context, id uuid.UUID) error {
	row, err := s.row(ctx, id, only(id))
	if err != nil {
		return err
	}
	if row.State == stateActive {
		return nil // restored meanwhile
	}
	_, err = s.entry().EndPlace(ctx, &identityv1.EndPlaceRequest{MemberId: id.String()})
	return err
}
