package branding

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"net/http"
	"slices"

	"google.golang.org/protobuf/types/known/timestamppb"

	"gonghui/app/kit/fault"
	"gonghui/branding/icon"
	"gonghui/branding/internal/db"
	"gonghui/branding/logo"
	"gonghui/branding/theme"
	brandingv1 "gonghui/branding/v1"
	"gonghui/tenant"
)

// versionsKept is how many versions of a body stay.
const versionsKept = 50

// mostProfile is the bytes of a draft: the table takes 256 KiB of the form in which it writes them, which is a little longer.
const mostProfile = 200 << 10

// GetBranding returns what the designer works on.
func (s *Service) GetBranding(ctx context.Context, _ *brandingv1.GetBrandingRequest) (*brandingv1.Branding, error) {
	return s.change(ctx, nil)
}

// SaveBrandingDraft replaces the draft.
func (s *Service) SaveBrandingDraft(ctx context.Context, req *brandingv1.SaveBrandingDraftRequest) (*brandingv1.Branding, error) {
	p, err := read(req.GetProfile())
	if err != nil {
		return nil, err
	}
	if err := mayArrange(ctx, p.Home); err != nil {
		return nil, err
	}
	return s.change(ctx, func(ctx context.Context, tx tenant.DBTX, now *state) error {
		if now.revision != req.Revision {
			return stale()
		}
		_, by := lay(now.layers)
		if err := heldFast(&p, by); err != nil {
			return err
		}
		if err := s.checkHome(ctx, tx, p.Home); err != nil {
			return err
		}
		if p.Logo != nil && p.Logo.Digest != "" {
			if _, err := s.sql.Logo(ctx, tx, db.LogoParams{BodyID: now.t.ID, Digest: p.Logo.Digest}); none(err) {
				return fault.Of(http.StatusBadRequest, brandingv1.Reason_LOGO_INVALID, "profile.logo.digest", "请先上传标志", "add the logo first")
			} else if err != nil {
				return err
			}
		}
		if err := s.put(ctx, tx, now, p); err != nil {
			return err
		}
		return now.record(ctx, tx, "branding.draft")
	})
}

func (s *Service) put(ctx context.Context, tx tenant.DBTX, now *state, p profile) error {
	raw, err := json.Marshal(p)
	if err != nil {
		return err
	}
	if len(raw) > mostProfile {
		return fault.Field("profile", "内容太多，请缩短协议文本或减少栏目", "this is too much; shorten the legal texts or take columns away")
	}
	return s.sql.PutDraft(ctx, tx, db.PutDraftParams{BodyID: now.t.ID, Revision: now.revision + 1, Profile: raw, SavedBy: name(ctx)})
}

// DiscardBrandingDraft goes back to what is published.
func (s *Service) DiscardBrandingDraft(ctx context.Context, req *brandingv1.DiscardBrandingDraftRequest) (*brandingv1.Branding, error) {
	return s.change(ctx, func(ctx context.Context, tx tenant.DBTX, now *state) error {
		if now.revision != req.Revision {
			return stale()
		}
		n, err := s.sql.DropDraft(ctx, tx, now.t.ID)
		if err == nil && n > 0 {
			err = now.record(ctx, tx, "branding.discard")
		}
		return err
	})
}

// PublishBranding makes the draft the version in force.
func (s *Service) PublishBranding(ctx context.Context, req *brandingv1.PublishBrandingRequest) (*brandingv1.Branding, error) {
	note, err := readNote(req.Note)
	if err != nil {
		return nil, err
	}
	return s.change(ctx, func(ctx context.Context, tx tenant.DBTX, now *state) error {
		switch {
		case now.revision != req.Revision:
			return stale()
		case now.revision == 0 || len(changed(&now.draft, &now.own)) == 0 && len(now.draft.Home) == 0:
			return fault.New(http.StatusConflict, brandingv1.Reason_BRANDING_EMPTY, "没有改动，无需发布", "nothing has changed; there is nothing to publish")
		}
		if err := s.publishHome(ctx, tx, now.draft.Home); err != nil {
			return err
		}
		if err := s.publish(ctx, tx, now, now.draft, note); err != nil {
			return err
		}
		return now.record(ctx, tx, "branding.publish")
	})
}

