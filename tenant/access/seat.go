package access

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"

	"gonghui/app/module"
	"gonghui/tenant"
	"gonghui/tenant/directory/scope"
	"gonghui/tenant/provision"
)

// seat returns the context of a call about a body: that of the host; on the supervision host, which is nobody's, the caller's own;
// or one that the caller names. Of any but the host's the capability is asked for there: a body in which the caller holds nothing
// is one that there is not.
func (s *Service) seat(ctx context.Context, capability, code, name string) (context.Context, error) {
	t, me := tenant.From(ctx), tenant.SubjectFrom(ctx)
	if code == "" && t == nil && me != nil {
		code = me.BodyCode
	}
	if t != nil && (code == "" || code == t.Code) {
		return ctx, nil
	}
	ctx, err := s.at(ctx, code, name)
	if err != nil {
		return ctx, err
	}
	err = CheckAt(ctx, capability, tenant.From(ctx).ID, None)
	if errors.Is(err, scope.NotFound("code")) {
		err = scope.NotFound(name)
	}
	return ctx, err
}

// at is the context of a call about a body, as if it came to the host of it: names are looked up there, and the trail says so.
func (s *Service) at(ctx context.Context, code, name string) (context.Context, error) {
	t := &tenant.Tenant{Code: code, On: map[string]bool{}}
	err := s.db.Platform(ctx, func(ctx context.Context, db tenant.DBTX) error {
		var modules []string
		err := db.QueryRow(ctx, `select b.id, b.name, b.level, b.status = 'active',
				array(select m.module from platform.tenant_module m where m.body_id = b.id and m.state = 'on')
			from platform.body b where b.code = $1`, code).Scan(&t.ID, &t.Name, &t.Level, &t.Active, &modules)
		if !t.Active {
			modules = provision.Preset(module.All()) // what it will have once it is used
		}
		clear(t.On)
		for _, m := range modules {
			t.On[m] = true
		}
		return err
	})
	if errors.Is(err, pgx.ErrNoRows) {
		return ctx, scope.NotFound(name)
	}
	if err != nil {
		return ctx, err
	}
	call := tenant.CallFrom(ctx)
	call.Supervision, call.Host = false, code+"."+s.host.Base()
	return tenant.WithCall(tenant.With(ctx, t), call), nil
}
