package branding

import (
	"bytes"
	"context"
	"image/png"

	"gonghui/branding/theme"
	brandingv1 "gonghui/branding/v1"
	"gonghui/tenant"
)

// GetLook returns what apps of the body are built from.
func (s *Service) GetLook(ctx context.Context, _ *brandingv1.GetLookRequest) (*brandingv1.Look, error) {
	l, err := s.looks.of(ctx, tenant.From(ctx))
	if err != nil {
		return nil, err
	}
	ground, err := s.grounds(ctx, &l)
	if err != nil {
		return nil, err
	}
	tokens, _ := theme.Of(l.accent())
	out := &brandingv1.Look{
		Names: &brandingv1.BrandingNames{
			AppName: l.Names.AppName, AppNameEn: l.Names.AppNameEn, Slogan: l.Names.Slogan, SloganEn: l.Names.SloganEn,
		},
		LogoDigest: l.Logo.Digest, Ground: ground.String(), AccentSolid: tokens.Solid.String(), Splash: l.Theme.Splash, SplashGround: l.splash(tokens.Solid).String(),
	}
	if out.Names.AppName == "" {
		out.Names.AppName, out.Names.AppNameEn = productName, productNameEn
	}
	return out, nil
}

// grounds is the colour behind the logo in icons. A logo is decoded for it only when nothing was chosen, and once.
func (s *Service) grounds(ctx context.Context, l *look) (theme.Color, error) {
	if _, chosen := theme.Parse(l.Logo.Ground); chosen || l.Logo.Digest == "" {
		return l.ground(false), nil
	}
	k := logoKey{l.Logo.owner, l.Logo.Digest}
	if light, ok := s.light.Get(k); ok {
		return l.ground(light), nil
	}
	asked := s.light.Ask()
	pic, err := s.looks.logo(ctx, l.Logo)
	if err != nil || pic == nil {
		return l.ground(pic == nil), err
	}
	s.drawing.Lock()
	defer s.drawing.Unlock()
	img, err := pic.draw()
	if err != nil { // a logo of the time before logos were decoded whole: the mark stands for it
		return l.ground(true), nil
	}
	light := isLight(img)
	s.light.Put(k, light, asked)
	return l.ground(light), nil
}

// DrawLogo returns the logo in force in pixels.
func (s *Service) DrawLogo(ctx context.Context, in *brandingv1.DrawLogoRequest) (*brandingv1.DrawLogoReply, error) {
	l, err := s.looks.of(ctx, tenant.From(ctx))
	if err != nil {
		return nil, err
	}
	pic, err := s.looks.logo(ctx, l.Logo)
	if err != nil {
		return nil, err
	}
	s.drawing.Lock()
	defer s.drawing.Unlock()
	img, err := pic.drawAt(int(in.Side))
	if err != nil {
		if img, err = (*picture)(nil).drawAt(int(in.Side)); err != nil {
			return nil, err
		}
	}
	var b bytes.Buffer
	if err := (&png.Encoder{CompressionLevel: png.BestSpeed}).Encode(&b, img); err != nil {
		return nil, err
	}
	return &brandingv1.DrawLogoReply{Picture: b.Bytes(), LogoDigest: l.Logo.Digest}, nil
}
