package all_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	kerrors "github.com/go-kratos/kratos/v2/errors"
	"github.com/redis/go-redis/v9"

	"gonghui/app/identity"
	"gonghui/app/server"
	"gonghui/tenant"
	"gonghui/tenant/directory"
	"gonghui/tenant/pgtest"
)

func TestMain(m *testing.M) { pgtest.Main(m) }

// roles are the built-in ones, in the order of the letters of the table; nobody has no session.
var roles = []string{"nobody", "member", "officer", "admin", "supervisor", "system_admin", "security_admin", "audit_admin"}

// hosts are how the host of a call is related to the body in which the caller has the role.
var hosts = []string{"own", "child", "parent", "nation", "sibling", "foreign", "hq"}

// Widths of the table's columns.
const (
	doorWidth       = 72
	capabilityWidth = 24
	columnWidth     = 9
)

const (
	matrixFile = "testdata/matrix.txt"
	matrixHead = `# Who passes which door on which host: every RPC and route × every built-in role × the relation of the host to the caller's body.
#
# A column a relation: the own body, a child of it, its parent, the nation, a sibling, a body of another line, the supervision host.
# A sign a role, in this order: %s
#   +  admitted   1  401, no session   3  403, no right   4  404, nothing there
# Sessions are those of sign-in: one of the own host, which is shown elsewhere too; on hq one of hq, but for members, who get none.
#
# Written anew by GONGHUI_MATRIX=write go test ./app/all -run TestMatrix; every changed line is a decision about rights.
`
)

// matrix is a product with a body on every place around one, and sessions of every role in that one.
type matrix struct {
	*server.Server
	labels map[string]string // of hosts, by relation
	home   map[string]string // token of the session on the own host, by role
	hq     map[string]string // token of the session on the supervision host, by role
}

func furnish(t *testing.T) *matrix {
	env := pgtest.Open(t)
	nation := env.Registered(t)
	province, abroad := env.RegisteredUnder(t, nation), env.RegisteredUnder(t, nation)
	own, sibling := env.RegisteredUnder(t, province), env.RegisteredUnder(t, province)
	child, foreign := env.RegisteredUnder(t, own), env.RegisteredUnder(t, abroad)
	m := &matrix{
		labels: map[string]string{"own": own.Code, "child": child.Code, "parent": province.Code, "nation": nation.Code, "sibling": sibling.Code, "foreign": foreign.Code, "hq": "hq"},
		home:   map[string]string{}, hq: map[string]string{},
	}
	err := env.DB.Platform(context.Background(), func(ctx context.Context, tx tenant.DBTX) error {
		for _, b := range []*pgtest.Body{nation, province, abroad, own, sibling, child, foreign} {
			if _, err := tx.Exec(ctx, "insert into platform.tenant_module (body_id, module, state) select $1, unnest($2::varchar[]), 'on'", b.ID, env.Modules()); err != nil {
				return err
			}
		}
		for i, role := range roles[1:] {
			phone := fmt.Sprintf("1390000%04d", i)
			if err := identity.Enrol(ctx, tx, env.Keys, identity.Enrolment{Name: role, Phone: phone, PasswordHash: "none", Body: own.ID, Role: role}); err != nil {
				return err
			}
			for kind, tokens := range map[bool]map[string]string{false: m.home, true: m.hq} {
				if kind && role == "member" {
					tokens[role] = m.home[role] // has no place there, and comes with what it has
					continue
				}
				// It has the length of a session's token: by that one is told from an application's.
				name := sha256.Sum256(fmt.Appendf(nil, "a session of %s, supervision %t", role, kind))
				token := base64.RawURLEncoding.EncodeToString(name[:])
				sum := sha256.Sum256([]byte(token))
				_, err := tx.Exec(ctx, `insert into platform.session (id, token_digest, account_id, identity_id, supervision, host, source, device, expires_at)
					select $1, $2, a.id, i.id, $3, '', '', '', now() + interval '1 hour' from platform.person p
					join platform.account a on a.person_id = p.id join platform.identity i on i.person_id = p.id where p.phone_digest = $4`,
					tenant.NewID(), sum[:], kind, env.Keys.Digest("phone", phone))
				if err != nil {
					return err
				}
				tokens[role] = token
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	m.hq["member"] = m.home["member"]
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	m.Server, err = server.New(server.Config{Base: "gonghui.test", Listener: l, Demo: true}, env.DB, env.Keys, redis.NewClient(&redis.Options{}),
		directory.LookupOf(env.DB), os.DirFS(t.TempDir()), slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// signs are what a door says, by status.
var signs = map[int]string{http.StatusUnauthorized: "1", http.StatusForbidden: "3", http.StatusNotFound: "4"}

// line asks one door on behalf of everybody, everywhere.
func (m *matrix) line(t *testing.T, r server.Route) string {
	var out strings.Builder
	for _, host := range hosts {
		out.WriteString(" ")
		for _, role := range roles {
			token := m.home[role]
			if host == "hq" {
				token = m.hq[role]
			}
			err := m.Admit(context.Background(), m.labels[host]+".gonghui.test", token, r.Operation)
			switch sign := signs[int(kerrors.Code(err))]; {
			case err == nil:
				out.WriteString("+")
			case sign == "":
				t.Fatalf("%s, %s on %s: %v", r.Operation, role, host, err)
			default:
				out.WriteString(sign)
			}
		}
		out.WriteString(strings.Repeat(" ", columnWidth-len(roles)))
	}
	return strings.TrimRight(out.String(), " ")
}

// Who passes which door where is written down: a door, a role or a right that changes shows as a line that differs.
func TestMatrix(t *testing.T) {
	m := furnish(t)
	var got bytes.Buffer
	fmt.Fprintf(&got, matrixHead, strings.Join(roles, ", "))
	fmt.Fprintf(&got, "\n%-*s %-*s", doorWidth, "#", capabilityWidth, "capability")
	for _, h := range hosts {
		fmt.Fprintf(&got, " %-*s", columnWidth, h)
	}
	got.WriteString("\n")
	begin, asked := time.Now(), 0
	for _, r := range m.Routes() {
		fmt.Fprintf(&got, "%-*s %-*s%s\n", doorWidth, r.Operation, capabilityWidth, r.Capability, m.line(t, r))
		asked += len(roles) * len(hosts)
	}
	t.Logf("%d questions in %s", asked, time.Since(begin))
	if os.Getenv("GONGHUI_MATRIX") == "write" {
		if err := os.WriteFile(matrixFile, got.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	raw, err := os.ReadFile(matrixFile)
	if err != nil {
		t.Fatal(err)
	}
	want, have := doorsOf(raw), doorsOf(got.Bytes())
	for door, line := range have {
		switch want[door] {
		case line:
		case "":
			t.Errorf("%s is not in %s: who may pass it?\n  is   %s", door, matrixFile, line)
		default:
			t.Errorf("%s\n  want %s\n  is   %s", door, want[door], line)
		}
	}
	for door := range want {
		if have[door] == "" {
			t.Errorf("%s is in %s but does not exist", door, matrixFile)
		}
	}
}

// doorsOf reads the lines of a table by door.
func doorsOf(raw []byte) map[string]string {
	doors := map[string]string{}
	for line := range strings.Lines(string(raw)) {
		line = strings.TrimRight(line, "\n")
		if strings.HasPrefix(line, "#") || len(line) < doorWidth {
			continue
		}
		door := strings.TrimSpace(line[:doorWidth])
		doors[door] = line[doorWidth:]
	}
	return doors
}
