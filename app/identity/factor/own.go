package factor

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/google/uuid"
	"google.golang.org/protobuf/types/known/timestamppb"

	"gonghui/app/identity/internal/db"
	"gonghui/app/identity/internal/noun"
	identityv1 "gonghui/app/identity/v1"
	"gonghui/app/kit/fault"
	"gonghui/app/kit/page"
	"gonghui/tenant"
	"gonghui/tenant/access"
)

// ProveSelf makes the session fresh. An account with a second factor proves that one; without, the password or a code to the
// phone will do.
func (s *Service) ProveSelf(ctx context.Context, in *identityv1.ProveSelfRequest) (*identityv1.ProveSelfReply, error) {
	me := tenant.SubjectFrom(ctx)
	of, err := s.of(ctx, me.Account)
	if err != nil {
		return nil, err
	}
	ways := Ways(of)
	switch {
	case len(ways) > 0:
		if in.Password != "" || in.Code != "" {
			return nil, fault.Field("totp", "请用两步验证方式确认", "prove the second factor")
		}
		_, err = s.Verify(ctx, me.Account, Proof{Totp: in.Totp, Recovery: in.RecoveryCode, Passkey: in.Passkey})
	case in.Password != "" && in.Code == "":
		wrong := fault.Of(http.StatusBadRequest, identityv1.Reason_PASSWORD_WRONG, "password", "密码不正确", "the password is wrong")
		err = s.door.Guess(ctx, "prove:"+me.Account.String(), wrong, func() (bool, error) { return s.door.PasswordOf(ctx, me.Account, in.Password) })
	case in.Code != "" && in.Password == "":
		err = s.door.CodeOf(ctx, me.Account, in.Code)
	default:
		err = fault.Field("password", "请输入密码或短信验证码", "enter the password or a code")
	}
	if err != nil {
		return nil, err
	}
	err = s.host.DB().Platform(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		was, err := noun.Session.See(ctx, tx, me.Session)
		if err != nil {
			return err
		}
		if err := s.q.ProveSession(ctx, tx, me.Session); err != nil {
			return err
		}
		return was.Changed(ctx, tx, tenant.Act{Act: "session.prove"})
	})
	if err != nil {
		return nil, err
	}
	s.door.Forget(me.Session)
	return &identityv1.ProveSelfReply{FreshUntil: timestamppb.New(time.Now().Add(access.FreshFor))}, nil
}

func (s *Service) of(ctx context.Context, account uuid.UUID) (of db.FactorsOfAccountRow, err error) {
	err = s.host.DB().Platform(ctx, func(ctx context.Context, tx tenant.DBTX) (err error) {
		of, err = s.q.FactorsOfAccount(ctx, tx, account)
		return err
	})
	return of, err
}

// AskOwnPasskey returns what one of the own passkeys has to sign.
func (s *Service) AskOwnPasskey(ctx context.Context, _ *identityv1.AskOwnPasskeyRequest) (*identityv1.PasskeyQuestion, error) {
	return s.ask(ctx, tenant.SubjectFrom(ctx).Account)
}

// StartTotp makes the secret of an authenticator app.
func (s *Service) StartTotp(ctx context.Context, _ *identityv1.StartTotpRequest) (*identityv1.TotpSecret, error) {
	return s.NewTotp(ctx, tenant.SubjectFrom(ctx).Account)
}

// ConfirmTotp takes the secret into use.
func (s *Service) ConfirmTotp(ctx context.Context, in *identityv1.ConfirmTotpRequest) (*identityv1.RecoveryCodes, error) {
	_, _, codes, err := s.Add(ctx, tenant.SubjectFrom(ctx).Account, SetUp{Totp: in.Code})
	return &identityv1.RecoveryCodes{Codes: codes}, err
}

// RemoveTotp takes the authenticator app out of use.
func (s *Service) RemoveTotp(ctx context.Context, _ *identityv1.RemoveTotpRequest) (*identityv1.RemoveTotpReply, error) {
	me := tenant.SubjectFrom(ctx)
	err := s.remove(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		was, err := noun.Account.See(ctx, tx, me.Account)
		if err != nil {
			return err
		}
		n, err := s.q.DeleteTotp(ctx, tx, me.Account)
		if err == nil && n == 0 {
			return fault.New(http.StatusConflict, identityv1.Reason_TOTP_STATE, "没有设置动态验证码", "no authenticator app is set up")
		}
		if err != nil {
			return err
		}
		return was.Changed(ctx, tx, tenant.Act{Act: "totp.remove"})
	})
	return &identityv1.RemoveTotpReply{}, err
}

// remove takes a factor away. The last one stays where one is demanded; with it go the recovery codes.
func (s *Service) remove(ctx context.Context, take func(ctx context.Context, tx tenant.DBTX) error) error {
	me := tenant.SubjectFrom(ctx)
	return s.host.DB().Platform(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		if _, err := s.q.LockAccount(ctx, tx, me.Account); err != nil {
			return err
		}
		if err := take(ctx, tx); err != nil {
			return err
		}
		of, err := s.q.FactorsOfAccount(ctx, tx, me.Account)
		if err != nil || len(Ways(of)) > 0 {
			return err
		}
		demanded, err := s.door.Demanded(ctx, tx)
		if err != nil {
			return err
		}
		if demanded {
			return fault.New(http.StatusConflict, identityv1.Reason_FACTOR_DEMANDED,
				"本单位要求您的角色使用两步验证，请先添加另一种方式", "your union demands a second factor of your role; add another one first")
		}
		return s.q.DeleteRecoveryCodes(ctx, tx, me.Account)
	})
}

