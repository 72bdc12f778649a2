package directory_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"gonghui/tenant"
	"gonghui/tenant/directory"
	"gonghui/tenant/directory/division"
	directoryv1 "gonghui/tenant/directory/v1"
	"gonghui/tenant/pgtest"
)

func supervisor(t testing.TB, env *pgtest.Env, code string) context.Context {
	t.Helper()
	b := lookup(t, env, code)
	return tenant.WithSubject(context.Background(), &tenant.Subject{Name: "监督员", Role: "supervisor", Body: b.ID, BodyCode: b.Code})
}

func TestSearch(t *testing.T) {
	env := pgtest.Open(t)
	if _, err := directory.Seed(context.Background(), env.DB, nation(t), nil); err != nil {
		t.Fatal(err)
	}
	s := directory.NewService(env.DB)
	for _, tc := range []struct {
		anchor, query string
		first         string // name of the best hit, "" for none
		size          int    // hits on the first page of 20
	}{
		{"000000", "广东省总工会", "广东省总工会", 1},
		{"000000", "广州市", "广州市总工会", 12},
		{"000000", " 南山区 ", "鹤岗市南山区总工会", 2},
		{"440000", "南山区", "深圳市南山区总工会", 1},
		{"440300", "南山区", "深圳市南山区总工会", 1},
		{"320000", "南山区", "", 0},
		{"000000", "gdszgh", "广东省总工会", 2},
		{"000000", "GUANGDONGSHENGZONG", "广东省总工会", 1},
		{"000000", "nanshanqu", "鹤岗市南山区总工会", 2},
		{"000000", "440305", "深圳市南山区总工会", 1},
		{"000000", "4403", "深圳市总工会", 10},
		{"000000", "总工会", "中华全国总工会", 20},
		{"i01", "广东", "广东省教科文卫体工会委员会", 1},
		{"440000", "金融", "广东省金融工会委员会", 1},
		{"000000", "没有这样的工会", "", 0},
		{"000000", "%", "", 0},
	} {
		got, err := s.SearchBodies(supervisor(t, env, tc.anchor), &directoryv1.SearchBodiesRequest{Query: tc.query})
		if err != nil {
			t.Fatalf("%s: %v", tc.query, err)
		}
		first := ""
		if len(got.Bodies) > 0 {
			first = got.Bodies[0].Name
		}
		if first != tc.first || len(got.Bodies) != tc.size {
			t.Errorf("%s in %s: %d hits, first %s; want %d, %s: %v", tc.query, tc.anchor, len(got.Bodies), first, tc.size, tc.first, got.Bodies)
		}
	}
	for _, query := range []string{" ", "a\x00", "\xff"} {
		if _, err := s.SearchBodies(supervisor(t, env, "000000"), &directoryv1.SearchBodiesRequest{Query: query}); refusal(err) != "INVALID_ARGUMENT query" {
			t.Errorf("%q: %v", query, err)
		}
	}
	// Pages of any size are the same list.
	var lists []string
	for _, size := range []int32{3, 50} {
		list, token := "", ""
		for {
			got, err := s.SearchBodies(supervisor(t, env, "440000"), &directoryv1.SearchBodiesRequest{Query: "江", PageSize: size, PageToken: token})
			if err != nil {
				t.Fatal(err)
			}
			list += codes(got.Bodies) + " "
			if token = got.NextPageToken; token == "" {
				break
			}
		}
		lists = append(lists, list)
	}
	if lists[0] != lists[1] || strings.Count(lists[0], " ") < 15 {
		t.Errorf("pages differ:\n%s\n%s", lists[0], lists[1])
	}
	// What was founded a moment ago is found.
	if err := create(env, directory.New{Code: "newlyfound", Name: "刚刚成立的工会", Level: "grassroots", Kind: "grassroots_union", Parent: "440305"}); err != nil {
		t.Fatal(err)
	}
	got, err := s.SearchBodies(supervisor(t, env, "440300"), &directoryv1.SearchBodiesRequest{Query: "成立"})
	if err != nil || codes(got.Bodies) != "newlyfound" {
		t.Errorf("%v, %v", got, err)
	}
}

// BenchmarkSearch is a search among 44,734 bodies.
func BenchmarkSearch(b *testing.B) {
	env := pgtest.Open(b)
	towns, err := division.Townships()
	if err != nil {
		b.Fatal(err)
	}
	if _, err := directory.Seed(context.Background(), env.DB, append(nation(b), towns...), nil); err != nil {
		b.Fatal(err)
	}
	s := directory.NewService(env.DB)
	for _, anchor := range []string{"000000", "440305"} {
		for _, query := range []string{"总工会", "南山", "nanshan", "没有这样的工会"} {
			b.Run(fmt.Sprint(anchor, " ", query), func(b *testing.B) {
				ctx := supervisor(b, env, anchor)
				for b.Loop() {
					if _, err := s.SearchBodies(ctx, &directoryv1.SearchBodiesRequest{Query: query}); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}

// BenchmarkLookup is what every request asks.
func BenchmarkLookup(b *testing.B) {
	env := pgtest.Open(b)
	if _, err := directory.Seed(context.Background(), env.DB, nation(b), nil); err != nil {
		b.Fatal(err)
	}
	l, ctx := directory.LookupOf(env.DB), context.Background()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := l.ByCode(ctx, "440305"); err != nil {
			b.Fatal(err)
		}
	}
}
