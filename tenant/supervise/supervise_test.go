package supervise_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"gonghui/app/kit/cnid"
	"gonghui/tenant"
)

// request is what of a request the tests look at.
type request struct {
	ID, No, State, BodyName, AskerName, Person, DecidedBy, Reason, EndedBy string
	ByRule                                                                 bool
	Accesses                                                               string
}

type requests struct {
	Requests      []request
	Open          string
	NextPageToken string
}

const ask, inbox = "/v1/supervision/requests", "/v1/supervision/incoming"

func sight(body, purpose string) map[string]any {
	return map[string]any{"bodyCode": body, "kind": "details", "capability": "member.read", "purposeKind": purpose, "purpose": "核查困难职工档案", "minutes": 1440}
}

func idNumber(n int) string {
	head := fmt.Sprintf("44010319900101%03d", n)
	return head + string(cnid.CheckDigit(head))
}

func TestDetails(t *testing.T) {
	w := open(t)
	li := w.person(t, w.province, "supervisor", "李明", "hq")
	stranger := w.person(t, w.abroad, "supervisor", "赵远", "hq")
	admin := w.person(t, w.county, "admin", "王主席", w.county.Code)
	officer := w.person(t, w.county, "officer", "孙干事", w.county.Code)
	for i := range 3 {
		admin.must(http.MethodPost, "/v1/members", map[string]any{"fields": map[string]any{
			"name": "张小" + string('甲'+rune(i)), "idKind": "citizen_id", "idNumber": idNumber(i), "phone": fmt.Sprintf("1380013800%d", i), "address": "广东省广州市越秀区东风中路1号", "employer": "一厂",
		}}, nil)
	}

	// What is not below the caller is not there; what is asked for must be whole.
	for _, body := range []string{w.abroad.Code, w.province.Code, "nosuchbody"} {
		li.refused(http.MethodPost, ask, sight(body, "audit"), 404, "BODY_NOT_FOUND")
	}
	for field, value := range map[string]any{"minutes": 43201, "capability": "im.read", "purpose": "看", "purposeKind": "curiosity", "kind": "all", "role": "officer"} {
		bad := sight(w.county.Code, "audit")
		bad[field] = value
		code, _, raw := li.do(http.MethodPost, ask, bad, nil)
		if code != 400 || !strings.Contains(raw, `"`+field+`"`) {
			t.Errorf("%s %v: %d %s", field, value, code, raw)
		}
	}
	admin.refused(http.MethodPost, ask, sight(w.county.Code, "audit"), 404, "") // not on a body's host

	var made request
	li.must(http.MethodPost, ask, sight(w.county.Code, "audit"), &made)
	if made.State != "open" || made.BodyName != w.county.Name || made.AskerName != w.province.Name || made.Person != "李明" || !strings.HasPrefix(made.No, "JD") {
		t.Fatalf("%+v", made)
	}
	li.refused(http.MethodPost, ask, sight(w.county.Code, "relief"), 409, "SUPERVISION_OPEN")
	rows := ask + "/" + made.ID + "/members"
	li.refused(http.MethodGet, rows, nil, 409, "SUPERVISION_STATE")
	for _, path := range []string{ask + "/" + made.ID, rows} {
		stranger.refused(http.MethodGet, path, nil, 404, "SUPERVISION_NOT_FOUND")
	}
	stranger.refused(http.MethodPost, ask+"/"+made.ID+":end", map[string]any{}, 404, "SUPERVISION_NOT_FOUND")
	stranger.refused(http.MethodPost, ask, sight(w.county.Code, "audit"), 404, "BODY_NOT_FOUND")

	// The body decides, by its administrator.
	officer.refused(http.MethodGet, inbox, nil, 403, "FORBIDDEN")
	officer.refused(http.MethodPost, inbox+"/"+made.ID+":decide", map[string]any{"approve": true}, 403, "FORBIDDEN")
	var list requests
	admin.must(http.MethodGet, inbox+"?state=open", nil, &list)
	if len(list.Requests) != 1 || list.Requests[0].ID != made.ID || list.Open != "1" {
		t.Errorf("%+v", list)
	}
	admin.refused(http.MethodPost, inbox+"/"+made.ID+":decide", map[string]any{"approve": false}, 400, "INVALID_ARGUMENT")
	admin.refused(http.MethodPost, inbox+"/"+made.ID+":decide", map[string]any{"approve": true, "minutes": 2000}, 400, "INVALID_ARGUMENT")
	var decided request
	admin.must(http.MethodPost, inbox+"/"+made.ID+":decide", map[string]any{"approve": true, "minutes": 60}, &decided)
	if decided.State != "running" || decided.DecidedBy != "王主席" {
		t.Errorf("%+v", decided)
	}
	admin.refused(http.MethodPost, inbox+"/"+made.ID+":decide", map[string]any{"approve": true}, 409, "SUPERVISION_STATE")
	if n := w.rows(t, `platform."grant" where request_id = $1 and level = 'masked' and scope = 'body' and anchor_id = $2 and valid_to between now() + interval '59 minutes' and now() + interval '61 minutes'`, made.ID, w.county.ID); n != 1 {
		t.Errorf("%d grants", n)
	}

	// The rows come masked, marked, and leave a trace with both.
	var page struct {
		Members []struct {
			Fields struct{ Name, IDNumber, Phone, Address, Birth string }
		}
		NextPageToken, Total string
		Watermark            struct{ Viewer, BodyName, RequestNo string }
	}
	_, _, raw := li.do(http.MethodGet, rows+"?pageSize=2", nil, &page)
	if len(page.Members) != 2 || page.NextPageToken == "" || page.Total != "3" || page.Watermark.Viewer != "李明" || page.Watermark.BodyName != w.province.Name || page.Watermark.RequestNo != made.No {
		t.Errorf("%s", raw)
	}
	for _, m := range page.Members {
		f := m.Fields
		if !strings.HasPrefix(f.Name, "张*") || strings.Contains(f.Name, "小") || !strings.HasPrefix(f.IDNumber, "440****") || f.Phone[3:7] != "****" || f.Address != "广东省广州市越秀区****" || f.Birth != "1990-**-**" {
			t.Errorf("%+v", f)
		}
	}
	li.must(http.MethodGet, rows+"?pageSize=2&pageToken="+page.NextPageToken, nil, &page)
	if n := w.rows(t, w.table(w.county, "audit_log")+" where act = 'member.supervised' and object_id = $1 and who = $2", made.ID, "李明（"+w.province.Name+"）"); n != 2 {
		t.Errorf("%d rows in the county's log", n)
	}
	for _, log := range []string{w.table(w.province, "audit_log"), "platform.audit_log"} {
		if n := w.rows(t, log+" where act = 'supervise.read' and object_id = $1 and who = '李明'", made.ID); n != 2 {
			t.Errorf("%d rows in %s", n, log)
		}
	}
	var seen struct {
		Accesses []struct {
			Kind, Person, AskerName, RequestNo, Source string
			Rows                                       int
		}
	}
	admin.must(http.MethodGet, "/v1/supervision/accesses", nil, &seen)
	if len(seen.Accesses) != 2 || seen.Accesses[1].Rows != 2 || seen.Accesses[0].Rows != 1 || seen.Accesses[0].Person != "李明" || seen.Accesses[0].RequestNo != made.No || seen.Accesses[0].Source != "127.0.0.1" {
		t.Errorf("%+v", seen)
	}
	officer.refused(http.MethodGet, "/v1/supervision/accesses", nil, 403, "")

	// It ends when the body says so, and when its time is over.
	admin.must(http.MethodPost, inbox+"/"+made.ID+":end", map[string]any{"reason": "核查已完成"}, &decided)
	if decided.State != "ended" || decided.EndedBy != "王主席" || decided.Reason != "核查已完成" {
		t.Errorf("%+v", decided)
	}
	li.refused(http.MethodGet, rows, nil, 403, "SUPERVISION_OVER")
	admin.refused(http.MethodPost, inbox+"/"+made.ID+":end", map[string]any{}, 409, "SUPERVISION_STATE")
	li.must(http.MethodPost, ask, sight(w.county.Code, "audit"), &made)
	admin.must(http.MethodPost, inbox+"/"+made.ID+":decide", map[string]any{"approve": true}, nil)
	li.must(http.MethodGet, ask+"/"+made.ID+"/members", nil, nil)
	w.sql(t, `update platform."grant" set valid_from = now() - interval '2 hours', valid_to = now() - interval '1 second' where request_id = $1`, made.ID)
	li.refused(http.MethodGet, ask+"/"+made.ID+"/members", nil, 403, "SUPERVISION_OVER")
	li.must(http.MethodGet, ask+"/"+made.ID, nil, &made)
	if made.State != "past" || made.Accesses != "1" {
		t.Errorf("%+v", made)
	}

	// A body that was moved away is out of sight.
	li.must(http.MethodPost, ask, sight(w.county.Code, "audit"), &made)
	admin.must(http.MethodPost, inbox+"/"+made.ID+":decide", map[string]any{"approve": true}, nil)
	w.sql(t, "update platform.closure set ancestor_id = $1 where ancestor_id = $2 and descendant_id = $3", w.abroad.ID, w.province.ID, w.county.ID)
	li.refused(http.MethodGet, ask+"/"+made.ID+"/members", nil, 404, "BODY_NOT_FOUND")
	li.refused(http.MethodPost, ask, sight(w.county.Code, "relief"), 404, "BODY_NOT_FOUND")
	w.sql(t, "update platform.closure set ancestor_id = $2 where ancestor_id = $1 and descendant_id = $3", w.abroad.ID, w.province.ID, w.county.ID)
	li.must(http.MethodPost, ask+"/"+made.ID+":end", map[string]any{}, nil)

	// Refused, taken back, lapsed: nothing is to be seen.
	li.must(http.MethodPost, ask, sight(w.county.Code, "audit"), &made)
	admin.must(http.MethodPost, inbox+"/"+made.ID+":decide", map[string]any{"approve": false, "reason": "目的不明确"}, &made)
	if made.State != "refused" || made.Reason != "目的不明确" {
		t.Errorf("%+v", made)
	}
	li.refused(http.MethodGet, ask+"/"+made.ID+"/members", nil, 409, "SUPERVISION_STATE")
	li.must(http.MethodPost, ask, sight(w.county.Code, "audit"), &made)
	li.must(http.MethodPost, ask+"/"+made.ID+":end", map[string]any{}, &made)
	if made.State != "withdrawn" {
		t.Errorf("%+v", made)
	}
	admin.refused(http.MethodPost, inbox+"/"+made.ID+":decide", map[string]any{"approve": true}, 409, "SUPERVISION_STATE")
	li.must(http.MethodPost, ask, sight(w.county.Code, "audit"), &made)
	w.sql(t, "update platform.supervise_request set created_at = now() - interval '15 days' where id = $1", made.ID)
	admin.refused(http.MethodPost, inbox+"/"+made.ID+":decide", map[string]any{"approve": true}, 409, "SUPERVISION_STATE")

	// Who asked has left meanwhile.
	leaving := w.person(t, w.province, "supervisor", "将离", "hq")
	leaving.must(http.MethodPost, ask, sight(w.county.Code, "audit"), &made)
	w.sql(t, "update platform.identity i set valid_to = current_date - 1 from platform.supervise_request r where r.identity_id = i.id and r.id = $1", made.ID)
	admin.refused(http.MethodPost, inbox+"/"+made.ID+":decide", map[string]any{"approve": true}, 409, "SUPERVISION_VOID")

	// Pages.
	count, token := 0, ""
	for {
		admin.must(http.MethodGet, inbox+"?pageSize=2&pageToken="+token, nil, &list)
		count += len(list.Requests)
		if token = list.NextPageToken; token == "" {
			break
		}
	}
	if count != 7 {
		t.Errorf("%d requests on all pages", count)
	}
}

