package directory

import (
	"context"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"gonghui/app/module"
	"gonghui/tenant"
	"gonghui/tenant/directory/scope"
	directoryv1 "gonghui/tenant/directory/v1"
	"gonghui/tenant/provision"
)

// ListModules returns the modules of the product.
func (s *Service) ListModules(ctx context.Context, _ *directoryv1.ListModulesRequest) (*directoryv1.ListModulesReply, error) {
	t := tenant.From(ctx)
	if t == nil {
		return nil, scope.NotFound("code")
	}
	states, err := s.states(ctx, t.ID)
	if err != nil {
		return nil, err
	}
	reply := &directoryv1.ListModulesReply{}
	for _, info := range module.All() {
		if !info.Backstage {
			reply.Modules = append(reply.Modules, moduleOf(info, states))
		}
	}
	return reply, nil
}

func moduleOf(info *module.Info, states map[string]string) *directoryv1.Module {
	return &directoryv1.Module{
		Name: info.Name, TitleZh: info.Title.Zh, TitleEn: info.Title.En, AboutZh: info.About.Zh, AboutEn: info.About.En,
		On: info.Core || states[info.Name] == "on", Locked: info.Core,
	}
}

// states returns on or off for every module that the body has had.
func (s *Service) states(ctx context.Context, body uuid.UUID) (map[string]string, error) {
	var states map[string]string
	err := s.db.Platform(ctx, func(ctx context.Context, db tenant.DBTX) error {
		states = map[string]string{}
		rows, err := db.Query(ctx, "select module, state from platform.tenant_module where body_id = $1", body)
		if err != nil {
			return err
		}
		var name, state string
		_, err = pgx.ForEachRow(rows, []any{&name, &state}, func() error { states[name] = state; return nil })
		return err
	})
	return states, err
}

// SwitchModule turns a module of the host's body on or off. It answers when the change stands: in this process at once, in
// others when the news reaches them.
func (s *Service) SwitchModule(ctx context.Context, req *directoryv1.SwitchModuleRequest) (*directoryv1.Module, error) {
	t := tenant.From(ctx)
	if t == nil {
		return nil, scope.NotFound("code")
	}
	info := module.Named(req.Name)
	switch {
	case info == nil:
		return nil, moduleNotFound()
	case info.Core && !req.On:
		return nil, moduleLocked()
	}
	states, err := s.states(ctx, t.ID)
	if err != nil {
		return nil, err
	}
	if !info.Core && req.On != (states[info.Name] == "on") {
		if req.On {
			err = s.switchOn(ctx, t, info.Name, states[info.Name] == "off")
		} else {
			err = s.db.Platform(ctx, func(ctx context.Context, db tenant.DBTX) error { return setState(ctx, db, t, info.Name, "off") })
		}
		if err != nil {
			return nil, err
		}
		states[info.Name] = map[bool]string{true: "on", false: "off"}[req.On]
		s.lookup.Forget(t.Code)
	}
	return moduleOf(info, states), nil
}

// switchOn has the module's tables made, or brought up to date when it was on before, and then lets it be seen.
func (s *Service) switchOn(ctx context.Context, t *tenant.Tenant, name string, before bool) error {
	ask := provision.Want
	if before {
		ask = provision.Again
	}
	modules := append(provision.Preset(module.All()), name)
	if t.Active {
		modules = []string{name}
	}
	err := s.db.Platform(ctx, func(ctx context.Context, db tenant.DBTX) error { return ask(ctx, db, t.ID, modules) })
	if err != nil {
		return err
	}
	if err := provision.Wait(ctx, s.db, t.ID); err != nil {
		return err
	}
	return s.db.Platform(ctx, func(ctx context.Context, db tenant.DBTX) error { return setState(ctx, db, t, name, "on") })
}

// moduleNoun is whether a body has a module on.
var moduleNoun = tenant.Noun{Kind: "module", State: `select jsonb_build_object('state',
	coalesce((select m.state from platform.tenant_module m where m.body_id = $1 and m.module = $2), 'off'))`}

func setState(ctx context.Context, db tenant.DBTX, t *tenant.Tenant, name, state string) error {
	was, err := moduleNoun.See(ctx, db, t.ID, name)
	if err != nil {
		return err
	}
	_, err = db.Exec(ctx, `insert into platform.tenant_module (body_id, module, state) values ($1, $2, $3)
		on conflict (body_id, module) do update set state = excluded.state, at = now()`, t.ID, name, state)
	if err != nil {
		return err
	}
	return was.Changed(ctx, db, tenant.Act{Act: "directory.module." + state, Object: t.Code + "/" + name})
}
