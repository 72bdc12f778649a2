package menu

import (
	"context"
	"encoding/json"
	"math"

	"google.golang.org/protobuf/types/known/timestamppb"

	"gonghui/app/kit/page"
	"gonghui/tenant"
	"gonghui/tenant/menu/internal/db"
	menuv1 "gonghui/tenant/menu/v1"
)

// before is where a page of versions ended.
type before struct{ Version int32 }

// ListMenuVersions returns the body's own settings as they were, newest first.
func (s *Service) ListMenuVersions(ctx context.Context, req *menuv1.ListMenuVersionsRequest) (*menuv1.ListMenuVersionsReply, error) {
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
		rows, err = s.sql.Versions(ctx, tx, db.VersionsParams{BodyID: t.ID, Place: req.Place, Role: req.Role, Version: from.Version, Limit: size + 1})
		return err
	})
	if err != nil {
		return nil, err
	}
	reply := &menuv1.ListMenuVersionsReply{}
	rows, reply.NextPageToken = page.Cut(rows, size, func(r db.VersionsRow) any { return before{r.Version} })
	for _, r := range rows {
		var set settings
		if err := json.Unmarshal(r.Settings, &set); err != nil {
			return nil, err
		}
		reply.Versions = append(reply.Versions, &menuv1.MenuVersion{
			Version: r.Version, SavedBy: r.SavedBy, SavedAt: timestamppb.New(r.SavedAt), Changes: int32(set.size()), Current: r.Current, Published: r.Published,
		})
	}
	return reply, nil
}
