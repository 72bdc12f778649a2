package source

import (
	"bufio"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"gonghui/tenant/access/policy"
)

// atoms and what the built-in roles hold, for the cases.
var (
	atoms = []policy.Atom{
		{Name: "member.read"},
		{Name: "member.write"},
		{Name: "member.export"},
		{Name: "member.reveal"},
		{Name: "member.own"},
		{Name: "org.write"},
		{Name: "rollup.read"},
		{Name: "access.grant", Duty: "security"},
		{Name: "directory.modules", Duty: "system"},
		{Name: "audit.read", Duty: "audit"},
	}
	held = map[string][]string{
		"admin":          {"member.read", "member.write", "member.export", "member.reveal", "org.write", "rollup.read", "access.grant", "directory.modules"},
		"officer":        {"member.read", "member.write", "rollup.read"},
		"member":         {"member.own"},
		"supervisor":     {"rollup.read"},
		"system_admin":   {"directory.modules"},
		"security_admin": {"access.grant"},
		"audit_admin":    {"audit.read"},
		Business:         {"member.read", "member.write", "member.export", "member.reveal", "member.own", "org.write", "rollup.read"},
	}
)

// idOf makes an id of a name.
func idOf(name string) uuid.UUID { return uuid.NewSHA1(uuid.Nil, []byte(name)) }

// one is a case at work.
type one struct {
	t       *testing.T
	bodies  []policy.Body
	names   map[string]bool // of bodies
	roles   map[string][]Entry
	heirs   [][2]string
	grants  []Grant
	people  map[string]Who
	stand   map[string]string
	links   []standsFor
	line    int
	checked int
}

type standsFor struct {
	who, kind, name string
	from, to        *time.Time
}

func TestCases(t *testing.T) {
	f, err := os.Open("testdata/cases.txt")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var bodies []policy.Body
	names := map[string]bool{}
	var c *one
	total, n := 0, 0
	for scan := bufio.NewScanner(f); scan.Scan(); {
		n++
		words := strings.Fields(scan.Text())
		switch {
		case len(words) == 0 || words[0] == "#":
			continue
		case words[0] == "body":
			bodies, names[words[1]] = append(bodies, bodyOf(words)), true
			continue
		case words[0] == "case":
			if c != nil {
				total += c.checked
			}
			c = &one{
				t: t, bodies: slices.Clone(bodies), names: names, people: map[string]Who{}, stand: map[string]string{}, roles: map[string][]Entry{},
			}
			for role, capabilities := range held {
				for _, name := range capabilities {
					c.roles[role] = append(c.roles[role], Entry{role, name, policy.Full, false})
				}
			}
			continue
		}
		c.line = n
		c.read(words)
	}
	total += c.checked
	t.Logf("%d expectations", total)
	if total < 300 {
		t.Errorf("only %d expectations", total)
	}
}

func (c *one) fail(format string, args ...any) {
	c.t.Helper()
	c.t.Errorf("cases.txt:%d: "+format, append([]any{c.line}, args...)...)
}

func bodyOf(words []string) policy.Body {
	b := policy.Body{ID: idOf(words[1])}
	for i := 2; i < len(words); i++ {
		switch words[i] {
		case "under":
			i++
			b.Territorial = idOf(words[i])
		case "industry":
			i++
			b.Industrial = idOf(words[i])
		case "led":
			b.LedByIndustry = true
		}
	}
	return b
}

func (c *one) read(words []string) {
	switch words[0] {
	case "separate":
		for i := range c.bodies {
			c.bodies[i].Separated = c.bodies[i].Separated || c.bodies[i].ID == c.body(words[1])
		}
	case "role":
		c.role(words[1:])
	case "place":
		c.people[words[1]] = Who{Identity: idOf(words[1]), Role: words[2], Body: c.body(words[3])}
		if len(words) > 4 {
			c.stand[words[1]] = words[5]
		}
	case "group", "post", "account":
		l := standsFor{who: words[1], kind: words[0], name: words[2]}
		_, l.from, l.to, _ = c.options(words[3:])
		c.links = append(c.links, l)
	case "allow", "deny":
		c.grant(words)
	default:
		if strings.HasPrefix(words[0], "app:") && len(words) == 1 {
			c.people[words[0]] = Who{App: idOf(words[0])}
			return
		}
		c.checked++
		if words[1] == "gives" {
			c.gives(words)
		} else {
			c.expect(words)
		}
	}
}

