package branding

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"image"
	"slices"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"golang.org/x/sync/singleflight"

	"gonghui/app/kit/recent"
	"gonghui/branding/icon"
	"gonghui/branding/internal/db"
	"gonghui/branding/logo"
	"gonghui/branding/theme"
	"gonghui/tenant"
)

const (
	// looksKept bounds memory: about 500 bytes an entry.
	looksKept = 10_000
	// logosKept bounds it too: 64 KiB an entry at most, and twice as many of them.
	logosKept = 200
	// textsKept does the same for legal texts: about 40 KiB an entry, 250 KiB at most.
	textsKept = 100
	// drawnSide is the pixels at which logos are drawn for icons.
	drawnSide = 1024
)

// look is what is in force for a body.
type look struct {
	profile
	line []uuid.UUID // the body and those above it: a change of any changes the look
}

// picture is a logo as it is kept.
type picture struct {
	kind          string
	raw           []byte
	width, height int
}

func (p *picture) address() string {
	if p == nil {
		return ""
	}
	return "data:" + p.kind + ";base64," + base64.StdEncoding.EncodeToString(p.raw)
}

// draw returns the picture in pixels; without one the product's mark.
func (p *picture) draw() (image.Image, error) { return p.drawAt(drawnSide) }

// drawAt is draw with that many pixels on the longer side, where the picture is a drawing.
func (p *picture) drawAt(side int) (image.Image, error) {
	if p == nil {
		return icon.Mark(side), nil
	}
	return (&logo.Logo{Kind: p.kind, Raw: p.raw}).Image(side)
}

// looks answers what is in force, from memory until the news of a change comes.
type looks struct {
	db     *tenant.DB
	sql    *db.Queries
	laid   *recent.Cache[uuid.UUID, look]
	logos  *recent.Cache[logoKey, *picture]
	texts  *recent.Cache[logoKey, *legalTexts]
	flight singleflight.Group
}

type logoKey struct {
	body   uuid.UUID
	digest string
}

func newLooks(d *tenant.DB) *looks {
	l := &looks{
		db: d, sql: db.New(), laid: recent.New[uuid.UUID, look](d.News.Life, looksKept),
		logos: recent.New[logoKey, *picture](d.News.Life, logosKept), texts: recent.New[logoKey, *legalTexts](d.News.Life, textsKept),
	}
	d.News.On("branding", l.heard)
	d.News.On("tree", func(string) { l.laid.Clear() })
	return l
}

func (l *looks) heard(body string) {
	id, err := uuid.Parse(body)
	l.laid.ForgetAll(func(k look) bool { return err != nil || slices.Contains(k.line, id) })
}

// of returns the look of a body; nil is the supervision host's, that of the product.
func (l *looks) of(ctx context.Context, t *tenant.Tenant) (look, error) {
	if t == nil {
		return look{profile: product()}, nil
	}
	if k, ok := l.laid.Get(t.ID); ok {
		return k, nil
	}
	v, err, _ := l.flight.Do(t.ID.String(), func() (any, error) {
		asked := l.laid.Ask()
		var layers []layer
		err := l.db.Platform(context.WithoutCancel(ctx), func(ctx context.Context, tx tenant.DBTX) (err error) {
			layers, err = l.layers(ctx, tx, t.ID)
			return err
		})
		if err != nil {
			return nil, err
		}
		k := look{}
		k.profile, _ = lay(layers)
		for _, one := range layers {
			k.line = append(k.line, one.body)
		}
		l.laid.Put(t.ID, k, asked)
		return k, nil
	})
	if err != nil {
		return look{}, err
	}
	return v.(look), nil
}

// layers are what the bodies of the line have published, from the top.
func (l *looks) layers(ctx context.Context, tx tenant.DBTX, body uuid.UUID) ([]layer, error) {
	rows, err := l.sql.Layers(ctx, tx, body)
	if err != nil {
		return nil, err
	}
	out := make([]layer, len(rows))
	for n, r := range rows {
		out[n] = layer{body: r.BodyID, code: r.Code, name: r.Name, above: r.Depth > 0}
		if err := json.Unmarshal(r.Profile, &out[n].profile); err != nil {
			return nil, fmt.Errorf("branding of %s: %w", r.Code, err)
		}
	}
	return out, nil
}

// logo returns the picture that a look names, or nil for the product's mark.
func (l *looks) logo(ctx context.Context, ref *logoRef) (*picture, error) {
	if ref == nil || ref.Digest == "" {
		return nil, nil
	}
	k := logoKey{ref.owner, ref.Digest}
	if p, ok := l.logos.Get(k); ok {
		return p, nil
	}
	asked := l.logos.Ask()
	var p *picture
	err := l.db.Platform(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		row, err := l.sql.Logo(ctx, tx, db.LogoParams{BodyID: k.body, Digest: k.digest})
		if errors.Is(err, pgx.ErrNoRows) {
			return nil
		}
		p = &picture{row.Kind, row.Content, int(row.Width), int(row.Height)}
		return err
	})
	if err == nil {
		l.logos.Put(k, p, asked)
	}
	return p, err
}

// ground is the colour behind the logo in an icon: the chosen one, the body's own behind the mark or a light logo, else white.
func (l *look) ground(light bool) theme.Color {
	if c, ok := theme.Parse(l.Logo.Ground); ok {
		return c
	}
	if l.Logo.Digest == "" || light {
		tokens, _ := theme.Of(l.accent())
		return tokens.Solid
	}
	return theme.White
}

func (l *look) accent() theme.Color {
	c, ok := theme.Parse(l.Theme.Accent)
	if !ok {
		c, _ = theme.Parse(theme.Product)
	}
	return c
}

// splash is the ground of the start screen.
func (l *look) splash(solid theme.Color) theme.Color {
	if own, ok := theme.Parse(l.Theme.Ground); ok && l.Theme.Splash == "own" {
		return own
	}
	if l.Theme.Splash == "accent" {
		return solid
	}
	return theme.Page
}
