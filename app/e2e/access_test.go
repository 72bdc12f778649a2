package e2e_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"syscall"
	"testing"
	"time"

	"gonghui/app/e2e/stack"
	"gonghui/deploy/local"
)

// node is a serving process beside the first one.
type node struct{ addr string }

// another starts a second serving process of the same product.
func (r *run) another(t *testing.T) node {
	t.Helper()
	port, err := local.FreePort(0)
	if err != nil {
		t.Fatal(err)
	}
	n := node{fmt.Sprintf("127.0.0.1:%d", port)}
	cmd := r.Command([]string{"GONGHUI_LISTEN=" + n.addr, "GONGHUI_GRPC=", "GONGHUI_LAN="}, "serve")
	var words bytes.Buffer
	cmd.Stderr = &words
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Signal(syscall.SIGTERM)
		_ = cmd.Wait()
		if t.Failed() {
			t.Logf("the second process: %s", words.String())
		}
	})
	stack.Eventually(t, 30*time.Second, "the second process", func() bool {
		resp, err := http.Get("http://" + n.addr + "/readyz")
		if err != nil {
			return false
		}
		resp.Body.Close()
		return resp.StatusCode == http.StatusOK
	})
	return n
}

// status is what the node answers the visitor, in the session that he has open.
func (n node) status(t *testing.T, c *stack.Client, method, path string) int {
	t.Helper()
	req, err := http.NewRequest(method, "http://"+n.addr+path, bytes.NewReader(nil))
	if err != nil {
		t.Fatal(err)
	}
	resp, _, err := c.Send(req)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode
}

// TestRightsChangeOnEveryNode gives and takes rights on one node and asks two for them, in a session that stays open.
func TestRightsChangeOnEveryNode(t *testing.T) {
	r := product(t)
	first, second := node{r.Addr}, r.another(t)
	admin := r.signedIn(t, "admin", county)
	person := stack.Person{Body: county, Role: "officer", Name: "权限某", Phone: fmt.Sprintf("135%08d", next())}
	r.Enrol(t, person)
	officer := r.SignIn(t, county, person.Phone, stack.Password)
	var me struct {
		Place        struct{ IdentityID string }
		Capabilities []string
	}
	officer.Must(t, http.MethodGet, "/v1/me", nil, &me)
	const path = "/v1/access/groups"
	inForce := func(what string, want int) {
		t.Helper()
		begin := time.Now()
		for _, n := range []node{first, second} {
			stack.Eventually(t, 5*time.Second-time.Since(begin), what, func() bool { return n.status(t, officer, http.MethodGet, path) == want })
		}
		t.Logf("%s: on both nodes after %s", what, time.Since(begin).Round(time.Millisecond))
	}
	inForce("before", http.StatusForbidden)

	type object = map[string]any
	grant := func(what object) string {
		t.Helper()
		in := object{"subject": object{"kind": "identity", "id": me.Place.IdentityID}, "scope": object{"kind": "body"}}
		for k, v := range what {
			in[k] = v
		}
		var made struct{ ID string }
		admin.Must(t, http.MethodPost, "/v1/access/grants", in, &made)
		return made.ID
	}
	end := func(id string) {
		t.Helper()
		admin.Must(t, http.MethodPost, "/v1/access/grants/"+id+":end", object{"reason": "试毕"}, nil)
	}
	id := grant(object{"capability": "access.read"})
	inForce("a grant", http.StatusOK)
	end(id)
	inForce("its end", http.StatusForbidden)

	var role struct {
		ID      string
		Version int
	}
	admin.Must(t, http.MethodPost, "/v1/access/roles", object{"code": fmt.Sprintf("r%d", next()), "titleZh": "核对员", "capabilities": []object{{"capability": "member.export"}}}, &role)
	id = grant(object{"roleId": role.ID})
	inForce("a role without the capability", http.StatusForbidden)
	admin.Must(t, http.MethodPut, "/v1/access/roles/"+role.ID, object{
		"titleZh": "核对员", "version": role.Version, "capabilities": []object{{"capability": "access.read"}},
	}, &role)
	inForce("the capability in the role", http.StatusOK)
	deny := grant(object{"capability": "access.read", "effect": "deny"})
	inForce("a deny", http.StatusForbidden)
	end(deny)
	inForce("the end of the deny", http.StatusOK)
	officer.Must(t, http.MethodGet, "/v1/me", nil, &me)
	if raw, _ := json.Marshal(me.Capabilities); !bytes.Contains(raw, []byte(`"access.read"`)) {
		t.Errorf("what the console draws itself from: %s", raw)
	}
	end(id)
	inForce("the end", http.StatusForbidden)

	short := time.Now().Add(1500 * time.Millisecond).UTC().Format(time.RFC3339Nano)
	grant(object{"capability": "access.read", "validTo": short})
	inForce("a grant for a moment", http.StatusOK)
	inForce("it has run out", http.StatusForbidden)
}
