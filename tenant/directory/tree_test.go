package directory_test

import (
	"context"
	"testing"

	"gonghui/tenant/directory"
	directoryv1 "gonghui/tenant/directory/v1"
)

// TestScope asks for every body from everywhere: on the supervision host nothing outside the anchor's subtree exists, on a
// body's own host names are open, and more than a name is for the body's own subtree.
func TestScope(t *testing.T) {
	g := newGrove(t, "sco")
	s := directory.NewService(g.env.DB)
	all := []string{g.nation, g.left, g.leaf, g.right, g.industry, g.mixed}
	for _, from := range []struct {
		code string
		sees map[string]bool
	}{
		{g.nation, map[string]bool{g.nation: true, g.left: true, g.leaf: true, g.right: true, g.industry: true, g.mixed: true}},
		{g.left, map[string]bool{g.left: true, g.leaf: true}},
		{g.right, map[string]bool{g.right: true, g.mixed: true}},
		{g.industry, map[string]bool{g.industry: true, g.mixed: true}},
		{g.leaf, map[string]bool{g.leaf: true}},
	} {
		for host, ctx := range map[string]context.Context{"supervision": g.supervisor(t, from.code), "own": g.admin(t, from.code)} {
			for _, code := range all {
				name, inside := "", ""
				if !from.sees[code] {
					inside = "BODY_NOT_FOUND code"
					if host == "supervision" {
						name = inside
					}
				}
				got, errBody := s.GetBody(ctx, &directoryv1.GetBodyRequest{Code: code})
				_, errTree := s.ListTree(ctx, &directoryv1.ListTreeRequest{Code: code})
				_, errEvents := s.ListBodyEvents(ctx, &directoryv1.ListBodyEventsRequest{Code: code})
				if refusal(errBody) != name || refusal(errTree) != name || refusal(errEvents) != inside {
					t.Errorf("%s host, from %s to %s: %v, %v, %v", host, from.code, code, errBody, errTree, errEvents)
				}
				if errBody == nil && (got.Body.DivisionCode == "440000") != from.sees[code] {
					t.Errorf("%s host, from %s to %s: %v", host, from.code, code, got.Body)
				}
				found, err := s.SearchBodies(ctx, &directoryv1.SearchBodiesRequest{Query: code})
				if err != nil || (len(found.Bodies) == 1) != (name == "") {
					t.Errorf("%s host, from %s, search %s: %v, %v", host, from.code, code, found, err)
				}
			}
		}
	}
	if _, err := s.GetBody(context.Background(), &directoryv1.GetBodyRequest{Code: g.leaf}); refusal(err) != "BODY_NOT_FOUND code" {
		t.Errorf("nobody from nowhere: %v", err)
	}
	within := directory.LookupOf(g.env.DB)
	for _, tc := range []struct {
		anchor, code string
		want         bool
	}{{g.right, g.mixed, true}, {g.industry, g.mixed, true}, {g.left, g.mixed, false}, {g.leaf, g.left, false}, {g.leaf, g.leaf, true}, {g.leaf, "nosuch", false}} {
		for range 2 {
			if yes, err := within.Within(context.Background(), lookup(t, g.env, tc.anchor).ID, tc.code); err != nil || yes != tc.want {
				t.Errorf("%s within %s: %v, %v", tc.code, tc.anchor, yes, err)
			}
		}
	}
}

func TestOwnBody(t *testing.T) {
	g := newGrove(t, "own")
	s := directory.NewService(g.env.DB)
	got, err := s.GetOwnBody(g.admin(t, g.mixed), &directoryv1.GetOwnBodyRequest{})
	if err != nil || got.Body.Code != g.mixed || got.Body.PrimaryLine != "industrial" || got.Body.FoundedOn != "" ||
		codes(got.Ancestors) != g.nation+" "+g.industry || codes(got.OtherAncestors) != g.nation+" "+g.right {
		t.Errorf("%v, %v", got, err)
	}
	if _, err := s.GetOwnBody(g.supervisor(t, g.mixed), &directoryv1.GetOwnBodyRequest{}); refusal(err) != "BODY_NOT_FOUND code" {
		t.Errorf("without a host's body: %v", err)
	}
}

func TestListTree(t *testing.T) {
	g := newGrove(t, "lis")
	s := directory.NewService(g.env.DB)
	for _, tc := range []struct{ line, want string }{{"", g.left + " " + g.right}, {"territorial", g.left + " " + g.right}, {"industrial", g.industry}} {
		got, token := "", ""
		for range 4 {
			reply, err := s.ListTree(g.admin(t, g.leaf), &directoryv1.ListTreeRequest{Code: g.nation, Line: tc.line, PageSize: 1, PageToken: token})
			if err != nil {
				t.Fatal(err)
			}
			for _, b := range reply.Bodies {
				if b.Children != 1 {
					t.Errorf("%s has %d children", b.Code, b.Children)
				}
			}
			if got != "" {
				got += " "
			}
			got += codes(reply.Bodies)
			if token = reply.NextPageToken; token == "" {
				break
			}
		}
		if got != tc.want {
			t.Errorf("%q: %s, want %s", tc.line, got, tc.want)
		}
	}
	for _, token := range []string{"!", "bnVsbA", "eyJDb2RlIjoiXHUwMDAwIn0"} {
		if _, err := s.ListTree(g.admin(t, g.leaf), &directoryv1.ListTreeRequest{Code: g.nation, PageToken: token}); refusal(err) != "INVALID_ARGUMENT pageToken" {
			t.Errorf("token %s: %v", token, err)
		}
	}
}
