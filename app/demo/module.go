// Package demo is the demo system: its published accounts, and generated people for one province. It adds nothing to a
// production system, and refuses to seed one.
package demo

import (
	"encoding/json"
	"net/http"

	"gonghui/app/module"
	modulev1 "gonghui/app/module/v1"
)

// Province is the division code of the province that is filled, County the body where the tour begins.
const (
	Province = "440000"
	City     = "440100"
	County   = "440103"
	// Password opens every demo account. It is published: demo systems hold generated people only.
	Password = "gonghui-2026"
)

// Account is a published account.
type Account struct {
	Label module.Text
	Name  string
	Phone string
	Role  string
	Body  string // code
	Host  string // label of the host where it signs in
	Path  string
}

// Accounts are the accounts of the tour, from the nation down to a member.
var Accounts = []Account{
	{module.Text{Zh: "全总督导员", En: "National supervisor"}, "钟国华", "13900000001", "supervisor", "000000", "hq", "/"},
	{module.Text{Zh: "广东省督导员", En: "Guangdong supervisor"}, "岳秀珍", "13900440001", "supervisor", Province, "hq", "/"},
	{module.Text{Zh: "广州市管理员", En: "Guangzhou administrator"}, "穗建明", "13900440100", "admin", City, City, "/console/"},
	{module.Text{Zh: "荔湾区管理员", En: "Liwan administrator"}, "陈荔生", "13900440103", "admin", County, County, "/console/"},
	{module.Text{Zh: "荔湾区工会干部", En: "Liwan officer"}, "黄婉仪", "13900440113", "officer", County, County, "/console/"},
	{module.Text{Zh: "荔湾区会员", En: "Liwan member"}, "何家乐", "13900440123", "member", County, County, "/"},
}

func init() {
	module.Register(module.Info{
		Name: "demo", Order: 900, Core: true, Backstage: true,
		Title: module.Text{Zh: "演示", En: "Demo"},
		About: module.Text{Zh: "演示系统的公开账号", En: "Published accounts of a demo system"},
		New:   func(h module.Host) (module.Service, error) { return service{h}, nil },
	})
}

type service struct{ host module.Host }

// Mount offers the accounts on a demo system only; elsewhere the route does not exist.
func (s service) Mount(r module.Routes) {
	if s.host.Demo() {
		r.Handle(http.MethodGet, "/v1/demo/accounts", "public", modulev1.Realm_REALM_ANY, s.accounts)
	}
}

type offered struct {
	LabelZh  string `json:"label_zh"`
	LabelEn  string `json:"label_en"`
	Phone    string `json:"phone"`
	Password string `json:"password"`
	Host     string `json:"host"`
	Path     string `json:"path"`
}

func (s service) accounts(w http.ResponseWriter, _ *http.Request) {
	all := make([]offered, 0, len(Accounts))
	for _, a := range Accounts {
		all = append(all, offered{a.Label.Zh, a.Label.En, a.Phone, Password, a.Host + "." + s.host.Base(), a.Path})
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(map[string]any{"accounts": all})
}