func (c *one) body(name string) uuid.UUID {
	if !c.names[name] {
		c.fail("there is no body %s", name)
	}
	return idOf(name)
}

func (c *one) role(words []string) {
	name := words[0]
	words = words[1:]
	c.roles[name] = nil
	if words[0] == "from" {
		c.heirs = append(c.heirs, [2]string{name, words[1]})
		words = words[2:]
	}
	for _, w := range words[1:] {
		e := Entry{Role: name, Level: policy.Full}
		e.Capability, e.Deny = strings.CutPrefix(w, "-")
		if e.Deny {
			e.Level = policy.Aggregate
		}
		if capability, level, ok := strings.Cut(e.Capability, "/"); ok {
			e.Capability = capability
			e.Level, _ = policy.ParseLevel(level)
		}
		c.roles[name] = append(c.roles[name], e)
	}
}

// options reads what may follow a scope.
func (c *one) options(words []string) (level string, from, to *time.Time, mode string) {
	mode = "use"
	for i := 0; i < len(words); i++ {
		switch words[i] {
		case "from":
			i++
			from = c.day(words[i])
		case "to":
			i++
			to = c.day(words[i])
		case "give", "both":
			mode = words[i]
		default:
			level = words[i]
		}
	}
	return level, from, to, mode
}

func (c *one) day(s string) *time.Time {
	d, err := time.Parse("2006-01-02", "2027-"+s)
	if err != nil {
		c.fail("day %s", s)
	}
	return &d
}

// grantOf reads WHAT at BODY SCOPE and options.
func (c *one) grantOf(words []string) Grant {
	g := Grant{ID: idOf(strconv.Itoa(c.line)), Level: policy.Full, Anchor: c.body(words[2])}
	if strings.Contains(words[0], ".") {
		g.Capability = words[0]
	} else {
		g.Role = words[0]
	}
	kind, rest, _ := strings.Cut(words[3], ":")
	g.Scope = kind
	switch kind {
	case "dept":
		g.Scope = "department"
		for _, d := range strings.Split(rest, ",") {
			g.Departments = append(g.Departments, idOf(d))
		}
	case "set":
		for _, b := range strings.Split(rest, ",") {
			g.Bodies = append(g.Bodies, c.body(b))
		}
	}
	if scope, depth, ok := strings.Cut(kind, "/"); ok {
		g.Scope = scope
		g.Depth, _ = strconv.Atoi(depth)
	}
	var level string
	level, g.From, g.To, g.Mode = c.options(words[4:])
	if level != "" {
		var ok bool
		if g.Level, ok = policy.ParseLevel(level); !ok {
			c.fail("level %s", level)
		}
	}
	return g
}

func (c *one) grant(words []string) {
	g := c.grantOf(words[2:])
	if g.Deny = words[0] == "deny"; g.Deny {
		g.Mode = "both"
		if level, _, _, _ := c.options(words[6:]); level == "" {
			g.Level = policy.Aggregate
		}
	}
	g.Kind, g.Subject = "identity", idOf(words[1])
	if kind, name, ok := strings.Cut(words[1], ":"); ok {
		g.Kind, g.Subject = kind, idOf(name)
		if kind == "app" {
			g.Subject = idOf(words[1])
		}
	}
	c.grants = append(c.grants, g)
}

// load makes the rows of a person, as the adapter would.
func (c *one) load(name string) (Who, *Rows) {
	w, ok := c.people[name]
	if !ok {
		c.fail("there is no %s", name)
	}
	rows, err := NewRows()
	if err != nil {
		c.t.Fatal(err)
	}
	l := &loading{Adapter: &Adapter{Entries: c.roles, Duties: map[string]string{}}, rows: rows, who: w}
	for _, a := range atoms {
		if a.Duty != "" {
			l.Duties[a.Name] = a.Duty
		}
	}
	names := map[uuid.UUID]string{}
	for role := range c.roles {
		names[idOf(role)] = role
	}
	for _, h := range c.heirs {
		if err := rows.Inherit(h[0], h[1]); err != nil {
			c.t.Fatal(err)
		}
	}
	subjects := []string{w.Name()}
	for _, x := range c.links {
		if x.who == name {
			subjects = append(subjects, x.kind+":"+idOf(x.name).String())
			if err := rows.Stand(w.Identity, x.kind, idOf(x.name), x.from, x.to); err != nil {
				c.t.Fatal(err)
			}
		}
	}
	var grants []stored
	for _, g := range c.grants {
		if slices.Contains(subjects, g.Kind+":"+g.Subject.String()) {
			s := stored{Grant: g}
			if g.Role != "" {
				role := idOf(g.Role)
				s.role = &role
			}
			grants = append(grants, s)
		}
	}
	var stand *uuid.UUID
	if role, ok := c.stand[name]; ok {
		id := idOf(role)
		stand = &id
	}
	if err := l.write(grants, stand, names); err != nil {
		c.t.Fatal(err)
	}
	return w, rows
}

