package member

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"net/http"
	"time"

	"github.com/google/uuid"
	"golang.org/x/sync/errgroup"

	"gonghui/app/kit/fault"
	"gonghui/app/member/claim"
	"gonghui/app/member/internal/db"
	memberv1 "gonghui/app/member/v1"
	"gonghui/app/module"
	"gonghui/tenant"
)

var errElsewhere = fault.Of(http.StatusConflict, memberv1.Reason_MEMBER_ELSEWHERE, "fields.idNumber",
	"此人已是其他工会的会员，须先在原工会办理转出或退会", "this person is a member of another union body; the membership there has to end or be transferred first")

// settling is how often lapsed claims are looked for.
const settling = 5 * time.Second

// Run confirms and settles claims until ctx ends.
func (s *Service) Run(ctx context.Context) error {
	var both errgroup.Group
	both.Go(func() error {
		return s.db.Consume(ctx, tenant.Consumer{
			Name: "member.claim", Kinds: []string{Admitted, Imported, Updated, Ended, Restored}, Take: claim.Confirm(Ended),
		})
	})
	both.Go(func() error { return claim.Settle(ctx, s.db, settling, s.inForce) })
	return both.Wait()
}

// inForce returns the members on the roll who have some digests.
func (s *Service) inForce(ctx context.Context, digests []string) (map[string]uuid.UUID, error) {
	found := map[string]uuid.UUID{}
	err := s.db.Tx(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		rows, err := s.sql.MembersByDigest(ctx, tx, digests)
		for _, row := range rows {
			found[row.IDDigest] = row.ID
		}
		return err
	})
	return found, err
}

// claimed runs enter while the membership of the person in a file is claimed for a member of the body, and gives the claim
// back when enter fails. Whom the body itself holds is left to enter, which knows its own roll; who is a member elsewhere
// is refused and kept in the list of duplicates.
func (s *Service) claimed(ctx context.Context, f *file, id uuid.UUID, enter func(operation uuid.UUID) error) error {
	operation, digest := tenant.NewID(), s.digest(f)
	refused, err := claim.Take(ctx, s.db, operation, []claim.Claim{{Digest: digest, Member: id}})
	if err != nil {
		return err
	}
	if holder, ok := refused[digest]; ok && holder.Body != tenant.From(ctx).ID {
		return s.elsewhere(ctx, f)
	}
	if err := enter(operation); err != nil {
		return errors.Join(err, claim.Release(context.WithoutCancel(ctx), s.db, operation))
	}
	return nil
}

// elsewhere keeps a person in the list of duplicates.
func (s *Service) elsewhere(ctx context.Context, f *file) error {
	err := s.db.Tx(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		id := tenant.NewID()
		name, _ := actor(ctx)
		err := s.sql.AddDuplicate(ctx, tx, db.AddDuplicateParams{
			ID: id, Name: f.name, IDKind: f.idKind, IDNumber: s.keys.Seal(duplicateColumn, f.idNumber), IDDigest: s.digest(f), Source: "form", ByName: name, DeptID: f.dept, MadeBy: maker(ctx),
		})
		if err != nil {
			return err
		}
		return twinNoun.Made(ctx, tx, tenant.Act{Act: "member.duplicate", Object: id.String()}, s.digest(f))
	})
	return errors.Join(err, errElsewhere)
}

// endPlaceJob closes the account's place of a member who left.
const endPlaceJob = "member.end_place"

type endPlace struct {
	Member uuid.UUID `json:"member"`
}

// Jobs implements module.Worker.
func (s *Service) Jobs() map[string]tenant.Job {
	jobs := s.rosters.Jobs()
	maps.Copy(jobs, map[string]tenant.Job{
		tellClaimantJob: s.tellClaimant,
		endPlaceJob: func(ctx context.Context, raw json.RawMessage) error {
			var args endPlace
			if err := json.Unmarshal(raw, &args); err != nil {
				return err
			}
			return s.endPlace(ctx, args.Member)
		},
	})
	return jobs
}

// Renew registers the members of the body of the context anew, after its tables were put back, and returns how many of them
// are members of another body by now.
func Renew(ctx context.Context, host module.Host) (lost int, err error) {
	s := New(host)
	return claim.Renew(ctx, s.db, func(ctx context.Context, after string) (page []claim.Claim, err error) {
		err = s.db.Tx(ctx, func(ctx context.Context, tx tenant.DBTX) error {
			page = nil
			rows, err := s.sql.RollAfter(ctx, tx, db.RollAfterParams{After: after, Size: claim.Most})
			for _, row := range rows {
				page = append(page, claim.Claim{Digest: row.IDDigest, Member: row.ID})
			}
			return err
		})
		return page, err
	})
}
