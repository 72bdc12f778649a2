package policy

import (
	"math"
	"slices"

	"github.com/google/uuid"
)

// Mode is what a right is for.
type Mode uint8

// The modes. A rule has one of them or Both.
const (
	Use  Mode = 1     // to act
	Give Mode = 2     // to give it on
	Both      = 1 | 2 // either
)

// Scope is how far a rule reaches from its anchor.
type Scope uint8

// The scopes. Self, Own and Department are parts of the anchor; the others are whole bodies.
const (
	Self       Scope = iota // the record that is about the subject
	Own                     // records that the subject made or has in hand
	Department              // records of some departments
	Whole                   // the anchor
	Subtree                 // the anchor and what lies below it on the primary or the territorial line
	Industry                // the anchor and what lies below it on the industrial line
	Named                   // a named set of bodies
)

var scopeNames = [...]string{"self", "own", "department", "body", "subtree", "industrial", "set"}

// String is the name of the scope: self, own, department, body, subtree, industrial, set.
func (s Scope) String() string { return scopeNames[s] }

// ParseScope reads the name of a scope.
func ParseScope(name string) (Scope, bool) {
	i := slices.Index(scopeNames[:], name)
	return Scope(max(i, 0)), i >= 0
}

// Partial reports whether the scope is but a part of a body.
func (s Scope) Partial() bool { return s < Whole }

// Moments are microseconds since 1970.
const (
	Always int64 = math.MinInt64 // before all
	Never  int64 = math.MaxInt64 // after all
)

// Span is where and when a grant holds.
type Span struct {
	Scope       Scope
	Anchor      uuid.UUID
	Depth       int         // steps below the anchor, for Subtree and Industry; 0 for all
	Bodies      []uuid.UUID // for Named
	Departments []uuid.UUID // for Department
	Mode        Mode
	From, To    int64 // moments; To is the first at which it holds no more
	// Duty is that of the identity's own role, for what comes with that role; "" for everything granted.
	Duty string
	// Grant and Role say where it comes from: the row, and the role that speaks. Zero for what comes with a place.
	Grant uuid.UUID
	// Through is the post or group by which it reaches the subject; zero for none.
	Through uuid.UUID
}

// In reports whether the span holds at a moment.
func (s *Span) In(at int64) bool { return s.From <= at && at < s.To }

// Reaches reports whether the span takes in a body, or a part of it, at whatever time.
func (s *Span) Reaches(ix *Index, body uuid.UUID) bool {
	if s.Scope == Named {
		return slices.Contains(s.Bodies, body)
	}
	if s.Anchor == body {
		return true
	}
	anchor, known := ix.Position(s.Anchor)
	at, there := ix.Position(body)
	switch {
	case !known || !there:
		return false
	case s.Scope == Subtree:
		return ix.Below(Primary, anchor, at, s.Depth) || ix.Below(Territorial, anchor, at, s.Depth)
	case s.Scope == Industry:
		return ix.Below(Industrial, anchor, at, s.Depth)
	}
	return false
}

// Term is what one grant says of one capability.
type Term struct {
	Span  *Span
	Deny  bool
	Level Level     // allows this and those below, or denies this and those above
	Role  uuid.UUID // the role that says so; zero for a grant of the capability itself
}

// Capabilities are all that can be granted. Its methods may be called by many at a time.
type Capabilities struct {
	ids    map[string]int32
	names  []string
	duties []string
	levels []Level
}

// Atom is a capability: its name, its duty or "", and the level that using it takes.
type Atom struct {
	Name, Duty string
	Level      Level
}

// NewCapabilities numbers capabilities.
func NewCapabilities(atoms []Atom) *Capabilities {
	c := &Capabilities{ids: make(map[string]int32, len(atoms))}
	for i, a := range atoms {
		c.ids[a.Name] = int32(i)
		c.names = append(c.names, a.Name)
		c.duties = append(c.duties, a.Duty)
		c.levels = append(c.levels, max(a.Level, Aggregate))
	}
	return c
}

// ID is the number of a capability, -1 for one that there is not.
func (c *Capabilities) ID(name string) int32 {
	if id, ok := c.ids[name]; ok {
		return id
	}
	return -1
}

// Name is the name of a capability.
func (c *Capabilities) Name(id int32) string { return c.names[id] }

// Duty is whose duty a capability is, "" for nobody's.
func (c *Capabilities) Duty(id int32) string { return c.duties[id] }

// Level is what using a capability takes: Aggregate at least.
func (c *Capabilities) Level(id int32) Level { return c.levels[id] }

// Len is how many there are.
func (c *Capabilities) Len() int { return len(c.names) }

// Policy is all that is said of one subject.
type Policy struct {
	Capabilities *Capabilities
	Terms        [][]Term // by capability
}

// NewPolicy is a policy that says nothing.
func NewPolicy(c *Capabilities) *Policy {
	return &Policy{Capabilities: c, Terms: make([][]Term, c.Len())}
}

// Say adds a term.
func (p *Policy) Say(capability int32, t Term) {
	p.Terms[capability] = append(p.Terms[capability], t)
}
