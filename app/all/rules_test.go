package all_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io/fs"
	"log/slog"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/redis/go-redis/v9"

	_ "gonghui/app/all"
	"gonghui/app/kit/crypt"
	"gonghui/app/module"
	"gonghui/app/server"
	"gonghui/tenant"
	"gonghui/tenant/access"
	"gonghui/tenant/migrate"
)

// layers says who may import whom: a package imports only from layers before its own, and inside its own only itself.
var layers = []struct {
	name    string
	matches func(pkg string) bool
	own     bool // packages of the layer may import each other
}{
	{"kit", prefix("gonghui/app/kit/"), true},
	{"files", prefix("gonghui/media/object"), true},
	{"generated api", regexp.MustCompile(`/v1$`).MatchString, true},
	{"masks", prefix("gonghui/app/module/mask"), true},
	{"tenant", func(p string) bool { return p == "gonghui/tenant" || p == "gonghui/tenant/migrations" }, true},
	{"module contract", func(p string) bool { return p == "gonghui/app/module" }, false},
	{"kernel", prefix("gonghui/tenant/"), true},
	{"modules", func(p string) bool {
		return !composition(p) && (strings.HasPrefix(p, "gonghui/app/") || strings.HasPrefix(p, "gonghui/branding") ||
			strings.HasPrefix(p, "gonghui/builder") || strings.HasPrefix(p, "gonghui/media"))
	}, false},
	{"composition", composition, true},
}

// composition are the packages that put modules together; deploy/local serves them and tests.
func composition(p string) bool {
	for _, c := range []string{"gonghui/app/all", "gonghui/app/server", "gonghui/app/cmd/", "gonghui/app/e2e", "gonghui/app/demo", "gonghui/app/web", "gonghui/deploy/"} {
		if strings.HasPrefix(p, c) {
			return true
		}
	}
	return false
}

func prefix(p string) func(string) bool {
	return func(s string) bool { return strings.HasPrefix(s, p) }
}

func layer(pkg string) int {
	return slices.IndexFunc(layers, func(l struct {
		name    string
		matches func(string) bool
		own     bool
	},
	) bool {
		return l.matches(pkg)
	})
}

// folder is the module a package belongs to: gonghui/app/office/attendance is of gonghui/app/office.
func folder(pkg string) string {
	parts := strings.Split(pkg, "/")
	n := 2
	if parts[1] == "app" {
		n = 3
	}
	return strings.Join(parts[:min(n, len(parts))], "/")
}

func TestImports(t *testing.T) {
	cmd := exec.Command("go", "list", "-deps", "-json=ImportPath,Imports,Standard", "gonghui/...")
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	for dec := json.NewDecoder(bytes.NewReader(out)); dec.More(); {
		var p struct {
			ImportPath string
			Imports    []string
		}
		if err := dec.Decode(&p); err != nil {
			t.Fatal(err)
		}
		if !strings.HasPrefix(p.ImportPath, "gonghui/") || p.ImportPath == "gonghui/tenant/pgtest" {
			continue
		}
		seen++
		from := layer(p.ImportPath)
		if from < 0 {
			t.Errorf("%s belongs to no layer", p.ImportPath)
			continue
		}
		for _, i := range p.Imports {
			to := layer(i)
			if !strings.HasPrefix(i, "gonghui/") {
				continue
			}
			ok := to < from || to == from && (layers[from].own || folder(p.ImportPath) == folder(i))
			if !ok {
				t.Errorf("%s (%s) imports %s (%s)", p.ImportPath, layers[from].name, i, layers[max(to, 0)].name)
			}
		}
	}
	if seen < 20 {
		t.Errorf("only %d packages were looked at", seen)
	}
}

