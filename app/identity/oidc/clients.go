package oidc

import (
	"context"
	"errors"
	"fmt"
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
	identityv1 "gonghui/app/identity/v1"
	"gonghui/app/kit/fault"
	"gonghui/app/kit/field"
	"gonghui/app/kit/page"
	"gonghui/tenant"
)

var errClient = fault.New(http.StatusNotFound, identityv1.Reason_CLIENT_NOT_FOUND, "没有这个应用，或者它已经停用", "there is no such application, or it was ended")

// draft is what is registered of an application, checked.
type draft struct {
	name, notice, homepage     string
	redirects, returns, scopes []string
	kind                       string
	own                        bool
	sector                     string
}

// check cleans what somebody fills in for an application.
func (s *Service) check(d draft) (draft, error) {
	var err error
	if d.name, err = field.Required("name", d.name); err != nil {
		return d, err
	}
	if d.redirects, err = addresses("redirectUris", d.redirects, d.kind == public); err != nil {
		return d, err
	}
	acts := slices.Contains(d.scopes, scopeAPI)
	switch {
	case acts && d.kind == public:
		return d, fault.Field("scopes", "只有带密钥的服务器应用才能以应用身份调用接口", "only an application on a server, with a secret, acts by itself")
	case !acts && len(d.redirects) == 0:
		return d, fault.Field("redirectUris", "请填写登录后的回调地址", "name the addresses that people return to after sign-in")
	}
	for i, raw := range d.redirects {
		of := sector(address(raw))
		switch {
		case d.sector == "":
			d.sector = of
		case d.sector != of && !d.own:
			return d, fault.Field(fmt.Sprintf("redirectUris[%d]", i),
				"第三方应用的回调地址须在同一主机（"+d.sector+"）", "the return addresses of a third party stand on one host ("+d.sector+")")
		}
	}
	if d.returns, err = addresses("postLogoutRedirectUris", d.returns, d.kind == public); err != nil {
		return d, err
	}
	if d.notice = strings.TrimSpace(d.notice); d.notice != "" {
		_, kind := address(d.notice)
		if kind != web && (kind != loopback || !s.host.Demo()) {
			return d, fault.Field("backchannelLogoutUri", "须为公网的 https 地址", "must be an https address on the public network")
		}
	}
	if d.homepage = strings.TrimSpace(d.homepage); d.homepage != "" {
		if _, kind := address(d.homepage); kind != web && kind != loopback {
			return d, fault.Field("homepage", "须为 https 地址", "must be an https address")
		}
	}
	d.scopes = slices.Compact(slices.Sorted(slices.Values(append(slices.Clone(d.scopes), scopeOpenID))))
	return d, nil
}

func addresses(name string, raw []string, own bool) ([]string, error) {
	out := make([]string, 0, len(raw))
	for i, one := range raw {
		one = strings.TrimSpace(one)
		at := fmt.Sprintf("%s[%d]", name, i)
		switch _, kind := address(one); {
		case kind == unfit:
			return nil, fault.Field(at, "须为完整的 https 地址，不含通配符、锚点和用户名；本机调试可用 http://localhost",
				"must be a whole https address without wildcard, fragment or user; http://localhost is taken for work on the own machine")
		case kind == private && !own:
			return nil, fault.Field(at, "服务器应用只能用 https 地址", "an application on a server takes https addresses only")
		case slices.Contains(out, one):
			return nil, fault.Field(at, "地址重复", "the address stands there twice")
		}
		out = append(out, one)
	}
	return out, nil
}

// CreateClient registers an application of the body.
func (s *Service) CreateClient(ctx context.Context, in *identityv1.CreateClientRequest) (*identityv1.Client, error) {
	d, err := s.check(draft{
		name: in.Name, notice: in.BackchannelLogoutUri, homepage: in.Homepage, redirects: in.RedirectUris,
		returns: in.PostLogoutRedirectUris, scopes: in.Scopes, kind: in.Kind, own: in.Own,
	})
	if err != nil {
		return nil, err
	}
	body := tenant.From(ctx).ID
	plain, digest := "", ""
	if d.kind == confidential {
		plain = secret()
		digest = s.secretDigest(plain)
	}
	reply, made := &identityv1.Client{}, false
	err = s.host.DB().Platform(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		made = false
		return tenant.OncePlatform(ctx, tx, in, reply, func() error {
			made = true
			id := tenant.NewID()
			err := s.q.CreateClient(ctx, tx, db.CreateClientParams{
				ID: id, BodyID: body, Name: d.name, Kind: d.kind, Own: d.own, Redirects: d.redirects, LogoutReturns: d.returns,
				LogoutNotice: d.notice, Homepage: d.homepage, Scopes: d.scopes, Sector: d.sector, SecretDigest: digest, SecretAt: digest != "",
			})
			if err != nil {
				return err
			}
			if err := noun.Client.Made(ctx, tx, tenant.Act{Act: "oidc.client_create", Reason: d.name}, id); err != nil {
				return err
			}
			return s.answer(ctx, tx, id, reply)
		})
	})
	if err != nil {
		return nil, err
	}
	if made {
		reply.Secret = plain
	}
	return reply, nil
}

