package branding

import (
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"google.golang.org/protobuf/types/known/timestamppb"

	brandingv1 "gonghui/branding/v1"
	"gonghui/tenant"
)

// previewFor is how long a link to the draft is good: a day of work.
const previewFor = 8 * time.Hour

// PreviewBranding gives a link to the draft. It can be opened on a phone that is not signed in.
func (s *Service) PreviewBranding(ctx context.Context, _ *brandingv1.PreviewBrandingRequest) (*brandingv1.PreviewBrandingReply, error) {
	t := tenant.From(ctx)
	if t == nil {
		return nil, tenant.ErrNoTenant
	}
	until := time.Now().Add(previewFor).Truncate(time.Second)
	token := s.sign(t, until.Unix())
	err := s.db.Platform(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		tenant.AuditPlatform(ctx, tx, tenant.Act{Act: "branding.preview", Kind: "branding", Object: t.Code})
		return nil
	})
	if err != nil {
		return nil, err
	}
	return &brandingv1.PreviewBrandingReply{
		Token: token, ExpiresAt: timestamppb.New(until), Url: fmt.Sprintf("%s://%s.%s/?preview=%s", s.scheme, t.Code, s.base, token),
	}, nil
}

func (s *Service) sign(t *tenant.Tenant, until int64) string {
	at := strconv.FormatInt(until, 10)
	return at + "." + s.keys.Digest("branding.preview", t.ID.String()+" "+at)
}

func (s *Service) validPreview(t *tenant.Tenant, token string) bool {
	at, _, _ := strings.Cut(token, ".")
	until, err := strconv.ParseInt(at, 10, 64)
	return err == nil && time.Now().Unix() < until && subtle.ConstantTimeCompare([]byte(token), []byte(s.sign(t, until))) == 1
}

// draftLook is what would be in force if the draft were published.
func (s *Service) draftLook(ctx context.Context, t *tenant.Tenant) (l look, err error) {
	err = s.db.Platform(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		now, err := s.state(ctx, tx, t)
		if err == nil {
			l.profile, _ = lay(now.with(&now.draft))
			l.Home = now.draft.Home
		}
		return err
	})
	return l, err
}

func none(err error) bool { return errors.Is(err, pgx.ErrNoRows) }
