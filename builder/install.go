package builder

import (
	"context"
	"math"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"google.golang.org/protobuf/types/known/timestamppb"

	"gonghui/app/kit/page"
	builderv1 "gonghui/builder/v1"
	"gonghui/tenant"
)

// activeFor is within what time a device that was seen counts as in use.
const activeFor = 30 * 24 * time.Hour

// afterInstalls is where a page ended.
type afterInstalls struct {
	Channel string
	Code    int32
}

// ListInstalls counts devices by version, the newest first.
func (s *Service) ListInstalls(ctx context.Context, req *builderv1.ListAppInstallsRequest) (*builderv1.ListAppInstallsReply, error) {
	t, err := body(ctx)
	if err != nil {
		return nil, err
	}
	after := afterInstalls{Code: math.MaxInt32}
	if _, err := page.Parse(req.PageToken, &after); err != nil {
		return nil, err
	}
	size := page.Size(req.PageSize, 20)
	var found []*builderv1.AppInstalls
	err = s.db.Platform(ctx, func(ctx context.Context, db tenant.DBTX) error {
		rows, err := db.Query(ctx, `select i.channel, i.version_code, count(*), count(*) filter (where i.last_seen_at > now() - $5::interval), max(i.last_seen_at)
			from platform.app_install i
			where i.body_id = $1 and (i.channel > $2 or i.channel = $2 and i.version_code < $3)
			group by i.channel, i.version_code order by i.channel, i.version_code desc limit $4`, t.ID, after.Channel, after.Code, size+1, activeFor)
		if err != nil {
			return err
		}
		found, err = pgx.CollectRows(rows, scanInstalls)
		return err
	})
	if err != nil {
		return nil, err
	}
	reply := &builderv1.ListAppInstallsReply{}
	reply.Installs, reply.NextPageToken = page.Cut(found, size, func(i *builderv1.AppInstalls) any { return afterInstalls{i.Channel, i.VersionCode} })
	return reply, nil
}

func scanInstalls(row pgx.CollectableRow) (*builderv1.AppInstalls, error) {
	i := &builderv1.AppInstalls{}
	var at time.Time
	err := row.Scan(&i.Channel, &i.VersionCode, &i.Devices, &i.Active, &at)
	i.VersionName, i.LastSeenAt = versionName(i.VersionCode), timestamppb.New(at)
	return i, err
}

// parted is a fingerprint in small hexadecimals in the form that Android asks for: AB:CD.
func parted(hexadecimal string) string {
	var parts []string
	for i := 0; i+1 < len(hexadecimal); i += 2 {
		parts = append(parts, strings.ToUpper(hexadecimal[i:i+2]))
	}
	return strings.Join(parts, ":")
}