// public are the doors that need no session.
var public = []string{
	"/app.identity.v1.IdentityService/SignIn",
	"/app.identity.v1.IdentityService/GetInvitation",
	"/app.identity.v1.IdentityService/AcceptInvitation",
	"/app.identity.v1.PhoneService/SendCode",
	"/app.identity.v1.PhoneService/SignInWithCode",
	"/app.identity.v1.PhoneService/ResetPassword",
	"/app.identity.v1.AccountService/GetLegal",
	"/app.identity.v1.SignInService/ContinueSignIn",
	"/app.identity.v1.SignInService/StartSetUp",
	"/app.identity.v1.SignInService/AskPasskey",
	"/app.identity.v1.SignInService/SignInWithPasskey",
	"/app.identity.v1.SignInService/GetSessionEnd",
	"/app.member.v1.RegistryService/ClaimOwnMember",
	"/branding.v1.BrandingService/GetTheme",
	"/builder.v1.AppService/GetDownload",
	"/media.meeting.v1.MeetingService/FindMeeting",
	"/media.meeting.v1.MeetingService/JoinAsGuest",
	"POST /v1/meetings:chatFile",                // the ticket says who sends the file
	"GET /v1/papers/{id}/file",                  // the address is sealed, and says for whom it is
	"POST /v1/meetings:cast",                    // a ballot says neither who casts it nor from where
	"GET /v1/meetings/{id}/signal",              // the token of the first message says who may come in
	"GET /v1/meetings/feed/{identity}/{secret}", // the address is the secret: calendars sign in nowhere
	"GET /.well-known/assetlinks.json",
	"GET /app/android.apk",
	"GET /app/ios.mobileconfig",
	"GET /app/update.json",
	"GET /handoff",
	"GET /oidc/.well-known/openid-configuration",
	"GET /oidc/authorize",
	"GET /oidc/authorize/callback",
	"GET /oidc/continue",
	"GET /oidc/end_session",
	"GET /oidc/keys",
	"GET /oidc/userinfo",
	"OPTIONS /oidc/.well-known/openid-configuration",
	"OPTIONS /oidc/introspect",
	"OPTIONS /oidc/keys",
	"OPTIONS /oidc/revoke",
	"OPTIONS /oidc/token",
	"OPTIONS /oidc/userinfo",
	"POST /oidc/authorize",
	"POST /oidc/end_session",
	"POST /oidc/introspect",
	"POST /oidc/revoke",
	"POST /oidc/token",
	"POST /oidc/userinfo",
	"GET /icon-180.png",
	"GET /icon-192.png",
	"GET /icon-32.png",
	"GET /icon-512.png",
	"GET /icon-mono.png",
	"GET /manifest.webmanifest",
	"GET /.well-known/gonghui.txt",
	"GET /dev/inbox",       // of demo systems only
	"GET /v1/dev/messages", // of demo systems only
	"GET /v1/demo/accounts",
	"GET /v1/openapi.yaml",
}

