package branding

import (
	"net/http"
	"slices"

	"github.com/google/uuid"

	"gonghui/app/kit/fault"
	"gonghui/app/kit/field"
	"gonghui/branding/theme"
	brandingv1 "gonghui/branding/v1"
)

// The parts that a body chooses one by one, or leaves to those above.
const (
	partNames     = "names"
	partLogo      = "logo"
	partTheme     = "theme"
	partTabs      = "tabs"
	partLegal     = "legal"
	partLanguages = "languages"
	partWording   = "wording"
)

var parts = []string{partNames, partLogo, partTheme, partTabs, partLegal, partLanguages, partWording}

// productName is what an app is called until somebody names it.
const productName = "工会网上工作平台"

const productNameEn = "Union Online Platform"

// profile is what a body chooses; a part that is nil is taken from above.
type profile struct {
	Names *names   `json:"names,omitempty"`
	Logo  *logoRef `json:"logo,omitempty"`
	Theme *colours `json:"theme,omitempty"`
	Tabs  *tabs    `json:"tabs,omitempty"`

	Legal     *legalRef  `json:"legal,omitempty"`
	Languages *languages `json:"languages,omitempty"`
	Wording   *wording   `json:"wording,omitempty"`
	// Home is of a draft alone: the menus keep what is published.
	Home []arrangement `json:"home,omitempty"`
	// Fixed are the parts that the bodies below cannot choose.
	Fixed []string `json:"fixed,omitempty"`
}

type names struct {
	AppName   string `json:"appName"`
	AppNameEn string `json:"appNameEn,omitempty"`
	Slogan    string `json:"slogan,omitempty"`
	SloganEn  string `json:"sloganEn,omitempty"`
}

type logoRef struct {
	Digest string `json:"digest"` // "" for the product's mark
	Ground string `json:"ground,omitempty"`
	// owner is the body that keeps the picture; it follows from whose profile this is.
	owner uuid.UUID
}

type colours struct {
	Accent string `json:"accent"`
	Splash string `json:"splash,omitempty"`
	Ground string `json:"ground,omitempty"` // of the start screen, where Splash is own
}

// product is what there is when nobody has chosen.
func product() profile {
	return profile{
		Names: &names{AppName: productName, AppNameEn: productNameEn},
		Logo:  &logoRef{},
		Theme: &colours{Accent: theme.Product, Splash: "plain"},
		Tabs:  presetTabs(),

		Legal: &legalRef{}, Languages: &languages{Offered: []string{"zh", "en"}}, Wording: &wording{},
	}
}

// has reports whether a part is chosen.
func (p *profile) has(part string) bool {
	switch part {
	case partNames:
		return p.Names != nil
	case partLogo:
		return p.Logo != nil
	case partTheme:
		return p.Theme != nil
	case partTabs:
		return p.Tabs != nil
	case partLegal:
		return p.Legal != nil
	case partLanguages:
		return p.Languages != nil
	}
	return p.Wording != nil
}

// take copies a part from another profile; nil if it has none.
func (p *profile) take(part string, from *profile) {
	switch part {
	case partNames:
		p.Names = from.Names
	case partLogo:
		p.Logo = from.Logo
	case partTheme:
		p.Theme = from.Theme
	case partTabs:
		p.Tabs = from.Tabs
	case partLegal:
		p.Legal = from.Legal
	case partLanguages:
		p.Languages = from.Languages
	default:
		p.Wording = from.Wording
	}
}

// changed are the parts in which two profiles differ, and "fixed" when what they hold fast does.
func changed(a, b *profile) (out []string) {
	same := map[string]bool{
		partNames: equal(a.Names, b.Names), partTheme: equal(a.Theme, b.Theme),
		partLogo:      (a.Logo == nil) == (b.Logo == nil) && (a.Logo == nil || a.Logo.Digest == b.Logo.Digest && a.Logo.Ground == b.Logo.Ground),
		partTabs:      (a.Tabs == nil) == (b.Tabs == nil) && (a.Tabs == nil || slices.Equal(a.Tabs.Keys, b.Tabs.Keys)),
		partLegal:     (a.Legal == nil) == (b.Legal == nil) && (a.Legal == nil || a.Legal.Digest == b.Legal.Digest),
		partLanguages: (a.Languages == nil) == (b.Languages == nil) && (a.Languages == nil || a.Languages.equal(b.Languages)),
		partWording:   (a.Wording == nil) == (b.Wording == nil) && (a.Wording == nil || slices.Equal(a.Wording.Words, b.Wording.Words)),
	}
	for _, part := range parts {
		if !same[part] {
			out = append(out, part)
		}
	}
	if !slices.Equal(slices.Sorted(slices.Values(a.Fixed)), slices.Sorted(slices.Values(b.Fixed))) {
		out = append(out, "fixed")
	}
	return out
}

