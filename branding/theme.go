package branding

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"github.com/jackc/pgx/v5"

	"gonghui/app/kit/fault"
	"gonghui/app/kit/field"
	"gonghui/branding/internal/db"
	brandingv1 "gonghui/branding/v1"
	"gonghui/tenant"
)

// The product's own looks, which a body has until it sets its own.
const (
	productName   = "工会网上工作平台"
	productAccent = "#C8161D"
)

// look is what a body may choose.
type look struct{ appName, accent, logo string }

var productLook = look{productName, productAccent, ""}

// GetTheme is what any visitor of the host may see: the body's looks, or the product's on the supervision host.
func (s *Service) GetTheme(ctx context.Context, _ *brandingv1.GetThemeRequest) (*brandingv1.Theme, error) {
	l, err := s.look(ctx)
	if err != nil {
		return nil, err
	}
	return s.theme(tenant.From(ctx), l), nil
}

// look returns the looks of the host that is asked.
func (s *Service) look(ctx context.Context) (look, error) {
	t := tenant.From(ctx)
	if t == nil {
		return productLook, nil
	}
	if l, ok := s.cache.get(t.ID); ok {
		return l, nil
	}
	var row db.GetThemeRow
	err := s.db.Platform(ctx, func(ctx context.Context, tx tenant.DBTX) (err error) {
		row, err = s.sql.GetTheme(ctx, tx, t.ID)
		return err
	})
	l := look{row.AppName, row.Accent, row.Logo}
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		l = productLook
	case err != nil:
		return look{}, err
	}
	s.cache.put(t.ID, l)
	return l, nil
}

// themeNoun is what a body has chosen; nothing yet is a state too.
var themeNoun = tenant.Noun{Kind: "theme", State: "select coalesce((select to_jsonb(t) - 'updated_at' from platform.theme t where t.body_id = $1), '{}')"}

// UpdateTheme sets the looks of the body.
func (s *Service) UpdateTheme(ctx context.Context, req *brandingv1.UpdateThemeRequest) (*brandingv1.Theme, error) {
	t := tenant.From(ctx)
	if t == nil {
		return nil, tenant.ErrNoTenant
	}
	l, err := read(req)
	if err != nil {
		return nil, err
	}
	err = s.db.Platform(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		was, err := themeNoun.See(ctx, tx, t.ID)
		if err != nil {
			return err
		}
		if err := s.sql.PutTheme(ctx, tx, db.PutThemeParams{BodyID: t.ID, AppName: l.appName, Accent: l.accent, Logo: l.logo}); err != nil {
			return err
		}
		return was.Changed(ctx, tx, tenant.Act{Act: "branding.update", Object: t.Code})
	})
	if err != nil {
		return nil, err
	}
	s.cache.put(t.ID, l)
	return s.theme(t, l), nil
}

// read checks what a body has chosen.
func read(req *brandingv1.UpdateThemeRequest) (l look, err error) {
	if l.appName, err = field.Line("appName", req.GetAppName()); err != nil {
		return l, err
	}
	accent, ok := parseColor(req.GetAccent())
	if !ok {
		return l, fault.Field("accent", "颜色应写作 #RRGGBB", "write the colour as #RRGGBB")
	}
	l.accent = accent.String()
	if l.logo = strings.TrimSpace(req.GetLogo()); l.logo != "" && !validLogo(l.logo) {
		return l, fault.Of(http.StatusBadRequest, brandingv1.Reason_LOGO_INVALID, "logo",
			"标志须为 64 KB 以内、边长不超过 2048 像素的 PNG、JPEG 或 WebP 图片",
			"the logo must be a PNG, JPEG or WebP picture of at most 64 KiB and 2048 pixels a side")
	}
	return l, nil
}

// theme mends a look into tokens; t is nil on the supervision host.
func (s *Service) theme(t *tenant.Tenant, l look) *brandingv1.Theme {
	accent, ok := parseColor(l.accent)
	if !ok {
		accent, _ = parseColor(productAccent)
	}
	onWhite := accent.mend(white, black)
	out := &brandingv1.Theme{
		AppName: l.appName, Accent: accent.String(), AccentSolid: onWhite.String(), AccentText: onWhite.String(),
		AccentTextDark: accent.mend(darkSurface, white).String(), Logo: l.logo, Demo: s.demo, Supervision: t == nil,
	}
	if t != nil {
		out.BodyCode, out.BodyName = t.Code, t.Name
	}
	if out.AppName == "" {
		out.AppName = productName
	}
	return out
}
