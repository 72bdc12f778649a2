// Package directory knows which union bodies exist, under whom, and on which leadership line. Other parts of the kernel
// use its functions and [Lookup]; everybody else its service.
package directory

import (
	"gonghui/app/module"
	"gonghui/tenant"
	directoryv1 "gonghui/tenant/directory/v1"
)

// Info is what the host knows of the module.
var Info = module.Info{
	Name:  "directory",
	Title: module.Text{Zh: "组织名录", En: "Directory"},
	About: module.Text{Zh: "各级工会组织、领导关系与功能模块", En: "Union bodies, their leadership lines and modules"},
	Order: 5,
	Core:  true,
	Capabilities: []module.Capability{
		{
			Name: "directory.tree", Title: module.Text{Zh: "查看组织名录", En: "See the directory"},
			Roles: []string{"admin", "officer", "member", "supervisor", "system_admin", "security_admin", "audit_admin"},
		},
		{
			Name: "directory.write", Title: module.Text{Zh: "新建和调整工会组织", En: "Found and move bodies"},
			Roles: []string{"supervisor"},
		},
		{
			Name: "directory.modules", Title: module.Text{Zh: "启用和停用功能模块", En: "Switch modules on and off"},
			Roles: []string{"admin", "system_admin"}, Duty: "system",
		},
	},
	Metrics: []module.Metric{
		{
			Name:       "directory.bodies",
			Title:      module.Text{Zh: "工会组织", En: "Union bodies"},
			Definition: module.Text{Zh: "名录中的全部工会组织，含尚未启用平台的", En: "All union bodies in the directory, whether they use the platform yet or not"},
			Unit:       module.Text{Zh: "个", En: "bodies"},
			PerBody:    "select id, 1::bigint from platform.body",
		},
		{
			Name:       "directory.active",
			Title:      module.Text{Zh: "已启用平台的工会", En: "Bodies on the platform"},
			Definition: module.Text{Zh: "已有自己数据空间的工会组织", En: "Union bodies that have a data space of their own"},
			Unit:       module.Text{Zh: "个", En: "bodies"},
			PerBody:    "select id, 1::bigint from platform.body where status = 'active'",
		},
	},
	New: func(h module.Host) (module.Service, error) { return NewService(h.DB()), nil },
}

func init() { module.Register(Info) }

// Service answers the RPCs of directory.v1.
type Service struct {
	directoryv1.UnimplementedDirectoryServiceServer
	db     *tenant.DB
	lookup *Lookup
	search *searcher
}

// NewService makes the service.
func NewService(db *tenant.DB) *Service {
	return &Service{db: db, lookup: LookupOf(db), search: &searcher{db: db}}
}

// Mount registers the service.
func (s *Service) Mount(r module.Routes) {
	directoryv1.RegisterDirectoryServiceServer(r, s)
	directoryv1.RegisterDirectoryServiceHTTPServer(r.HTTP(), s)
	directoryv1.RegisterReachServiceServer(r, &reach{db: s.db})
}
