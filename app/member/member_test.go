package member

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"sync"
	"testing"

	kerrors "github.com/go-kratos/kratos/v2/errors"
	"google.golang.org/protobuf/proto"

	memberv1 "gonghui/app/member/v1"
	"gonghui/app/module/mask"
	"gonghui/tenant"
	"gonghui/tenant/pgtest"
)

func TestLife(t *testing.T) {
	t.Parallel()
	s := open(t)
	made := s.create(t, fields("张三丰", citizen(1), "138 0013 8000"))
	if made.State != "active" || made.Version != 1 || made.Demo || made.Fields.Phone != "13800138000" ||
		made.Fields.IdNumber != citizen(1) || made.Fields.Sex != "male" || len(made.MemberNo) != 16 {
		t.Errorf("made %v", made)
	}
	got, err := s.GetMember(s.ctx, &memberv1.GetMemberRequest{Id: made.Id})
	if err != nil || !proto.Equal(got, made) {
		t.Errorf("got %v, %v; want %v", got, err, made)
	}

	f := fields("张三疯", "", "")
	f.Employer = "二厂"
	changed, err := s.UpdateMember(s.ctx, &memberv1.UpdateMemberRequest{Id: made.Id, Fields: f, Version: 1})
	if err != nil || changed.Version != 2 || changed.Fields.IdNumber != made.Fields.IdNumber || changed.Fields.Employer != "二厂" || changed.MemberNo != made.MemberNo {
		t.Errorf("changed %v, %v", changed, err)
	}
	same, err := s.UpdateMember(s.ctx, &memberv1.UpdateMemberRequest{Id: made.Id, Fields: f, Version: 2})
	if err != nil || same.Version != 2 {
		t.Errorf("an update without change: %v, %v", same, err)
	}
	if _, err = s.UpdateMember(s.ctx, &memberv1.UpdateMemberRequest{Id: made.Id, Fields: f, Version: 1}); reason(err) != "MEMBER_STALE" || kerrors.Code(err) != 409 {
		t.Errorf("stale: %v", err)
	}

	full, err := s.RevealMember(s.ctx, &memberv1.RevealMemberRequest{Id: made.Id, Reason: "核对身份"})
	if err != nil || full.IdNumber != citizen(1) || full.Phone != "13800138000" {
		t.Errorf("revealed %v, %v", full, err)
	}
	if _, err := s.RevealMember(s.ctx, &memberv1.RevealMemberRequest{Id: made.Id, Reason: "\u3000 "}); kerrors.FromError(err).Metadata["field"] != "reason" {
		t.Errorf("revealed without a reason: %v", err)
	}

	if _, err := s.RestoreMembership(s.ctx, &memberv1.RestoreMembershipRequest{Id: made.Id}); reason(err) != "MEMBER_STATE" {
		t.Errorf("restored a member in force: %v", err)
	}
	ended, err := s.EndMembership(s.ctx, &memberv1.EndMembershipRequest{Id: made.Id, State: "withdrawn", Reason: "调离"})
	if err != nil || ended.State != "withdrawn" || ended.Version != 3 {
		t.Errorf("ended %v, %v", ended, err)
	}
	if _, err := s.EndMembership(s.ctx, &memberv1.EndMembershipRequest{Id: made.Id, State: "deceased"}); reason(err) != "MEMBER_STATE" {
		t.Errorf("ended twice: %v", err)
	}
	if _, err := s.UpdateMember(s.ctx, &memberv1.UpdateMemberRequest{Id: made.Id, Fields: f, Version: 3}); reason(err) != "MEMBER_STATE" {
		t.Errorf("changed an ended file: %v", err)
	}
	if n := s.figure(t); n != 0 {
		t.Errorf("figure %d after the end", n)
	}
	if _, err := s.RestoreMembership(s.ctx, &memberv1.RestoreMembershipRequest{Id: made.Id, Reason: "误操作"}); err != nil {
		t.Error(err)
	}
	if _, err := s.EndMembership(s.ctx, &memberv1.EndMembershipRequest{Id: made.Id, State: "deceased"}); err != nil {
		t.Error(err)
	}

	var kinds []string
	var token string
	for {
		r, err := s.ListMemberEvents(s.ctx, &memberv1.ListMemberEventsRequest{Id: made.Id, PageSize: 2, PageToken: token})
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range r.Events {
			kinds = append(kinds, e.Kind+" "+e.Reason+" "+e.ByName+" "+strings.Join(e.Changed, "+"))
		}
		if token = r.NextPageToken; token == "" {
			break
		}
	}
	if want := []string{"die  测试员 ", "restore 误操作 测试员 ", "withdraw 调离 测试员 ", "update  测试员 name+employer", "admit  测试员 "}; !slices.Equal(kinds, want) {
		t.Errorf("history %q", kinds)
	}
	if n := s.env.Count(t, "select count(*) from "+s.table("audit_log")); n != 6 {
		t.Errorf("%d audit rows, want 6", n)
	}
	if n := s.env.Count(t, "select count(*) from "+s.table("audit_log")+" where act = 'member.reveal' and reason = '核对身份' and object_id = $1", made.Id); n != 1 {
		t.Errorf("%d audit rows of the reveal", n)
	}
}