// product is a server that nobody has called yet; nothing is dialled.
func product(t *testing.T) *server.Server {
	t.Helper()
	ring, err := crypt.Create(filepath.Join(t.TempDir(), "keys.json"))
	if err != nil {
		t.Fatal(err)
	}
	db, err := tenant.Open(context.Background(), tenant.Config{DSN: "postgres://nobody@127.0.0.1:1/none", Prefix: "x", Secret: ring.Secret()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(db.Close)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	s, err := server.New(server.Config{Base: "test", Listener: l, Demo: true}, db, ring, redis.NewClient(&redis.Options{}), nil, os.DirFS(t.TempDir()), slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestEveryDoorDeclaresItsCapability(t *testing.T) {
	routes := product(t).Routes()
	if len(routes) < 40 {
		t.Fatalf("only %d doors", len(routes))
	}
	open := map[string]bool{}
	for _, r := range routes {
		switch {
		case r.Capability == "":
			t.Errorf("%s declares no capability", r.Operation)
		case !access.Known(r.Capability):
			t.Errorf("%s asks for %s, which no module declares", r.Operation, r.Capability)
		case r.Capability == access.Public:
			open[r.Operation] = true
			if !slices.Contains(public, r.Operation) {
				t.Errorf("%s is open to strangers but not on the list", r.Operation)
			}
		}
		if inner := r.Capability == access.Inner; inner != (r.Path == "") {
			t.Errorf("%s asks for %s and has the HTTP path %q: what is inner has none, all else has one", r.Operation, r.Capability, r.Path)
		}
	}
	for _, p := range public {
		if !open[p] {
			t.Errorf("%s is on the list of open doors but does not exist", p)
		}
	}
}

func TestModulesAreComplete(t *testing.T) {
	roles := []string{"admin", "officer", "member", "supervisor", "system_admin", "security_admin", "audit_admin"}
	orders, tabs := map[int]string{}, map[string]bool{}
	for _, m := range module.All() {
		if m.Title.Zh == "" || m.Title.En == "" || m.About.Zh == "" || m.About.En == "" {
			t.Errorf("%s lacks a title or a description in a language", m.Name)
		}
		if other, twice := orders[m.Order]; twice {
			t.Errorf("%s and %s have the same order", m.Name, other)
		}
		orders[m.Order] = m.Name
		for _, c := range m.Capabilities {
			if !strings.HasPrefix(c.Name, m.Name+".") || c.Title.Zh == "" || c.Title.En == "" || len(c.Roles) == 0 {
				t.Errorf("capability %q of %s is not complete", c.Name, m.Name)
			}
			for _, r := range c.Roles {
				if !slices.Contains(roles, r) {
					t.Errorf("capability %s: there is no role %q", c.Name, r)
				}
			}
		}
		for _, e := range m.Menu {
			if e.Title.Zh == "" || e.Title.En == "" || e.Capability != access.Session && m.Capability(e.Capability) == nil {
				t.Errorf("menu entry %s of %s is not complete", e.Key, m.Name)
			}
		}
		for _, tab := range m.Tabs {
			if tab.Title.Zh == "" || tab.Title.En == "" || tab.Path == "" || tab.Icon == "" || tab.Capability != access.Session && m.Capability(tab.Capability) == nil {
				t.Errorf("%s: the tab %q is not whole", m.Name, tab.Key)
			}
			if tabs[tab.Key] {
				t.Errorf("%s: there is another tab %q", m.Name, tab.Key)
			}
			tabs[tab.Key] = true
		}
		for _, c := range m.Columns {
			if c.Title.Zh == "" || c.Title.En == "" || c.Place != "home" && c.Place != "portal" || c.Capability != access.Session && m.Capability(c.Capability) == nil {
				t.Errorf("column %s of %s is not complete", c.Key, m.Name)
			}
		}
		for _, f := range m.Metrics {
			if !strings.HasPrefix(f.Name, m.Name+".") || f.Definition.Zh == "" || f.Definition.En == "" || f.Title.En == "" || (f.Count == "") == (f.PerBody == "") {
				t.Errorf("metric %s of %s is not complete", f.Name, m.Name)
			}
		}
	}
}

// forbidden are what a tenant's tables must not have: see design.md, "Rules for tenant tables".
var forbidden = map[string]*regexp.Regexp{
	"an enum, domain or composite type": regexp.MustCompile(`(?i)create\s+(type|domain)\b`),
	"a column without a bound":          regexp.MustCompile(`(?im)^\s+\w+\s+(text|jsonb?|bytea|varchar)\s*(,|not null|default|\[)`),
	"a name with a schema":              regexp.MustCompile(`(?i)(create\s+table|references|\bon)\s+\w+\.\w+`),
	"a foreign key to another schema":   regexp.MustCompile(`(?i)references\s+(platform|cell)\.`),
}

func TestTenantTablesKeepTheRules(t *testing.T) {
	tables := 0
	for _, m := range module.All() {
		scripts, err := migrate.Scripts(m.Tenant, "migrate")
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range scripts {
			tables += strings.Count(s.SQL, "create table")
			for what, re := range forbidden {
				if found := re.FindString(s.SQL); found != "" {
					t.Errorf("%s %04d_%s has %s: %s", m.Name, s.Version, s.Name, what, strings.TrimSpace(found))
				}
			}
		}
	}
	if tables == 0 {
		t.Error("no tenant table was looked at")
	}
}

// sources calls f with every source file of ours below the root of the project.
func sources(t *testing.T, extension string, f func(path, text string)) {
	t.Helper()
	n := 0
	for _, top := range []string{"app", "tenant", "branding", "media", "deploy"} {
		err := filepath.WalkDir(filepath.Join("../..", top), func(path string, d fs.DirEntry, err error) error {
			if err != nil {
				return err
			}
			if d.IsDir() && (d.Name() == "node_modules" || d.Name() == "dist") {
				return fs.SkipDir
			}
			if d.IsDir() || filepath.Ext(path) != extension || strings.HasSuffix(path, ".pb.go") {
				return nil
			}
			raw, err := os.ReadFile(path)
			n++
			f(path, string(raw))
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if n == 0 {
		t.Fatalf("no %s file was found", extension)
	}
}

func TestSQLNamesItsColumns(t *testing.T) {
	star := regexp.MustCompile(`(?i)select\s+(\w+\.)?\*`)
	check := func(path, text string) {
		for _, line := range strings.Split(text, "\n") {
			if star.MatchString(line) && !strings.HasSuffix(path, "_test.go") {
				t.Errorf("%s: %s", path, strings.TrimSpace(line))
			}
		}
	}
	sources(t, ".sql", check)
	sources(t, ".go", check)
}

func TestNoSleepInTests(t *testing.T) {
	sleep := "time." + "Sleep("
	sources(t, ".go", func(path, text string) {
		if strings.HasSuffix(path, "_test.go") && strings.Contains(text, sleep) {
			t.Errorf("%s sleeps: wait for what should happen instead", path)
		}
	})
}

// pgx opens no connection outside the doors, the set-up of a database, and what only operators and tests run.
func TestNoThirdDoor(t *testing.T) {
	allowed := []string{"../../tenant/db.go", "../../tenant/migrate/", "../../tenant/provision/provision.go", "../../tenant/pgtest/", "../../deploy/local/", "../../app/cmd/gonghui/doctor.go", "../../app/cmd/gonghui/bench", "../../app/e2e/"}
	opens := regexp.MustCompile(`pgx\.Connect(Config)?\(|pgxpool\.New|pgconn\.Connect(Config)?\(|sql\.Open`)
	sources(t, ".go", func(path, text string) {
		if strings.HasSuffix(path, "_test.go") || slices.ContainsFunc(allowed, func(a string) bool { return strings.HasPrefix(path, a) }) {
			return
		}
		if found := opens.FindString(text); found != "" {
			t.Errorf("%s opens a connection of its own: %s", path, found)
		}
	})
}

func TestEveryFolderExplainsItself(t *testing.T) {
	for _, dir := range []string{".", "app", "tenant", "branding", "media", "media/object", "deploy", "third_party", "app/all", "app/web", "app/server", "app/e2e", "app/kit", "app/cmd/gonghui", "tenant/access"} {
		if _, err := os.Stat(filepath.Join("../..", dir, "README.md")); err != nil {
			t.Errorf("%s has no README.md", dir)
		}
	}
	for _, m := range module.All() {
		found := false
		for _, dir := range []string{"app/" + m.Name, "tenant/" + m.Name, "media/" + m.Name, m.Name} {
			if _, err := os.Stat(filepath.Join("../..", dir, "README.md")); err == nil {
				found = true
			}
		}
		if !found {
			t.Errorf("module %s has no README.md", m.Name)
		}
	}
}
