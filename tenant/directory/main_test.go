package directory_test

import (
	"testing"

	"gonghui/app/module"
	"gonghui/tenant/pgtest"
)

// extra is a module that can be switched.
func init() { module.Register(module.Info{Name: "extra", Order: 90}) }

func TestMain(m *testing.M) { pgtest.Main(m) }
