package rollup_test

import (
	"testing"
	"testing/fstest"

	"gonghui/app/module"
	"gonghui/tenant/pgtest"
)

// probe is a module with one table of things, of which there are so many.
func init() {
	table := "create table thing (n bigint not null);\n---- create above / drop below ----\ndrop table thing;\n"
	module.Register(module.Info{
		Name: "probe", Order: 90, Preset: true,
		Tenant: fstest.MapFS{"migrate/0001_thing.sql": &fstest.MapFile{Data: []byte(table)}},
		Metrics: []module.Metric{
			{Name: "probe.things", Count: "select coalesce(sum(n), 0) from thing"},
			{Name: "probe.rows", Count: "select count(*) from thing"},
		},
	})
}

func TestMain(m *testing.M) { pgtest.Main(m) }
