package e2e_test

import (
	"context"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"gonghui/app/e2e/stack"
	"gonghui/app/kit/cnid"
	"gonghui/branding/hosts/nameserver"
	"gonghui/tenant/pgtest"
)

// The bodies of the journeys.
const (
	nation   = "000000"
	province = "440000"
	city     = "440100"
	county   = "440103"
	sibling  = "440104" // a county of the same city
	fuzzed   = "440105" // where the fuzzers do their damage
	kept     = "440106" // is put back from a backup
	watching = "440111" // works on meanwhile
	abroad   = "510000" // another province
	farCity  = "510100"
)

// run is one product for several tests.
type run struct {
	*stack.Stack
	people map[string]stack.Person // by "role@body"
	mu     sync.Mutex
	open   map[string]*stack.Client
}

// opened are the products to be taken down in the end.
var opened []*run

// begin starts a product on first use.
func begin(env ...string) func() (*run, error) {
	return sync.OnceValues(func() (*run, error) {
		s, err := stack.Open(env...)
		if err != nil {
			return nil, err
		}
		r := &run{Stack: s, people: map[string]stack.Person{}, open: map[string]*stack.Client{}}
		opened = append(opened, r)
		return r, nil
	})
}

// phones is where the shared product lets phones in.
var phones = stack.FreeAddress()

// shared is the product of all tests but those that kill it.
var shared = begin("GONGHUI_GRPC="+grpcAddr(), "GONGHUI_LAN="+phones, "GONGHUI_DNS="+dns.Address)

// dns is the name server that the product asks about domains.
var dns = func() *nameserver.Server {
	s, _, err := nameserver.Listen()
	if err != nil {
		panic(err)
	}
	return s
}()

var furnish sync.Once

// product returns the running product with its bodies ready and an account for each of the roles.
func product(t *testing.T) *run {
	t.Helper()
	r, err := shared()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("the server's last words:\n%s", r.Tail("serve.log", 30))
		}
	})
	furnish.Do(func() {
		r.MustRun(t, "seed", "divisions")
		r.Provision(t)
		r.Sign(t)
		bodies := []string{nation, province, city, county, sibling, fuzzed, kept, watching, abroad, farCity}
		r.MustRun(t, append([]string{"tenant", "activate"}, bodies...)...)
		r.Serve(t)
		for i, body := range bodies {
			for j, role := range []string{"admin", "officer", "supervisor", "member", "audit_admin"} {
				p := stack.Person{Body: body, Role: role, Name: fmt.Sprintf("%s某%s", role, body), Phone: fmt.Sprintf("137%04d%04d", i, j)}
				r.people[role+"@"+body] = p
				r.Enrol(t, p)
			}
		}
	})
	if r.Server() == 0 {
		t.Fatal("the product did not come up")
	}
	return r
}

// signedIn returns a client of the person with the role in the body: on the body's host, or for a supervisor on hq. The
// session is shared by all who ask.
func (r *run) signedIn(t *testing.T, role, body string) *stack.Client {
	t.Helper()
	r.mu.Lock()
	defer r.mu.Unlock()
	key := role + "@" + body
	if r.open[key] == nil {
		r.open[key] = r.freshly(t, role, body)
	}
	return r.open[key].As("")
}

// above returns a client of the administrator of a body on the supervision host.
func (r *run) above(t *testing.T, body string) *stack.Client {
	t.Helper()
	r.mu.Lock()
	defer r.mu.Unlock()
	key := "admin@" + body + " above"
	if r.open[key] == nil {
		r.open[key] = r.SignIn(t, "hq", r.people["admin@"+body].Phone, stack.Password)
	}
	return r.open[key].As("")
}

// freshly signs the person in anew, for tests that end the session.
func (r *run) freshly(t *testing.T, role, body string) *stack.Client {
	t.Helper()
	host := body
	if role == "supervisor" {
		host = "hq"
	}
	return r.SignIn(t, host, r.people[role+"@"+body].Phone, stack.Password)
}

func TestMain(m *testing.M) {
	code := m.Run()
	for _, r := range opened {
		// What the doors have recorded has the digests that belong to it.
		wrong, err := pgtest.Unstated(context.Background(), r.PGDSN)
		if err != nil {
			wrong = append(wrong, err.Error())
		}
		for _, w := range wrong {
			fmt.Fprintln(os.Stderr, "e2e: recorded wrongly:", w)
			code = max(code, 1)
		}
		r.Close()
	}
	stack.Clean()
	os.Exit(code)
}

// seed is new in every run and printed, so that a failure can be run again: GONGHUI_SEED=….
var seed = sync.OnceValue(func() uint64 {
	s := uint64(time.Now().UnixNano())
	if v := os.Getenv("GONGHUI_SEED"); v != "" {
		_, _ = fmt.Sscan(v, &s)
	}
	return s
})

func random(t *testing.T, stream uint64) *rand.Rand {
	t.Helper()
	t.Logf("GONGHUI_SEED=%d", seed())
	return rand.New(rand.NewPCG(seed(), stream))
}

var serial struct {
	sync.Mutex
	n int
}

// next is another number at each call.
func next() int {
	serial.Lock()
	defer serial.Unlock()
	serial.n++
	return serial.n
}

// idNumber returns an ID number that no other call returns.
func idNumber() string {
	n := next()
	born := time.Date(1960, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, n/900)
	head := fmt.Sprintf("440103%s%03d", born.Format("20060102"), 100+n%900)
	return head + string(cnid.CheckDigit(head))
}

// address is another one of the loopback network at each call: failures to sign in are counted by address.
func address() string {
	n := next()
	return fmt.Sprintf("127.1.%d.%d", n/250%250, 1+n%250)
}

// fields is a complete real-name file.
func fields(name string) map[string]any {
	return map[string]any{"name": name, "idKind": "citizen_id", "idNumber": idNumber(), "phone": fmt.Sprintf("136%08d", next()), "employer": "第一中学", "job": "教师"}
}

func token(n int) string {
	raw := make([]byte, n)
	for i := range raw {
		raw[i] = byte(rand.UintN(256))
	}
	return hex.EncodeToString(raw)
}

// short cuts what goes into a failure's text.
func short(s string) string {
	s = strings.ToValidUTF8(s, "·")
	if r := []rune(s); len(r) > 300 {
		return string(r[:300]) + "…"
	}
	return s
}
