package supervise

import (
	"context"
	"errors"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"google.golang.org/protobuf/proto"

	"gonghui/app/kit/fault"
	"gonghui/app/kit/field"
	"gonghui/app/kit/page"
	"gonghui/tenant"
	"gonghui/tenant/directory/scope"
	supervisev1 "gonghui/tenant/supervise/v1"
)

// CreateRequest asks a body below the caller's.
func (s *Service) CreateRequest(ctx context.Context, in *supervisev1.AskSupervisionRequest) (*supervisev1.SupervisionRequest, error) {
	purpose, err := field.Required("purpose", in.Purpose)
	if err != nil {
		return nil, err
	}
	if err := whole(in); err != nil {
		return nil, err
	}
	me := tenant.SubjectFrom(ctx)
	reply := &supervisev1.SupervisionRequest{}
	var made *request
	err = s.db.Platform(ctx, func(ctx context.Context, db tenant.DBTX) error {
		// One after another for one identity: that is how a second request for the same thing is found.
		if _, err := db.Exec(ctx, "select from platform.identity where id = $1 for no key update", me.Identity); err != nil {
			return err
		}
		made = nil
		proto.Reset(reply)
		return tenant.OncePlatform(ctx, db, in, reply, func() error {
			body, err := below(ctx, db, me.Body, in.BodyCode)
			if err != nil {
				return err
			}
			var twice bool
			err = db.QueryRow(ctx, `select exists (select from platform.supervise_request r left join platform."grant" g on g.id = r.grant_id
				where r.identity_id = $1 and r.body_id = $2 and r.kind = $3 and `+stateOf+` in ('open', 'running'))`, me.Identity, body, in.Kind).Scan(&twice)
			if err != nil {
				return err
			}
			if twice {
				return errOpen
			}
			id := tenant.NewID()
			_, err = db.Exec(ctx, `insert into platform.supervise_request
				(id, kind, asker_id, identity_id, person_name, body_id, capability, role, purpose_kind, purpose, minutes)
				values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
				id, in.Kind, me.Body, me.Identity, me.Name, body, in.Capability, in.Role, in.PurposeKind, purpose, in.Minutes)
			if err != nil {
				return err
			}
			if err := requestNoun.Made(ctx, db, tenant.Act{Act: "supervise.ask", Reason: purpose}, id); err != nil {
				return err
			}
			r, err := one(ctx, db, "where r.id = $1", id)
			if err == nil {
				r, err = byRule(ctx, db, r)
			}
			if err == nil {
				made = r
				proto.Merge(reply, r.SupervisionRequest)
			}
			return err
		})
	})
	if err != nil {
		return nil, err
	}
	if made == nil || made.approval == nil {
		return reply, nil
	}
	body, err := s.bodies.ByCode(ctx, made.BodyCode)
	if err != nil {
		return nil, err
	}
	made.approval.Reason = "rule: " + made.DecidedBy
	return reply, s.note(s.inside(ctx, body, made), *made.approval)
}

// whole checks what belongs to each kind of request.
func whole(in *supervisev1.AskSupervisionRequest) error {
	switch {
	case in.Kind == details && in.Capability == "":
		return fault.Field("capability", "请选择要查看的内容", "choose what is to be seen")
	case in.Kind == details && in.Role != "":
		return fault.Field("role", "查看明细不涉及角色", "sight of records has no role")
	case in.Kind == details && in.Minutes > mostDetails:
		return fault.Field("minutes", "查看明细最长 30 天", "records can be seen for 30 days at most")
	case in.Kind == assist && in.Role == "":
		return fault.Field("role", "请选择协助时的角色", "choose as what to help")
	case in.Kind == assist && in.Capability != "":
		return fault.Field("capability", "远程协助按角色授权", "help goes by role")
	case in.Kind == assist && in.Minutes > mostAssist:
		return fault.Field("minutes", "远程协助最长 8 小时", "help can last 8 hours at most")
	}
	return nil
}

// below finds a body strictly below another, at work on the platform. One that is not there, or not below, is not found.
func below(ctx context.Context, db tenant.DBTX, anchor uuid.UUID, code string) (uuid.UUID, error) {
	var id uuid.UUID
	var inside, active bool
	err := db.QueryRow(ctx, `select b.id, `+scope.Inside("b.id", "$2::uuid")+` and b.id <> $2, b.status = 'active' from platform.body b where b.code = $1`, code, anchor).
		Scan(&id, &inside, &active)
	switch {
	case errors.Is(err, pgx.ErrNoRows), err == nil && !inside:
		return id, scope.NotFound("bodyCode")
	case err == nil && !active:
		return id, errIdle
	}
	return id, err
}

// ListRequests pages through the caller's requests.
func (s *Service) ListRequests(ctx context.Context, in *supervisev1.ListAskedRequest) (*supervisev1.ListSupervisionReply, error) {
	before := uuid.Max
	if _, err := page.Parse(in.PageToken, &before); err != nil {
		return nil, err
	}
	size := page.Size(in.PageSize, 20)
	var found []*request
	err := s.db.Platform(ctx, func(ctx context.Context, db tenant.DBTX) (err error) {
		found, err = rows(ctx, db, "where r.identity_id = $1 and r.id < $2 and ($3 = '' or b.code = $3) order by r.id desc limit $4",
			tenant.SubjectFrom(ctx).Identity, before, in.BodyCode, size+1)
		return err
	})
	if err != nil {
		return nil, err
	}
	reply := &supervisev1.ListSupervisionReply{}
	found, reply.NextPageToken = page.Cut(found, size, func(r *request) any { return r.id })
	reply.Requests = protos(found)
	return reply, nil
}

// GetRequest is one of the caller's requests.
func (s *Service) GetRequest(ctx context.Context, in *supervisev1.GetAskedRequest) (*supervisev1.SupervisionRequest, error) {
	r, err := s.mine(ctx, in.Id)
	if err != nil {
		return nil, err
	}
	return r.SupervisionRequest, nil
}

// mine is a request of the caller's.
func (s *Service) mine(ctx context.Context, rawID string) (r *request, err error) {
	id, err := field.ID("id", rawID)
	if err != nil {
		return nil, err
	}
	err = s.db.Platform(ctx, func(ctx context.Context, db tenant.DBTX) error {
		r, err = one(ctx, db, "where r.id = $1 and r.identity_id = $2", id, tenant.SubjectFrom(ctx).Identity)
		return err
	})
	return r, err
}

// granted is a request of the caller's under which something may be done now. A body that was moved away is out of sight.
func (s *Service) granted(ctx context.Context, rawID, kind string) (*request, *tenant.Tenant, error) {
	r, err := s.mine(ctx, rawID)
	switch {
	case err != nil:
		return nil, nil, err
	case r.Kind != kind:
		return nil, nil, errNone
	case r.State == ended || r.State == past:
		return nil, nil, errOver
	case r.State != running:
		return nil, nil, errState
	}
	err = s.db.Platform(ctx, func(ctx context.Context, db tenant.DBTX) error {
		_, err := below(ctx, db, r.asker, r.BodyCode)
		return err
	})
	if err != nil {
		return nil, nil, err
	}
	body, err := s.bodies.ByCode(ctx, r.BodyCode)
	return r, body, err
}

// EndRequest takes back what is open and ends what is running.
func (s *Service) EndRequest(ctx context.Context, in *supervisev1.EndAskedRequest) (*supervisev1.SupervisionRequest, error) {
	id, err := field.ID("id", in.Id)
	if err != nil {
		return nil, err
	}
	var r *request
	err = s.db.Platform(ctx, func(ctx context.Context, db tenant.DBTX) error {
		if r, err = one(ctx, db, "where r.id = $1 and r.identity_id = $2 for update of r", id, tenant.SubjectFrom(ctx).Identity); err != nil {
			return err
		}
		if r.State == open {
			was, err := requestNoun.See(ctx, db, id)
			if err != nil {
				return err
			}
			if _, err := db.Exec(ctx, "update platform.supervise_request set state = 'withdrawn' where id = $1", id); err != nil {
				return err
			}
			if err := was.Changed(ctx, db, tenant.Act{Act: "supervise.withdraw"}); err != nil {
				return err
			}
		} else if _, err := end(ctx, db, r, ""); err != nil {
			return err
		}
		r, err = one(ctx, db, "where r.id = $1", id)
		return err
	})
	if err != nil {
		return nil, err
	}
	return r.SupervisionRequest, nil
}
