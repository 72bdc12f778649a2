package builder

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net"
	"strconv"
	"strings"
	"unicode"

	identityv1 "gonghui/app/identity/v1"
	"gonghui/app/kit/fault"
	"gonghui/app/module"
	brandingv1 "gonghui/branding/v1"
	"gonghui/builder/input"
	"gonghui/builder/shell"
	"gonghui/tenant"
)

// format is that of what our writers make: a change of their output for the same inputs raises it, so that nothing built before
// passes for what would be built now.
const format = 1

// Grounds of pages, as in tokens.css of the web apps: light and dark.
const groundLight, groundDark = 0xF7F6F4, 0x161513

// inputs are all that a build is made from beside its version and its key, which is the body's for ever. Each part is left out by
// the channels that do not go by it, so that they need no new version when it changes.
type inputs struct {
	Format  int            `json:"format"`
	ID      string         `json:"id,omitempty"`
	Name    *input.Text    `json:"name,omitempty"`
	Body    *input.Text    `json:"body,omitempty"`
	Start   string         `json:"start"`
	Host    string         `json:"host,omitempty"`
	Scheme  string         `json:"scheme,omitempty"`
	Update  string         `json:"update,omitempty"`
	Consent *input.Consent `json:"consent,omitempty"`
	Colors  *input.Colors  `json:"colors,omitempty"`
	Icon    *iconInput     `json:"icon,omitempty"`
	Uses    *input.Uses    `json:"uses,omitempty"`
	Shell   string         `json:"shell,omitempty"`
	WeChat  string         `json:"wechat,omitempty"`  // AppID of the mini-program
	Android string         `json:"android,omitempty"` // newest version of the Android app, for filing
	Trial   []byte         `json:"trial,omitempty"`   // authority of a trial, in DER
}

// iconInput is what icons are drawn from.
type iconInput struct {
	Logo   string `json:"logo,omitempty"` // digest; empty for the product's mark
	Ground string `json:"ground"`         // #RRGGBB
}

// digest names the icons: equal ones are drawn once, whosever they are.
func (i *iconInput) digest() string {
	sum := sha256.Sum256([]byte("1 " + i.Logo + " " + i.Ground))
	return hex.EncodeToString(sum[:])
}

// hash is the digest of all inputs of a channel.
func (in *inputs) hash(channel string) (hash string, raw []byte, err error) {
	raw, err = json.Marshal(in)
	if err != nil {
		return "", nil, err
	}
	sum := sha256.Sum256(append([]byte(channel+"\x00"), raw...))
	return hex.EncodeToString(sum[:]), raw, nil
}

// shellVersion is that of the code that Android packages carry.
func shellVersion() string {
	f := shell.File()
	return fmt.Sprintf("%08x", f.CRC)
}

// own is what the body's app is beside its looks.
type own struct {
	id, wechat string
	newest     int32 // version of the Android app: of the newest that is done, or the first
}

// today are the inputs of a body's app as its looks are now.
func (s *Service) today(ctx context.Context, t *tenant.Tenant, a *own) (*inputs, error) {
	look, err := s.branding().GetLook(ctx, &brandingv1.GetLookRequest{})
	if err != nil {
		return nil, err
	}
	legal, err := s.accounts().GetLegal(ctx, &identityv1.GetLegalRequest{Kind: "privacy"})
	if err != nil {
		return nil, err
	}
	host := t.Code + "." + s.host.Base()
	name := both(look.Names.AppName, look.Names.AppNameEn)
	brand, err := colour("colors", look.AccentSolid)
	if err != nil {
		return nil, err
	}
	ground := uint32(groundLight)
	switch look.Splash {
	case "accent":
		ground = brand
	case "own":
		if ground, err = colour("colors", look.SplashGround); err != nil {
			return nil, err
		}
	}
	bare := host
	if h, _, err := net.SplitHostPort(host); err == nil {
		bare = h
	}
	return &inputs{
		Format: format, ID: a.id, Name: &name, Body: &input.Text{ZH: t.Name, EN: t.Name},
		// Phones open secure pages only: what is built for them says https, wherever it is built.
		Start: "https://" + host + "/", Host: bare, Scheme: "gh" + t.Code, Update: "https://" + host + "/app/update.json",
		Consent: &input.Consent{
			Version: legal.Version, Title: both(tidy(legal.TitleZh), tidy(legal.TitleEn)),
			Text: both(plain(legal.TextZh), plain(legal.TextEn)), Policy: "https://" + host + "/legal/privacy",
		},
		Colors: &input.Colors{Brand: brand, Ground: ground, GroundDark: groundDark},
		Icon:   &iconInput{Logo: look.LogoDigest, Ground: look.Ground},
		Uses:   &input.Uses{Camera: true, Microphone: true, Location: true},
		Shell:  shellVersion(),
		WeChat: a.wechat, Android: versionName(a.newest),
	}, nil
}