// answer fills a reply with an application of the body.
func (s *Service) answer(ctx context.Context, tx tenant.DBTX, id uuid.UUID, reply *identityv1.Client) error {
	r, err := s.q.ClientOfBody(ctx, tx, db.ClientOfBodyParams{ID: id, BodyID: tenant.From(ctx).ID})
	if errors.Is(err, pgx.ErrNoRows) {
		return errClient
	}
	if err != nil {
		return err
	}
	s.show(ctx, reply, db.ListClientsRow{
		ID: r.ID, Name: r.Name, Kind: r.Kind, Own: r.Own, Redirects: r.Redirects, LogoutReturns: r.LogoutReturns, LogoutNotice: r.LogoutNotice,
		Homepage: r.Homepage, Scopes: r.Scopes, SecretAt: r.SecretAt, CreatedAt: r.CreatedAt, EndedAt: r.EndedAt, Recent: r.Recent,
	})
	return nil
}

func (s *Service) show(ctx context.Context, out *identityv1.Client, r db.ListClientsRow) {
	out.Id, out.Name, out.Kind, out.Own = r.ID.String(), r.Name, r.Kind, r.Own
	out.RedirectUris, out.PostLogoutRedirectUris, out.BackchannelLogoutUri = r.Redirects, r.LogoutReturns, r.LogoutNotice
	out.Homepage, out.Scopes, out.Recent = r.Homepage, r.Scopes, r.Recent
	out.State, out.CreatedAt, out.Issuer = "active", timestamppb.New(r.CreatedAt), s.issuerOf(ctx)
	if r.EndedAt != nil {
		out.State = "ended"
	}
	if r.SecretAt != nil {
		out.SecretAt = timestamppb.New(*r.SecretAt)
	}
}

// GetClient returns an application of the body.
func (s *Service) GetClient(ctx context.Context, in *identityv1.GetClientRequest) (*identityv1.Client, error) {
	reply := &identityv1.Client{}
	err := s.host.DB().Platform(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		return s.answer(ctx, tx, uuid.MustParse(in.Id), reply)
	})
	return reply, err
}

// ListClients pages through the applications of the body, newest first.
func (s *Service) ListClients(ctx context.Context, in *identityv1.ListClientsRequest) (*identityv1.ListClientsReply, error) {
	before := uuid.Max
	if _, err := page.Parse(in.PageToken, &before); err != nil {
		return nil, err
	}
	size := page.Size(in.PageSize, 50)
	reply := &identityv1.ListClientsReply{}
	err := s.host.DB().Platform(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		rows, err := s.q.ListClients(ctx, tx, db.ListClientsParams{BodyID: tenant.From(ctx).ID, Before: before, Size: size + 1})
		if err != nil {
			return err
		}
		rows, reply.NextPageToken = page.Cut(rows, size, func(r db.ListClientsRow) any { return r.ID })
		reply.Clients = make([]*identityv1.Client, len(rows))
		for i, r := range rows {
			reply.Clients[i] = &identityv1.Client{}
			s.show(ctx, reply.Clients[i], r)
		}
		return nil
	})
	return reply, err
}

// change runs f on an application of the body that has not ended, and answers with what came of it.
func (s *Service) change(ctx context.Context, id, act string, f func(context.Context, tenant.DBTX, db.LockClientRow) error) (*identityv1.Client, error) {
	reply := &identityv1.Client{}
	err := s.host.DB().Platform(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		row, err := s.q.LockClient(ctx, tx, db.LockClientParams{ID: uuid.MustParse(id), BodyID: tenant.From(ctx).ID})
		if errors.Is(err, pgx.ErrNoRows) {
			return errClient
		}
		if err != nil {
			return err
		}
		was, err := noun.Client.See(ctx, tx, row.ID)
		if err != nil {
			return err
		}
		if err := f(ctx, tx, row); err != nil {
			return err
		}
		if err := was.Changed(ctx, tx, tenant.Act{Act: act}); err != nil {
			return err
		}
		return s.answer(ctx, tx, row.ID, reply)
	})
	if err != nil {
		return nil, err
	}
	return reply, nil
}

