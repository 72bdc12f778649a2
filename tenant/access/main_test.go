package access

import (
	"testing"

	"gonghui/tenant/pgtest"
)

func TestMain(m *testing.M) { pgtest.Main(m) }

func TestTables(t *testing.T) {
	env := pgtest.Open(t)
	if n := env.Count(t, "select count(*) from platform.role where body_id is null"); n != 7 {
		t.Errorf("%d built-in roles, want 7", n)
	}
}