// RestoreBranding publishes the content of an earlier version once more.
func (s *Service) RestoreBranding(ctx context.Context, req *brandingv1.RestoreBrandingRequest) (*brandingv1.Branding, error) {
	return s.change(ctx, func(ctx context.Context, tx tenant.DBTX, now *state) error {
		if now.version != req.Seen {
			return stale()
		}
		raw, err := s.sql.Version(ctx, tx, db.VersionParams{BodyID: now.t.ID, Version: req.Version})
		if none(err) {
			return fault.Of(http.StatusNotFound, brandingv1.Reason_BRANDING_VERSION_NOT_FOUND, "version", "没有这个版本，可能已被清除", "there is no such version; it may have been cleared away")
		}
		var p profile
		if err == nil {
			err = json.Unmarshal(raw, &p)
		}
		if err != nil {
			return err
		}
		if err := s.publish(ctx, tx, now, p, ""); err != nil {
			return err
		}
		return now.record(ctx, tx, "branding.restore")
	})
}

// publish makes a profile the version in force. The first page is not among it: the menus keep that.
func (s *Service) publish(ctx context.Context, tx tenant.DBTX, now *state, p profile, note string) error {
	p.Home = nil
	if err := s.settle(ctx, tx, now.t.ID, &p); err != nil {
		return err
	}
	raw, err := json.Marshal(p)
	if err != nil {
		return err
	}
	if err := s.sql.Supersede(ctx, tx, now.t.ID); err != nil {
		return err
	}
	err = s.sql.Insert(ctx, tx, db.InsertParams{BodyID: now.t.ID, Version: now.version + 1, Profile: raw, Note: note, PublishedBy: name(ctx)})
	if err != nil {
		return err
	}
	if _, err := s.sql.DropDraft(ctx, tx, now.t.ID); err != nil {
		return err
	}
	if err := s.sql.Prune(ctx, tx, db.PruneParams{BodyID: now.t.ID, Version: now.version + 1 - versionsKept}); err != nil {
		return err
	}
	return s.sql.PruneLogos(ctx, tx, now.t.ID)
}

// AddLogo takes up a picture.
func (s *Service) AddLogo(ctx context.Context, req *brandingv1.AddLogoRequest) (*brandingv1.AddLogoReply, error) {
	t := tenant.From(ctx)
	if t == nil {
		return nil, tenant.ErrNoTenant
	}
	// One picture unfolds at a time, which bounds memory.
	s.drawing.Lock()
	l, err := logo.Read(req.Data)
	var reply *brandingv1.AddLogoReply
	if err == nil {
		reply, err = told(l)
	}
	s.drawing.Unlock()
	if refusal := (*logo.Refusal)(nil); errors.As(err, &refusal) {
		return nil, fault.Field("data", refusal.Zh, refusal.En)
	}
	if err != nil {
		return nil, err
	}
	err = s.db.Platform(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		return tenant.OncePlatform(ctx, tx, req, reply, func() error {
			tenant.AuditPlatform(ctx, tx, tenant.Act{Act: "branding.logo", Kind: "branding", Object: t.Code})
			return s.sql.PutLogo(ctx, tx, db.PutLogoParams{
				BodyID: t.ID, Digest: reply.Logo.Digest, Kind: l.Kind, Content: l.Raw, Width: int32(l.Width), Height: int32(l.Height),
			})
		})
	})
	return reply, err
}