func equal[T comparable](a, b *T) bool { return (a == nil) == (b == nil) && (a == nil || *a == *b) }

// layer is what one body above, or the body itself, has published.
type layer struct {
	body       uuid.UUID
	code, name string
	above      bool
	profile    profile
}

// origin is whose choice a part is, and who holds it fast; nil for the product and for nobody.
type origin struct{ from, fixed *layer }

// lay works out what is in force: from the top of the line down, each body's own choice stands unless one above holds the part
// fast, and what nobody chose is the product's.
func lay(layers []layer) (profile, map[string]origin) {
	now, by := product(), map[string]origin{}
	for n := range layers {
		l := &layers[n]
		own := l.profile
		if own.Logo != nil {
			ref := *own.Logo
			ref.owner, own.Logo = l.body, &ref
		}
		if own.Legal != nil {
			ref := *own.Legal
			ref.owner, own.Legal = l.body, &ref
		}
		for _, part := range parts {
			o := by[part]
			if o.fixed == nil && own.has(part) {
				now.take(part, &own)
				o.from = l
			}
			if o.fixed == nil && l.above && slices.Contains(own.Fixed, part) {
				o.fixed = l
			}
			by[part] = o
		}
	}
	return now, by
}

// read checks what a body has chosen. Fields are named as in the request.
func read(in *brandingv1.BrandingProfile) (p profile, err error) {
	if n := in.GetNames(); n != nil {
		p.Names = &names{}
		for _, f := range []struct {
			name, value string
			to          *string
		}{
			{"profile.names.appName", n.AppName, &p.Names.AppName},
			{"profile.names.appNameEn", n.AppNameEn, &p.Names.AppNameEn},
			{"profile.names.slogan", n.Slogan, &p.Names.Slogan},
			{"profile.names.sloganEn", n.SloganEn, &p.Names.SloganEn},
		} {
			if *f.to, err = field.Line(f.name, f.value); err != nil {
				return p, err
			}
		}
		if p.Names.AppName == "" {
			return p, fault.Field("profile.names.appName", "请填写应用名称", "give the app a name")
		}
	}
	if l := in.GetLogo(); l != nil {
		p.Logo = &logoRef{Digest: l.Digest}
		if l.Ground != "" {
			if p.Logo.Ground, err = readColour("profile.logo.ground", l.Ground); err != nil {
				return p, err
			}
		}
	}
	if c := in.GetTheme(); c != nil {
		p.Theme = &colours{Splash: c.Splash}
		if p.Theme.Splash == "" {
			p.Theme.Splash = "plain"
		}
		if p.Theme.Splash == "own" {
			if p.Theme.Ground, err = readColour("profile.theme.splashGround", c.SplashGround); err != nil {
				return p, err
			}
		}
		if p.Theme.Accent, err = readColour("profile.theme.accent", c.Accent); err != nil {
			return p, err
		}
	}
	if in.GetTabs() != nil {
		if p.Tabs, err = readTabs(in.Tabs.Keys); err != nil {
			return p, err
		}
	}
	if in.GetLegal() != nil {
		if p.Legal, err = readLegal(in.Legal); err != nil {
			return p, err
		}
	}
	if in.GetLanguages() != nil {
		if p.Languages, err = readLanguages(in.Languages); err != nil {
			return p, err
		}
	}
	if in.GetWording() != nil {
		if p.Wording, err = readWording(in.Wording.Words); err != nil {
			return p, err
		}
	}
	if p.Home, err = readHome(in.GetHome()); err != nil {
		return p, err
	}
	for _, part := range in.GetFixed() {
		if !slices.Contains(parts, part) {
			return p, fault.Field("profile.fixed", "没有这一项", "there is no such part")
		}
		p.Fixed = append(p.Fixed, part)
	}
	return p, nil
}

func readColour(name, s string) (string, error) {
	c, ok := theme.Parse(s)
	if !ok {
		return "", fault.Field(name, "颜色应写作 #RRGGBB", "write the colour as #RRGGBB")
	}
	return c.String(), nil
}

// heldFast refuses a choice in a part that a body above holds fast.
func heldFast(p *profile, by map[string]origin) error {
	for _, part := range parts {
		if o := by[part].fixed; o != nil && p.has(part) {
			return fault.Of(http.StatusConflict, brandingv1.Reason_BRANDING_FIXED, "profile."+part,
				"此项由"+o.name+"统一设置，本级不能修改", o.name+" sets this for all bodies below; it cannot be changed here")
		}
	}
	return nil
}
