package source

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/uuid"

	"gonghui/tenant/access/policy"
)

// Sizes of the differential test: policies, and questions to each.
const (
	policies  = 400
	questions = 260
)

// TestCompiledAnswersAsCasbinDoes asks the compiled policy and casbin's enforcer the same questions over random policies and
// random trees of two lines.
func TestCompiledAnswersAsCasbinDoes(t *testing.T) {
	t.Parallel()
	asked, yes, wrong := 0, 0, 0
	for seed := range uint64(policies) {
		w := random(t, seed)
		for range questions {
			q := w.question()
			want, err := w.casbin(q)
			if err != nil {
				t.Fatal(err)
			}
			got := w.compiled(q)
			asked++
			if want {
				yes++
			}
			if got != want {
				if wrong++; wrong <= 5 {
					t.Errorf("policy %d: %s: compiled %v, casbin %v\n%s", seed, q, got, want, w.rows.Model().ToText())
				}
			}
		}
	}
	t.Logf("%d questions, %d of them answered yes, %d mismatches", asked, yes, wrong)
	if asked < 100_000 || yes < asked/20 || yes > asked*19/20 {
		t.Errorf("%d questions with %d answered yes say too little", asked, yes)
	}
}

type randomWorld struct {
	*rand.Rand
	bodies    []policy.Body
	caps      []policy.Atom
	roles     []string
	subjects  []uuid.UUID
	rows      *Rows
	begin     time.Time
	index     *policy.Index
	known     *policy.Capabilities
	compiledP map[uuid.UUID]*policy.Policy
	rights    map[string]*policy.Rights
	enforce   func(...any) (bool, error)
	depts     []uuid.UUID
}

type question struct {
	subject uuid.UUID
	act     string
	body    uuid.UUID
	level   policy.Level
	at      time.Time
	mode    policy.Mode
	part    string
}

func (q question) String() string {
	return fmt.Sprintf("%s %s in %s at %s, %s, mode %d, part %s", q.subject, q.act, q.body, q.level, Moment(q.at), q.mode, q.part)
}

func random(t *testing.T, seed uint64) *randomWorld {
	t.Helper()
	w := &randomWorld{
		Rand: rand.New(rand.NewPCG(seed, 4)), begin: time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC), compiledP: map[uuid.UUID]*policy.Policy{},
		rights: map[string]*policy.Rights{},
	}
	var err error
	if w.rows, err = NewRows(); err != nil {
		t.Fatal(err)
	}
	for range 3 + w.IntN(15) {
		w.bodies = append(w.bodies, w.body())
	}
	w.Shuffle(len(w.bodies), func(i, j int) { w.bodies[i], w.bodies[j] = w.bodies[j], w.bodies[i] })
	for i, duty := range []string{"", "", "system"} {
		a := policy.Atom{Name: fmt.Sprintf("thing.act_%c", 'a'+i), Duty: duty}
		w.caps = append(w.caps, a)
		if duty != "" {
			w.must(t, w.rows.Duty(a.Name, duty))
		}
	}
	for range 2 {
		w.subjects, w.depts = append(w.subjects, w.id()), append(w.depts, w.id())
	}
	for i := range 4 {
		role := fmt.Sprintf("r%d", i)
		for range 1 + w.IntN(2) {
			w.must(t, w.rows.Say(Entry{role, w.capability(), w.level(), w.IntN(8) == 0}))
		}
		if i > 0 && w.IntN(2) == 0 {
			w.must(t, w.rows.Inherit(role, w.roles[w.IntN(i)]))
		}
		w.roles = append(w.roles, role)
	}
	for range 4 + w.IntN(20) {
		w.must(t, w.rows.Grant(w.grant(t)))
	}
	w.known = policy.NewCapabilities(w.caps)
	w.index = policy.NewIndex(w.bodies)
	for _, s := range w.subjects {
		p, err := Compiled(w.rows.Model(), w.known, "identity:"+s.String())
		w.must(t, err)
		w.compiledP[s] = p
	}
	e, err := NewEnforcer(w.rows.Model(), worldOf(w.bodies))
	w.must(t, err)
	w.enforce = e.Enforce
	return w
}

// worldOf is what the enforcer knows of bodies.
func worldOf(bodies []policy.Body) *World {
	w := &World{Parents: map[string]map[string]string{"territorial": {}, "industrial": {}}, Led: map[string]string{}, Separated: map[string]bool{}}
	for _, b := range bodies {
		id := b.ID.String()
		w.Led[id], w.Separated[id] = "territorial", b.Separated
		if b.LedByIndustry {
			w.Led[id] = "industrial"
		}
		if b.Territorial != uuid.Nil {
			w.Parents["territorial"][id] = b.Territorial.String()
		}
		if b.Industrial != uuid.Nil {
			w.Parents["industrial"][id] = b.Industrial.String()
		}
	}
	return w
}