// told is what there is to say of a logo.
func told(l *logo.Logo) (*brandingv1.AddLogoReply, error) {
	img, err := l.Image(256)
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(l.Raw)
	reply := &brandingv1.AddLogoReply{
		Logo:    &brandingv1.BrandingLogo{Digest: hex.EncodeToString(sum[:]), Data: (&picture{kind: l.Kind, raw: l.Raw}).address()},
		Removed: l.Removed,
	}
	for _, c := range icon.Colours(img, 5) {
		reply.Colours = append(reply.Colours, theme.Color{R: c.R, G: c.G, B: c.B}.String())
	}
	return reply, nil
}

// state is where the looks of a body stand.
type state struct {
	t         *tenant.Tenant
	layers    []layer // from the top; the last is the body itself
	own       profile // what is in force of it
	version   int32
	draft     profile // own while there is none
	revision  int32
	saved     *db.DraftRow
	published *db.CurrentRow
	seen      tenant.Seen
}

// noun is what the acts of this module are done on: what is in force of a body, and its draft.
var noun = tenant.Noun{Kind: "branding", State: `select jsonb_build_object(
	'published', (select p.profile from platform.branding p where p.body_id = $1 and p.current),
	'draft', (select d.profile from platform.branding_draft d where d.body_id = $1))`}

// with are the layers with another choice of the body's own.
func (n *state) with(own *profile) []layer {
	out := slices.Clone(n.layers)
	out[len(out)-1].profile = *own
	return out
}

// record records what was done to the looks since they were read.
func (n *state) record(ctx context.Context, tx tenant.DBTX, act string) error {
	return n.seen.Changed(ctx, tx, tenant.Act{Act: act, Object: n.t.Code})
}

// change reads where the looks stand, lets act change them, and returns how they are then. Without act it only reads.
func (s *Service) change(ctx context.Context, act func(context.Context, tenant.DBTX, *state) error) (*brandingv1.Branding, error) {
	t := tenant.From(ctx)
	if t == nil {
		return nil, tenant.ErrNoTenant
	}
	var now *state
	err := s.db.Platform(ctx, func(ctx context.Context, tx tenant.DBTX) (err error) {
		if act != nil {
			if err := s.sql.Alone(ctx, tx, t.ID.String()); err != nil {
				return err
			}
			if now, err = s.state(ctx, tx, t); err != nil {
				return err
			}
			if now.seen, err = noun.See(ctx, tx, t.ID); err != nil {
				return err
			}
			if err := act(ctx, tx, now); err != nil {
				return err
			}
		}
		now, err = s.state(ctx, tx, t)
		return err
	})
	if err != nil {
		return nil, err
	}
	if act != nil {
		s.looks.heard(t.ID.String())
		s.menus.Forget(t)
	}
	return s.branding(ctx, now)
}

func (s *Service) state(ctx context.Context, tx tenant.DBTX, t *tenant.Tenant) (*state, error) {
	now := &state{t: t}
	var err error
	if now.layers, err = s.looks.layers(ctx, tx, t.ID); err != nil {
		return nil, err
	}
	if len(now.layers) == 0 { // a body that the line does not know yet
		now.layers = []layer{{body: t.ID, code: t.Code, name: t.Name}}
	}
	now.own = now.layers[len(now.layers)-1].profile
	now.draft = now.own
	current, err := s.sql.Current(ctx, tx, t.ID)
	switch {
	case none(err):
	case err != nil:
		return nil, err
	default:
		now.version, now.published = current.Version, &current
	}
	draft, err := s.sql.Draft(ctx, tx, t.ID)
	switch {
	case none(err):
	case err != nil:
		return nil, err
	default:
		now.revision, now.saved, now.draft = draft.Revision, &draft, profile{}
		if err := json.Unmarshal(draft.Profile, &now.draft); err != nil {
			return nil, err
		}
	}
	return now, nil
}