// Nothing that tells a person from another stands in the clear outside the name and the phone's tail.
func TestSealedInTheDatabase(t *testing.T) {
	t.Parallel()
	s := open(t)
	m := s.create(t, fields("张三丰", citizen(1), "13800138000"))
	for _, table := range []string{"member", "member_search", "member_history", "audit_log"} {
		for _, secret := range []string{citizen(1), citizen(1)[:14], "13800138000", "1380013"} {
			if n := s.env.Count(t, "select count(*) from "+s.table(table)+" x where x::text like '%'||$1||'%'", secret); n != 0 {
				t.Errorf("%s stands in %s", secret, table)
			}
		}
	}
	if n := s.env.Count(t, "select count(*) from cell.outbox where tenant = $1 and data::text like '%张%'", s.body.Code); n != 0 {
		t.Error("an event names a person")
	}
	if n := s.env.Count(t, "select count(*) from cell.outbox where tenant = $1 and kind = 'member.admitted' and subject = $2 and counts @> '{\"member.active\": 1}'", s.body.Code, m.Id); n != 1 {
		t.Error("the event of the admission is missing")
	}
}

func TestDuplicate(t *testing.T) {
	t.Parallel()
	s := open(t)
	first := s.create(t, fields("张三", citizen(1), mobile(1)))
	second := s.create(t, fields("李四", citizen(2), mobile(1)))
	lower := strings.ToLower(citizen(1))
	if _, err := s.CreateMember(s.ctx, &memberv1.CreateMemberRequest{Fields: fields("张三", lower, mobile(2))}); reason(err) != "MEMBER_DUPLICATE" ||
		kerrors.FromError(err).Metadata["field"] != "fields.idNumber" || kerrors.Code(err) != 409 {
		t.Errorf("second member of one number: %v", err)
	}
	if _, err := s.UpdateMember(s.ctx, &memberv1.UpdateMemberRequest{Id: second.Id, Version: 1, Fields: fields("李四", citizen(1), "")}); reason(err) != "MEMBER_DUPLICATE" {
		t.Errorf("number of another member: %v", err)
	}
	if _, err := s.EndMembership(s.ctx, &memberv1.EndMembershipRequest{Id: first.Id, State: "withdrawn"}); err != nil {
		t.Fatal(err)
	}
	s.create(t, fields("张三", citizen(1), mobile(2)))
	if _, err := s.RestoreMembership(s.ctx, &memberv1.RestoreMembershipRequest{Id: first.Id}); reason(err) != "MEMBER_DUPLICATE" {
		t.Errorf("restored beside a new file of the same person: %v", err)
	}
	if n := s.figure(t); n != 2 {
		t.Errorf("figure %d, want 2", n)
	}
	// The number means nothing to another body.
	if _, err := s.GetMember(s.watch.Ctx, &memberv1.GetMemberRequest{Id: first.Id}); reason(err) != "MEMBER_NOT_FOUND" {
		t.Errorf("the second body reads %v", err)
	}
}

