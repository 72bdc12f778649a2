// Package org keeps the inside of a union body: its profile, departments, posts, officers and who holds which post.
package org

import (
	"embed"

	"google.golang.org/grpc"
	"google.golang.org/protobuf/proto"

	"gonghui/app/module"
	"gonghui/app/org/internal/db"
	orgv1 "gonghui/app/org/v1"
	"gonghui/tenant"
)

//go:embed migrate/*.sql
var migrations embed.FS

func init() {
	module.Register(module.Info{
		Name:   "org",
		Title:  module.Text{Zh: "组织管理", En: "Organisation"},
		About:  module.Text{Zh: "本级工会的基本信息、部门、岗位、干部与任免", En: "The union's own profile, departments, posts, officers and appointments"},
		Order:  20,
		Core:   true,
		Tenant: migrations,
		Capabilities: []module.Capability{
			{Name: "org.read", Title: module.Text{Zh: "查看组织、岗位与干部", En: "See the organisation, posts and officers"}, Roles: []string{"admin", "officer"}, Parts: []string{"self", "department"}},
			{Name: "org.profile", Title: module.Text{Zh: "查看本单位简介与联系方式", En: "See what the body says of itself and how to reach it"}, Roles: []string{"admin", "officer", "member"}},
			{Name: "org.write", Title: module.Text{Zh: "维护组织、岗位、干部与任免", En: "Change the organisation, posts, officers and appointments"}, Roles: []string{"admin"}},
		},
		Menu: []module.MenuEntry{
			{Key: "organisation", Path: "/organisation", Icon: "apartment", Title: module.Text{Zh: "组织", En: "Organisation"}, Capability: "org.read", Order: 20},
			{Key: "officers", Path: "/officers", Icon: "idcard", Title: module.Text{Zh: "干部", En: "Officers"}, Capability: "org.read", Order: 30},
		},
		Columns: []module.Column{
			{Key: "steps", Place: "home", Title: module.Text{Zh: "起步", En: "Getting started"}, Capability: "org.write", Order: 30},
			{Key: "union", Place: "portal", Title: module.Text{Zh: "我的工会", En: "My union"}, Capability: "session", Order: 20},
		},
		Tabs: []module.Tab{
			{Key: "union", Path: "/union", Icon: "union", Title: module.Text{Zh: "工会", En: "Union"}, Capability: "session", Order: 40},
		},
		Metrics: []module.Metric{{
			Name:       officers,
			Title:      module.Text{Zh: "工会干部", En: "Union officers"},
			Definition: module.Text{Zh: "在岗的专职和兼职工会干部人数，不含已离任的", En: "Officers at work, full-time and part-time, without those who have left"},
			Unit:       module.Text{Zh: "人", En: "people"},
			Count:      "select count(*) from officer where state = 'working'",
		}},
		Sealed: []module.Sealed{{Table: "officer", Columns: []string{"phone"}}},
		New:    func(host module.Host) (module.Service, error) { return New(host), nil },
	})
}

// Service serves the inside of the body in the context.
type Service struct {
	orgv1.UnimplementedOrgServiceServer
	db   *tenant.DB
	conn func(module string) grpc.ClientConnInterface
	keys module.Keys
	sql  *db.Queries
	demo bool
}

// New makes the service.
func New(host module.Host) *Service {
	return &Service{db: host.DB(), conn: host.Conn, keys: host.Keys(), sql: db.New(), demo: host.Demo()}
}

// Mount registers the service for gRPC and HTTP.
func (s *Service) Mount(r module.Routes) {
	orgv1.RegisterOrgServiceServer(r, s)
	orgv1.RegisterOrgServiceHTTPServer(r.HTTP(), s)
}

// fill makes reply a copy of m, also when the transaction is run again.
func fill(reply, m proto.Message) {
	proto.Reset(reply)
	proto.Merge(reply, m)
}
