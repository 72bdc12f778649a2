package directory

import (
	"slices"
	"testing"

	"gonghui/tenant"
	directoryv1 "gonghui/tenant/directory/v1"
	"gonghui/tenant/pgtest"
)

// Other modules reach bodies by code wherever they stand, and all at work below the host's, page by page.
func TestReach(t *testing.T) {
	t.Parallel()
	env := pgtest.Open(t)
	top := env.Body(t, nil)
	low, idle, far := env.Body(t, top), env.RegisteredUnder(t, top), env.Body(t, nil)
	r := &reach{db: env.DB}
	named, err := r.NameBodies(top.Ctx, &directoryv1.NameBodiesRequest{Codes: []string{top.Code, low.Code, idle.Code, far.Code, "nobody"}})
	if err != nil {
		t.Fatal(err)
	}
	within := map[string]bool{}
	for _, b := range named.GetBodies() {
		within[b.GetCode()] = b.GetWithin()
	}
	if len(within) != 4 || !within[top.Code] || !within[low.Code] || !within[idle.Code] || within[far.Code] {
		t.Errorf("within: %v", within)
	}
	below := func(at *pgtest.Body, code string) (codes []string) {
		t.Helper()
		after := ""
		for {
			page, err := r.ListBelow(at.Ctx, &directoryv1.ListBelowRequest{Code: code, AfterId: after, Size: 1})
			if err != nil {
				t.Fatal(err)
			}
			if len(page.GetBodies()) == 0 {
				slices.Sort(codes)
				return codes
			}
			codes, after = append(codes, page.GetBodies()[0].GetCode()), page.GetBodies()[0].GetId()
		}
	}
	want := []string{top.Code, low.Code}
	slices.Sort(want)
	if got := below(top, top.Code); !slices.Equal(got, want) {
		t.Errorf("below the top: %v, want %v", got, want)
	}
	if got := below(top, low.Code); !slices.Equal(got, []string{low.Code}) {
		t.Errorf("below the lower one: %v", got)
	}
	if got := append(below(low, top.Code), below(top, far.Code)...); len(got) != 0 {
		t.Errorf("above, or elsewhere: %v", got)
	}
	if _, err := r.ListBelow(top.Ctx, &directoryv1.ListBelowRequest{Code: top.Code, AfterId: "x"}); err == nil {
		t.Error("what is no id was taken")
	}
	if _, err := r.NameBodies(tenant.With(t.Context(), nil), &directoryv1.NameBodiesRequest{}); err == nil {
		t.Error("nobody's host has bodies")
	}
}