// expect asks the compiled policy and casbin: both must answer as the line says.
func (c *one) expect(words []string) {
	capability, body := words[1], c.body(words[2])
	want, ok := policy.ParseLevel(words[4])
	if words[3] != "=" || !ok {
		c.fail("not understood")
		return
	}
	at, part, mode := *c.day("06-01"), "any", policy.Use
	for i := 5; i < len(words); i += 2 {
		switch words[i] {
		case "on":
			at = *c.day(words[i+1])
		case "part":
			if part = words[i+1]; !slices.Contains([]string{"all", "own", "self"}, part) {
				part = idOf(part).String()
			}
		case "to":
			mode = policy.Give
		}
	}
	w, rows := c.load(words[0])
	known := policy.NewCapabilities(atoms)
	p, err := Compiled(rows.Model(), known, w.Name())
	if err != nil {
		c.t.Fatal(err)
	}
	id := known.ID(capability)
	r := policy.Compile(policy.NewIndex(c.bodies), p, mode, body, at.UnixMicro())
	got := r.Level(id, body)
	if parts := r.Parts(id); part != "any" {
		got = map[string]policy.Level{"all": parts.All, "own": max(parts.All, parts.Own), "self": max(parts.All, parts.Self)}[part]
		if d, err := uuid.Parse(part); err == nil {
			got = max(parts.All, parts.Departments[d])
		}
	}
	e, err := NewEnforcer(rows.Model(), worldOf(c.bodies))
	if err != nil {
		c.t.Fatal(err)
	}
	stored := policy.None
	for level := policy.Aggregate; level <= policy.Full; level++ {
		asked := map[policy.Mode]string{policy.Use: "use", policy.Give: "give"}[mode]
		yes, err := e.Enforce(w.Name(), capability, body.String(), fmt.Sprint(int(level)), Moment(at), asked, part)
		if err != nil {
			c.t.Fatal(err)
		}
		if yes {
			stored = level
		}
	}
	if got != want || stored != want {
		c.fail("%s: compiled %s, casbin %s", strings.Join(words, " "), got, stored)
	}
}

// gives asks whether somebody may give something on.
func (c *one) gives(words []string) {
	equals := slices.Index(words, "=")
	g := c.grantOf(words[2:equals])
	w, rows := c.load(words[0])
	known := policy.NewCapabilities(atoms)
	p, err := Compiled(rows.Model(), known, w.Name())
	if err != nil {
		c.t.Fatal(err)
	}
	scope, ok := policy.ParseScope(g.Scope)
	if !ok {
		c.fail("scope %s", g.Scope)
	}
	span := &policy.Span{
		Scope: scope, Anchor: g.Anchor, Depth: g.Depth, Bodies: g.Bodies, Departments: g.Departments, Mode: policy.Use,
		From: c.day("06-01").UnixMicro(), To: policy.Never,
	}
	if g.From != nil {
		span.From = g.From.UnixMicro()
	}
	if g.To != nil {
		span.To = g.To.UnixMicro()
	}
	entries := []Entry{{Capability: g.Capability, Level: policy.Full}}
	if g.Role != "" {
		entries = c.roles[g.Role]
	}
	got := ""
	for _, e := range entries {
		if got == "" {
			got = policy.Beyond(policy.NewIndex(c.bodies), p, w.Body, known.ID(e.Capability), policy.Term{Span: span, Level: min(e.Level, g.Level)})
		}
	}
	if got == "" {
		got = "ok"
	}
	if want := words[equals+1]; got != want {
		c.fail("%s: %s", strings.Join(words, " "), got)
	}
}
