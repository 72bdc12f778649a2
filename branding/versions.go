package branding

import (
	"context"
	"encoding/json"
	"math"

	"google.golang.org/protobuf/types/known/timestamppb"

	"gonghui/app/kit/field"
	"gonghui/app/kit/page"
	"gonghui/branding/internal/db"
	brandingv1 "gonghui/branding/v1"
	"gonghui/tenant"
)

// before is where a page of versions ended.
type before struct{ Version int32 }

func readNote(s string) (string, error) { return field.Line("note", s) }

// ListBrandingVersions returns what was published, newest first.
func (s *Service) ListBrandingVersions(ctx context.Context, req *brandingv1.ListBrandingVersionsRequest) (*brandingv1.ListBrandingVersionsReply, error) {
	t := tenant.From(ctx)
	if t == nil {
		return nil, tenant.ErrNoTenant
	}
	from := before{math.MaxInt32}
	if _, err := page.Parse(req.PageToken, &from); err != nil {
		return nil, err
	}
	size := page.Size(req.PageSize, 20)
	var rows []db.VersionsRow
	err := s.db.Platform(ctx, func(ctx context.Context, tx tenant.DBTX) (err error) {
		rows, err = s.sql.Versions(ctx, tx, db.VersionsParams{BodyID: t.ID, Version: from.Version, Limit: size + 1})
		return err
	})
	if err != nil {
		return nil, err
	}
	all := make([]profile, len(rows)+1) // the last is what there was before the oldest
	for n, r := range rows {
		if err := json.Unmarshal(r.Profile, &all[n]); err != nil {
			return nil, err
		}
	}
	reply := &brandingv1.ListBrandingVersionsReply{}
	rows, reply.NextPageToken = page.Cut(rows, size, func(r db.VersionsRow) any { return before{r.Version} })
	for n, r := range rows {
		reply.Versions = append(reply.Versions, &brandingv1.BrandingVersion{
			Version: r.Version, Note: r.Note, PublishedBy: r.PublishedBy, PublishedAt: timestamppb.New(r.PublishedAt), Current: r.Current,
			Profile: plain(&all[n]), Changed: changed(&all[n], &all[n+1]),
		})
	}
	return reply, nil
}