// UpdateClient replaces what is registered of an application.
func (s *Service) UpdateClient(ctx context.Context, in *identityv1.UpdateClientRequest) (*identityv1.Client, error) {
	return s.change(ctx, in.Id, "oidc.client_update", func(ctx context.Context, tx tenant.DBTX, row db.LockClientRow) error {
		d, err := s.check(draft{
			name: in.Name, notice: in.BackchannelLogoutUri, homepage: in.Homepage, redirects: in.RedirectUris,
			returns: in.PostLogoutRedirectUris, scopes: in.Scopes, kind: row.Kind, own: row.Own, sector: row.Sector,
		})
		if err != nil {
			return err
		}
		return s.q.UpdateClient(ctx, tx, db.UpdateClientParams{
			ID: row.ID, Name: d.name, Redirects: d.redirects, LogoutReturns: d.returns, LogoutNotice: d.notice, Homepage: d.homepage, Scopes: d.scopes,
			Sector: d.sector,
		})
	})
}

// RotateSecret gives an application on a server a new secret.
func (s *Service) RotateSecret(ctx context.Context, in *identityv1.RotateSecretRequest) (*identityv1.Client, error) {
	plain := secret()
	reply, err := s.change(ctx, in.Id, "oidc.client_secret", func(ctx context.Context, tx tenant.DBTX, row db.LockClientRow) error {
		if row.Kind != confidential {
			return fault.Field("id", "这类应用没有密钥", "an application of this kind has no secret")
		}
		return s.q.SetClientSecret(ctx, tx, db.SetClientSecretParams{ID: row.ID, SecretDigest: s.secretDigest(plain)})
	})
	if err == nil {
		reply.Secret = plain
	}
	return reply, err
}

// EndClient ends an application and every sign-in at it.
func (s *Service) EndClient(ctx context.Context, in *identityv1.EndClientRequest) (*identityv1.EndClientReply, error) {
	err := s.host.DB().Platform(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		id := uuid.MustParse(in.Id)
		was, err := noun.Client.See(ctx, tx, id)
		if err != nil {
			return err
		}
		n, err := s.q.EndClient(ctx, tx, db.EndClientParams{ID: id, BodyID: tenant.From(ctx).ID})
		if err != nil {
			return err
		}
		if n == 0 {
			return errClient
		}
		if err := was.Changed(ctx, tx, tenant.Act{Act: "oidc.client_end"}); err != nil {
			return err
		}
		return s.q.DeleteGrantsOfClient(ctx, tx, id)
	})
	return &identityv1.EndClientReply{}, err
}

// ListSignIns pages through the sign-ins at an application, newest first. Names are masked: the body needs to see that the
// application is used, not by whom.
func (s *Service) ListSignIns(ctx context.Context, in *identityv1.ListSignInsRequest) (*identityv1.ListSignInsReply, error) {
	before := uuid.Max
	if _, err := page.Parse(in.PageToken, &before); err != nil {
		return nil, err
	}
	size := page.Size(in.PageSize, 50)
	reply := &identityv1.ListSignInsReply{}
	err := s.host.DB().Platform(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		id := uuid.MustParse(in.Id)
		if err := s.answer(ctx, tx, id, &identityv1.Client{}); err != nil {
			return err
		}
		rows, err := s.q.ListSignIns(ctx, tx, db.ListSignInsParams{ClientID: id, Before: before, Size: size + 1})
		if err != nil {
			return err
		}
		rows, reply.NextPageToken = page.Cut(rows, size, func(r db.ListSignInsRow) any { return r.ID })
		for _, r := range rows {
			reply.SignIns = append(reply.SignIns, &identityv1.ClientSignIn{
				Id: r.ID.String(), Name: maskName(r.Name), Device: r.Device, At: timestamppb.New(r.At.Truncate(time.Second)),
			})
		}
		return nil
	})
	return reply, err
}

// maskName is the first character and stars.
func maskName(name string) string {
	first, size := utf8.DecodeRuneInString(name)
	if size == 0 {
		return ""
	}
	return string(first) + strings.Repeat("*", utf8.RuneCountInString(name[size:]))
}
