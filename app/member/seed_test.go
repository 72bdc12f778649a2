package member

import (
	"testing"

	memberv1 "gonghui/app/member/v1"
)

func TestSeed(t *testing.T) {
	t.Parallel()
	s := open(t)
	var rows []*memberv1.MemberFields
	for i := range 2500 {
		rows = append(rows, fields("张三丰", citizen(i), mobile(i)))
	}
	rows[7] = &memberv1.MemberFields{Name: "Ann Lee", IdKind: "passport", IdNumber: "E12345678"}
	ids, err := Seed(s.ctx, s.host, rows)
	if err != nil {
		t.Fatal(err)
	}
	for what, want := range map[string]int64{
		"select count(*) from " + s.table("member") + " where demo":                                          2500,
		"select count(distinct member_no) from " + s.table("member"):                                         2500,
		"select count(*) from " + s.table("member") + " where birth is null":                                 1,
		"select count(*) from " + s.table("member_history") + " where kind = 'admit'":                        2500,
		"select last from " + s.table("member_serial"):                                                       2500,
		"select count(*) from " + s.table("audit_log"):                                                       1,
		"select count(*) from cell.outbox where kind = 'member.admitted' and tenant = '" + s.body.Code + "'": 1,
	} {
		if n := s.env.Count(t, what); n != want {
			t.Errorf("%s: %d, want %d", what, n, want)
		}
	}
	if n := s.figure(t); n != 2500 || len(ids) != 2500 {
		t.Errorf("figure %d, %d ids", n, len(ids))
	}
	m, err := s.GetMember(s.ctx, &memberv1.GetMemberRequest{Id: ids[2499].String()})
	if err != nil || !m.Demo || m.Fields.Phone != "13900002499" {
		t.Errorf("%v, %v", m, err)
	}
	// A second run of the same people changes nothing.
	if _, err := Seed(s.ctx, s.host, rows); reason(err) != "MEMBER_DUPLICATE" {
		t.Errorf("second run: %v", err)
	}
	if n := s.figure(t); n != 2500 {
		t.Errorf("figure %d after the second run", n)
	}
	rows[0].IdNumber = "1"
	if _, err := Seed(s.ctx, s.host, rows); err == nil {
		t.Error("a bad row was entered")
	}
}
