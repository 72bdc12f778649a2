// Package claim sees to it that a person is a member of one body in the whole nation. A membership is claimed above the
// tenants before the body enters it, and confirmed by the event of the entry; a claim whose event does not come is settled by
// asking the body.
package claim

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"gonghui/tenant"
)

// Life is how long a claim waits for its event before the body is asked. It is longer than any transaction of a tenant.
const Life = 30 * time.Minute

// Most is how many digests one call may bring.
const Most = 5000

// Claim is a person, by the digest of the ID number, and the row of the member that is to be.
type Claim struct {
	Digest string
	Member uuid.UUID
}

// Holder is who holds the membership of a person.
type Holder struct {
	Body    uuid.UUID
	Code    string
	Member  uuid.UUID
	Pending bool // claimed, and not a member yet
}

// Find tells who holds the memberships of persons; those who are no member anywhere are left out.
func Find(ctx context.Context, db *tenant.DB, digests []string) (map[string]Holder, error) {
	var found map[string]Holder
	err := db.Platform(ctx, func(ctx context.Context, tx tenant.DBTX) (err error) {
		found, err = holders(ctx, tx, digests)
		return err
	})
	return found, err
}

func holders(ctx context.Context, tx tenant.DBTX, digests []string) (map[string]Holder, error) {
	rows, err := tx.Query(ctx, `select m.digest, m.body_id, b.code, m.member_id, not m.live
		from platform.membership m join platform.body b on b.id = m.body_id where m.digest = any($1)`, digests)
	if err != nil {
		return nil, err
	}
	found := map[string]Holder{}
	var digest string
	var h Holder
	_, err = pgx.ForEachRow(rows, []any{&digest, &h.Body, &h.Code, &h.Member, &h.Pending}, func() error {
		found[digest] = h
		return nil
	})
	return found, err
}

// Take claims persons for the body of the context and returns those whom somebody else holds. Persons whom the same member
// holds already are claimed again, so that a call may be repeated. The event of the entry carries the operation; without it
// [Release] gives the claims back, or they lapse.
func Take(ctx context.Context, db *tenant.DB, operation uuid.UUID, claims []Claim) (refused map[string]Holder, err error) {
	t := tenant.From(ctx)
	if t == nil {
		return nil, tenant.ErrNoTenant
	}
	digests, members := make([]string, len(claims)), make([]uuid.UUID, len(claims))
	for i, c := range claims {
		digests[i], members[i] = c.Digest, c.Member
	}
	err = db.Platform(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		// In one order for all, so that bodies that want the same persons wait and do not lock each other up.
		rows, err := tx.Query(ctx, `insert into platform.membership as m (digest, body_id, member_id, live, operation, expires_at)
			select c.digest, $1, c.member, false, $2, now() + $3::interval
			from unnest($4::varchar[], $5::uuid[]) as c (digest, member) order by c.digest collate "C"
			on conflict (digest) do update set operation = excluded.operation, expires_at = excluded.expires_at
				where m.body_id = excluded.body_id and m.member_id = excluded.member_id
			returning digest`, t.ID, operation, Life, digests, members)
		if err != nil {
			return err
		}
		taken, err := pgx.CollectRows(rows, pgx.RowTo[string])
		if err != nil {
			return err
		}
		refused = nil
		if len(taken) == len(claims) {
			return nil
		}
		if refused, err = holders(ctx, tx, digests); err != nil {
			return err
		}
		for _, digest := range taken {
			delete(refused, digest)
		}
		return nil
	})
	return refused, err
}

// Release gives back what an operation has claimed and not entered.
func Release(ctx context.Context, db *tenant.DB, operation uuid.UUID) error {
	return db.Platform(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		if _, err := tx.Exec(ctx, "delete from platform.membership where operation = $1 and not live", operation); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, "update platform.membership set operation = null, expires_at = null where operation = $1", operation)
		return err
	})
}
