// Package member keeps the real-name file of a union body's members: who belongs to it, since when, and how they are found.
package member

import (
	"embed"

	"gonghui/app/member/internal/db"
	memberv1 "gonghui/app/member/v1"
	"gonghui/app/module"
	"gonghui/tenant"
)

//go:embed migrate/*.sql
var migrations embed.FS

func init() {
	module.Register(module.Info{
		Name:   "member",
		Title:  module.Text{Zh: "会员管理", En: "Members"},
		About:  module.Text{Zh: "会员实名制档案：入会、变更、查找与会籍历史", En: "The real-name file of members: admission, changes, search and history"},
		Order:  60,
		Preset: true,
		Tenant: migrations,
		Capabilities: []module.Capability{
			{Name: "member.read", Title: module.Text{Zh: "查看会员档案（证件号与手机号打码）", En: "See members (ID number and phone masked)"}, Roles: []string{"admin", "officer"}},
			{Name: "member.write", Title: module.Text{Zh: "维护会员档案与会籍", En: "Admit members and change their files"}, Roles: []string{"admin", "officer"}},
			{Name: "member.reveal", Title: module.Text{Zh: "查看完整证件号与手机号", En: "See ID number and phone in full"}, Roles: []string{"admin"}},
			{Name: "member.own", Title: module.Text{Zh: "查看本人档案", En: "See one's own file"}, Roles: []string{"member"}},
		},
		Menu: []module.MenuEntry{
			{Key: "members", Path: "/members", Icon: "team", Title: module.Text{Zh: "会员", En: "Members"}, Capability: "member.read", Order: 60},
		},
		Metrics: []module.Metric{{
			Name:       active,
			Title:      module.Text{Zh: "会员数", En: "Members"},
			Definition: module.Text{Zh: "会籍有效的会员人数，不含已退会和已故会员", En: "Members whose membership is in force: neither withdrawn nor deceased"},
			Unit:       module.Text{Zh: "人", En: "people"},
			Count:      "select count(*) from member where state = 'active'",
		}},
		Sealed: []module.Sealed{{Table: "member", Columns: []string{"id_number", "phone"}}},
		New:    func(host module.Host) (module.Service, error) { return New(host), nil },
	})
}

// Service serves the members of the body in the context.
type Service struct {
	memberv1.UnimplementedMemberServiceServer
	db   *tenant.DB
	keys module.Keys
	sql  *db.Queries
}

// New makes the service.
func New(host module.Host) *Service {
	return &Service{db: host.DB(), keys: host.Keys(), sql: db.New()}
}

// Mount registers the service for gRPC and HTTP.
func (s *Service) Mount(r module.Routes) {
	memberv1.RegisterMemberServiceServer(r, s)
	memberv1.RegisterMemberServiceHTTPServer(r.HTTP(), s)
}
