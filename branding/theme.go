package branding

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"

	"google.golang.org/protobuf/proto"

	"gonghui/branding/theme"
	brandingv1 "gonghui/branding/v1"
	"gonghui/tenant"
)

// GetTheme is what any visitor of the host may see: the body's looks, or the product's on the supervision host.
func (s *Service) GetTheme(ctx context.Context, req *brandingv1.GetThemeRequest) (*brandingv1.Theme, error) {
	t := tenant.From(ctx)
	l, preview, err := s.shown(ctx, req.Preview)
	if err != nil {
		return nil, err
	}
	version := s.version(t, &l)
	if req.Seen == version {
		return &brandingv1.Theme{Version: version, Same: true, Preview: preview}, nil
	}
	out, err := s.theme(ctx, t, &l)
	if err != nil {
		return nil, err
	}
	out.Preview = preview
	out.Home, err = s.drafted(ctx, l.Home)
	return out, err
}

// Look is GetTheme for the page that the members' app starts from. The supervision host has none.
func (s *Service) Look(ctx context.Context, preview string) (proto.Message, error) {
	t := tenant.From(ctx)
	if t == nil {
		return nil, tenant.ErrNoTenant
	}
	l, draft, err := s.shown(ctx, preview)
	if err != nil {
		return nil, err
	}
	out, err := s.theme(ctx, t, &l)
	if err != nil {
		return nil, err
	}
	out.Preview = draft
	out.Home, err = s.drafted(ctx, l.Home)
	return out, err
}

// shown is the look that a request is to see: that in force, or the draft for who has a link to it.
func (s *Service) shown(ctx context.Context, token string) (l look, preview bool, err error) {
	t := tenant.From(ctx)
	if t != nil && token != "" && s.validPreview(t, token) {
		l, err = s.draftLook(ctx, t)
		return l, true, err
	}
	l, err = s.looks.of(ctx, t)
	return l, false, err
}

// version changes whenever anything that a page shows of the look does.
func (s *Service) version(t *tenant.Tenant, l *look) string {
	var body [2]string
	if t != nil {
		body = [2]string{t.Code, t.Name}
	}
	var on []string
	if t != nil {
		for _, tab := range row(t, l.Tabs) {
			on = append(on, tab.Key)
		}
	}
	raw, err := json.Marshal([]any{body, l.profile, on, s.demo})
	if err != nil {
		panic(err) // plain structs of ours
	}
	sum := sha256.Sum256(raw)
	return base64.RawURLEncoding.EncodeToString(sum[:12])
}

// theme turns a look into tokens; t is nil on the supervision host.
func (s *Service) theme(ctx context.Context, t *tenant.Tenant, l *look) (*brandingv1.Theme, error) {
	pic, err := s.looks.logo(ctx, l.Logo)
	if err != nil {
		return nil, err
	}
	tokens, _ := theme.Of(l.accent())
	out := &brandingv1.Theme{
		AppName: l.Names.AppName, AppNameEn: l.Names.AppNameEn, Slogan: l.Names.Slogan, SloganEn: l.Names.SloganEn,
		Accent: tokens.Accent.String(), AccentSolid: tokens.Solid.String(), AccentText: tokens.Text.String(), AccentTextDark: tokens.Dark.String(),
		AccentSolidElder: tokens.SolidElder.String(), AccentTextElder: tokens.TextElder.String(), AccentTextDarkElder: tokens.DarkElder.String(),
		Logo: pic.address(), Splash: l.Theme.Splash, Demo: s.demo, Supervision: t == nil, Version: s.version(t, l),
	}
	ground := l.splash(tokens.Solid)
	out.SplashGround, out.SplashText = ground.String(), theme.On(ground).String()
	out.Languages, out.Language, out.Words, out.LegalVersion = l.Languages.Offered, l.Languages.Preset, l.Wording.sent(), l.Legal.Version
	if t != nil {
		out.BodyCode, out.BodyName = t.Code, t.Name
		out.Tabs = row(t, l.Tabs)
	}
	if out.AppName == "" {
		out.AppName = productName
	}
	return out, nil
}
