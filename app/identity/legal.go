package identity

import (
	"context"
	"embed"
	"fmt"
	"io/fs"
	"net/http"
	"slices"
	"strings"
	"sync"

	"github.com/google/uuid"

	"gonghui/app/identity/internal/db"
	"gonghui/app/identity/internal/noun"
	identityv1 "gonghui/app/identity/v1"
	"gonghui/app/kit/fault"
	brandingv1 "gonghui/branding/v1"
	"gonghui/tenant"
)

// A version of the product's legal texts is a folder named by its date: privacy and terms, each in both languages. A text begins with
// its title; an empty line parts paragraphs; one that begins with "# " is a heading. What was agreed to once stays readable:
// a change is a new folder.
//
//go:embed legal
var legalFiles embed.FS

// legalTexts are the texts in force, by kind.
type legalTexts struct {
	version string
	kinds   map[string]*identityv1.Legal
}

// legal reads the newest version.
var legal = sync.OnceValue(func() legalTexts {
	texts, err := readLegal(legalFiles)
	if err != nil {
		panic(err) // the files are part of the program
	}
	return texts
})

func readLegal(files fs.FS) (legalTexts, error) {
	versions, err := fs.ReadDir(files, "legal")
	if err != nil || len(versions) == 0 {
		return legalTexts{}, fmt.Errorf("identity: no legal texts: %w", err)
	}
	all := legalTexts{version: versions[len(versions)-1].Name(), kinds: map[string]*identityv1.Legal{}}
	for _, kind := range []string{"privacy", "terms"} {
		text := &identityv1.Legal{Kind: kind, Version: all.version}
		if text.TitleZh, text.TextZh, err = readText(files, all.version, kind, "zh"); err != nil {
			return legalTexts{}, err
		}
		if text.TitleEn, text.TextEn, err = readText(files, all.version, kind, "en"); err != nil {
			return legalTexts{}, err
		}
		all.kinds[kind] = text
	}
	return all, nil
}

func readText(files fs.FS, version, kind, language string) (title string, text []string, err error) {
	raw, err := fs.ReadFile(files, "legal/"+version+"/"+kind+"."+language+".md")
	if err != nil {
		return "", nil, err
	}
	title, rest, _ := strings.Cut(strings.TrimSpace(string(raw)), "\n")
	return title, paragraphs(rest), nil
}

// paragraphs parts a text at its empty lines.
func paragraphs(text string) (out []string) {
	for p := range strings.SplitSeq(text, "\n\n") {
		if p = strings.TrimSpace(p); p != "" {
			out = append(out, p)
		}
	}
	return out
}

// bodyLegal asks for the texts of the host's body; nil where the product's own are in force.
func (s *Service) bodyLegal(ctx context.Context, versionOnly bool) (*brandingv1.BrandingLegal, error) {
	if tenant.From(ctx) == nil {
		return nil, nil
	}
	reply, err := brandingv1.NewLegalServiceClient(s.host.Conn("branding")).GetLegalInForce(ctx, &brandingv1.GetLegalInForceRequest{VersionOnly: versionOnly})
	return reply.GetLegal(), err
}

// legalVersion is the version in force on the host: that of the body's own texts, else the product's.
func (s *Service) legalVersion(ctx context.Context) (string, error) {
	own, err := s.bodyLegal(ctx, true)
	if err != nil || own == nil {
		return legal().version, err
	}
	return own.Version, nil
}

// GetLegal returns a text in the version in force.
func (s *Service) GetLegal(ctx context.Context, in *identityv1.GetLegalRequest) (*identityv1.Legal, error) {
	own, err := s.bodyLegal(ctx, false)
	if err != nil || own == nil {
		return legal().kinds[in.Kind], err
	}
	text := own.Privacy
	if in.Kind == "terms" {
		text = own.Terms
	}
	return &identityv1.Legal{
		Kind: in.Kind, Version: own.Version, TitleZh: text.GetTitleZh(), TitleEn: text.GetTitleEn(),
		TextZh: paragraphs(text.GetTextZh()), TextEn: paragraphs(text.GetTextEn()),
	}, nil
}

// inForce refuses a version that is not the one in force.
func (s *Service) inForce(ctx context.Context, version string) error {
	now, err := s.legalVersion(ctx)
	if err != nil || version == now {
		return err
	}
	refusal := fault.New(http.StatusConflict, identityv1.Reason_CONSENT_STALE,
		"服务协议和隐私政策已更新，请阅读新版本后再同意", "the terms and the privacy notice have a newer version; read it before you agree")
	refusal.Metadata["version"] = now
	return refusal
}

// GiveConsent records that the caller agrees to the version in force.
func (s *Service) GiveConsent(ctx context.Context, in *identityv1.GiveConsentRequest) (*identityv1.GiveConsentReply, error) {
	if err := s.inForce(ctx, in.Version); err != nil {
		return nil, err
	}
	err := s.host.DB().Platform(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		return s.agree(ctx, tx, tenant.SubjectFrom(ctx).Account, in.Version)
	})
	return &identityv1.GiveConsentReply{}, err
}

// WithdrawConsent takes back what the caller agreed to (Personal Information Protection Law, article 15: as easily as it was given).
// Every device is signed out; who signs in again is asked anew.
func (s *Service) WithdrawConsent(ctx context.Context, _ *identityv1.WithdrawConsentRequest) (*identityv1.WithdrawConsentReply, error) {
	me := tenant.SubjectFrom(ctx)
	err := s.host.DB().Platform(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		was, err := noun.Consents.See(ctx, tx, me.Account)
		if err != nil {
			return err
		}
		versions, err := s.q.WithdrawConsents(ctx, tx, me.Account)
		if err != nil {
			return err
		}
		if err := s.signOutEverywhere(ctx, tx, me.Account); err != nil || len(versions) == 0 {
			return err
		}
		slices.Sort(versions)
		return was.Changed(ctx, tx, tenant.Act{Act: "consent.withdraw", Reason: strings.Join(versions, " ")})
	})
	if err != nil {
		return nil, err
	}
	s.left(ctx, me.Account)
	return &identityv1.WithdrawConsentReply{}, nil
}

// agree records a consent once; without a version there is none.
func (s *Service) agree(ctx context.Context, tx tenant.DBTX, account uuid.UUID, version string) error {
	if version == "" {
		return nil
	}
	c := tenant.CallFrom(ctx)
	n, err := s.q.GiveConsent(ctx, tx, db.GiveConsentParams{
		ID: tenant.NewID(), AccountID: account, Version: version, Source: limit(c.Source, 45), Device: device(c.Device),
	})
	if err != nil || n == 0 {
		return err
	}
	return noun.Consent.Made(ctx, tx, tenant.Act{Act: "consent.give", Reason: version}, account, version)
}
