package e2e_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"gonghui/app/e2e/stack"
)

// A hand-over moves what a post may do, and with it what waits to be done: the heir finds it and does it, the other no longer sees it.
func TestOpenToDosGoWithThePost(t *testing.T) {
	r := product(t)
	admin := r.signedIn(t, "admin", city)
	var dept, post, appointment struct{ ID string }
	admin.Must(t, http.MethodPost, "/v1/depts", map[string]any{"name": fmt.Sprintf("督查科%d", next())}, &dept)
	admin.Must(t, http.MethodPost, "/v1/posts", map[string]any{"deptId": dept.ID, "name": "督查专员", "headcount": 1}, &post)
	admin.Must(t, http.MethodPost, "/v1/access/grants", map[string]any{
		"subject": map[string]any{"kind": "post", "id": post.ID}, "capability": "supervise.decide", "scope": map[string]any{"kind": "body"},
	}, nil)
	officer := func(name string) (id string, c *stack.Client) {
		var made struct{ ID string }
		var invited struct{ URL string }
		admin.Must(t, http.MethodPost, "/v1/officers", map[string]any{"name": name, "phone": fmt.Sprintf("135%08d", next())}, &made)
		admin.Must(t, http.MethodPost, "/v1/officers/"+made.ID+":invite", map[string]any{"role": "officer"}, &invited)
		c = r.visitor(city)
		c.Must(t, http.MethodPost, "/v1/invitations:accept", map[string]any{
			"token": invited.URL[strings.LastIndexAny(invited.URL, "#=/")+1:], "password": stack.Password,
		}, nil)
		return made.ID, c
	}
	first, before := officer("前任督查")
	second, after := officer("接任督查")
	admin.Must(t, http.MethodPost, "/v1/appointments", map[string]any{"officerId": first, "postId": post.ID, "startOn": "2026-01-01"}, &appointment)

	purpose := fmt.Sprintf("交接之前提出的核查%d", next())
	r.signedIn(t, "supervisor", province).Must(t, http.MethodPost, "/v1/supervision/requests", map[string]any{
		"bodyCode": city, "kind": "details", "capability": "member.read", "purposeKind": "audit", "purpose": purpose, "minutes": 60,
	}, nil)
	type asked struct{ ID, Purpose, State string }
	waiting := func(c *stack.Client) (code int, found *asked) {
		var list struct{ Requests []asked }
		code = c.Call(t, http.MethodGet, "/v1/supervision/incoming?state=open", nil, &list)
		for i := range list.Requests {
			if list.Requests[i].Purpose == purpose {
				found = &list.Requests[i]
			}
		}
		return code, found
	}
	sees := func(what string, c *stack.Client, yes bool) {
		t.Helper()
		stack.Eventually(t, 5*time.Second, what, func() bool {
			code, found := waiting(c)
			if yes {
				return code == http.StatusOK && found != nil
			}
			return code == http.StatusForbidden && found == nil
		})
	}
	sees("the holder of the post has the request to decide", before, true)
	sees("a colleague has not", after, false)

	today := time.Now().In(time.FixedZone("", 8*3600)).Format(time.DateOnly)
	admin.Must(t, http.MethodPost, "/v1/appointments/"+appointment.ID+":handOver", map[string]any{"officerId": second, "on": today}, nil)
	sees("the heir has it", after, true)
	sees("the one before has it no more", before, false)
	_, found := waiting(after)
	if code := before.Call(t, http.MethodPost, "/v1/supervision/incoming/"+found.ID+":decide", map[string]any{"approve": true}, nil); code != http.StatusForbidden {
		t.Errorf("the one before decides: %d", code)
	}
	after.Must(t, http.MethodPost, "/v1/supervision/incoming/"+found.ID+":decide", map[string]any{"reason": "改期再查"}, nil)
	if _, still := waiting(after); still != nil {
		t.Error("decided, and still to be done")
	}
}