func (*randomWorld) must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (w *randomWorld) id() (id uuid.UUID) {
	for i := range id {
		id[i] = byte(w.Uint32())
	}
	return id
}

// body is one under some that are there already.
func (w *randomWorld) body() policy.Body {
	b := policy.Body{ID: w.id(), LedByIndustry: w.IntN(4) == 0, Separated: w.IntN(4) == 0}
	if n := len(w.bodies); n > 0 {
		if w.IntN(8) > 0 {
			b.Territorial = w.bodies[w.IntN(min(n, 4))].ID
		}
		if w.IntN(2) > 0 {
			b.Industrial = w.bodies[w.IntN(n)].ID
		}
	}
	return b
}

func (w *randomWorld) capability() string  { return w.caps[w.IntN(len(w.caps))].Name }
func (w *randomWorld) level() policy.Level { return policy.Level(1 + w.IntN(3)) }
func (w *randomWorld) anywhere() uuid.UUID { return w.bodies[w.IntN(len(w.bodies))].ID }

// day is a moment on the hour, so that questions meet the edges of validities.
func (w *randomWorld) hour() time.Time { return w.begin.Add(time.Duration(w.IntN(8)) * time.Hour) }

func (w *randomWorld) validity() (from, to *time.Time) {
	if w.IntN(5) == 0 {
		at := w.hour()
		from = &at
	}
	if w.IntN(5) == 0 {
		at := w.hour()
		to = &at
	}
	return from, to
}

func (w *randomWorld) grant(t *testing.T) Grant {
	g := Grant{ID: w.id(), Kind: "identity", Subject: w.subjects[w.IntN(2)], Anchor: w.anywhere(), Level: w.level(), Deny: w.IntN(6) == 0}
	if w.IntN(3) == 0 {
		g.Kind = []string{"account", "post", "group"}[w.IntN(3)]
		g.Subject = w.id()
		for range 1 + w.IntN(2) {
			from, to := w.validity()
			w.must(t, w.rows.Stand(w.subjects[w.IntN(2)], g.Kind, g.Subject, from, to))
		}
	}
	if w.IntN(2) == 0 {
		g.Role = w.roles[w.IntN(len(w.roles))]
	} else {
		g.Capability = w.capability()
	}
	scopes := []string{"self", "own", "department", "body", "subtree", "subtree", "industrial", "set"}
	if g.Deny {
		scopes = scopes[3:]
	}
	switch g.Scope = scopes[w.IntN(len(scopes))]; g.Scope {
	case "department":
		g.Departments = w.depts[:1+w.IntN(2)]
	case "subtree", "industrial":
		g.Depth = w.IntN(3)
	case "set":
		for range 1 + w.IntN(4) {
			g.Bodies = append(g.Bodies, w.anywhere())
		}
	}
	g.Mode = []string{"use", "use", "both", "give"}[w.IntN(4)]
	g.From, g.To = w.validity()
	g.Duty = []string{"", "", "", "system", "security"}[w.IntN(5)]
	return g
}

func (w *randomWorld) question() question {
	q := question{
		subject: w.subjects[w.IntN(2)], act: w.capability(), body: w.anywhere(), level: w.level(), at: w.hour(), mode: policy.Use, part: "any",
	}
	if w.IntN(4) == 0 {
		q.mode = policy.Give
	}
	if w.IntN(3) == 0 {
		q.part = []string{"all", "own", "self", w.depts[0].String(), w.depts[1].String()}[w.IntN(5)]
	}
	return q
}

func (w *randomWorld) casbin(q question) (bool, error) {
	mode := "use"
	if q.mode == policy.Give {
		mode = "give"
	}
	return w.enforce("identity:"+q.subject.String(), q.act, q.body.String(), fmt.Sprint(int(q.level)), Moment(q.at), mode, q.part)
}

// compiled answers as the product does: from what was worked out before, for as long as that is good.
func (w *randomWorld) compiled(q question) bool {
	home := q.body
	key := fmt.Sprint(q.subject, home, q.mode, q.at.Before(w.begin.Add(4*time.Hour)))
	now := q.at.UnixMicro()
	r := w.rights[key]
	if r == nil || now >= r.Until || w.compiledAt(key) > now {
		r = policy.Compile(w.index, w.compiledP[q.subject], q.mode, home, now)
		w.rights[key], w.rights[key+" at"] = r, &policy.Rights{Until: now}
	}
	id := w.known.ID(q.act)
	parts := r.Parts(id)
	switch q.part {
	case "any":
		return r.Level(id, q.body) >= q.level
	case "all":
		return parts.All >= q.level
	case "own":
		return max(parts.All, parts.Own) >= q.level
	case "self":
		return max(parts.All, parts.Self) >= q.level
	}
	return max(parts.All, parts.Departments[uuid.MustParse(q.part)]) >= q.level
}

// compiledAt is the moment as of which the rights of a key were worked out.
func (w *randomWorld) compiledAt(key string) int64 { return w.rights[key+" at"].Until }
