package member

import (
	"context"
	"fmt"

	"gonghui/app/kit/page"
	memberv1 "gonghui/app/member/v1"
	"gonghui/tenant"
)

// ListForSupervision is a page of members for who looks on from above. It is answered when the body's own log has it.
func (s *Service) ListForSupervision(ctx context.Context, req *memberv1.ListForSupervisionRequest) (*memberv1.ListMembersReply, error) {
	state := req.GetState()
	if state == "" {
		state = stateActive
	}
	reply, err := s.list(ctx, "", state, page.Size(req.GetPageSize(), pageSize), req.GetPageToken(), whole) // the body agreed to all of it
	if err != nil {
		return nil, err
	}
	err = s.db.Tx(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		tenant.Audit(ctx, tx, tenant.Act{
			Act: "member.supervised", Kind: "supervision", Object: req.GetRequestId(), Reason: fmt.Sprintf("%s（%d）", req.GetPurpose(), len(reply.Members)),
		})
		return nil
	})
	return reply, err
}