// branding says where the looks stand.
func (s *Service) branding(ctx context.Context, now *state) (*brandingv1.Branding, error) {
	out := &brandingv1.Branding{Revision: now.revision, Version: now.version, Tabs: offered(now.t), Texts: texts()}
	if now.saved != nil {
		out.SavedBy, out.SavedAt = now.saved.SavedBy, timestamppb.New(now.saved.SavedAt)
	}
	if now.published != nil {
		out.PublishedBy, out.PublishedAt = now.published.PublishedBy, timestamppb.New(now.published.PublishedAt)
	}
	inherited, by := lay(now.with(&profile{}))
	draft := now.draft
	for _, part := range parts {
		o, p := by[part], &brandingv1.BrandingPart{Name: part}
		if o.from != nil {
			p.FromCode, p.FromName = o.from.code, o.from.name
		}
		if o.fixed != nil {
			p.FixedByCode, p.FixedByName = o.fixed.code, o.fixed.name
			draft.take(part, &profile{})
		}
		out.Parts = append(out.Parts, p)
	}
	var err error
	for _, one := range []struct {
		p  *profile
		to **brandingv1.BrandingProfile
	}{{&draft, &out.Draft}, {&now.own, &out.Published}, {&inherited, &out.Inherited}} {
		if *one.to, err = s.profile(ctx, now.t, one.p); err != nil {
			return nil, err
		}
	}
	shown, _ := lay(now.with(&now.draft))
	l := look{profile: shown}
	if out.Theme, err = s.theme(ctx, now.t, &l); err != nil {
		return nil, err
	}
	out.Warnings, err = s.warnings(ctx, &l, &draft, &now.own)
	return out, err
}

// profile is a profile as it is sent. Logos without an owner are the body's own.
func (s *Service) profile(ctx context.Context, t *tenant.Tenant, p *profile) (*brandingv1.BrandingProfile, error) {
	out := plain(p)
	if p.Logo != nil && p.Logo.Digest != "" {
		ref := *p.Logo
		if ref.owner.ID() == 0 {
			ref.owner = t.ID
		}
		pic, err := s.looks.logo(ctx, &ref)
		if err != nil {
			return nil, err
		}
		out.Logo.Data = pic.address()
	}
	if p.Legal != nil && p.Legal.Digest != "" {
		ref := *p.Legal
		if ref.owner.ID() == 0 {
			ref.owner = t.ID
		}
		texts, err := s.looks.legal(ctx, &ref)
		if err != nil {
			return nil, err
		}
		if texts != nil {
			out.Legal = texts.sent(p.Legal.Version)
		}
	}
	return out, nil
}

// plain is a profile without the data of its logo and without its legal texts.
func plain(p *profile) *brandingv1.BrandingProfile {
	out := &brandingv1.BrandingProfile{Fixed: p.Fixed}
	if n := p.Names; n != nil {
		out.Names = &brandingv1.BrandingNames{AppName: n.AppName, AppNameEn: n.AppNameEn, Slogan: n.Slogan, SloganEn: n.SloganEn}
	}
	if l := p.Logo; l != nil {
		out.Logo = &brandingv1.BrandingLogo{Digest: l.Digest, Ground: l.Ground}
	}
	if p.Tabs != nil {
		out.Tabs = &brandingv1.BrandingTabs{Keys: p.Tabs.Keys}
	}
	if c := p.Theme; c != nil {
		out.Theme = &brandingv1.BrandingColours{Accent: c.Accent, Splash: c.Splash, SplashGround: c.Ground}
	}
	if p.Legal != nil && p.Legal.Digest != "" {
		out.Legal = &brandingv1.BrandingLegal{Version: p.Legal.Version}
	}
	if p.Languages != nil {
		out.Languages = &brandingv1.BrandingLanguages{Offered: p.Languages.Offered, Preset: p.Languages.Preset}
	}
	if p.Wording != nil {
		out.Wording = &brandingv1.BrandingWording{Words: p.Wording.sent()}
	}
	out.Home = sentHome(p.Home)
	return out
}

func name(ctx context.Context) string {
	if s := tenant.SubjectFrom(ctx); s != nil {
		return s.Name
	}
	return ""
}

func stale() error {
	return fault.New(http.StatusConflict, brandingv1.Reason_BRANDING_STALE, "设置已被他人修改，请刷新后再改", "somebody else has changed the looks; load them again")
}
