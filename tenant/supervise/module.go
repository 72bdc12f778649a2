// Package supervise lets an upper body see, or help, a lower one in detail: asked for with a purpose, consented to by the lower body
// or by a rule, for a time, and on record with both. Private messages are never among what can be asked for.
package supervise

import (
	"embed"

	"gonghui/app/module"
	"gonghui/tenant"
	"gonghui/tenant/directory"
	supervisev1 "gonghui/tenant/supervise/v1"
)

//go:embed shared/*.sql
var shared embed.FS

func init() {
	module.Register(module.Info{
		Name:   "supervise",
		Title:  module.Text{Zh: "监督与协助", En: "Supervision and assistance"},
		About:  module.Text{Zh: "上级工会经同意查看明细、远程协助，双方留痕", En: "Upper bodies see details or help, with consent and on record with both sides"},
		Order:  75,
		Core:   true,
		Shared: shared,
		Capabilities: []module.Capability{
			{Name: "supervise.ask", Title: module.Text{Zh: "申请查看下级明细或远程协助", En: "Ask to see details of lower bodies, or to help in them"}, Roles: []string{"admin", "officer", "supervisor"}},
			{Name: "supervise.decide", Title: module.Text{Zh: "审批上级的查看与协助申请", En: "Decide what upper bodies ask for"}, Roles: []string{"admin"}, Sensitive: true},
			{Name: "supervise.rules", Title: module.Text{Zh: "设置自动同意的规则", En: "Make rules that approve by themselves"}, Roles: []string{"admin"}, Sensitive: true},
		},
		Menu: []module.MenuEntry{
			{Key: "supervision", Path: "/supervision", Icon: "eye", Title: module.Text{Zh: "监督与协助", En: "Supervision"}, Capability: "supervise.decide", Order: 75},
		},
		New: func(h module.Host) (module.Service, error) { return New(h), nil },
	})
}

// Service answers the RPCs of supervise.v1.
type Service struct {
	supervisev1.UnimplementedAskServiceServer
	supervisev1.UnimplementedConsentServiceServer
	host   module.Host
	db     *tenant.DB
	bodies *directory.Lookup
}

// New makes the service.
func New(h module.Host) *Service {
	return &Service{host: h, db: h.DB(), bodies: directory.LookupOf(h.DB())}
}

// Mount registers the services.
func (s *Service) Mount(r module.Routes) {
	supervisev1.RegisterAskServiceServer(r, s)
	supervisev1.RegisterAskServiceHTTPServer(r.HTTP(), s)
	supervisev1.RegisterConsentServiceServer(r, s)
	supervisev1.RegisterConsentServiceHTTPServer(r.HTTP(), s)
}
