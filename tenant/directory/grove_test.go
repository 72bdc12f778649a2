package directory_test

import (
	"context"
	"testing"

	kerrors "github.com/go-kratos/kratos/v2/errors"

	"gonghui/tenant"
	"gonghui/tenant/directory"
	"gonghui/tenant/pgtest"
)

// grove is a nation with two provinces and an industry:
//
//	nation ─ left ─ leaf           (territorial)
//	       ─ right ─ mixed
//	       ─ industry ─ mixed      (industrial, mixed's primary line)
type grove struct {
	env                                        *pgtest.Env
	nation, left, leaf, right, industry, mixed string
}

func newGrove(t *testing.T, name string) *grove {
	t.Helper()
	g := &grove{env: pgtest.Open(t)}
	found := func(suffix, zh, level, line, parent, industrialParent string) string {
		code := name + suffix
		err := create(g.env, directory.New{
			Code: code, Name: zh, Level: level, Kind: "federation", DivisionCode: "440000", PrimaryLine: line, Parent: parent, IndustrialParent: industrialParent,
		})
		if err != nil {
			t.Fatal(err)
		}
		return code
	}
	g.nation = found("nation", name+"全国总工会", "national", "territorial", "", "")
	g.left = found("left", name+"左江省总工会", "province", "territorial", g.nation, "")
	g.leaf = found("leaf", name+"左江省叶县总工会", "county", "territorial", g.left, "")
	g.right = found("right", name+"右江省总工会", "province", "territorial", g.nation, "")
	g.industry = found("industry", name+"铁路总工会", "national_industrial", "industrial", "", g.nation)
	g.mixed = found("mixed", name+"右江铁路局工会", "grassroots", "industrial", g.right, g.industry)
	return g
}

func create(env *pgtest.Env, n directory.New) error {
	return env.DB.Platform(context.Background(), func(ctx context.Context, db tenant.DBTX) error {
		_, err := directory.Create(ctx, db, n)
		return err
	})
}

// supervisor is somebody on the supervision host whose anchor is the body.
func (g *grove) supervisor(t *testing.T, code string) context.Context {
	t.Helper()
	b := lookup(t, g.env, code)
	return tenant.WithSubject(context.Background(), &tenant.Subject{
		Account: tenant.NewID(), Identity: tenant.NewID(), Name: "监督员", Role: "supervisor", Body: b.ID, BodyCode: b.Code,
	})
}

// admin is somebody on the host of the body.
func (g *grove) admin(t *testing.T, code string) context.Context {
	t.Helper()
	b := lookup(t, g.env, code)
	return pgtest.As(tenant.With(context.Background(), b), b, "admin")
}

func lookup(t testing.TB, env *pgtest.Env, code string) *tenant.Tenant {
	t.Helper()
	b, err := directory.LookupOf(env.DB).ByCode(context.Background(), code)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// refusal is the reason of an error and the field it is about: "BODY_CYCLE parentCode", or "" without an error.
func refusal(err error) string {
	if err == nil {
		return ""
	}
	e := kerrors.FromError(err)
	if e.Metadata["field"] == "" {
		return e.Reason
	}
	return e.Reason + " " + e.Metadata["field"]
}
