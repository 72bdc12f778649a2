package e2e_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"gonghui/app/e2e/stack"
)

// card is what the phone gets to make codes from.
type card struct {
	Name, MemberNo, Head, Secret, Now string
}

// code is what the phone shows, some time ago.
func (c card) code(t *testing.T, ago time.Duration) string {
	t.Helper()
	secret, err := base64.RawURLEncoding.DecodeString(c.Secret)
	if err != nil {
		t.Fatal(err)
	}
	text := c.Head + "." + strconv.FormatInt(time.Now().Add(-ago).Unix()/30, 10)
	mac := hmac.New(sha256.New, secret)
	mac.Write([]byte(text))
	return text + "." + base64.RawURLEncoding.EncodeToString(mac.Sum(nil)[:12])
}

type verdict struct {
	Outcome, BodyName, Name, MemberNo string
	Own                               bool
}

func verify(t *testing.T, c *stack.Client, code string) (v verdict) {
	t.Helper()
	c.Must(t, "POST", "/v1/cards:verify", map[string]string{"code": code}, &v)
	return v
}

// A member comes in by the officer's link, shows the card, asks for a change, and is shut out when the membership ends.
func TestMemberByInvitation(t *testing.T) {
	r := product(t)
	officer := r.signedIn(t, "officer", county)
	f := fields("周小满")
	phone := f["phone"].(string)
	var made struct{ ID, MemberNo string }
	officer.Must(t, "POST", "/v1/members", map[string]any{"fields": f}, &made)
	var invited struct{ URL string }
	officer.Must(t, "POST", "/v1/members/"+made.ID+":invite", map[string]any{}, &invited)
	link, err := url.Parse(invited.URL)
	if err != nil || link.Path != "/join" {
		t.Fatalf("the link is %q, %v", invited.URL, err)
	}
	token := link.Query().Get("token")

	member := r.visitor(county)
	var shown struct{ BodyName, Name, Phone, Role string }
	member.Must(t, "POST", "/v1/invitations:open", map[string]string{"token": token}, &shown)
	if shown.Role != "member" || shown.Name == "周小满" || shown.Phone == phone || shown.BodyName == "" {
		t.Errorf("the link shows %+v", shown)
	}
	code := r.code(t, member, map[string]any{"purpose": "invitation", "token": token}, phone)
	member.Must(t, "POST", "/v1/invitations:accept", map[string]string{"token": token, "code": code}, nil)

	var own struct{ MemberNo string }
	member.Must(t, "GET", "/v1/own/member", nil, &own)
	if own.MemberNo != made.MemberNo {
		t.Errorf("the member sees the file %q, not %q", own.MemberNo, made.MemberNo)
	}
	var mine card
	member.Must(t, "GET", "/v1/own/card", nil, &mine)
	abroadOfficer := r.signedIn(t, "officer", abroad)
	if v := verify(t, officer, mine.code(t, 0)); v.Outcome != "valid" || v.Name != "周小满" || !v.Own {
		t.Errorf("the own officer is told %+v", v)
	}
	stack.Eventually(t, 5*time.Second, "the registry knows the member", func() bool {
		return verify(t, abroadOfficer, mine.code(t, 0)).Outcome == "valid"
	})
	if v := verify(t, abroadOfficer, mine.code(t, 0)); v.Name != "" || v.MemberNo != "" || v.Own {
		t.Errorf("an officer elsewhere is told %+v", v)
	}
	if v := verify(t, officer, mine.code(t, 2*time.Minute)); v.Outcome != "expired" {
		t.Errorf("an old code is %+v", v)
	}

	f["employer"], f["idNumber"] = "第二中学", ""
	var request struct{ ID string }
	member.Must(t, "POST", "/v1/own/requests", map[string]any{"fields": f, "note": "调动"}, &request)
	officer.Must(t, "POST", "/v1/requests/"+request.ID+":decide", map[string]any{"approve": true}, nil)
	var file struct{ Fields struct{ Employer string } }
	member.Must(t, "GET", "/v1/own/member", nil, &file)
	if file.Fields.Employer != "第二中学" {
		t.Errorf("after the change the employer is %q", file.Fields.Employer)
	}
	var all struct {
		Member struct {
			Fields struct{ IDNumber, Phone string }
		}
		Requests []any
		Events   []any
		Account  struct{ Phone string }
	}
	member.Must(t, "GET", "/v1/own/export", nil, &all)
	if all.Member.Fields.Phone != phone || len(all.Requests) != 1 || len(all.Events) != 2 || all.Account.Phone != phone {
		t.Errorf("the own data are %+v", all)
	}

	officer.Must(t, "POST", "/v1/members/"+made.ID+":end", map[string]string{"state": "withdrawn"}, nil)
	stack.Eventually(t, 10*time.Second, "the member is signed out", func() bool {
		return member.Call(t, "GET", "/v1/own/card", nil, nil) == http.StatusUnauthorized
	})
	if v := verify(t, officer, mine.code(t, 0)); v.Outcome != "ended" {
		t.Errorf("the card of who left is %+v", v)
	}
}

