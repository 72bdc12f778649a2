package branding

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	"gonghui/app/kit/fault"
	"gonghui/branding/internal/db"
	"gonghui/branding/logo"
	brandingv1 "gonghui/branding/v1"
	"gonghui/tenant"
	"gonghui/tenant/access"
	"gonghui/tenant/menu"
)

const (
	fileFormat  = "gonghui-branding"
	fileVersion = 1
	// partHome is taken over like a part, though the menus keep it.
	partHome = "home"
)

// ExportBranding is the body's own design as a file.
func (s *Service) ExportBranding(ctx context.Context, _ *brandingv1.ExportBrandingRequest) (*brandingv1.BrandingFile, error) {
	t := tenant.From(ctx)
	if t == nil {
		return nil, tenant.ErrNoTenant
	}
	var own profile
	err := s.db.Platform(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		now, err := s.state(ctx, tx, t)
		if err != nil {
			return err
		}
		own = now.draft
		home, err := s.arranged(ctx, tx)
		if err != nil {
			return err
		}
		for _, a := range home { // what the draft has of a role stands before what is in force
			if !slices.ContainsFunc(own.Home, func(o arrangement) bool { return o.Role == a.Role }) {
				own.Home = append(own.Home, a)
			}
		}
		tenant.AuditPlatform(ctx, tx, tenant.Act{Act: "branding.export", Kind: "branding", Object: t.Code})
		return nil
	})
	if err != nil {
		return nil, err
	}
	p, err := s.profile(ctx, t, &own)
	if err != nil {
		return nil, err
	}
	for _, a := range p.Home {
		a.Version = 0
	}
	if p.Legal != nil {
		p.Legal.Version = ""
	}
	return &brandingv1.BrandingFile{
		Format: fileFormat, Version: fileVersion, Profile: p, BodyName: t.Name, ExportedAt: timestamppb.New(time.Now().Truncate(time.Second)),
	}, nil
}

// arranged is what the host's body has arranged of the members' first page, by role.
func (s *Service) arranged(ctx context.Context, tx tenant.DBTX) ([]arrangement, error) {
	var out []arrangement
	for _, role := range append([]string{""}, menu.Roles...) {
		m, err := s.menus.Settings(ctx, tx, menu.Portal, role)
		if err != nil {
			return nil, err
		}
		if !m.Changed {
			continue
		}
		one := arrangement{Role: role, Version: m.Version, HandDown: m.PublishedVersion > 0}
		for _, i := range m.Items {
			b := bare(i)
			// A title that comes from above is for those above where the design goes.
			if b.TitleZh == i.InheritedTitleZh {
				b.TitleZh = ""
			}
			if b.TitleEn == i.InheritedTitleEn {
				b.TitleEn = ""
			}
			one.Items = append(one.Items, b)
		}
		out = append(out, one)
	}
	return out, nil
}

// ImportBranding puts parts of a file into the draft.
func (s *Service) ImportBranding(ctx context.Context, req *brandingv1.ImportBrandingRequest) (*brandingv1.TakenBranding, error) {
	if f := req.GetFile(); f.GetFormat() != fileFormat || f.GetVersion() != fileVersion {
		return nil, fault.Field("file.format", "这不是应用设计文件，或来自更新的版本", "this is no file of a design, or one of a newer version")
	}
	given := proto.CloneOf(req.File.GetProfile())
	data := given.GetLogo().GetData()
	if given.GetLogo() != nil {
		given.Logo.Data, given.Logo.Digest = "", ""
	}
	if given.Legal != nil {
		given.Legal.Version = ""
	}
	p, err := read(given)
	if err != nil {
		return nil, inside(err, "file.")
	}
	pic, err := s.readData(data)
	if err != nil {
		return nil, err
	}
	return s.takeUp(ctx, p, pic, req.Parts, req.Revision, "branding.import", "file.")
}

// readData takes up the logo of a file, as AddLogo does with one of its own; "" is the product's mark.
func (s *Service) readData(address string) (*picture, error) {
	if address == "" {
		return nil, nil
	}
	const at = "file.profile.logo.data"
	_, encoded, ok := strings.Cut(address, ";base64,")
	raw, err := base64.StdEncoding.DecodeString(encoded)
	if !ok || err != nil || !strings.HasPrefix(address, "data:image/") {
		return nil, fault.Field(at, "文件里的标志不完整", "the logo in the file is not whole")
	}
	s.drawing.Lock()
	l, err := logo.Read(raw)
	s.drawing.Unlock()
	if refusal := (*logo.Refusal)(nil); errors.As(err, &refusal) {
		return nil, fault.Field(at, refusal.Zh, refusal.En)
	}
	if err != nil {
		return nil, err
	}
	return &picture{l.Kind, l.Raw, l.Width, l.Height}, nil
}

