package source

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/casbin/casbin/v2"
	"github.com/casbin/casbin/v2/model"
)

// World is what an enforcer knows of bodies: the stored parents, and no more.
type World struct {
	Parents   map[string]map[string]string // line → body → parent
	Led       map[string]string            // body → its primary line
	Separated map[string]bool
}

// NewEnforcer is casbin over the rows of m. It answers from stored rows and by going from parent to parent: slowly, and with
// nothing of the compiler in it.
func NewEnforcer(m model.Model, w *World) (*casbin.Enforcer, error) {
	e, err := casbin.NewEnforcer(m, false)
	if err != nil {
		return nil, err
	}
	n := naive{m, w}
	for name, f := range map[string]func([]string) bool{
		"moded": n.moded, "stands": n.stands, "reaches": n.reaches, "partly": n.partly, "speaks": n.speaks, "dutiful": n.dutiful,
	} {
		e.AddFunction(name, func(args ...any) (any, error) {
			texts := make([]string, len(args))
			for i, a := range args {
				text, ok := a.(string)
				if !ok {
					return nil, fmt.Errorf("access: %s: argument %d is no text", name, i)
				}
				texts[i] = text
			}
			return f(texts), nil
		})
	}
	return e, nil
}

type naive struct {
	m model.Model
	w *World
}

// moded: the mode of a grant takes in the one that is asked for.
func (naive) moded(a []string) bool { return a[0] == "both" || a[0] == a[1] }

// stands: the subject is the grant's, or stands for it at the moment.
func (n naive) stands(a []string) bool {
	subject, granted, moment := a[0], a[1], a[2]
	return subject == granted || slices.ContainsFunc(n.m["g"]["g"].Policy, func(row []string) bool {
		return row[0] == subject && row[1] == granted && row[2] <= moment && moment < row[3]
	})
}

// reaches: the body lies in the scope.
func (n naive) reaches(a []string) bool {
	body, scope, anchor, depth, bodies := a[0], a[1], a[2], a[3], a[4]
	switch scope {
	case "set":
		return slices.Contains(strings.Fields(bodies), body)
	case "subtree":
		return n.under(body, anchor, depth, n.primary) || n.under(body, anchor, depth, n.parent("territorial"))
	case "industrial":
		return n.under(body, anchor, depth, n.parent("industrial"))
	}
	return body == anchor
}

func (n naive) parent(line string) func(string) string {
	return func(body string) string { return n.w.Parents[line][body] }
}

func (n naive) primary(body string) string { return n.w.Parents[n.w.Led[body]][body] }

// under goes up from a body until it meets the anchor.
func (naive) under(body, anchor, depth string, up func(string) string) bool {
	most, _ := strconv.Atoi(depth)
	for steps := 0; body != "" && (most == 0 || steps <= most); steps++ {
		if body == anchor {
			return true
		}
		body = up(body)
	}
	return false
}

// partly: the scope takes in the part of the body that is asked for; a deny takes in all parts.
func (naive) partly(a []string) bool {
	part, scope, departments, eft := a[0], a[1], a[2], a[3]
	switch {
	case part == "any", eft == "deny", !slices.Contains([]string{"self", "own", "department"}, scope):
		return true
	case scope == "department":
		return slices.Contains(strings.Fields(departments), part)
	}
	return part == scope
}

// speaks: the grant has this effect on the capability at the level.
func (n naive) speaks(a []string) bool {
	what, level, effect, eft, act, asked := a[0], a[1], a[2], a[3], a[4], a[5]
	if !strings.HasPrefix(what, roleName) {
		return what == capabilityName+act && effect == eft && (eft == "allow" && asked <= level || eft == "deny" && asked >= level)
	}
	for _, row := range n.m["p"]["p2"].Policy {
		if row[1] != act || !n.has(what, row[0], 0) {
			continue
		}
		switch {
		case effect == "deny":
			if row[3] == "allow" && asked >= level {
				return true
			}
		case row[3] != eft:
		case eft == "allow":
			if asked <= level && asked <= row[2] {
				return true
			}
		case asked >= row[2]:
			return true
		}
	}
	return false
}

// has: the role is the other one, or inherits from it.
func (n naive) has(role, other string, steps int) bool {
	if role == other || steps > 20 {
		return role == other
	}
	for _, row := range n.m["g"]["g2"].Policy {
		if row[0] == role && n.has(row[1], other, steps+1) {
			return true
		}
	}
	return false
}

// dutiful: where the three administrators are kept apart, what is granted allows nobody a duty, and no more does another
// administrator's place.
func (n naive) dutiful(a []string) bool {
	eft, duty, act, body := a[0], a[1], a[2], a[3]
	if eft == "deny" || !n.w.Separated[body] {
		return true
	}
	for _, row := range n.m["p"]["p3"].Policy {
		if row[0] == act && row[1] != duty {
			return false
		}
	}
	return true
}
