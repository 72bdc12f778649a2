package supervise

import (
	"context"

	"github.com/google/uuid"

	"gonghui/app/kit/fault"
	"gonghui/app/kit/field"
	"gonghui/app/kit/page"
	"gonghui/tenant"
	"gonghui/tenant/directory/scope"
	supervisev1 "gonghui/tenant/supervise/v1"
)

// Conditions of a list of incoming requests, by state.
var incoming = map[string]string{
	"":       "",
	open:     " and " + stateOf + " = 'open'",
	running:  " and " + stateOf + " = 'running'",
	"closed": " and " + stateOf + " not in ('open', 'running')",
}

// ListIncoming pages through the requests to the body of the host.
func (s *Service) ListIncoming(ctx context.Context, in *supervisev1.ListIncomingRequest) (*supervisev1.ListSupervisionReply, error) {
	before := uuid.Max
	if _, err := page.Parse(in.PageToken, &before); err != nil {
		return nil, err
	}
	size := page.Size(in.PageSize, 20)
	reply := &supervisev1.ListSupervisionReply{}
	var found []*request
	body := tenant.From(ctx).ID
	err := s.db.Platform(ctx, func(ctx context.Context, db tenant.DBTX) (err error) {
		found, err = rows(ctx, db, "where r.body_id = $1 and r.id < $2"+incoming[in.State]+" order by r.id desc limit $3", body, before, size+1)
		if err != nil {
			return err
		}
		return db.QueryRow(ctx, "select count(*) from platform.supervise_request where body_id = $1 and state = 'open' and created_at >= now() - interval '"+patience+"'", body).
			Scan(&reply.Open)
	})
	if err != nil {
		return nil, err
	}
	found, reply.NextPageToken = page.Cut(found, size, func(r *request) any { return r.id })
	reply.Requests = protos(found)
	return reply, nil
}

// DecideRequest approves or refuses a request to the body of the host.
func (s *Service) DecideRequest(ctx context.Context, in *supervisev1.DecideSupervisionRequest) (*supervisev1.SupervisionRequest, error) {
	id, err := field.ID("id", in.Id)
	if err != nil {
		return nil, err
	}
	reason, err := field.Line("reason", in.Reason)
	if err != nil {
		return nil, err
	}
	if !in.Approve && reason == "" {
		return nil, fault.Field("reason", "请填写不同意的理由", "say why the request is refused")
	}
	me := tenant.SubjectFrom(ctx)
	act := tenant.Act{Act: "supervise.refuse", Kind: "supervision", Object: in.Id, Reason: reason}
	var r *request
	err = s.db.Platform(ctx, func(ctx context.Context, db tenant.DBTX) error {
		if r, err = one(ctx, db, "where r.id = $1 and r.body_id = $2 for update of r", id, tenant.From(ctx).ID); err != nil {
			return err
		}
		switch {
		case r.State != open:
			return errState
		case r.person == me.Person:
			return errSelf
		case in.Minutes > r.Minutes:
			return fault.Field("minutes", "不能超过申请的时长", "not longer than was asked for")
		}
		was, err := requestNoun.See(ctx, db, id)
		if err != nil {
			return err
		}
		if in.Approve {
			act.Act, act.Reason = "supervise.approve", r.Purpose
			minutes := r.Minutes
			if in.Minutes > 0 {
				minutes = in.Minutes
			}
			if err := grant(ctx, db, r, minutes, me.Name, &me.Identity, nil); err != nil {
				return err
			}
		} else {
			_, err := db.Exec(ctx, `update platform.supervise_request set state = 'refused', decided_name = $2, decided_at = now(), reason = $3 where id = $1`, id, me.Name, reason)
			if err != nil {
				return err
			}
		}
		if err := was.Into(ctx, db, &act); err != nil {
			return err
		}
		tenant.AuditPlatform(ctx, db, act)
		r, err = one(ctx, db, "where r.id = $1", id)
		return err
	})
	if err != nil {
		return nil, err
	}
	return r.SupervisionRequest, s.note(ctx, act)
}

