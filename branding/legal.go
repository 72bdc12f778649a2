package branding

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"regexp"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"gonghui/app/kit/fault"
	"gonghui/app/kit/field"
	"gonghui/branding/internal/db"
	brandingv1 "gonghui/branding/v1"
	"gonghui/tenant"
)

// legalRef names legal texts: the zero value those of the product.
type legalRef struct {
	// Digest is that of the texts: the same texts are the same version, wherever they come back.
	Digest  string `json:"digest,omitempty"`
	Version string `json:"version,omitempty"` // "" before they were published
	// Texts are of a draft alone; what is published names them.
	Texts *legalTexts `json:"texts,omitempty"`
	owner uuid.UUID
}

func (r *legalRef) digest() string {
	if r == nil {
		return ""
	}
	return r.Digest
}

// legalTexts are what a user of the apps agrees to.
type legalTexts struct {
	Privacy legalText `json:"privacy"`
	Terms   legalText `json:"terms"`
}

type legalText struct {
	TitleZh string `json:"titleZh"`
	TitleEn string `json:"titleEn,omitempty"`
	TextZh  string `json:"textZh"`
	TextEn  string `json:"textEn,omitempty"`
}

// markup is the beginning of an element, or of an entity: the texts are shown as they stand, and nobody wants to read those.
var markup = regexp.MustCompile(`<[a-zA-Z/!?]|&(#\d+|#x[0-9a-fA-F]+|[a-zA-Z]{2,8});`)

func noMarkup(name, s string) error {
	if markup.MatchString(s) {
		return fault.Field(name, "不能使用网页标记（如 <b>、&nbsp;），请只写文字", "no markup such as <b> or &nbsp;; write plain text")
	}
	return nil
}

var blankLines = regexp.MustCompile(`\n[ \t]*\n\s*`)

// readLegal checks the texts of a draft.
func readLegal(in *brandingv1.BrandingLegal) (*legalRef, error) {
	texts := &legalTexts{}
	for _, one := range []struct {
		name string
		from *brandingv1.BrandingLegalText
		to   *legalText
	}{{"profile.legal.privacy", in.Privacy, &texts.Privacy}, {"profile.legal.terms", in.Terms, &texts.Terms}} {
		for _, f := range []struct {
			name, value string
			read        func(string, string) (string, error)
			to          *string
		}{
			{".titleZh", one.from.GetTitleZh(), field.Required, &one.to.TitleZh},
			{".titleEn", one.from.GetTitleEn(), field.Line, &one.to.TitleEn},
			{".textZh", one.from.GetTextZh(), field.Text, &one.to.TextZh},
			{".textEn", one.from.GetTextEn(), field.Text, &one.to.TextEn},
		} {
			text, err := f.read(one.name+f.name, f.value)
			if err == nil {
				err = noMarkup(one.name+f.name, text)
			}
			if err != nil {
				return nil, err
			}
			*f.to = blankLines.ReplaceAllString(text, "\n\n")
		}
		if one.to.TextZh == "" {
			return nil, fault.Field(one.name+".textZh", "请填写正文", "write the text")
		}
	}
	raw, err := json.Marshal(texts)
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(raw)
	return &legalRef{Digest: hex.EncodeToString(sum[:]), Texts: texts}, nil
}

// beijing is where the day of a version begins.
var beijing = time.FixedZone("Asia/Shanghai", 8*60*60)

// settle gives the texts of a profile that is published the version that they have, or one of today.
func (s *Service) settle(ctx context.Context, tx tenant.DBTX, body uuid.UUID, p *profile) error {
	if p.Legal == nil || p.Legal.Texts == nil {
		return nil
	}
	raw, err := json.Marshal(p.Legal.Texts)
	if err != nil {
		return err
	}
	version := time.Now().In(beijing).Format(time.DateOnly) + "." + p.Legal.Digest[:8]
	if version, err = s.sql.PutLegal(ctx, tx, db.PutLegalParams{BodyID: body, Digest: p.Legal.Digest, Version: version, Content: raw}); err != nil {
		return err
	}
	p.Legal = &legalRef{Digest: p.Legal.Digest, Version: version}
	return nil
}

// legal returns the texts that a look names, nil for the product's own.
func (l *looks) legal(ctx context.Context, ref *legalRef) (*legalTexts, error) {
	switch {
	case ref == nil || ref.Digest == "":
		return nil, nil
	case ref.Texts != nil:
		return ref.Texts, nil
	}
	k := logoKey{ref.owner, ref.Digest}
	if t, ok := l.texts.Get(k); ok {
		return t, nil
	}
	asked := l.texts.Ask()
	var t *legalTexts
	err := l.db.Platform(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		row, err := l.sql.Legal(ctx, tx, db.LegalParams{BodyID: k.body, Digest: k.digest})
		if errors.Is(err, pgx.ErrNoRows) {
			return nil
		}
		if err != nil {
			return err
		}
		t = &legalTexts{}
		return json.Unmarshal(row.Content, t)
	})
	if err == nil {
		l.texts.Put(k, t, asked)
	}
	return t, err
}

// sent is how texts go over the wire.
func (t *legalTexts) sent(version string) *brandingv1.BrandingLegal {
	one := func(t *legalText) *brandingv1.BrandingLegalText {
		return &brandingv1.BrandingLegalText{TitleZh: t.TitleZh, TitleEn: t.TitleEn, TextZh: t.TextZh, TextEn: t.TextEn}
	}
	return &brandingv1.BrandingLegal{Privacy: one(&t.Privacy), Terms: one(&t.Terms), Version: version}
}

// GetLegalInForce answers which texts a user of the host agrees to.
func (s *Service) GetLegalInForce(ctx context.Context, in *brandingv1.GetLegalInForceRequest) (*brandingv1.GetLegalInForceReply, error) {
	l, err := s.looks.of(ctx, tenant.From(ctx))
	if err != nil || l.Legal.Version == "" {
		return &brandingv1.GetLegalInForceReply{}, err
	}
	if in.VersionOnly {
		return &brandingv1.GetLegalInForceReply{Legal: &brandingv1.BrandingLegal{Version: l.Legal.Version}}, nil
	}
	texts, err := s.looks.legal(ctx, l.Legal)
	if err != nil || texts == nil {
		return nil, err
	}
	return &brandingv1.GetLegalInForceReply{Legal: texts.sent(l.Legal.Version)}, nil
}

// isEnglish reports whether both texts can be read in English.
func (t *legalTexts) isEnglish() bool {
	return strings.TrimSpace(t.Privacy.TextEn) != "" && strings.TrimSpace(t.Terms.TextEn) != ""
}
