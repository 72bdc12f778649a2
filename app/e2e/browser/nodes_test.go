package browser

import (
	"encoding/json"
	"strings"
	"testing"

	"gonghui/app/demo"
	"gonghui/app/e2e/stack"
)

// worlds are the products of journeys that need another one than all share.
var worlds = map[string]func(t *testing.T) string{"nodes.journey.mjs": nodes}

// nodes starts the product as two processes behind one address, and two officers of a county.
func nodes(t *testing.T) string {
	t.Helper()
	s := stack.Start(t)
	s.MustRun(t, "seed", "divisions")
	s.Provision(t)
	s.MustRun(t, "tenant", "activate", demo.County)
	people := []stack.Person{
		{Body: demo.County, Role: "officer", Name: "周晓芸", Phone: "13900440001"}, {Body: demo.County, Role: "officer", Name: "陈立言", Phone: "13900440002"},
	}
	s.Enrol(t, people...)
	front := s.Front(t)
	told := map[string]any{"base": s.Base, "password": stack.Password, "accounts": demo.Accounts, "gonghui": s.Command(nil).Path}
	env := map[string]string{}
	for _, pair := range s.Command(nil).Env {
		if name, value, ok := strings.Cut(pair, "="); ok && strings.HasPrefix(name, "GONGHUI_") {
			env[name] = value
		}
	}
	told["env"] = env
	var list, who []map[string]any
	for _, name := range []string{"a", "b"} {
		list = append(list, map[string]any{"name": name, "pid": s.Node(t, front, name).Pid()})
	}
	for _, p := range people {
		who = append(who, map[string]any{"body": p.Body, "phone": p.Phone, "name": p.Name})
	}
	told["nodes"], told["people"] = list, who
	raw, err := json.Marshal(told)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}