func TestCreateOnce(t *testing.T) {
	t.Parallel()
	s := open(t)
	ctx := tenant.WithCall(s.ctx, tenant.Call{IdempotencyKey: "k1"})
	req := &memberv1.CreateMemberRequest{Fields: fields("张三", citizen(1), mobile(1))}
	var wg sync.WaitGroup
	replies := make([]*memberv1.Member, 6)
	for i := range replies {
		wg.Go(func() {
			var err error
			if replies[i], err = s.CreateMember(ctx, req); err != nil {
				// Callers at the same moment may meet the first one's row before its answer.
				if reason(err) != "MEMBER_DUPLICATE" {
					t.Error(err)
				}
				replies[i] = nil
			}
		})
	}
	wg.Wait()
	again, err := s.CreateMember(ctx, req)
	if err != nil {
		t.Fatal(err)
	}
	if again.Fields.Phone != "139****0001" || s.env.Count(t, "select count(*) from cell.idempotency where position($1::bytea in answer) > 0", []byte(mobile(1))) != 0 {
		t.Errorf("an answer rests in the clear: %v", again)
	}
	for _, r := range replies {
		if r == nil {
			continue
		}
		if mask.Reply(r, mask.Home); !proto.Equal(r, again) {
			t.Errorf("%v, then %v", r, again)
		}
	}
	if n := s.env.Count(t, "select count(*) from "+s.table("member")); n != 1 {
		t.Errorf("%d members", n)
	}
	other := &memberv1.CreateMemberRequest{Fields: fields("李四", citizen(2), mobile(1))}
	if _, err := s.CreateMember(ctx, other); kerrors.Code(err) != 400 {
		t.Errorf("one key for another request: %v", err)
	}
}

