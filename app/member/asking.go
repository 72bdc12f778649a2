package member

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	identityv1 "gonghui/app/identity/v1"
	"gonghui/app/kit/fault"
	"gonghui/app/member/internal/db"
	memberv1 "gonghui/app/member/v1"
	"gonghui/tenant"
)

// A file without a phone is claimed by asking: whoever knows a name and an ID number may have them from a list that went round. The
// body's officers know their people, and decide.

// Bounds of asking.
const (
	openClaims    = 3 // that wait for one file at a time
	claimantPhone = "member_request.claimant"
)

var (
	errClaimsOpen = fault.New(http.StatusConflict, memberv1.Reason_CLAIM_REFUSED,
		"这份档案已有多人申请认领，请联系您的工会核对", "several people have claimed this file already; ask your union to look into it")
	errOvertaken = fault.New(http.StatusConflict, memberv1.Reason_REQUEST_STATE,
		"档案里已有手机号，这份认领申请不能再同意；请退回，由会员本人用档案里的手机号登录", "the file has a phone by now; refuse this claim, and let the member sign in with that phone")
)

// overtakenReason is why the other claims of a file end when it has gone to one of them.
const overtakenReason = "档案已由其本人认领"

func pending(since time.Time) error {
	f := fault.New(http.StatusConflict, memberv1.Reason_CLAIM_PENDING,
		"档案里没有登记手机号，认领申请已提交给您的工会，核对后会短信通知您", "the file has no phone; your claim is with your union, and you will get a text message when it is decided")
	f.Metadata["since"] = since.UTC().Format(time.RFC3339)
	return f
}

func declined(reason string) error {
	f := fault.New(http.StatusConflict, memberv1.Reason_CLAIM_DECLINED,
		"您的工会没有同意这次认领："+reason, "your union has refused this claim: "+reason)
	f.Metadata["reason"] = reason
	return f
}

// askFor makes a request of the claim of a file that has no phone, unless it is there, and says how it stands.
func (s *Service) askFor(ctx context.Context, id uuid.UUID, phone string, again bool) error {
	var answer error
	err := s.db.Tx(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		answer = nil
		row, err := s.lock(ctx, tx, id, only(id)) // claims of one file come one after another
		if err != nil {
			return err
		}
		claimant := s.keys.Digest(claimantPhone, phone)
		last, err := s.sql.LastClaim(ctx, tx, db.LastClaimParams{MemberID: id, Claimant: claimant})
		switch {
		case errors.Is(err, pgx.ErrNoRows):
		case err != nil:
			return err
		case last.State == requestOpen:
			answer = pending(last.CreatedAt)
			return nil
		case last.State == requestRefused && !again:
			answer = declined(last.Reason)
			return nil
		}
		if row.State != stateActive {
			return errClaim
		}
		others, err := s.sql.WaitingClaims(ctx, tx, id)
		if err != nil {
			return err
		}
		if len(others) >= openClaims {
			return errClaimsOpen
		}
		changes := []change{{"phone", "", phone}}
		made, err := s.sql.AddRequest(ctx, tx, db.AddRequestParams{ID: tenant.NewID(), MemberID: id, Changes: s.sealChanges(changes), Claimant: claimant})
		if err != nil {
			return err
		}
		answer = pending(made.CreatedAt)
		return requestNoun.Made(ctx, tx, tenant.Act{Act: "member.claim", Changed: fieldsOf(changes)}, made.ID)
	})
	return errors.Join(err, answer)
}

// decided does what follows from the decision of a claim: its phone is told, and who else waits for a file that is given away is
// refused.
func (s *Service) decided(ctx context.Context, tx tenant.DBTX, r *db.MemberRequest) error {
	if r.Claimant == "" {
		return nil
	}
	if err := tenant.Enqueue(tx, tellClaimantJob, tellClaimant{r.ID}); err != nil || r.State != requestApproved {
		return err
	}
	others, err := s.sql.WaitingClaims(ctx, tx, r.MemberID)
	if err != nil {
		return err
	}
	for i := range others {
		o := &others[i]
		was, err := requestNoun.See(ctx, tx, o.ID)
		if err != nil {
			return err
		}
		_, err = s.sql.DecideRequest(ctx, tx, db.DecideRequestParams{
			ID: o.ID, State: requestRefused, Reason: overtakenReason, DecidedBy: r.DecidedBy, Changes: o.Changes,
		})
		if err != nil {
			return err
		}
		if err := was.Changed(ctx, tx, tenant.Act{Act: "member.request.refused", Reason: overtakenReason}); err != nil {
			return err
		}
		if err := tenant.Enqueue(tx, tellClaimantJob, tellClaimant{o.ID}); err != nil {
			return err
		}
	}
	return nil
}

// tellClaimantJob sends the text message.
const tellClaimantJob = "member.tell_claimant"

type tellClaimant struct {
	Request uuid.UUID `json:"request"`
}

func (s *Service) tellClaimant(ctx context.Context, raw json.RawMessage) error {
	var args tellClaimant
	if err := json.Unmarshal(raw, &args); err != nil {
		return err
	}
	var r db.MemberRequest
	err := s.db.Tx(ctx, func(ctx context.Context, tx tenant.DBTX) (err error) {
		r, err = s.sql.GetRequest(ctx, tx, args.Request)
		return err
	})
	if errors.Is(err, pgx.ErrNoRows) {
		return nil // put back from a backup meanwhile
	}
	if err != nil {
		return err
	}
	changes, err := s.openChanges(&r)
	if err != nil || len(changes) == 0 {
		return err
	}
	_, err = s.entry().TellClaimant(ctx, &identityv1.TellClaimantRequest{Phone: changes[0].After, Approved: r.State == requestApproved})
	return err
}
