package access

import (
	"context"

	"gonghui/app/module"
	"gonghui/tenant"
	"gonghui/tenant/access/policy"
	accessv1 "gonghui/tenant/access/v1"
)

// ListCapabilities are those of the modules that the body has on.
func (s *Service) ListCapabilities(ctx context.Context, _ *accessv1.ListCapabilitiesRequest) (*accessv1.ListCapabilitiesReply, error) {
	ctx, err := s.seat(ctx, "access.read", "", "")
	if err != nil {
		return nil, err
	}
	reply := &accessv1.ListCapabilitiesReply{}
	err = s.platform(ctx, func(ctx context.Context, db tenant.DBTX, t *tenant.Tenant) error {
		g, err := s.engine.giver(ctx, db)
		if err != nil {
			return err
		}
		give := policy.Compile(g.tree.Index, g.policy, policy.Give, g.who.Body, s.engine.now().UnixMicro())
		reply.Capabilities = nil
		for i, c := range product().infos {
			if off(t, int32(i)) {
				continue
			}
			p := capabilityOf(c, product().modules[i], product().Level(int32(i)))
			if level := give.Home(int32(i)); level > None {
				p.Give = level.String()
			}
			reply.Capabilities = append(reply.Capabilities, p)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return reply, nil
}

func capabilityOf(c *module.Capability, m *module.Info, level Level) *accessv1.Capability {
	p := &accessv1.Capability{
		Name: c.Name, TitleZh: c.Title.Zh, TitleEn: c.Title.En, Module: m.Name, ModuleTitleZh: m.Title.Zh, ModuleTitleEn: m.Title.En,
		Level: level.String(), Duty: c.Duty, Sensitive: c.Sensitive, Scope: c.Scope, Roles: c.Roles,
	}
	if p.Scope == "" {
		p.Scope = "body"
	}
	return p
}