func TestNumbersAreUniqueUnderRace(t *testing.T) {
	t.Parallel()
	s := open(t)
	var wg sync.WaitGroup
	for i := range 24 {
		wg.Go(func() {
			if _, err := s.CreateMember(s.ctx, &memberv1.CreateMemberRequest{Fields: fields("张三", citizen(i), mobile(i))}); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if n := s.env.Count(t, "select count(distinct member_no) from "+s.table("member")); n != 24 {
		t.Errorf("%d numbers", n)
	}
	if n := s.env.Count(t, "select last from "+s.table("member_serial")); n != 24 {
		t.Errorf("last serial %d", n)
	}
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	s := open(t)
	m := s.create(t, fields("张三", citizen(1), mobile(1)))
	none := tenant.NewID().String()
	f := fields("张三", citizen(1), mobile(1))
	forged, _ := json.Marshal(map[string]any{"n": 0, "k": "n:\x00", "i": none})
	for name, tt := range map[string]struct {
		call func(context.Context) error
		want string // reason, or field of a bad request
	}{
		"get none": {func(c context.Context) error { _, e := s.GetMember(c, &memberv1.GetMemberRequest{Id: none}); return e }, "MEMBER_NOT_FOUND"},
		"get a bad id": {func(c context.Context) error {
			_, e := s.GetMember(c, &memberv1.GetMemberRequest{Id: "x\x00"})
			return e
		}, "id"},
		"update none": {func(c context.Context) error {
			_, e := s.UpdateMember(c, &memberv1.UpdateMemberRequest{Id: none, Fields: f})
			return e
		}, "MEMBER_NOT_FOUND"},
		"end none": {func(c context.Context) error {
			_, e := s.EndMembership(c, &memberv1.EndMembershipRequest{Id: none, State: "withdrawn"})
			return e
		}, "MEMBER_NOT_FOUND"},
		"reveal none": {func(c context.Context) error {
			_, e := s.RevealMember(c, &memberv1.RevealMemberRequest{Id: none, Reason: "查"})
			return e
		}, "MEMBER_NOT_FOUND"},
		"events none": {func(c context.Context) error {
			_, e := s.ListMemberEvents(c, &memberv1.ListMemberEventsRequest{Id: none})
			return e
		}, "MEMBER_NOT_FOUND"},
		"own, no ref": {func(c context.Context) error { _, e := s.GetOwnMember(c, &memberv1.GetOwnMemberRequest{}); return e }, "MEMBER_NOT_FOUND"},
		"bad query": {func(c context.Context) error {
			_, e := s.ListMembers(c, &memberv1.ListMembersRequest{Query: "a\xff"})
			return e
		}, "query"},
		"zero query": {func(c context.Context) error {
			_, e := s.ListMembers(c, &memberv1.ListMembersRequest{Query: "a\x00"})
			return e
		}, "query"},
		"bad token": {func(c context.Context) error {
			_, e := s.ListMembers(c, &memberv1.ListMembersRequest{PageToken: "%%%"})
			return e
		}, "pageToken"},
		"token of text": {func(c context.Context) error {
			_, e := s.ListMembers(c, &memberv1.ListMembersRequest{Query: "张", PageToken: "eyJrIjoxfQ"})
			return e
		}, "pageToken"},
		"forged token": {func(c context.Context) error {
			_, e := s.ListMembers(c, &memberv1.ListMembersRequest{Query: "张", PageToken: encode(forged)})
			return e
		}, "pageToken"},
		"bad reason": {func(c context.Context) error {
			_, e := s.EndMembership(c, &memberv1.EndMembershipRequest{Id: m.Id, State: "withdrawn", Reason: "\x00"})
			return e
		}, "reason"},
		"bad field": {func(c context.Context) error {
			_, e := s.CreateMember(c, &memberv1.CreateMemberRequest{Fields: fields("张", "1", "")})
			return e
		}, "fields.idNumber"},
	} {
		err := tt.call(s.ctx)
		got := kerrors.FromError(err)
		if err == nil || got.Reason != tt.want && got.Metadata["field"] != tt.want || got.Code >= 500 {
			t.Errorf("%s: %v, want %s", name, err, tt.want)
		}
	}
	if _, err := s.ListMembers(context.Background(), &memberv1.ListMembersRequest{}); err == nil {
		t.Error("listed without a tenant")
	}
}

func TestOwnMember(t *testing.T) {
	t.Parallel()
	s := open(t)
	m := s.create(t, fields("张三", citizen(1), mobile(1)))
	ctx := pgtest.As(tenant.With(context.Background(), s.body.Tenant), s.body.Tenant, "member")
	var err error
	if tenant.SubjectFrom(ctx).Ref, err = parse(m.Id); err != nil {
		t.Fatal(err)
	}
	got, err := s.GetOwnMember(ctx, &memberv1.GetOwnMemberRequest{})
	if err != nil || got.Id != m.Id {
		t.Errorf("%v, %v", got, err)
	}
}

// Relations cost time when a body is made active: see README.md.
func TestRelations(t *testing.T) {
	t.Parallel()
	s := open(t)
	own := s.env.Count(t, `with own as (select oid, reltoastrelid from pg_class where relnamespace = $1::regnamespace and relname not like 'audit\_log%')
		select (select count(*) from own) + (select count(*) from own where reltoastrelid <> 0) * 2`, strings.TrimSuffix(s.table(""), "."))
	toast := s.env.Count(t, "select count(*) from pg_class where relnamespace = $1::regnamespace and reltoastrelid <> 0 and relname not in ('audit_log', 'member', 'member_request', 'import', 'import_part', 'import_row')",
		strings.TrimSuffix(s.table(""), "."))
	if own != 32 || toast != 0 {
		t.Errorf("%d relations, want 32; %d tables with TOAST", own, toast)
	}
}

// The audit has a digest of the file before and after each act: what one act left is what the next one found.
func TestAuditDigests(t *testing.T) {
	s := open(t)
	made := s.create(t, people(1)[0])
	fields := made.Fields
	fields.Employer = "另一单位"
	if _, err := s.UpdateMember(s.ctx, &memberv1.UpdateMemberRequest{Id: made.Id, Fields: fields, Version: made.Version}); err != nil {
		t.Fatal(err)
	}
	if _, err := s.EndMembership(s.ctx, &memberv1.EndMembershipRequest{Id: made.Id, State: "withdrawn", Reason: "退会"}); err != nil {
		t.Fatal(err)
	}
	log := s.table("audit_log")
	if n := s.env.Count(t, `select count(*) from (select before, after, lag(after, 1, '') over (order by id) as left_by, act from `+log+` where object_id = $1
		and act in ('member.create', 'member.update', 'member.end')) a where before = left_by and after <> before and length(after) = 43`, made.Id); n != 3 {
		t.Errorf("%d of 3 acts go on from the one before", n)
	}
}
