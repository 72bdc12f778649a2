package member

import (
	"context"
	"strings"

	"github.com/google/uuid"
	"google.golang.org/protobuf/types/known/timestamppb"

	identityv1 "gonghui/app/identity/v1"
	"gonghui/app/member/internal/db"
	memberv1 "gonghui/app/member/v1"
	"gonghui/tenant"
)

// exported is how many lines of history, and of requests, an export reads at a time.
const exported = 500

// ExportOwn returns all that is kept of the member who asks.
func (s *Service) ExportOwn(ctx context.Context, _ *memberv1.ExportOwnRequest) (*memberv1.OwnExport, error) {
	id, err := ownMember(ctx)
	if err != nil {
		return nil, err
	}
	account, err := identityv1.NewAccountServiceClient(s.host.Conn("identity")).ExportOwnAccount(ctx, &identityv1.ExportOwnAccountRequest{})
	if err != nil {
		return nil, err
	}
	reply := &memberv1.OwnExport{At: timestamppb.Now(), BodyName: tenant.From(ctx).Name, Account: account}
	err = s.db.Snapshot(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		row, err := s.sql.GetMember(ctx, tx, id)
		if err != nil {
			return err
		}
		if reply.Member, err = s.proto(&row); err != nil {
			return err
		}
		reply.Events, reply.Requests = nil, nil
		for before, more := uuid.Max, true; more; {
			lines, err := s.sql.ListHistory(ctx, tx, db.ListHistoryParams{MemberID: id, Before: before, Size: exported})
			if err != nil {
				return err
			}
			for i := range lines {
				reply.Events = append(reply.Events, eventOf(&lines[i]))
				before = lines[i].ID
			}
			more = len(lines) == exported
		}
		for before, more := uuid.Max, true; more; {
			rows, err := s.sql.OwnRequests(ctx, tx, db.OwnRequestsParams{MemberID: id, Before: before, Size: exported})
			if err != nil {
				return err
			}
			for i := range rows {
				r := &rows[i].MemberRequest
				changes, err := s.openChanges(r)
				if err != nil {
					return err
				}
				asked := map[string]string{}
				for _, c := range changes {
					asked[c.Field] = c.After
				}
				reply.Requests = append(reply.Requests, &memberv1.OwnRequest{At: timestamppb.New(r.CreatedAt), State: r.State, Note: r.Note, Reason: r.Reason, Asked: asked})
				before = r.ID
			}
			more = len(rows) == exported
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	// A snapshot is for reading only: the audit row comes after it, and before the answer.
	err = s.db.Tx(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		tenant.Audit(ctx, tx, tenant.Act{Act: "member.export_own", Kind: "member", Object: id.String()})
		return nil
	})
	return reply, err
}

// eventOf is a line of history as it is shown.
func eventOf(h *db.MemberHistory) *memberv1.MemberEvent {
	e := &memberv1.MemberEvent{Id: h.ID.String(), Kind: h.Kind, Reason: h.Reason, ByName: h.ByName, At: timestamppb.New(h.At)}
	if h.Changed != "" {
		e.Changed = strings.Split(h.Changed, ",")
	}
	return e
}