// onTrial makes them those of a package for a demo on a local network: it opens the body at the port for phones and trusts the
// authority of that port.
func (in *inputs) onTrial(phones *module.LAN, code string) {
	in.Trial = phones.Authority
	in.Start, in.Update = phones.Origin+phones.Entry+code, phones.Origin+"/app/update.json"
	in.Host = strings.TrimPrefix(phones.Origin, "https://")
	if bare, _, err := net.SplitHostPort(in.Host); err == nil {
		in.Host = bare
	}
	consent := *in.Consent
	consent.Policy = in.Start
	in.Consent = &consent
}

// both is a text in both languages: what a body has not written in English stands there in Chinese, as on its pages.
func both(zh, en string) input.Text {
	if en == "" {
		en = zh
	}
	return input.Text{ZH: zh, EN: en}
}

// plain is a text of paragraphs without the marks of its headings.
func plain(paragraphs []string) string {
	out := make([]string, len(paragraphs))
	for i, p := range paragraphs {
		out[i] = tidy(strings.TrimPrefix(p, "# "))
	}
	return strings.Join(out, "\n\n")
}

// tidy takes what texts bring along from where they were written, and apps do not show: tabs become spaces, marks of direction go.
func tidy(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\t':
			return ' '
		case unicode.Is(unicode.Bidi_Control, r):
			return -1
		}
		return r
	}, s)
}

func colour(field, s string) (uint32, error) {
	n, err := strconv.ParseUint(strings.TrimPrefix(s, "#"), 16, 24)
	if err != nil || len(s) != 7 {
		return 0, fault.Field(field, "颜色应写作 #RRGGBB", "write the colour as #RRGGBB")
	}
	return uint32(n), nil
}

// applicationID is made of the domain of all hosts, backwards, and the body's code: nobody else's domain gives the same.
func applicationID(base, code string) string {
	host := base
	if h, _, err := net.SplitHostPort(base); err == nil {
		host = h
	}
	labels := strings.Split(strings.ToLower(host), ".")
	var parts []string
	for i := len(labels) - 1; i >= 0; i-- {
		l := strings.ReplaceAll(labels[i], "-", "_")
		if l == "" || !unicode.IsLetter(rune(l[0])) {
			l = "d" + l
		}
		parts = append(parts, l)
	}
	return strings.Join(append(parts, "u"+code), ".")
}

// changes are the parts in which two builds' inputs differ.
func changes(a, b *inputs) (out []string) {
	for _, part := range []struct {
		name string
		of   func(*inputs) any
	}{
		{"name", func(i *inputs) any { return []any{i.Name, i.Body} }},
		{"icon", func(i *inputs) any { return i.Icon }},
		{"colours", func(i *inputs) any { return i.Colors }},
		{"address", func(i *inputs) any { return []any{i.ID, i.Start, i.Host, i.Scheme, i.Update} }},
		{"legal", func(i *inputs) any { return i.Consent }},
		{"permissions", func(i *inputs) any { return i.Uses }},
		{"version", func(i *inputs) any { return []any{i.Android, i.WeChat} }},
		{"shell", func(i *inputs) any { return []any{i.Shell, i.Format} }},
	} {
		x, errX := json.Marshal(part.of(a))
		y, errY := json.Marshal(part.of(b))
		if errX != nil || errY != nil || string(x) != string(y) {
			out = append(out, part.name)
		}
	}
	return out
}
