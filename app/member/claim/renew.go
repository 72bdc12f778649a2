package claim

import (
	"context"
	"time"

	"github.com/google/uuid"

	"gonghui/tenant"
)

// Renew makes the registry say what the roll of the body of the context says, after the roll was put back as it was. page
// returns the claims of the roll after a digest, at most [Most] of them in order. lost are those whom another body holds by
// now: they stand on two rolls.
func Renew(ctx context.Context, db *tenant.DB, page func(ctx context.Context, after string) ([]Claim, error)) (lost int, err error) {
	body := tenant.From(ctx).ID
	var began time.Time
	err = db.Platform(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		return tx.QueryRow(ctx, "select clock_timestamp()").Scan(&began)
	})
	if err != nil {
		return 0, err
	}
	for after := ""; ; {
		claims, err := page(ctx, after)
		if err != nil {
			return lost, err
		}
		if len(claims) == 0 {
			break
		}
		after = claims[len(claims)-1].Digest
		digests, members := make([]string, len(claims)), make([]uuid.UUID, len(claims))
		for i, c := range claims {
			digests[i], members[i] = c.Digest, c.Member
		}
		err = db.Platform(ctx, func(ctx context.Context, tx tenant.DBTX) error {
			tag, err := tx.Exec(ctx, `insert into platform.membership as m (digest, body_id, member_id, live, since)
				select c.digest, $1, c.member, true, clock_timestamp() from unnest($2::varchar[], $3::uuid[]) as c (digest, member)
				order by c.digest collate "C"
				on conflict (digest) do update set member_id = excluded.member_id, live = true, operation = null, expires_at = null, since = excluded.since
					where m.body_id = excluded.body_id`, body, digests, members)
			lost += len(claims) - int(tag.RowsAffected())
			return err
		})
		if err != nil {
			return lost, err
		}
	}
	err = db.Platform(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		_, err := tx.Exec(ctx, "delete from platform.membership where body_id = $1 and since < $2", body, began)
		return err
	})
	return lost, err
}
