// Package menu lets a body arrange what its people see: the menu of the console and the columns of the first pages, for all or
// for one role. What a body hands down holds for all bodies below, held fast or as a proposal.
package menu

import (
	"embed"

	"gonghui/app/module"
	"gonghui/tenant"
	"gonghui/tenant/access"
	"gonghui/tenant/menu/internal/db"
	menuv1 "gonghui/tenant/menu/v1"
)

//go:embed shared/*.sql
var shared embed.FS

func init() {
	module.Register(module.Info{
		Name:   "menu",
		Title:  module.Text{Zh: "菜单与栏目", En: "Menus and columns"},
		About:  module.Text{Zh: "控制台菜单、首页栏目的顺序、名称与显示", En: "Order, names and visibility of the console's menu and of the columns of the first pages"},
		Order:  28,
		Core:   true,
		Shared: shared,
		Capabilities: []module.Capability{
			{Name: "menu.read", Title: module.Text{Zh: "查看菜单与栏目的设置", En: "See the settings of menus and columns"}, Roles: []string{"admin", "system_admin"}},
			{Name: "menu.write", Title: module.Text{Zh: "设置菜单与栏目", En: "Arrange menus and columns"}, Roles: []string{"admin", "system_admin"}, Duty: "system"},
		},
		Menu: []module.MenuEntry{
			{Key: "home", Path: "/", Icon: "home", Title: module.Text{Zh: "首页", En: "Home"}, Capability: access.Session, Order: 10, Fixed: true},
			{Key: "menus", Path: "/menus", Icon: "menu", Title: module.Text{Zh: "菜单与栏目", En: "Menus and columns"}, Capability: "menu.read", Order: 820, Fixed: true},
			{Key: "settings", Path: "/settings", Icon: "setting", Title: module.Text{Zh: "设置", En: "Settings"}, Capability: access.Session, Order: 900, Fixed: true},
		},
		Tabs: []module.Tab{
			{Key: "home", Path: "/", Icon: "home", Title: module.Text{Zh: "首页", En: "Home"}, Capability: access.Session, Order: 10, Preset: true, Fixed: true},
			{Key: "me", Path: "/me", Icon: "person", Title: module.Text{Zh: "我的", En: "Me"}, Capability: access.Session, Order: 90, Preset: true, Fixed: true},
		},
		New: func(h module.Host) (module.Service, error) { return New(h.DB()), nil },
	})
}

// Service answers the RPCs of menu.v1.
type Service struct {
	menuv1.UnimplementedMenuServiceServer
	db     *tenant.DB
	sql    *db.Queries
	reader *Reader
}

// New makes the service.
func New(d *tenant.DB) *Service { return &Service{db: d, sql: db.New(), reader: ReaderOf(d)} }

// Mount registers the service for gRPC and HTTP.
func (s *Service) Mount(r module.Routes) {
	menuv1.RegisterMenuServiceServer(r, s)
	menuv1.RegisterMenuServiceHTTPServer(r.HTTP(), s)
}
