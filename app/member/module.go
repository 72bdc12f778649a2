// Package member keeps the real-name file of a union body's members: who belongs to it, since when, and how they are found.
package member

import (
	"embed"

	"gonghui/app/member/internal/db"
	"gonghui/app/member/roster"
	memberv1 "gonghui/app/member/v1"
	"gonghui/app/module"
	"gonghui/tenant"
)

//go:embed migrate/*.sql
var migrations embed.FS

//go:embed shared/*.sql
var shared embed.FS

// parts are those of a body to which rights about members may be cut; see reach.go. An import is of the whole body: it is held
// against all of the roll.
var parts = []string{"own", "department"}

func init() {
	module.Register(module.Info{
		Name:   "member",
		Title:  module.Text{Zh: "会员管理", En: "Members"},
		About:  module.Text{Zh: "会员实名制档案：入会、变更、查找与会籍历史", En: "The real-name file of members: admission, changes, search and history"},
		Order:  60,
		Preset: true,
		Tenant: migrations,
		Shared: shared,
		Capabilities: []module.Capability{
			{Name: "member.read", Title: module.Text{Zh: "查看会员档案（证件号与手机号打码）", En: "See members (ID number and phone masked)"}, Roles: []string{"admin", "officer"}, Parts: parts},
			{Name: "member.write", Title: module.Text{Zh: "维护会员档案与会籍", En: "Admit members and change their files"}, Roles: []string{"admin", "officer"}, Parts: parts},
			{Name: "member.import", Title: module.Text{Zh: "导入会员名册", En: "Import members from files"}, Roles: []string{"admin", "officer"}},
			{Name: "member.export", Title: module.Text{Zh: "导出会员名册", En: "Export members to files"}, Roles: []string{"admin"}, Sensitive: true, Parts: parts},
			{Name: "member.reveal", Title: module.Text{Zh: "查看完整证件号与手机号", En: "See ID number and phone in full"}, Roles: []string{"admin"}, Sensitive: true, Parts: parts},
			{Name: "member.verify", Title: module.Text{Zh: "验证会员卡", En: "Verify member cards"}, Roles: []string{"admin", "officer"}},
			{Name: "member.own", Title: module.Text{Zh: "查看本人档案、出示会员卡、申请变更", En: "See one's own file, show the card, ask for changes"}, Roles: []string{"member"}, Scope: "self", Parts: []string{"self"}},
		},
		Menu: []module.MenuEntry{
			{Key: "members", Path: "/members", Icon: "team", Title: module.Text{Zh: "会员", En: "Members"}, Capability: "member.read", Order: 60},
			{Key: "imports", Path: "/imports", Icon: "import", Title: module.Text{Zh: "导入", En: "Imports"}, Capability: "member.import", Order: 61},
			{Key: "requests", Path: "/requests", Icon: "audit", Title: module.Text{Zh: "变更申请", En: "Change requests"}, Capability: "member.read", Order: 62},
			{Key: "duplicates", Path: "/duplicates", Icon: "user-switch", Title: module.Text{Zh: "重复会籍", En: "Duplicates"}, Capability: "member.read", Order: 63},
			{Key: "scan", Path: "/scan", Icon: "scan", Title: module.Text{Zh: "验证会员卡", En: "Verify a card"}, Capability: "member.verify", Order: 64},
		},
		Columns: []module.Column{
			{Key: "pending", Place: "home", Title: module.Text{Zh: "待处理", En: "Waiting for you"}, Capability: "member.read", Order: 20},
			{Key: "card", Place: "portal", Title: module.Text{Zh: "会员卡", En: "Membership card"}, Capability: "session", Order: 10},
			{Key: "file", Place: "portal", Title: module.Text{Zh: "我的档案", En: "My file"}, Capability: "member.own", Order: 30},
		},
		Tabs: []module.Tab{
			{Key: "card", Path: "/card", Icon: "qr", Title: module.Text{Zh: "会员卡", En: "Card"}, Capability: "member.own", Order: 20},
			{Key: "file", Path: "/file", Icon: "file", Title: module.Text{Zh: "档案", En: "File"}, Capability: "member.own", Order: 30, Preset: true},
		},
		Metrics: []module.Metric{{
			Name:       active,
			Title:      module.Text{Zh: "会员数", En: "Members"},
			Definition: module.Text{Zh: "会籍有效的会员人数，不含已退会和已故会员", En: "Members whose membership is in force: neither withdrawn nor deceased"},
			Unit:       module.Text{Zh: "人", En: "people"},
			Count:      "select count(*) from member where state = 'active'",
		}, {
			Name:       complete,
			Title:      module.Text{Zh: "档案完整会员数", En: "Members with complete files"},
			Definition: module.Text{Zh: "会籍有效且实名制档案各项齐全的会员人数", En: "Members whose membership is in force and whose real-name file lacks nothing"},
			Unit:       module.Text{Zh: "人", En: "people"},
			Count:      "select count(*) from member where state = 'active' and complete",
		}, {
			Name:       roster.Metric,
			Title:      module.Text{Zh: "导入会员数", En: "Members imported"},
			Definition: module.Text{Zh: "通过导入名册入会的会员累计人次", En: "Admissions by import of a roster, ever"},
			Unit:       module.Text{Zh: "人次", En: "admissions"},
			Count:      "select coalesce(sum(admitted), 0)::bigint from import where state = 'done'",
		}},
		Sealed: []module.Sealed{
			{Table: "member", Columns: []string{"id_number", "phone"}},
			{Table: "member_duplicate", Columns: []string{"id_number"}},
			{Table: "member_request", Columns: []string{"changes"}},
			{Table: "import", Columns: []string{"head"}},
			{Table: "import_part", Columns: []string{"data"}, Key: []string{"import_id", "no"}, Batch: 8},
			{
				Table: "import_row", Columns: []string{"id_number", "phone", "cells"}, Key: []string{"import_id", "number"},
				Bound: map[string]string{"id_number": idNumberColumn, "phone": phoneColumn},
			},
		},
		New: func(host module.Host) (module.Service, error) { return New(host), nil },
	})
}

// Service serves the members of the body in the context.
type Service struct {
	memberv1.UnimplementedMemberServiceServer
	memberv1.UnimplementedRegistryServiceServer
	memberv1.UnimplementedRequestServiceServer
	memberv1.UnimplementedCardServiceServer
	memberv1.UnimplementedDetailServiceServer
	host    module.Host
	db      *tenant.DB
	keys    module.Keys
	sql     *db.Queries
	rosters *roster.Service
}

// New makes the service.
func New(host module.Host) *Service {
	s := &Service{host: host, db: host.DB(), keys: host.Keys(), sql: db.New()}
	s.rosters = roster.New(host, rules{s})
	return s
}

// Mount registers the service for gRPC and HTTP.
func (s *Service) Mount(r module.Routes) {
	memberv1.RegisterMemberServiceServer(r, s)
	memberv1.RegisterMemberServiceHTTPServer(r.HTTP(), s)
	memberv1.RegisterRegistryServiceServer(r, s)
	memberv1.RegisterRegistryServiceHTTPServer(r.HTTP(), s)
	memberv1.RegisterRequestServiceServer(r, s)
	memberv1.RegisterRequestServiceHTTPServer(r.HTTP(), s)
	memberv1.RegisterCardServiceServer(r, s)
	memberv1.RegisterCardServiceHTTPServer(r.HTTP(), s)
	memberv1.RegisterDetailServiceServer(r, s)
	s.rosters.Mount(r)
}