func TestRules(t *testing.T) {
	w := open(t)
	li := w.person(t, w.province, "officer", "李明", "hq")
	chair := w.person(t, w.province, "admin", "省管理员", w.province.Code)
	admin := w.person(t, w.county, "admin", "王主席", w.county.Code)
	officer := w.person(t, w.county, "officer", "孙干事", w.county.Code)
	rules := "/v1/supervision/rules"
	var own, above struct{ ID string }
	admin.must(http.MethodPost, rules, map[string]any{"purposeKind": "statistics", "maxDays": 1}, &own)
	admin.refused(http.MethodPost, rules, map[string]any{"purposeKind": "statistics", "maxDays": 3}, 409, "RULE_DUPLICATE")
	admin.refused(http.MethodPost, rules, map[string]any{"purposeKind": "", "maxDays": 31}, 400, "")
	officer.refused(http.MethodPost, rules, map[string]any{"maxDays": 3}, 403, "FORBIDDEN")
	chair.must(http.MethodPost, rules, map[string]any{"purposeKind": "audit", "maxDays": 7, "below": true}, &above)
	var list struct {
		Rules []struct {
			ID, BodyName string
			Own, Below   bool
		}
	}
	admin.must(http.MethodGet, rules, nil, &list)
	if len(list.Rules) != 2 || !list.Rules[0].Below || list.Rules[0].Own || list.Rules[0].BodyName != w.province.Name || !list.Rules[1].Own {
		t.Errorf("%+v", list)
	}
	admin.refused(http.MethodDelete, rules+"/"+above.ID, nil, 404, "RULE_NOT_FOUND")

	for _, tt := range []struct {
		purpose, state, by string
		minutes            int
	}{
		{"relief", "open", "", 60},
		{"statistics", "running", w.county.Name, 1440},
		{"statistics", "open", "", 1441},
		{"audit", "running", w.province.Name, 7 * 1440},
		{"audit", "open", "", 8 * 1440},
	} {
		q := sight(w.county.Code, tt.purpose)
		q["minutes"] = tt.minutes
		var made request
		li.must(http.MethodPost, ask, q, &made)
		if made.State != tt.state || made.ByRule != (tt.by != "") || made.DecidedBy != tt.by {
			t.Errorf("%s for %d minutes: %+v", tt.purpose, tt.minutes, made)
		}
		if tt.by != "" {
			li.must(http.MethodGet, ask+"/"+made.ID+"/members", nil, nil)
			if n := w.rows(t, w.table(w.county, "audit_log")+" where act = 'supervise.approve' and object_id = $1", made.ID); n != 1 {
				t.Errorf("%s: the county's log has %d rows of the approval", tt.purpose, n)
			}
		}
		li.must(http.MethodPost, ask+"/"+made.ID+":end", map[string]any{}, nil)
	}
	// Help is never by rule.
	var help request
	li.must(http.MethodPost, ask, map[string]any{"bodyCode": w.county.Code, "kind": "assist", "role": "officer", "purposeKind": "audit", "purpose": "协助整理名册", "minutes": 60}, &help)
	if help.State != "open" {
		t.Errorf("%+v", help)
	}
	admin.must(http.MethodDelete, rules+"/"+own.ID, nil, nil)
	var made request
	li.must(http.MethodPost, ask, sight(w.county.Code, "statistics"), &made)
	if made.State != "open" {
		t.Errorf("by a rule that is gone: %+v", made)
	}
}

