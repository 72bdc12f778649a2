package source

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/casbin/casbin/v2/model"
	"github.com/google/uuid"

	"gonghui/tenant/access/policy"
)

// reader turns casbin's rows into terms.
type reader struct {
	m       model.Model
	says    map[string][]said   // by role
	parents map[string][]string // of roles
	err     error
}

type said struct {
	capability int32
	level      policy.Level
	deny       bool
}

// link is a way from the identity to a subject of grants.
type link struct {
	from, to int64
	id       uuid.UUID
}

// Compiled reads what is said of an identity out of casbin's model. Capabilities that no module declares any more are left out.
func Compiled(m model.Model, c *policy.Capabilities, subject string) (*policy.Policy, error) {
	r := &reader{m: m, says: map[string][]said{}, parents: map[string][]string{}}
	for _, row := range m["p"]["p2"].Policy {
		if id := c.ID(row[1]); id >= 0 {
			r.says[row[0]] = append(r.says[row[0]], said{id, r.level(row[2]), row[3] == "deny"})
		}
	}
	for _, row := range m["g"]["g2"].Policy {
		r.parents[row[0]] = append(r.parents[row[0]], row[1])
	}
	links := map[string][]link{subject: {{policy.Always, policy.Never, uuid.Nil}}}
	for _, row := range m["g"]["g"].Policy {
		if row[0] == subject {
			links[row[1]] = append(links[row[1]], link{r.moment(row[2]), r.moment(row[3]), r.id(row[1][strings.Index(row[1], ":")+1:])})
		}
	}
	p := policy.NewPolicy(c)
	for _, row := range m["p"]["p"].Policy {
		if row[pEffect] == "allow" && row[pEft] == "deny" {
			continue // the other half of the same grant
		}
		for _, l := range links[row[pSub]] {
			r.grant(p, row, l)
		}
	}
	return p, r.err
}

// grant adds the terms of one grant.
func (r *reader) grant(p *policy.Policy, row []string, l link) {
	span := &policy.Span{
		Anchor: r.id(row[pAnchor]), Depth: r.number(row[pDepth]), Bodies: r.ids(row[pBodies]), Departments: r.ids(row[pDepartments]),
		Mode: modes[row[pMode]], From: max(r.moment(row[pSince]), l.from), To: min(r.moment(row[pUntil]), l.to), Duty: row[pDuty],
		Grant: r.id(row[pID]), Through: l.id,
	}
	scope, ok := policy.ParseScope(row[pScope])
	if !ok || span.Mode == 0 {
		r.fail("grant %s: scope %q, mode %q", row[pID], row[pScope], row[pMode])
		return
	}
	span.Scope = scope
	level, denied := r.level(row[pLevel]), row[pEffect] == "deny"
	if name, ok := strings.CutPrefix(row[pWhat], capabilityName); ok {
		if id := p.Capabilities.ID(name); id >= 0 {
			p.Say(id, policy.Term{Span: span, Deny: denied, Level: level})
		}
		return
	}
	for _, role := range r.chain(row[pWhat]) {
		source, _ := uuid.Parse(strings.TrimPrefix(row[pWhat], roleName)) // a built-in one goes by its code
		for _, s := range r.says[role] {
			switch {
			case !denied && !s.deny:
				p.Say(s.capability, policy.Term{Span: span, Level: min(s.level, level), Role: source})
			case !denied:
				p.Say(s.capability, policy.Term{Span: span, Deny: true, Level: s.level, Role: source})
			case !s.deny:
				p.Say(s.capability, policy.Term{Span: span, Deny: true, Level: level, Role: source})
			}
		}
	}
}

// chain is a role and all that it inherits from.
func (r *reader) chain(role string) []string {
	all := []string{role}
	seen := map[string]bool{role: true}
	for i := 0; i < len(all); i++ {
		for _, parent := range r.parents[all[i]] {
			if !seen[parent] {
				seen[parent] = true
				all = append(all, parent)
			}
		}
	}
	return all
}

var modes = map[string]policy.Mode{"use": policy.Use, "give": policy.Give, "both": policy.Both}

func (r *reader) fail(format string, args ...any) {
	if r.err == nil {
		r.err = fmt.Errorf("access: policy: "+format, args...)
	}
}

func (r *reader) number(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil {
		r.fail("number %q", s)
	}
	return n
}

func (r *reader) level(s string) policy.Level {
	n := r.number(s)
	if n < int(policy.Aggregate) || n > int(policy.Full) {
		r.fail("level %q", s)
		return policy.None
	}
	return policy.Level(n)
}

func (r *reader) id(s string) uuid.UUID {
	id, err := uuid.Parse(s)
	if err != nil {
		r.fail("id %q", s)
	}
	return id
}

func (r *reader) ids(s string) []uuid.UUID {
	var all []uuid.UUID
	for _, one := range strings.Fields(s) {
		all = append(all, r.id(one))
	}
	return all
}

func (r *reader) moment(s string) int64 {
	switch s {
	case always:
		return policy.Always
	case never:
		return policy.Never
	}
	t, err := time.Parse(layout, s)
	if err != nil {
		r.fail("moment %q", s)
	}
	return t.UnixMicro()
}
