package directory_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"

	"gonghui/app/kit/creditcode"
	"gonghui/tenant"
	"gonghui/tenant/directory"
	directoryv1 "gonghui/tenant/directory/v1"
)

func TestCreateBody(t *testing.T) {
	g := newGrove(t, "cre")
	s := directory.NewService(g.env.DB)
	credit := creditcode.Make(creditcode.DeptUnion, creditcode.KindGrassroots, "440300", "00000001")
	other := creditcode.Make(creditcode.DeptUnion, creditcode.KindGrassroots, "440300", "00000002")
	good := &directoryv1.CreateBodyRequest{
		Code: "crenew", Name: "叶县第一机械厂工会", Level: "grassroots", Kind: "grassroots_union", ParentCode: g.leaf, CreditCode: credit,
		FoundedOn: "2020-02-29", ApprovalDocNo: "工组〔2020〕8号",
	}
	for _, tc := range []struct {
		name, anchor string
		change       func(r *directoryv1.CreateBodyRequest)
		want         string
	}{
		{"parent outside", g.right, func(*directoryv1.CreateBodyRequest) {}, "BODY_NOT_FOUND parentCode"},
		{"unknown parent", g.left, func(r *directoryv1.CreateBodyRequest) { r.ParentCode = "nosuch" }, "BODY_NOT_FOUND parentCode"},
		{"industry outside", g.left, func(r *directoryv1.CreateBodyRequest) { r.IndustrialParentCode = g.industry }, "BODY_NOT_FOUND industrialParentCode"},
		{"blank name", g.left, func(r *directoryv1.CreateBodyRequest) { r.Name = "　　" }, "INVALID_ARGUMENT name"},
		{"invisible name", g.left, func(r *directoryv1.CreateBodyRequest) { r.Name = "叶县\x00工会" }, "INVALID_ARGUMENT name"},
		{"no such day", g.left, func(r *directoryv1.CreateBodyRequest) { r.FoundedOn = "2021-02-29" }, "INVALID_ARGUMENT foundedOn"},
		{"tomorrow", g.left, func(r *directoryv1.CreateBodyRequest) {
			r.FoundedOn = time.Now().AddDate(0, 0, 2).Format(time.DateOnly)
		}, "INVALID_ARGUMENT foundedOn"},
		{"wrong credit code", g.left, func(r *directoryv1.CreateBodyRequest) { r.CreditCode = credit[:17] + "?" }, "CREDIT_CODE_INVALID creditCode"},
		{"good", g.left, func(*directoryv1.CreateBodyRequest) {}, ""},
		{"code taken", g.nation, func(r *directoryv1.CreateBodyRequest) { r.CreditCode = "" }, "BODY_CODE_TAKEN code"},
		{"credit code taken", g.nation, func(r *directoryv1.CreateBodyRequest) { r.Code = "" }, "INVALID_ARGUMENT creditCode"},
		{"code made", g.nation, func(r *directoryv1.CreateBodyRequest) { r.Code, r.CreditCode = "", other }, ""},
		{"led by its industry", g.industry, func(r *directoryv1.CreateBodyRequest) {
			r.Code, r.CreditCode, r.ParentCode, r.PrimaryLine = "creindu", "", g.industry, "industrial"
		}, ""},
	} {
		req := proto.Clone(good).(*directoryv1.CreateBodyRequest)
		tc.change(req)
		got, err := s.CreateBody(g.supervisor(t, tc.anchor), req)
		if refusal(err) != tc.want {
			t.Errorf("%s: %v, want %s", tc.name, err, tc.want)
		}
		if err == nil && (got.Name != req.Name || got.CreditCode != req.CreditCode || got.FoundedOn != req.FoundedOn || len(got.Code) < 6) {
			t.Errorf("%s: %v", tc.name, got)
		}
	}
	if n := g.env.Count(t, "select count(*) from platform.audit_log where act = 'directory.create' and object_id like 'cre%'"); n != 2 {
		t.Errorf("%d audit rows, want 2", n)
	}
	industry, err := s.GetBody(g.supervisor(t, g.nation), &directoryv1.GetBodyRequest{Code: "creindu"})
	if err != nil || len(industry.Ancestors) != 2 || len(industry.OtherAncestors) != 0 {
		t.Errorf("%v, %v", industry, err)
	}
}

