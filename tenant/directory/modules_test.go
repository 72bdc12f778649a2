package directory_test

import (
	"testing"

	"gonghui/tenant/directory"
	directoryv1 "gonghui/tenant/directory/v1"
	"gonghui/tenant/pgtest"
)

func TestModules(t *testing.T) {
	env := pgtest.Open(t)
	b := env.Body(t, nil)
	s := directory.NewService(env.DB)
	state := func() bool {
		t.Helper()
		reply, err := s.ListModules(b.Ctx, &directoryv1.ListModulesRequest{})
		if err != nil || len(reply.Modules) != 3 || reply.Modules[0].Name != "directory" || !reply.Modules[0].On || !reply.Modules[0].Locked || reply.Modules[2].Locked {
			t.Fatalf("%v, %v", reply, err)
		}
		// The request path hears of a change at once.
		if on := lookup(t, env, b.Code).On["extra"]; on != reply.Modules[2].On {
			t.Errorf("the lookup says %v", on)
		}
		return reply.Modules[2].On
	}
	if !state() {
		t.Error("a module that the harness asked for is off")
	}
	defer env.Provision(t)()
	for _, on := range []bool{false, false, true, true, false} {
		m, err := s.SwitchModule(b.Ctx, &directoryv1.SwitchModuleRequest{Name: "extra", On: on})
		if err != nil || m.On != on || state() != on {
			t.Errorf("switch to %v: %v, %v", on, m, err)
		}
	}
	if n := env.Count(t, "select count(*) from platform.audit_log where object_id = $1", b.Code+"/extra"); n != 3 {
		t.Errorf("%d audit rows, want one for each change", n)
	}
	for _, tc := range []struct {
		name string
		on   bool
		want string
	}{{"directory", false, "MODULE_LOCKED on"}, {"directory", true, ""}, {"nosuch", true, "MODULE_NOT_FOUND name"}} {
		if _, err := s.SwitchModule(b.Ctx, &directoryv1.SwitchModuleRequest{Name: tc.name, On: tc.on}); refusal(err) != tc.want {
			t.Errorf("%s %v: %v", tc.name, tc.on, err)
		}
	}
}