// CopyBranding puts parts of what is in force of another body into the draft.
func (s *Service) CopyBranding(ctx context.Context, req *brandingv1.CopyBrandingRequest) (*brandingv1.TakenBranding, error) {
	t, subject := tenant.From(ctx), tenant.SubjectFrom(ctx)
	if t == nil || subject == nil {
		return nil, tenant.ErrNoTenant
	}
	var source db.SourceRow
	err := s.db.Platform(ctx, func(ctx context.Context, tx tenant.DBTX) (err error) {
		source, err = s.sql.Source(ctx, tx, db.SourceParams{Code: req.Code, Body: t.ID, Person: subject.Person})
		return err
	})
	if err != nil && !none(err) {
		return nil, err
	}
	if none(err) || source.ID == t.ID || !source.Open && access.CheckAt(ctx, "branding.write", source.ID, access.None) != nil {
		return nil, fault.Of(http.StatusNotFound, brandingv1.Reason_BRANDING_SOURCE_NOT_FOUND, "code",
			"没有找到这个工会，或您不能使用它的设计", "there is no such body, or its design is not yours to use")
	}
	there := &tenant.Tenant{ID: source.ID, Code: source.Code, Name: source.Name}
	var p profile
	err = s.db.Platform(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		layers, err := s.looks.layers(ctx, tx, source.ID)
		if err != nil {
			return err
		}
		laid, by := lay(layers)
		for _, part := range parts { // what nobody has chosen is the product's here as well
			if by[part].from != nil {
				p.take(part, &laid)
			}
		}
		p.Home, err = s.arranged(tenant.With(ctx, there), tx)
		return err
	})
	if err != nil {
		return nil, err
	}
	var pic *picture
	if p.Logo != nil {
		if pic, err = s.looks.logo(ctx, p.Logo); err != nil {
			return nil, err
		}
	}
	if p.Legal != nil {
		texts, err := s.looks.legal(ctx, p.Legal)
		if err != nil {
			return nil, err
		}
		if p.Legal = nil; texts != nil {
			if p.Legal, err = readLegal(texts.sent("")); err != nil {
				return nil, err
			}
		}
	}
	for n := range p.Home {
		p.Home[n].HandDown = false // what is handed down is for each body to say
	}
	return s.takeUp(ctx, p, pic, req.Parts, req.Revision, "branding.copy", "")
}

// takeUp puts the wanted parts of a profile into the draft, and tells which of them could not be.
func (s *Service) takeUp(ctx context.Context, p profile, pic *picture, wanted []string, revision int32, act, head string) (*brandingv1.TakenBranding, error) {
	reply := &brandingv1.TakenBranding{}
	wants := func(part string) bool { return len(wanted) == 0 || slices.Contains(wanted, part) }
	if !wants(partHome) {
		p.Home = nil
	}
	if mayArrange(ctx, p.Home) != nil {
		p.Home, reply.LeftOut = nil, append(reply.LeftOut, partHome)
	}
	now, err := s.change(ctx, func(ctx context.Context, tx tenant.DBTX, now *state) error {
		if now.revision != revision {
			return stale()
		}
		_, by := lay(now.layers)
		draft := now.draft
		for _, part := range parts {
			switch {
			case !wants(part) || !p.has(part):
			case by[part].fixed != nil:
				reply.LeftOut = append(reply.LeftOut, part)
			default:
				draft.take(part, &p)
				reply.Taken = append(reply.Taken, part)
			}
		}
		if slices.Contains(reply.Taken, partLogo) {
			ref := *p.Logo
			if ref.Digest = ""; pic != nil {
				sum := sha256.Sum256(pic.raw)
				ref.Digest = hex.EncodeToString(sum[:])
				err := s.sql.PutLogo(ctx, tx, db.PutLogoParams{
					BodyID: now.t.ID, Digest: ref.Digest, Kind: pic.kind, Content: pic.raw, Width: int32(pic.width), Height: int32(pic.height),
				})
				if err != nil {
					return err
				}
			}
			draft.Logo = &ref
		}
		if len(p.Home) > 0 {
			for n := range p.Home { // made from what is in force here
				m, err := s.menus.Settings(ctx, tx, menu.Portal, p.Home[n].Role)
				if err != nil {
					return err
				}
				p.Home[n].Version = m.Version
			}
			if err := s.checkHome(ctx, tx, p.Home); err != nil {
				return inside(err, head)
			}
			draft.Home = p.Home
			reply.Taken = append(reply.Taken, partHome)
		}
		if len(reply.Taken) == 0 {
			return nil
		}
		if err := s.put(ctx, tx, now, draft); err != nil {
			return err
		}
		return now.record(ctx, tx, act)
	})
	if err != nil {
		return nil, err
	}
	reply.Branding = now
	return reply, nil
}
