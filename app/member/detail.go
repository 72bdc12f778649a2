package member

import (
	"context"
	"fmt"

	memberv1 "gonghui/app/member/v1"
	"gonghui/tenant"
)

// ListForSupervision is a page of members for who looks on from above. It is answered when the body's own log has it.
func (s *Service) ListForSupervision(ctx context.Context, req *memberv1.ListForSupervisionRequest) (*memberv1.ListMembersReply, error) {
	reply, err := s.ListMembers(ctx, &memberv1.ListMembersRequest{State: req.GetState(), PageSize: req.GetPageSize(), PageToken: req.GetPageToken()})
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