// note writes an act into the log of the body of the context as well.
func (s *Service) note(ctx context.Context, act tenant.Act) error {
	return s.db.Tx(ctx, func(ctx context.Context, db tenant.DBTX) error {
		tenant.Audit(ctx, db, act)
		return nil
	})
}

// grant writes what was consented to: by whom, or by which rule. The one who asked must still be there, and above the body.
func grant(ctx context.Context, db tenant.DBTX, r *request, minutes int32, name string, by, rule *uuid.UUID) error {
	var there bool
	err := db.QueryRow(ctx, `select `+scope.Inside("$2::uuid", "i.body_id")+` and i.body_id = $3
			and i.valid_from <= current_date and (i.valid_to is null or i.valid_to >= current_date)
		from platform.identity i where i.id = $1`, r.identity, r.body, r.asker).Scan(&there)
	if err != nil {
		return err
	}
	if !there {
		return errVoid
	}
	level, id := "masked", tenant.NewID()
	if r.Kind == assist {
		level = "full"
	}
	_, err = db.Exec(ctx, `insert into platform."grant" (id, body_id, subject_kind, subject_id, role_id, capability, anchor_id, scope, level, effect, mode,
			valid_from, valid_to, purpose, request_id, granted_by, granted_name)
		values ($1, $2, 'identity', $3, (select id from platform.role where body_id is null and code = nullif($4, '')), nullif($5, ''), $2, 'body', $6, 'allow', 'use',
			now(), now() + make_interval(mins => $7::int), $8, $9, $10, $11)`,
		id, r.body, r.identity, r.Role, r.Capability, level, minutes, r.Purpose, r.id.String(), by, name)
	if err != nil {
		return err
	}
	_, err = db.Exec(ctx, `update platform.supervise_request set state = 'approved', decided_name = $2, decided_at = now(), rule_id = $3, grant_id = $4 where id = $1`,
		r.id, name, rule, id)
	return err
}

// EndIncoming ends what the body of the host had consented to.
func (s *Service) EndIncoming(ctx context.Context, in *supervisev1.EndIncomingRequest) (*supervisev1.SupervisionRequest, error) {
	id, err := field.ID("id", in.Id)
	if err != nil {
		return nil, err
	}
	reason, err := field.Line("reason", in.Reason)
	if err != nil {
		return nil, err
	}
	var r *request
	var act tenant.Act
	err = s.db.Platform(ctx, func(ctx context.Context, db tenant.DBTX) error {
		if r, err = one(ctx, db, "where r.id = $1 and r.body_id = $2 for update of r", id, tenant.From(ctx).ID); err != nil {
			return err
		}
		if act, err = end(ctx, db, r, reason); err != nil {
			return err
		}
		r, err = one(ctx, db, "where r.id = $1", id)
		return err
	})
	if err != nil {
		return nil, err
	}
	return r.SupervisionRequest, s.note(ctx, act)
}

// end ends the grant of a running request, records that, and returns what was recorded; the sessions of a helper end with it.
func end(ctx context.Context, db tenant.DBTX, r *request, reason string) (tenant.Act, error) {
	act := tenant.Act{Act: "supervise.end", Kind: "supervision", Object: r.Id, Reason: reason}
	if r.State != running {
		return act, errState
	}
	was, err := requestNoun.See(ctx, db, r.id)
	if err != nil {
		return act, err
	}
	me := tenant.SubjectFrom(ctx)
	if _, err := db.Exec(ctx, `update platform."grant" set ended_at = now(), ended_by = $2, ended_name = $3 where id = $1 and ended_at is null`, r.grant, me.Identity, me.Name); err != nil {
		return act, err
	}
	if reason != "" {
		if _, err := db.Exec(ctx, "update platform.supervise_request set reason = $2 where id = $1", r.id, reason); err != nil {
			return act, err
		}
	}
	if err := was.Into(ctx, db, &act); err != nil {
		return act, err
	}
	tenant.AuditPlatform(ctx, db, act)
	return act, nil
}
