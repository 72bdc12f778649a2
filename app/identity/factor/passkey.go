package factor

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"
	"github.com/google/uuid"

	"gonghui/app/identity/internal/db"
	"gonghui/app/identity/internal/noun"
	identityv1 "gonghui/app/identity/v1"
	"gonghui/app/kit/fault"
	"gonghui/tenant"
)

const (
	questionLife = 5 * time.Minute
	passkeysMost = 20 // of an account
)

// holder is an account as the library sees it. The handle is the account's id: it tells nothing of the person.
type holder struct {
	account uuid.UUID
	name    string
	keys    []webauthn.Credential
}

func (h holder) WebAuthnID() []byte                         { return h.account[:] }
func (h holder) WebAuthnName() string                       { return h.name }
func (h holder) WebAuthnDisplayName() string                { return h.name }
func (h holder) WebAuthnCredentials() []webauthn.Credential { return h.keys }

// relying is the relying party on the host of the call. Its id is the domain under which every body has its host, so that a
// passkey made at one body opens the door at all of them; what the browser signs must come from the very host. A body's own domain is
// one by itself: browsers take no other id there.
func (s *Service) relying(ctx context.Context) (*webauthn.WebAuthn, error) {
	domain, _, err := net.SplitHostPort(s.host.Base())
	if err != nil {
		domain = s.host.Base()
	}
	host, _, err := net.SplitHostPort(tenant.CallFrom(ctx).Host)
	if err != nil {
		host = tenant.CallFrom(ctx).Host
	}
	if host = strings.ToLower(host); host != "" && host != domain && !strings.HasSuffix(host, "."+domain) {
		domain = host
	}
	return webauthn.New(&webauthn.Config{
		RPID: domain, RPDisplayName: "工会网上工作平台", RPOrigins: []string{s.host.Scheme() + "://" + tenant.CallFrom(ctx).Host},
		AttestationPreference: protocol.PreferNoAttestation,
		AuthenticatorSelection: protocol.AuthenticatorSelection{
			ResidentKey: protocol.ResidentKeyRequirementRequired, RequireResidentKey: protocol.ResidentKeyRequired(),
			UserVerification: protocol.VerificationRequired,
		},
	})
}

// asked is a question that waits for its answer.
type asked struct {
	Account uuid.UUID            `json:"account"` // nobody's, for a sign-in by the passkey alone
	New     bool                 `json:"new"`     // a passkey is to be made
	Data    webauthn.SessionData `json:"data"`
}

func questionKey(id string) string { return "gonghui:passkey:" + id }

// put keeps a question and returns it as the browser wants it.
func (s *Service) put(ctx context.Context, a asked, options any) (*identityv1.PasskeyQuestion, error) {
	var raw [24]byte
	_, _ = rand.Read(raw[:])
	id := base64.RawURLEncoding.EncodeToString(raw[:])
	kept, err := json.Marshal(a)
	if err != nil {
		return nil, err
	}
	shown, err := json.Marshal(options)
	if err != nil {
		return nil, err
	}
	if err := s.host.Redis().Set(ctx, questionKey(id), kept, questionLife).Err(); err != nil {
		return nil, err
	}
	return &identityv1.PasskeyQuestion{Id: id, Options: string(shown)}, nil
}

var errPasskey = fault.Of(http.StatusBadRequest, identityv1.Reason_PASSKEY_REFUSED, "passkey",
	"通行密钥没有通过验证，请重试", "the passkey was not accepted; try again")

// takeUp uses a question up.
func (s *Service) takeUp(ctx context.Context, id string) (asked, error) {
	var a asked
	raw, err := s.host.Redis().GetDel(ctx, questionKey(id)).Bytes()
	if isNil(err) {
		return a, errPasskey
	}
	if err != nil {
		return a, err
	}
	return a, json.Unmarshal(raw, &a)
}

// ask returns what a passkey of the account, or of anybody, has to sign.
func (s *Service) ask(ctx context.Context, account uuid.UUID) (*identityv1.PasskeyQuestion, error) {
	rp, err := s.relying(ctx)
	if err != nil {
		return nil, err
	}
	if account == uuid.Nil {
		options, data, err := rp.BeginDiscoverableLogin(webauthn.WithUserVerification(protocol.VerificationRequired))
		if err != nil {
			return nil, err
		}
		return s.put(ctx, asked{Data: *data}, options.Response)
	}
	h, err := s.holder(ctx, account)
	if err != nil {
		return nil, err
	}
	if len(h.keys) == 0 {
		return nil, errPasskey
	}
	options, data, err := rp.BeginLogin(h, webauthn.WithUserVerification(protocol.VerificationRequired))
	if err != nil {
		return nil, err
	}
	return s.put(ctx, asked{Account: account, Data: *data}, options.Response)
}

// askNew returns what a new passkey of the account is made for.
func (s *Service) askNew(ctx context.Context, account uuid.UUID) (*identityv1.PasskeyQuestion, error) {
	rp, err := s.relying(ctx)
	if err != nil {
		return nil, err
	}
	h, err := s.holder(ctx, account)
	if err != nil {
		return nil, err
	}
	if len(h.keys) >= passkeysMost {
		return nil, errTooMany
	}
	var known []protocol.CredentialDescriptor
	for _, k := range h.keys {
		known = append(known, k.Descriptor())
	}
	options, data, err := rp.BeginRegistration(h, webauthn.WithExclusions(known))
	if err != nil {
		return nil, err
	}
	return s.put(ctx, asked{Account: account, New: true, Data: *data}, options.Response)
}