// Who is on the roll comes in by the own phone, name and ID number; with anything else nobody does.
func TestMemberClaimsTheFile(t *testing.T) {
	r := product(t)
	officer := r.signedIn(t, "officer", county)
	f := fields("吴春生")
	phone := f["phone"].(string)
	officer.Must(t, "POST", "/v1/members", map[string]any{"fields": f}, nil)
	other := fields("郑立夏")
	officer.Must(t, "POST", "/v1/members", map[string]any{"fields": other}, nil)

	c := r.visitor(county)
	code := r.code(t, c, map[string]any{"purpose": "sign_in", "phone": phone}, phone)
	var in struct{ PhoneToken string }
	c.Must(t, "POST", "/v1/session:signInWithCode", map[string]string{"phone": phone, "code": code}, &in)
	if in.PhoneToken == "" {
		t.Fatal("a phone without a place got no proof")
	}
	proof := in.PhoneToken
	claim := func(proof, name string, number any) int {
		return c.Call(t, "POST", "/v1/own/member:claim", map[string]any{"phoneToken": proof, "name": name, "idKind": "citizen_id", "idNumber": number}, nil)
	}
	for what, status := range map[string]int{
		"another name":        claim(proof, "吴春", f["idNumber"]),
		"another's file":      claim(proof, "郑立夏", other["idNumber"]),
		"nobody's file":       claim(proof, "吴春生", idNumber()),
		"the city's own file": c.As(city).Call(t, "POST", "/v1/own/member:claim", map[string]any{"phoneToken": proof, "name": "吴春生", "idKind": "citizen_id", "idNumber": f["idNumber"]}, nil),
	} {
		if status != http.StatusForbidden && status != http.StatusBadRequest {
			t.Errorf("%s: %d", what, status)
		}
	}
	if status := claim(proof, "吴春生", f["idNumber"]); status != http.StatusOK {
		t.Fatalf("the own file: %d", status)
	}
	var own struct{ Fields struct{ Name string } }
	c.Must(t, "GET", "/v1/own/member", nil, &own)
	if own.Fields.Name != "吴春生" {
		t.Errorf("the file is %q's", own.Fields.Name)
	}
	if status := claim(proof, "吴春生", f["idNumber"]); status == http.StatusOK {
		t.Error("a proof was good twice")
	}
}

// Who is on the roll without a phone asks for the file, is told by text message, and comes in once an officer has agreed.
func TestMemberAsksForTheFile(t *testing.T) {
	r := product(t)
	officer := r.signedIn(t, "officer", county)
	f := fields("何谷雨")
	phone := f["phone"].(string)
	f["phone"] = ""
	officer.Must(t, "POST", "/v1/members", map[string]any{"fields": f}, nil)

	c := r.visitor(county)
	prove := func() map[string]any {
		t.Helper()
		var in struct{ PhoneToken string }
		code := r.code(t, c, map[string]any{"purpose": "sign_in", "phone": phone}, phone)
		c.Must(t, "POST", "/v1/session:signInWithCode", map[string]string{"phone": phone, "code": code}, &in)
		return map[string]any{"phoneToken": in.PhoneToken, "name": "何谷雨", "idKind": "citizen_id", "idNumber": f["idNumber"]}
	}
	claim := prove()
	if f := refused(t, c, "POST", "/v1/own/member:claim", claim); f.Reason != "CLAIM_PENDING" {
		t.Fatalf("a file without a phone: %+v", f)
	}
	var waiting struct {
		Requests []struct {
			ID, MemberName string
			Claim          bool
			Changes        []struct{ Field, After string }
		}
	}
	find := func() string {
		t.Helper()
		officer.Must(t, "GET", "/v1/requests?pageSize=200", nil, &waiting)
		for _, w := range waiting.Requests {
			if w.Claim && w.MemberName == "何谷雨" && w.Changes[0].Field == "phone" && strings.HasSuffix(w.Changes[0].After, phone[7:]) {
				if w.Changes[0].After == phone {
					t.Error("the phone is not masked")
				}
				return w.ID
			}
		}
		t.Fatalf("the officer does not see the claim: %+v", waiting)
		return ""
	}
	id := find()
	officer.Must(t, "POST", "/v1/requests/"+id+":decide", map[string]any{"reason": "请先到工会核对"}, nil)
	told := func(template string) {
		t.Helper()
		stack.Eventually(t, 10*time.Second, "a message "+template, func() bool {
			var box struct {
				Messages []struct{ Phone, Template string }
			}
			r.visitor(county).Must(t, "GET", "/v1/dev/messages", nil, &box)
			return slices.ContainsFunc(box.Messages, func(m struct{ Phone, Template string }) bool { return m.Phone == phone && m.Template == template })
		})
	}
	told("claim_refused")
	if f := refused(t, c, "POST", "/v1/own/member:claim", claim); f.Reason != "CLAIM_DECLINED" || f.Metadata["reason"] != "请先到工会核对" {
		t.Errorf("after the refusal: %+v", f)
	}
	claim["again"] = true
	if f := refused(t, c, "POST", "/v1/own/member:claim", claim); f.Reason != "CLAIM_PENDING" {
		t.Errorf("claimed again: %+v", f)
	}
	officer.Must(t, "POST", "/v1/requests/"+find()+":decide", map[string]any{"approve": true}, nil)
	told("claim_approved")
	delete(claim, "again")
	c.Must(t, "POST", "/v1/own/member:claim", claim, nil)
	var own struct{ Fields struct{ Name string } }
	c.Must(t, "GET", "/v1/own/member", nil, &own)
	if own.Fields.Name != "何谷雨" {
		t.Errorf("the file is %q's", own.Fields.Name)
	}
}
