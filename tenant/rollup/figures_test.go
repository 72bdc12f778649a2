package rollup_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	kerrors "github.com/go-kratos/kratos/v2/errors"

	"gonghui/tenant"
	"gonghui/tenant/directory"
	"gonghui/tenant/pgtest"
	"gonghui/tenant/rollup"
	rollupv1 "gonghui/tenant/rollup/v1"
)

// grove is a nation with two provinces and an industry, of which one body lies in a province but is counted by the industry:
//
//	nation ─ left ─ leaf           (territorial)
//	       ─ right ─ mixed         (mixed is right's on the territorial line, the industry's on its primary one)
//	       ─ industry ─ mixed      (industrial)
type grove struct {
	env                                        *pgtest.Env
	nation, left, leaf, right, industry, mixed string
}

func newGrove(t *testing.T, name string) *grove {
	t.Helper()
	g := &grove{env: pgtest.Open(t)}
	found := func(suffix, line, parent, industrialParent string) string {
		code := name + suffix
		err := g.env.DB.Platform(context.Background(), func(ctx context.Context, db tenant.DBTX) error {
			_, err := directory.Create(ctx, db, directory.New{
				Code: code, Name: "工会" + code, Level: "province", Kind: "federation", PrimaryLine: line, Parent: parent, IndustrialParent: industrialParent,
			})
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return code
	}
	g.nation = found("nation", "territorial", "", "")
	g.left = found("left", "territorial", g.nation, "")
	g.leaf = found("leaf", "territorial", g.left, "")
	g.right = found("right", "territorial", g.nation, "")
	g.industry = found("industry", "industrial", "", g.nation)
	g.mixed = found("mixed", "industrial", g.right, g.industry)
	for i, code := range []string{g.nation, g.left, g.leaf, g.right, g.industry, g.mixed} {
		g.count(t, code, 1<<i)
	}
	drainAll(t, rollup.NewDrainer(g.env.DB))
	return g
}

func (g *grove) count(t *testing.T, code string, n int) {
	t.Helper()
	run(t, g.env, `insert into cell.outbox (tenant, kind, data, counts) values ($1, 'probe.thing', '{}', jsonb_build_object('probe.things', $2::bigint))`, code, n)
}

// supervisor is somebody on the supervision host whose anchor is the body.
func (g *grove) supervisor(t *testing.T, code string) context.Context {
	t.Helper()
	b, err := directory.LookupOf(g.env.DB).ByCode(context.Background(), code)
	if err != nil {
		t.Fatal(err)
	}
	return tenant.WithSubject(context.Background(), &tenant.Subject{Name: "监督员", Role: "supervisor", Body: b.ID, BodyCode: b.Code})
}

// admin is somebody on the host of the body.
func (g *grove) admin(t *testing.T, code string) context.Context {
	t.Helper()
	b, err := directory.LookupOf(g.env.DB).ByCode(context.Background(), code)
	if err != nil {
		t.Fatal(err)
	}
	return pgtest.As(tenant.With(context.Background(), b), b, "admin")
}

func reason(err error) string {
	if err == nil {
		return ""
	}
	return kerrors.FromError(err).Reason
}

func TestGetFigures(t *testing.T) {
	g := newGrove(t, "fig")
	s := rollup.NewService(g.env.DB, directory.LookupOf(g.env.DB))
	run(t, g.env, `update platform.figure_day set day = day - 3 where metric = 'probe.things' and body_id in
		(select id from platform.body where code like 'fig%')`)
	for _, code := range []string{g.mixed, g.leaf} {
		g.count(t, code, 100)
	}
	drainAll(t, rollup.NewDrainer(g.env.DB))
	supervisor := g.supervisor(t, g.nation)
	for _, tc := range []struct {
		code, line           string
		own, subtree, before int64
		bodies               int64
	}{
		{g.nation, "", 1, 263, 63, 5},
		{g.nation, "territorial", 1, 263, 63, 5},   // its primary line: rolled up
		{g.nation, "industrial", 1, 149, 49, 2},    // nation, industry, mixed
		{g.right, "", 8, 8, 8, 0},                  // mixed is counted by the industry
		{g.industry, "territorial", 16, 16, 16, 0}, // nothing below it on that line
		{g.industry, "industrial", 16, 148, 48, 1},
		{g.mixed, "", 132, 132, 32, 0},
		{g.leaf, "industrial", 104, 104, 4, 0},
	} {
		name := tc.code + " " + tc.line
		got, err := s.GetFigures(supervisor, &rollupv1.GetFiguresRequest{Code: tc.code, Line: tc.line, Days: 5})
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		var f *rollupv1.Figure
		for _, one := range got.Figures {
			if one.Metric == "probe.things" {
				f = one
			}
		}
		var trend []int64
		for _, d := range f.Trend {
			trend = append(trend, d.Value)
		}
		want := []int64{0, tc.before, tc.before, tc.before, tc.subtree}
		if f.Own != tc.own || f.Subtree != tc.subtree || fmt.Sprint(trend) != fmt.Sprint(want) {
			t.Errorf("%s: own %d, subtree %d, trend %v; want %d, %d, %v", name, f.Own, f.Subtree, trend, tc.own, tc.subtree, want)
		}
		if got.Bodies != tc.bodies || got.LagMs != 0 || time.Since(got.FreshAt.AsTime()) > time.Minute {
			t.Errorf("%s: %d bodies, want %d; %d ms behind, fresh at %v", name, got.Bodies, tc.bodies, got.LagMs, got.FreshAt.AsTime())
		}
	}
	g.count(t, g.leaf, 1)
	<-time.After(20 * time.Millisecond)
	if got, err := s.GetFigures(supervisor, &rollupv1.GetFiguresRequest{Code: g.nation}); err != nil || got.LagMs < 20 || got.LagMs > 60_000 {
		t.Errorf("an event waits: %d ms behind, %v", got.GetLagMs(), err)
	}
}

func TestListChildFigures(t *testing.T) {
	g := newGrove(t, "kid")
	s := rollup.NewService(g.env.DB, directory.LookupOf(g.env.DB))
	supervisor := g.supervisor(t, g.nation)
	for _, tc := range []struct{ code, line, want string }{
		{g.nation, "", "[kidright 8 1 false][kidleft 6 1 false]"},
		{g.nation, "industrial", "[kidindustry 48 1 false]"},
		{g.right, "territorial", "[kidmixed 32 0 true]"},
		{g.industry, "industrial", "[kidmixed 32 0 false]"},
		{g.leaf, "", ""},
	} {
		got, token := "", ""
		for range 5 {
			reply, err := s.ListChildFigures(supervisor, &rollupv1.ListChildFiguresRequest{
				Code: tc.code, Line: tc.line, Metric: "probe.things", PageSize: 1, PageToken: token,
			})
			if err != nil {
				t.Fatal(err)
			}
			for _, r := range reply.Rows {
				got += fmt.Sprintf("[%s %d %d %v]", r.Code, r.Subtree, r.Children, r.CountedElsewhere)
				if len(r.Trend) != 14 || r.Trend[13] != r.Subtree || r.Trend[12] != 0 {
					t.Errorf("%s: trend %v", r.Code, r.Trend)
				}
			}
			if token = reply.NextPageToken; token == "" {
				break
			}
		}
		if got != tc.want {
			t.Errorf("%s %s: got %s, want %s", tc.code, tc.line, got, tc.want)
		}
	}
	for _, req := range []*rollupv1.ListChildFiguresRequest{
		{Code: g.nation, Metric: "no.such"},
		{Code: g.nation, Metric: "probe.things", PageToken: "!"},
		{Code: g.nation, Metric: "probe.things", PageToken: "eyJDb2RlIjoiXHUwMDAwIn0"},
	} {
		if _, err := s.ListChildFigures(supervisor, req); reason(err) != "INVALID_ARGUMENT" {
			t.Errorf("%v: %v", req, err)
		}
	}
}

// TestScope asks for everybody's figures from everywhere.
func TestScope(t *testing.T) {
	g := newGrove(t, "sco")
	s := rollup.NewService(g.env.DB, directory.LookupOf(g.env.DB))
	other := body(t, g.env, nil)
	all := []string{g.nation, g.left, g.leaf, g.right, g.industry, g.mixed, other.Code}
	for _, from := range []struct {
		code string
		sees map[string]bool
	}{
		{g.nation, map[string]bool{g.nation: true, g.left: true, g.leaf: true, g.right: true, g.industry: true, g.mixed: true}},
		{g.left, map[string]bool{g.left: true, g.leaf: true}},
		{g.right, map[string]bool{g.right: true, g.mixed: true}},
		{g.industry, map[string]bool{g.industry: true, g.mixed: true}},
		{g.leaf, map[string]bool{g.leaf: true}},
		{other.Code, map[string]bool{other.Code: true}},
	} {
		for host, ctx := range map[string]context.Context{"supervision": g.supervisor(t, from.code), "own": g.admin(t, from.code)} {
			for _, code := range all {
				want := "BODY_NOT_FOUND"
				if from.sees[code] {
					want = ""
				}
				_, err := s.GetFigures(ctx, &rollupv1.GetFiguresRequest{Code: code})
				_, errLine := s.GetFigures(ctx, &rollupv1.GetFiguresRequest{Code: code, Line: "industrial"})
				_, errList := s.ListChildFigures(ctx, &rollupv1.ListChildFiguresRequest{Code: code, Metric: "probe.things"})
				for i, err := range []error{err, errLine, errList} {
					if reason(err) != want {
						t.Errorf("%s host, from %s to %s, question %d: %v", host, from.code, code, i, err)
					}
				}
			}
		}
	}
	if _, err := s.GetFigures(context.Background(), &rollupv1.GetFiguresRequest{Code: g.leaf}); reason(err) != "BODY_NOT_FOUND" {
		t.Errorf("nobody from nowhere: %v", err)
	}
}

func TestListMetrics(t *testing.T) {
	reply, err := rollup.NewService(nil, nil).ListMetrics(context.Background(), &rollupv1.ListMetricsRequest{})
	if err != nil || len(reply.Metrics) != 4 || reply.Metrics[0].Name != "directory.bodies" || reply.Metrics[0].DefinitionZh == "" {
		t.Errorf("%v, %v", reply, err)
	}
}
