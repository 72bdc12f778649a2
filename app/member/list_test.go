package member

import (
	"context"
	"encoding/base64"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	memberv1 "gonghui/app/member/v1"
)

func encode(raw []byte) string { return base64.RawURLEncoding.EncodeToString(raw) }

func parse(id string) (uuid.UUID, error) { return uuid.Parse(id) }

// all walks a list to its end and returns the names.
func all(t *testing.T, s *Service, ctx context.Context, query, state string, size int32) []string {
	t.Helper()
	var names []string
	seen := map[string]bool{}
	req := &memberv1.ListMembersRequest{Query: query, State: state, PageSize: size}
	for {
		r, err := s.ListMembers(ctx, req)
		if err != nil {
			t.Fatalf("%q: %v", query, err)
		}
		if size > 0 && len(r.Members) > int(size) {
			t.Errorf("%q: a page of %d", query, len(r.Members))
		}
		for _, m := range r.Members {
			if seen[m.Id] {
				t.Errorf("%q: %s came twice", query, m.Fields.Name)
			}
			seen[m.Id] = true
			names = append(names, m.Fields.Name)
		}
		if req.PageToken = r.NextPageToken; req.PageToken == "" {
			return names
		}
		if len(r.Members) == 0 {
			t.Fatalf("%q: an empty page with a next one", query)
		}
	}
}

func TestList(t *testing.T) {
	t.Parallel()
	s := open(t)
	var want []string
	for i := range 7 {
		m := s.create(t, fields(fmt.Sprintf("张%c", '一'+rune(i)), citizen(i), mobile(i)))
		if i == 3 {
			if _, err := s.EndMembership(s.ctx, &memberv1.EndMembershipRequest{Id: m.Id, State: "withdrawn"}); err != nil {
				t.Fatal(err)
			}
			continue
		}
		want = append(want, m.Fields.Name)
	}
	slices.Reverse(want)
	for _, size := range []int32{0, 1, 2, 3, 6, 7, 200} {
		if got := all(t, s.Service, s.ctx, "", "", size); !slices.Equal(got, want) {
			t.Errorf("pages of %d: %v, want %v", size, got, want)
		}
	}
	if got := all(t, s.Service, s.ctx, "", "withdrawn", 2); !slices.Equal(got, []string{"张" + string('一'+rune(3))}) {
		t.Errorf("withdrawn: %v", got)
	}
	if got := all(t, s.Service, s.ctx, "", "all", 2); len(got) != 7 {
		t.Errorf("all: %v", got)
	}
	first, err := s.ListMembers(s.ctx, &memberv1.ListMembersRequest{PageSize: 2})
	if err != nil || first.Total != 6 {
		t.Errorf("total %d, %v", first.GetTotal(), err)
	}
	second, err := s.ListMembers(s.ctx, &memberv1.ListMembersRequest{PageSize: 2, PageToken: first.NextPageToken})
	if err != nil || second.Total != 0 {
		t.Errorf("total of the second page %d, %v", second.GetTotal(), err)
	}
}

func TestSearch(t *testing.T) {
	t.Parallel()
	s := open(t)
	var first *memberv1.Member
	for i, name := range []string{"张三", "张三丰", "张张", "李三", "王小张", "Zs Lee", "买买提·吐尔逊", "曾志伟", "单田芳"} {
		m := s.create(t, fields(name, citizen(i), mobile(8000+i)))
		if i == 0 {
			first = m
		}
	}
	gone := s.create(t, fields("张去", citizen(99), mobile(99)))
	if _, err := s.EndMembership(s.ctx, &memberv1.EndMembershipRequest{Id: gone.Id, State: "withdrawn"}); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		query, state string
		want         []string
	}{
		{"张", "", []string{"张张", "王小张", "张三", "张三丰"}},
		{"张", "all", []string{"张张", "王小张", "张三", "张三丰", "张去"}},
		{"张", "withdrawn", []string{"张去"}},
		{"张三", "", []string{"张三", "张三丰"}},
		{" 张 三 ", "", []string{"张三", "张三丰"}},
		{"三", "", []string{"张三", "李三", "张三丰"}},
		{"吐尔逊", "", []string{"买买提·吐尔逊"}},
		{"zs", "", []string{"张三", "张三丰", "Zs Lee"}},
		{"ZS", "", []string{"张三", "张三丰", "Zs Lee"}},
		{"ｚｓｆ", "", []string{"张三丰"}},
		{"zhangs", "", []string{"张三", "张三丰"}},
		{"z", "", []string{"张三", "张三丰", "Zs Lee", "张张", "曾志伟"}},
		{"lee", "", []string{"Zs Lee"}},
		{"zengzhi", "", []string{"曾志伟"}},
		{"stf", "", []string{"单田芳"}},
		{"8003", "", []string{"李三"}},
		{"800", "", nil},
		{"9999", "", nil},
		{first.MemberNo, "", []string{"张三"}},
		{first.MemberNo[:14], "", []string{"张三", "张三丰", "张张", "李三", "王小张", "Zs Lee", "买买提·吐尔逊", "曾志伟", "单田芳"}},
		{"0000", "", []string{"张三", "张三丰", "张张", "李三", "王小张", "Zs Lee", "买买提·吐尔逊", "曾志伟", "单田芳"}},
		{"%", "", nil},
		{"_", "", nil},
		{"'; drop table member; --", "", nil},
	} {
		for _, size := range []int32{1, 2, 50} {
			got := all(t, s.Service, s.ctx, tt.query, tt.state, size)
			if sortedJoin(got) != sortedJoin(tt.want) {
				t.Errorf("%q %s in pages of %d: %v, want %v", tt.query, tt.state, size, got, tt.want)
			}
		}
		if got := all(t, s.Service, s.watch.Ctx, tt.query, "all", 50); len(got) != 0 {
			t.Errorf("%q: the second body finds %v", tt.query, got)
		}
	}
}

// An update moves the keys: the old name finds nothing, the new one does, and no key is left behind.
func TestSearchFollowsUpdates(t *testing.T) {
	t.Parallel()
	s := open(t)
	m := s.create(t, fields("张三", citizen(1), mobile(8001)))
	keys := s.env.Count(t, "select count(*) from "+s.table("member_search"))
	if _, err := s.UpdateMember(s.ctx, &memberv1.UpdateMemberRequest{Id: m.Id, Version: 1, Fields: fields("李四", "", mobile(8002))}); err != nil {
		t.Fatal(err)
	}
	for query, want := range map[string]int{"张": 0, "三": 0, "zs": 0, "zhang": 0, "8001": 0, "李四": 1, "四": 1, "ls": 1, "lisi": 1, "8002": 1, m.MemberNo: 1} {
		if got := all(t, s.Service, s.ctx, query, "", 0); len(got) != want {
			t.Errorf("%s finds %v", query, got)
		}
	}
	if n := s.env.Count(t, "select count(*) from "+s.table("member_search")); n != keys {
		t.Errorf("%d keys, want %d", n, keys)
	}
}

func sortedJoin(names []string) string {
	names = slices.Clone(names)
	slices.Sort(names)
	return strings.Join(names, ",")
}
