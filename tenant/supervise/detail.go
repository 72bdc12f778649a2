package supervise

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"google.golang.org/protobuf/types/known/timestamppb"

	identityv1 "gonghui/app/identity/v1"
	"gonghui/app/kit/page"
	memberv1 "gonghui/app/member/v1"
	"gonghui/tenant"
	"gonghui/tenant/access"
	supervisev1 "gonghui/tenant/supervise/v1"
)

// inForce is how long a change of rights may take to be known everywhere.
const inForce = 5 * time.Second

// Kinds of accesses.
const (
	read  = "read"
	enter = "enter"
)

// ListDetails is a page of the members of a body that has consented. It is answered when both bodies have it on record.
func (s *Service) ListDetails(ctx context.Context, in *supervisev1.ListDetailsRequest) (*supervisev1.ListDetailsReply, error) {
	r, body, err := s.granted(ctx, in.Id, details)
	if err != nil {
		return nil, err
	}
	if !body.On["member"] {
		return nil, errIdle
	}
	// The grant just read is one rule among others: a refusal that stands beside it wins. Of a fresh one other memories may not know yet.
	if err := access.CheckAt(ctx, r.Capability, r.body, access.Masked); err != nil && time.Since(r.DecidedAt.AsTime()) > inForce {
		return nil, err
	}
	state := in.State
	if state == "" {
		state = "active"
	}
	found, err := memberv1.NewDetailServiceClient(s.host.Conn("member")).ListForSupervision(s.inside(ctx, body, r), &memberv1.ListForSupervisionRequest{
		RequestId: r.Id, Purpose: r.Purpose, State: state, PageSize: page.Size(in.PageSize, 20), PageToken: in.PageToken,
	})
	if err != nil {
		return nil, err
	}
	if err := s.record(ctx, r, read, len(found.Members)); err != nil {
		return nil, err
	}
	return &supervisev1.ListDetailsReply{
		Members: found.Members, NextPageToken: found.NextPageToken, Total: found.Total, ValidTo: r.ValidTo,
		Watermark: &supervisev1.Watermark{Viewer: tenant.SubjectFrom(ctx).Name, BodyName: r.AskerName, At: timestamppb.Now(), RequestNo: r.No},
	}, nil
}

// inside is the context of a call in the body that is looked at, by the same person under the name by which that body's log is to
// know them.
func (s *Service) inside(ctx context.Context, body *tenant.Tenant, r *request) context.Context {
	me := *tenant.SubjectFrom(ctx)
	me.Name = named(me.Name, r.AskerName)
	call := tenant.CallFrom(ctx)
	call.Supervision, call.Host, call.IdempotencyKey = false, body.Code+"."+s.host.Base(), ""
	return tenant.With(tenant.WithCall(tenant.WithSubject(ctx, &me), call), body)
}

// record writes an access down for both bodies: in the history of the one that is looked at, whose own log has it from within, and in
// the logs of the supervision host and of the body that looks.
func (s *Service) record(ctx context.Context, r *request, kind string, count int) error {
	act := tenant.Act{Act: "supervise." + kind, Kind: "supervision", Object: r.Id, Reason: r.BodyName + "：" + r.Purpose}
	if kind == read {
		act.Reason = fmt.Sprintf("%s（%d）：%s", r.BodyName, count, r.Purpose)
	}
	err := s.db.Platform(ctx, func(ctx context.Context, db tenant.DBTX) error {
		db.Later(`insert into platform.supervise_access (id, request_id, body_id, kind, person_name, rows, source) values ($1, $2, $3, $4, $5, $6, $7)`,
			tenant.NewID(), r.id, r.body, kind, r.Person, count, tenant.CallFrom(ctx).Source)
		db.Later("update platform.supervise_request set accesses = accesses + 1 where id = $1", r.id)
		tenant.AuditPlatform(ctx, db, act)
		return nil
	})
	if err != nil {
		return err
	}
	home, err := s.bodies.ByCode(ctx, r.AskerCode)
	if err != nil || !home.Active {
		return err
	}
	return s.note(tenant.With(ctx, home), act)
}

// EnterBody lets a helper into the body that has consented.
func (s *Service) EnterBody(ctx context.Context, in *supervisev1.EnterBodyRequest) (*supervisev1.EnterBodyReply, error) {
	r, body, err := s.granted(ctx, in.Id, assist)
	if err != nil {
		return nil, err
	}
	way, err := identityv1.NewEntryServiceClient(s.host.Conn("identity")).OpenAssistance(ctx, &identityv1.OpenAssistanceRequest{
		GrantId: r.grant.String(), BodyId: r.body.String(), Role: r.Role, Until: r.ValidTo,
	})
	if err != nil {
		return nil, err
	}
	if err := s.record(ctx, r, enter, 0); err != nil {
		return nil, err
	}
	err = s.note(s.inside(ctx, body, r), tenant.Act{Act: "supervise.enter", Kind: "supervision", Object: r.Id, Reason: r.Purpose})
	return &supervisev1.EnterBodyReply{Url: way.Url}, err
}

// LeaveBody ends the help in whose session the caller acts.
func (s *Service) LeaveBody(ctx context.Context, _ *supervisev1.LeaveBodyRequest) (*supervisev1.LeaveBodyReply, error) {
	me := tenant.SubjectFrom(ctx)
	if me.Assist == nil {
		return nil, errNone
	}
	var r *request
	var act tenant.Act
	err := s.db.Platform(ctx, func(ctx context.Context, db tenant.DBTX) (err error) {
		if r, err = one(ctx, db, "where r.grant_id = $1 for update of r", me.Assist.Grant); err != nil {
			return err
		}
		act, err = end(ctx, db, r, "")
		return err
	})
	if err != nil {
		return nil, err
	}
	return &supervisev1.LeaveBodyReply{}, s.note(ctx, act)
}

// ListAccesses pages through the accesses to the body of the host.
func (s *Service) ListAccesses(ctx context.Context, in *supervisev1.ListSupervisionAccessesRequest) (*supervisev1.ListSupervisionAccessesReply, error) {
	before := uuid.Max
	if _, err := page.Parse(in.PageToken, &before); err != nil {
		return nil, err
	}
	size := page.Size(in.PageSize, 50)
	var accesses []*supervisev1.SupervisionAccess
	err := s.db.Platform(ctx, func(ctx context.Context, db tenant.DBTX) error {
		found, err := db.Query(ctx, `select x.id, x.at, r.id, r.created_at, x.kind, x.person_name, a.name, x.rows, x.source
			from platform.supervise_access x join platform.supervise_request r on r.id = x.request_id join platform.body a on a.id = r.asker_id
			where x.body_id = $1 and x.id < $2 order by x.id desc limit $3`, tenant.From(ctx).ID, before, size+1)
		if err != nil {
			return err
		}
		accesses, err = pgx.CollectRows(found, func(row pgx.CollectableRow) (*supervisev1.SupervisionAccess, error) {
			a := &supervisev1.SupervisionAccess{}
			var id, request uuid.UUID
			var at, asked time.Time
			err := row.Scan(&id, &at, &request, &asked, &a.Kind, &a.Person, &a.AskerName, &a.Rows, &a.Source)
			a.Id, a.At, a.RequestId, a.RequestNo = id.String(), timestamppb.New(at), request.String(), number(request, asked)
			return a, err
		})
		return err
	})
	if err != nil {
		return nil, err
	}
	reply := &supervisev1.ListSupervisionAccessesReply{}
	reply.Accesses, reply.NextPageToken = page.Cut(accesses, size, func(a *supervisev1.SupervisionAccess) any { return a.Id })
	return reply, nil
}
