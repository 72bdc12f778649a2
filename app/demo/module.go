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

// Accounts are the accounts of the tour, from the nation down to a member. Nation and province have their three administrators;
// separation itself is off until somebody switches it on.
var Accounts = []Account{
	{module.Text{Zh: "全总督导员", En: "National supervisor"}, "钟国华", "13900000001", "supervisor", "000000", "hq", "/"},
	{module.Text{Zh: "广东省督导员", En: "Guangdong supervisor"}, "岳秀珍", "13900440001", "supervisor", Province, "hq", "/"},
	{module.Text{Zh: "广州市管理员", En: "Guangzhou administrator"}, "穗建明", "13900440100", "admin", City, City, "/console/"},
	{module.Text{Zh: "荔湾区管理员", En: "Liwan administrator"}, "陈荔生", "13900440103", "admin", County, County, "/console/"},
	{module.Text{Zh: "荔湾区工会干部", En: "Liwan officer"}, "黄婉仪", "13900440113", "officer", County, County, "/console/"},
	{module.Text{Zh: "全总系统管理员", En: "National system administrator"}, "盛启元", "13900000011", "system_admin", "000000", "hq", "/merges"},
	{module.Text{Zh: "全总安全管理员", En: "National security administrator"}, "安守正", "13900000012", "security_admin", "000000", "000000", "/console/"},
	{module.Text{Zh: "全总审计管理员", En: "National audit administrator"}, "明镜如", "13900000013", "audit_admin", "000000", "000000", "/console/"},
	{module.Text{Zh: "广东省系统管理员", En: "Guangdong system administrator"}, "粤启新", "13900440011", "system_admin", Province, Province, "/console/"},
	{module.Text{Zh: "广东省安全管理员", En: "Guangdong security administrator"}, "粤安宁", "13900440012", "security_admin", Province, Province, "/console/"},
	{module.Text{Zh: "广东省审计管理员", En: "Guangdong audit administrator"}, "粤鉴清", "13900440013", "audit_admin", Province, Province, "/console/"},
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
		r.Handle(http.MethodGet, "/v1/demo/accounts", "public", modulev1.Realm_REALM_ANY, module.Answers(s.accounts))
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