func TestAssistance(t *testing.T) {
	w := open(t)
	li := w.person(t, w.province, "officer", "李明", "hq")
	home := w.person(t, w.province, "officer", "周同事", w.province.Code)
	admin := w.person(t, w.county, "admin", "王主席", w.county.Code)
	help := func() map[string]any {
		return map[string]any{"bodyCode": w.county.Code, "kind": "assist", "role": "officer", "purposeKind": "setup", "purpose": "协助整理名册", "minutes": 60}
	}
	for field, value := range map[string]any{"minutes": 481, "role": "admin", "capability": "member.read"} {
		bad := help()
		bad[field] = value
		if code, _, raw := li.do(http.MethodPost, ask, bad, nil); code != 400 || !strings.Contains(raw, `"`+field+`"`) {
			t.Errorf("%s: %d %s", field, code, raw)
		}
	}
	var made request
	li.must(http.MethodPost, ask, help(), &made)
	li.refused(http.MethodPost, ask+"/"+made.ID+":enter", map[string]any{}, 409, "SUPERVISION_STATE")
	li.refused(http.MethodGet, ask+"/"+made.ID+"/members", nil, 404, "SUPERVISION_NOT_FOUND")
	admin.must(http.MethodPost, inbox+"/"+made.ID+":decide", map[string]any{"approve": true}, nil)
	var way struct{ URL string }
	li.must(http.MethodPost, ask+"/"+made.ID+":enter", map[string]any{}, &way)
	helper := w.follow(t, way.URL)
	if helper.host != w.county.Code || helper.token == "" {
		t.Fatalf("the hand-off leads to %s, token %q", helper.host, helper.token)
	}
	if again := w.follow(t, way.URL); again.token != "" {
		t.Error("a hand-off is good twice")
	}

	// In the body that is helped the helper is an officer, by a name that says whose; nowhere else.
	var me struct {
		Name       string
		Place      struct{ Role, BodyCode string }
		Assistance struct{ BodyName, Until string }
	}
	marked := "李明（" + w.province.Name + " 远程协助）"
	helper.must(http.MethodGet, "/v1/me", nil, &me)
	if me.Name != marked || me.Place.Role != "officer" || me.Place.BodyCode != w.county.Code || me.Assistance.BodyName != w.province.Name || me.Assistance.Until == "" {
		t.Errorf("%+v", me)
	}
	var member struct {
		ID     string
		Fields struct{ Name, IDNumber string }
	}
	helper.must(http.MethodPost, "/v1/members", map[string]any{"fields": map[string]any{"name": "张小三", "idKind": "citizen_id", "idNumber": idNumber(100)}}, &member)
	if member.Fields.Name != "张小三" || !strings.Contains(member.Fields.IDNumber, "****") {
		t.Errorf("%+v", member)
	}
	if n := w.rows(t, w.table(w.county, "audit_log")+" where act = 'member.create' and object_id = $1 and who = $2", member.ID, marked); n != 1 {
		t.Errorf("%d rows of the helper's act", n)
	}
	var history struct{ Events []struct{ ByName string } }
	admin.must(http.MethodGet, "/v1/members/"+member.ID+"/events", nil, &history)
	if len(history.Events) != 1 || history.Events[0].ByName != marked {
		t.Errorf("%+v", history)
	}
	for _, path := range []string{"/v1/supervision/incoming", "/v1/invitations"} {
		helper.refused(http.MethodGet, path, nil, 403, "FORBIDDEN")
	}
	for _, host := range []string{w.province.Code, w.abroad.Code, "hq"} {
		elsewhere := *helper
		elsewhere.host = host
		elsewhere.refused(http.MethodGet, "/v1/me", nil, 404, "")
	}
	for _, log := range []string{w.table(w.county, "audit_log"), w.table(w.province, "audit_log"), "platform.audit_log"} {
		if n := w.rows(t, log+" where act = 'supervise.enter' and object_id = $1", made.ID); n != 1 {
			t.Errorf("%d rows of the entry in %s", n, log)
		}
	}

	// Ended by the body, the open session is over with the next call.
	admin.must(http.MethodPost, inbox+"/"+made.ID+":end", map[string]any{}, nil)
	within(t, time.Second, "the helper is out", func() bool { code, _, _ := helper.do(http.MethodGet, "/v1/me", nil, nil); return code == 401 })
	li.refused(http.MethodPost, ask+"/"+made.ID+":enter", map[string]any{}, 403, "SUPERVISION_OVER")

	// A hand-off that was not redeemed before the end opens nothing.
	again := func() (*client, request) {
		var r request
		li.must(http.MethodPost, ask, help(), &r)
		admin.must(http.MethodPost, inbox+"/"+r.ID+":decide", map[string]any{"approve": true}, nil)
		li.must(http.MethodPost, ask+"/"+r.ID+":enter", map[string]any{}, &way)
		return nil, r
	}
	_, second := again()
	admin.must(http.MethodPost, inbox+"/"+second.ID+":end", map[string]any{}, nil)
	if late := w.follow(t, way.URL); late.token != "" {
		t.Error("the hand-off of help that has ended opens a session")
	}

	// The helper leaves by himself; who is no helper has nothing to leave.
	_, third := again()
	helper = w.follow(t, way.URL)
	helper.must(http.MethodPost, "/v1/supervision/assistance:leave", map[string]any{}, nil)
	within(t, time.Second, "the helper is out", func() bool { code, _, _ := helper.do(http.MethodGet, "/v1/me", nil, nil); return code == 401 })
	li.must(http.MethodGet, ask+"/"+third.ID, nil, &third)
	if third.State != "ended" {
		t.Errorf("%+v", third)
	}
	home.refused(http.MethodPost, "/v1/supervision/assistance:leave", map[string]any{}, 404, "SUPERVISION_NOT_FOUND")

	// At its time the session ends by itself, however well it is remembered.
	again()
	helper = w.follow(t, way.URL)
	w.sql(t, "update platform.session set expires_at = now() + interval '700 milliseconds' where assist_body = $1", w.county.ID)
	within(t, 3*time.Second, "the session is over", func() bool { code, _, _ := helper.do(http.MethodGet, "/v1/me", nil, nil); return code == 401 })
}