func TestCreateBodyOnce(t *testing.T) {
	g := newGrove(t, "onc")
	s := directory.NewService(g.env.DB)
	ctx := tenant.WithCall(g.supervisor(t, g.nation), tenant.Call{IdempotencyKey: "k1"})
	req := &directoryv1.CreateBodyRequest{Name: "只建一次工会", Level: "grassroots", Kind: "grassroots_union", ParentCode: g.leaf}
	first, err := s.CreateBody(ctx, req)
	if err != nil {
		t.Fatal(err)
	}
	second, err := s.CreateBody(ctx, req)
	if err != nil || !proto.Equal(first, second) {
		t.Errorf("again: %v, %v", second, err)
	}
	if _, err = s.CreateBody(ctx, &directoryv1.CreateBodyRequest{Name: "另一个工会", Level: "grassroots", ParentCode: g.leaf}); refusal(err) != "INVALID_ARGUMENT Idempotency-Key" {
		t.Errorf("the key for another request: %v", err)
	}
	if n := g.env.Count(t, "select count(*) from platform.body where name = '只建一次工会'"); n != 1 {
		t.Errorf("%d bodies", n)
	}
}

func TestMoveBody(t *testing.T) {
	g := newGrove(t, "mov")
	s := directory.NewService(g.env.DB)
	for _, tc := range []struct{ name, anchor, code, line, parent, on, want string }{
		{"under itself", g.nation, g.left, "territorial", g.left, "", "BODY_CYCLE parentCode"},
		{"under its own", g.nation, g.left, "territorial", g.leaf, "", "BODY_CYCLE parentCode"},
		{"a ring over two lines", g.nation, g.right, "industrial", g.mixed, "", "BODY_CYCLE parentCode"},
		{"from elsewhere", g.left, g.mixed, "territorial", g.leaf, "", "BODY_NOT_FOUND code"},
		{"to elsewhere", g.left, g.leaf, "territorial", g.right, "", "BODY_NOT_FOUND parentCode"},
		{"in the future", g.nation, g.leaf, "territorial", g.right, "2999-01-01", "INVALID_ARGUMENT effectiveOn"},
		{"to the other province", g.nation, g.leaf, "territorial", g.right, "2025-01-31", ""},
		{"again", g.nation, g.leaf, "territorial", g.right, "2025-01-31", ""},
		{"its first parent on a line", g.nation, g.leaf, "industrial", g.industry, "", ""},
	} {
		_, err := s.MoveBody(g.supervisor(t, tc.anchor), &directoryv1.MoveBodyRequest{
			Code: tc.code, Line: tc.line, ParentCode: tc.parent, EffectiveOn: tc.on, ApprovalDocNo: "工组〔2025〕1号",
		})
		if refusal(err) != tc.want {
			t.Errorf("%s: %v, want %s", tc.name, err, tc.want)
		}
	}
	ctx := g.supervisor(t, g.nation)
	moved, err := s.GetBody(ctx, &directoryv1.GetBodyRequest{Code: g.leaf})
	if err != nil || codes(moved.Ancestors) != g.nation+" "+g.right || codes(moved.OtherAncestors) != g.nation+" "+g.industry {
		t.Errorf("%v, %v", moved, err)
	}
	events, err := s.ListBodyEvents(ctx, &directoryv1.ListBodyEventsRequest{Code: g.leaf, PageSize: 2})
	if err != nil || len(events.Events) != 2 || events.NextPageToken == "" || events.Events[1].Before != "territorial parent "+g.left ||
		events.Events[1].After != "territorial parent "+g.right || events.Events[1].EffectiveOn != "2025-01-31" || events.Events[1].ApprovalDocNo == "" {
		t.Fatalf("%v, %v", events, err)
	}
	events, err = s.ListBodyEvents(ctx, &directoryv1.ListBodyEventsRequest{Code: g.leaf, PageSize: 2, PageToken: events.NextPageToken})
	if err != nil || len(events.Events) != 1 || events.Events[0].Kind != "found" || events.NextPageToken != "" {
		t.Errorf("%v, %v", events, err)
	}
	err = g.env.DB.Platform(context.Background(), func(ctx context.Context, db tenant.DBTX) error {
		return directory.Attach(ctx, db, g.leaf, "industrial", g.nation, nil, "")
	})
	if refusal(err) != "BODY_SECOND_PARENT industrialParentCode" {
		t.Errorf("a second parent: %v", err)
	}
}

func codes(bodies []*directoryv1.Body) string {
	all := make([]string, len(bodies))
	for i, b := range bodies {
		all[i] = b.Code
	}
	return strings.Join(all, " ")
}
