package branding

import (
	"context"
	"image"
	"image/color"
	"slices"
	"unicode/utf8"

	"gonghui/branding/icon"
	"gonghui/branding/theme"
	brandingv1 "gonghui/branding/v1"
)

const (
	// homeScreen is how many characters of Chinese a phone writes under an icon before it cuts.
	homeScreen = 6
	// faintest is the contrast of graphics by WCAG 2.1, 1.4.11.
	faintest = 3
	// fewPixels is the longer side of a picture that looks coarse in an icon of 192 pixels.
	fewPixels = 192
	// narrowest is how much longer than high a logo may be before it is small in every icon.
	narrowest = 2.5
)

// warnings are what could be better in the parts of a look that the body chose itself, and what was mended there.
func (s *Service) warnings(ctx context.Context, l *look, own, published *profile) ([]*brandingv1.BrandingWarning, error) {
	var out []*brandingv1.BrandingWarning
	var told []theme.Mended
	if own.Theme != nil {
		_, told = theme.Of(l.accent())
	}
	for _, m := range told {
		out = append(out, &brandingv1.BrandingWarning{
			Part: partTheme, Code: "mended", Token: m.Token, From: l.accent().String(), To: m.To.String(), Contrast: m.Contrast, Least: m.Least,
		})
	}
	if own.Names != nil && utf8.RuneCountInString(l.Names.AppName) > homeScreen {
		out = append(out, &brandingv1.BrandingWarning{Part: partNames, Code: "long"})
	}
	if own.Legal != nil && own.Legal.Texts != nil && own.Legal.Digest != published.Legal.digest() {
		out = append(out, &brandingv1.BrandingWarning{Part: partLegal, Code: "consent"})
	}
	if own.Legal != nil && l.Legal.Texts != nil && !l.Legal.Texts.isEnglish() && slices.Contains(l.Languages.Offered, "en") {
		out = append(out, &brandingv1.BrandingWarning{Part: partLegal, Code: "english"})
	}
	if own.Logo == nil && own.Theme == nil {
		return out, nil
	}
	pic, err := s.looks.logo(ctx, l.Logo)
	if err != nil || pic == nil {
		return out, err
	}
	s.drawing.Lock()
	defer s.drawing.Unlock()
	img, err := pic.draw()
	if err != nil {
		return nil, err
	}
	trimmed := icon.Trim(img)
	if own.Theme != nil {
		tokens, _ := theme.Of(l.accent())
		ground := l.splash(tokens.Solid)
		if c := strongest(trimmed, ground); c < faintest {
			out = append(out, &brandingv1.BrandingWarning{Part: partTheme, Code: "splash", From: ground.String(), Contrast: c, Least: faintest})
		}
	}
	if own.Logo == nil {
		return out, nil
	}
	b := trimmed.Bounds()
	if pic.kind != "image/svg+xml" && max(b.Dx(), b.Dy()) < fewPixels {
		out = append(out, &brandingv1.BrandingWarning{Part: partLogo, Code: "small"})
	}
	if w, h := float64(b.Dx()), float64(b.Dy()); max(w, h) > narrowest*min(w, h) {
		out = append(out, &brandingv1.BrandingWarning{Part: partLogo, Code: "narrow"})
	}
	ground := l.ground(isLight(trimmed))
	if c := strongest(trimmed, ground); c < faintest {
		out = append(out, &brandingv1.BrandingWarning{Part: partLogo, Code: "faint", From: ground.String(), Contrast: c, Least: faintest})
	}
	return out, nil
}

// each calls f with the opaque pixels of a picture, a sample of a large one.
func each(img image.Image, f func(theme.Color)) {
	b := img.Bounds()
	step := max(1, max(b.Dx(), b.Dy())/96)
	for y := b.Min.Y; y < b.Max.Y; y += step {
		for x := b.Min.X; x < b.Max.X; x += step {
			if c := color.NRGBAModel.Convert(img.At(x, y)).(color.NRGBA); c.A > 128 {
				f(theme.Color{R: c.R, G: c.G, B: c.B})
			}
		}
	}
}

// isLight reports whether a logo is made for dark grounds: nearly all of it cannot be seen on white.
func isLight(img image.Image) bool {
	n, light := 0, 0
	each(img, func(c theme.Color) {
		n++
		if theme.Contrast(c, theme.White) < 1.6 {
			light++
		}
	})
	return n > 0 && light*10 >= n*9
}

// strongest is the contrast that the clearest tenth of a logo has with its ground.
func strongest(img image.Image, ground theme.Color) float64 {
	var all []float64
	each(img, func(c theme.Color) { all = append(all, theme.Contrast(c, ground)) })
	if len(all) == 0 {
		return 1
	}
	slices.Sort(all)
	return all[len(all)*9/10]
}