// Who holds both ends cannot consent to what he asks for.
func TestNobodyConsentsToHimself(t *testing.T) {
	w := open(t)
	li := w.person(t, w.province, "supervisor", "李明", "hq")
	var made request
	li.must(http.MethodPost, ask, sight(w.county.Code, "audit"), &made)
	admin := w.person(t, w.county, "admin", "李明", w.county.Code)
	admin.refused(http.MethodPost, inbox+"/"+made.ID+":decide", map[string]any{"approve": true}, 403, "SUPERVISION_SELF")
}

// A retry of the same request is the same request.
func TestAskedOnce(t *testing.T) {
	w := open(t)
	li := w.person(t, w.province, "supervisor", "李明", "hq")
	code := func() string {
		req := sight(w.county.Code, "audit")
		rec := li.keyed("k1", http.MethodPost, ask, req)
		if rec.Code != http.StatusOK {
			t.Fatalf("%d %s", rec.Code, rec.Body)
		}
		return rec.Body.String()
	}
	if first, second := code(), code(); first != second {
		t.Errorf("%s, then %s", first, second)
	}
}

func (w *world) sql(t *testing.T, query string, args ...any) {
	t.Helper()
	err := w.DB.Platform(context.Background(), func(ctx context.Context, tx tenant.DBTX) error {
		_, err := tx.Exec(ctx, query, args...)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func within(t *testing.T, most time.Duration, what string, ok func() bool) {
	t.Helper()
	deadline, tick := time.After(most), time.NewTicker(20*time.Millisecond)
	defer tick.Stop()
	for !ok() {
		select {
		case <-deadline:
			t.Fatalf("%s: not within %s", what, most)
		case <-tick.C:
		}
	}
}