// RenewRecoveryCodes makes ten new codes.
func (s *Service) RenewRecoveryCodes(ctx context.Context, _ *identityv1.RenewRecoveryCodesRequest) (*identityv1.RecoveryCodes, error) {
	me := tenant.SubjectFrom(ctx)
	var codes []string
	err := s.host.DB().Platform(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		if _, err := s.q.LockAccount(ctx, tx, me.Account); err != nil {
			return err
		}
		of, err := s.q.FactorsOfAccount(ctx, tx, me.Account)
		if err != nil {
			return err
		}
		if len(Ways(of)) == 0 {
			return fault.New(http.StatusConflict, identityv1.Reason_TOTP_STATE,
				"请先设置动态验证码或通行密钥", "set up an authenticator app or a passkey first")
		}
		codes, err = s.newCodes(ctx, tx, me.Account)
		return err
	})
	return &identityv1.RecoveryCodes{Codes: codes}, err
}

// ListPasskeys pages through the own passkeys, newest first.
func (s *Service) ListPasskeys(ctx context.Context, in *identityv1.ListPasskeysRequest) (*identityv1.ListPasskeysReply, error) {
	before := uuid.Max
	if _, err := page.Parse(in.PageToken, &before); err != nil {
		return nil, err
	}
	size := page.Size(in.PageSize, 50)
	reply := &identityv1.ListPasskeysReply{}
	err := s.host.DB().Platform(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		rows, err := s.q.ListPasskeys(ctx, tx, db.ListPasskeysParams{AccountID: tenant.SubjectFrom(ctx).Account, Before: before, Size: size + 1})
		if err != nil {
			return err
		}
		rows, reply.NextPageToken = page.Cut(rows, size, func(r db.ListPasskeysRow) any { return r.ID })
		for _, r := range rows {
			reply.Passkeys = append(reply.Passkeys, shown(r.ID, r.Name, r.BackupState, r.CreatedAt, r.UsedAt))
		}
		return nil
	})
	return reply, err
}

func shown(id uuid.UUID, name string, synced bool, made time.Time, used *time.Time) *identityv1.Passkey {
	k := &identityv1.Passkey{Id: id.String(), Name: name, Synced: synced, CreatedAt: timestamppb.New(made)}
	if used != nil {
		k.UsedAt = timestamppb.New(*used)
	}
	return k
}

// StartPasskey returns what a new passkey is made for.
func (s *Service) StartPasskey(ctx context.Context, _ *identityv1.StartPasskeyRequest) (*identityv1.PasskeyQuestion, error) {
	return s.askNew(ctx, tenant.SubjectFrom(ctx).Account)
}

// CreatePasskey keeps the passkey that the browser has made. The question is good once, so that a repetition makes no second one.
func (s *Service) CreatePasskey(ctx context.Context, in *identityv1.CreatePasskeyRequest) (*identityv1.CreatePasskeyReply, error) {
	name := strings.TrimSpace(in.Name)
	_, id, codes, err := s.Add(ctx, tenant.SubjectFrom(ctx).Account, SetUp{Passkey: in.Passkey, Name: name})
	if err != nil {
		return nil, err
	}
	reply := &identityv1.CreatePasskeyReply{RecoveryCodes: codes}
	list, err := s.ListPasskeys(ctx, &identityv1.ListPasskeysRequest{PageSize: passkeysMost})
	for _, k := range list.GetPasskeys() {
		if k.Id == id.String() {
			reply.Passkey = k
		}
	}
	return reply, err
}

var errNoPasskey = fault.New(http.StatusNotFound, identityv1.Reason_PASSKEY_NOT_FOUND, "没有这个通行密钥", "there is no such passkey")

// RenamePasskey gives a passkey the name by which its owner knows it.
func (s *Service) RenamePasskey(ctx context.Context, in *identityv1.RenamePasskeyRequest) (*identityv1.Passkey, error) {
	name := strings.TrimSpace(in.Name)
	if name == "" {
		return nil, fault.Field("name", "请填写名称", "enter a name")
	}
	var renamed *identityv1.Passkey
	err := s.host.DB().Platform(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		was, err := noun.Passkey.See(ctx, tx, uuid.MustParse(in.Id))
		if err != nil {
			return err
		}
		r, err := s.q.RenamePasskey(ctx, tx, db.RenamePasskeyParams{ID: uuid.MustParse(in.Id), AccountID: tenant.SubjectFrom(ctx).Account, Name: name})
		if isNone(err) {
			return errNoPasskey
		}
		if err != nil {
			return err
		}
		renamed = shown(r.ID, r.Name, r.BackupState, r.CreatedAt, r.UsedAt)
		return was.Changed(ctx, tx, tenant.Act{Act: "passkey.rename"})
	})
	return renamed, err
}

// RemovePasskey takes a passkey out of use.
func (s *Service) RemovePasskey(ctx context.Context, in *identityv1.RemovePasskeyRequest) (*identityv1.RemovePasskeyReply, error) {
	err := s.remove(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		was, err := noun.Passkey.See(ctx, tx, uuid.MustParse(in.Id))
		if err != nil {
			return err
		}
		n, err := s.q.DeletePasskey(ctx, tx, db.DeletePasskeyParams{ID: uuid.MustParse(in.Id), AccountID: tenant.SubjectFrom(ctx).Account})
		if err == nil && n == 0 {
			return errNoPasskey
		}
		if err == nil {
			was.Gone(ctx, tx, tenant.Act{Act: "passkey.remove"})
		}
		return err
	})
	return &identityv1.RemovePasskeyReply{}, err
}