var errTooMany = fault.New(http.StatusConflict, identityv1.Reason_PASSKEY_LIMIT,
	"这个通行密钥已经添加过，或数量已达上限", "this passkey, or as many as there may be, is there already")

// made checks the answer of a browser that has made a passkey for the account.
func (s *Service) made(ctx context.Context, account uuid.UUID, answer *identityv1.PasskeyAnswer) (*webauthn.Credential, error) {
	a, err := s.takeUp(ctx, answer.GetId())
	if err != nil {
		return nil, err
	}
	rp, err := s.relying(ctx)
	if err != nil {
		return nil, err
	}
	parsed, err := protocol.ParseCredentialCreationResponseBytes([]byte(answer.GetCredential()))
	if err != nil || !a.New || a.Account != account {
		return nil, errPasskey
	}
	made, err := rp.CreateCredential(holder{account: account}, a.Data, parsed)
	if err != nil || len(made.ID) > 1023 || len(made.PublicKey) > 4096 {
		return nil, errPasskey
	}
	return made, nil
}

// signed checks the answer of a passkey and returns the account that it belongs to: the one asked, or, when anybody was
// asked, the one that answers. The counter goes up with it.
func (s *Service) signed(ctx context.Context, account uuid.UUID, answer *identityv1.PasskeyAnswer) (uuid.UUID, error) {
	a, err := s.takeUp(ctx, answer.GetId())
	if err != nil {
		return uuid.Nil, err
	}
	rp, err := s.relying(ctx)
	if err != nil {
		return uuid.Nil, err
	}
	parsed, err := protocol.ParseCredentialRequestResponseBytes([]byte(answer.GetCredential()))
	if err != nil || a.New || a.Account != account {
		return uuid.Nil, errPasskey
	}
	var used *webauthn.Credential
	var lost error
	if account == uuid.Nil {
		used, err = rp.ValidateDiscoverableLogin(func(_, handle []byte) (webauthn.User, error) {
			id, err := uuid.FromBytes(handle)
			if err != nil {
				return nil, errPasskey
			}
			h, err := s.holder(ctx, id)
			account, lost = id, err
			return h, err
		}, a.Data, parsed)
	} else {
		var h holder
		if h, lost = s.holder(ctx, account); lost == nil {
			used, err = rp.ValidateLogin(h, a.Data, parsed)
		}
	}
	if lost != nil {
		return uuid.Nil, lost
	}
	if err != nil || used.Authenticator.CloneWarning {
		return uuid.Nil, errPasskey
	}
	var n int64
	err = s.host.DB().Platform(ctx, func(ctx context.Context, tx tenant.DBTX) (err error) {
		n, err = s.q.UsePasskey(ctx, tx, db.UsePasskeyParams{
			AccountID: account, CredentialID: used.ID, SignCount: int64(used.Authenticator.SignCount), BackupState: used.Flags.BackupState,
		})
		return err
	})
	if err == nil && n == 0 {
		err = errPasskey // used elsewhere in this very moment, or removed
	}
	return account, err
}

// holder loads an account with its passkeys.
func (s *Service) holder(ctx context.Context, account uuid.UUID) (holder, error) {
	h := holder{account: account}
	err := s.host.DB().Platform(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		of, err := s.q.FactorsOfAccount(ctx, tx, account)
		if isNone(err) || err == nil && of.State != "open" {
			return errPasskey
		}
		if err != nil {
			return err
		}
		h.name = of.Name
		rows, err := s.q.PasskeysOfAccount(ctx, tx, account)
		for _, r := range rows {
			k := webauthn.Credential{
				ID: r.CredentialID, PublicKey: r.PublicKey,
				Flags:         webauthn.CredentialFlags{UserPresent: true, UserVerified: true, BackupEligible: r.BackupEligible, BackupState: r.BackupState},
				Authenticator: webauthn.Authenticator{AAGUID: r.Aaguid, SignCount: uint32(r.SignCount)},
			}
			for t := range strings.FieldsSeq(r.Transports) {
				k.Transport = append(k.Transport, protocol.AuthenticatorTransport(t))
			}
			h.keys = append(h.keys, k)
		}
		return err
	})
	return h, err
}

// keep stores a passkey of the account.
func (s *Service) keep(ctx context.Context, tx tenant.DBTX, account uuid.UUID, made *webauthn.Credential, name string) (uuid.UUID, error) {
	var transports []string
	for _, t := range made.Transport {
		if t := string(t); len(t) <= 16 && !strings.ContainsAny(t, " \t\n") && len(transports) < 4 {
			transports = append(transports, t)
		}
	}
	id := tenant.NewID()
	n, err := s.q.CreatePasskey(ctx, tx, db.CreatePasskeyParams{
		ID: id, AccountID: account, CredentialID: made.ID, PublicKey: made.PublicKey, Name: name, Aaguid: made.Authenticator.AAGUID,
		Transports: strings.Join(transports, " "), SignCount: int64(made.Authenticator.SignCount),
		BackupEligible: made.Flags.BackupEligible, BackupState: made.Flags.BackupState,
	})
	if err == nil && n == 0 {
		err = errTooMany
	}
	if err != nil {
		return uuid.Nil, err
	}
	return id, noun.Passkey.Made(ctx, tx, tenant.Act{Act: "passkey.add"}, id)
}
