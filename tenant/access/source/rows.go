package source

import (
	"strconv"
	"strings"
	"time"

	"github.com/casbin/casbin/v2/model"
	"github.com/google/uuid"

	"gonghui/tenant/access/policy"
)

// Grant is a row of grants.
type Grant struct {
	ID          uuid.UUID
	Kind        string // of the subject: identity, account, post, group, app
	Subject     uuid.UUID
	Role        string // id of a role, or the code of a built-in one; "" for a capability
	Capability  string
	Scope       string
	Anchor      uuid.UUID
	Depth       int
	Bodies      []uuid.UUID // of the named set
	Departments []uuid.UUID
	Level       policy.Level
	Deny        bool
	Mode        string // use, give, both
	From, To    *time.Time
	Duty        string // of the identity's own role, for what comes with a place
}

// Entry is what a role says of a capability.
type Entry struct {
	Role       string
	Capability string
	Level      policy.Level
	Deny       bool
}

// Rows is the policy of one subject, or of many.
type Rows struct{ m model.Model }

// NewRows are no rows.
func NewRows() (*Rows, error) {
	m, err := NewModel()
	return &Rows{m}, err
}

// Model is casbin's.
func (r *Rows) Model() model.Model { return r.m }

func (r *Rows) add(section, kind string, row ...string) error {
	known, err := r.m.HasPolicy(section, kind, row)
	if err != nil || known {
		return err
	}
	return r.m.AddPolicy(section, kind, row)
}

// Grant adds a grant: what it allows, and what it denies.
func (r *Rows) Grant(g Grant) error {
	what := capabilityName + g.Capability
	if g.Role != "" {
		what = roleName + g.Role
	}
	effect, efts := "allow", []string{"allow", "deny"}
	switch {
	case g.Deny:
		effect, efts = "deny", efts[1:]
	case g.Role == "":
		efts = efts[:1]
	}
	for _, eft := range efts {
		err := r.add("p", "p", g.Kind+":"+g.Subject.String(), what, g.Scope, g.Anchor.String(), strconv.Itoa(g.Depth), join(g.Bodies),
			join(g.Departments), strconv.Itoa(int(g.Level)), effect, g.Mode, since(g.From), until(g.To), g.Duty, g.ID.String(), eft)
		if err != nil {
			return err
		}
	}
	return nil
}

// Say adds what a role says.
func (r *Rows) Say(e Entry) error {
	effect := "allow"
	if e.Deny {
		effect = "deny"
	}
	return r.add("p", "p2", roleName+e.Role, e.Capability, strconv.Itoa(int(e.Level)), effect)
}

// Duty says whose duty a capability is.
func (r *Rows) Duty(capability, duty string) error { return r.add("p", "p3", capability, duty) }

// Stand says that an identity stands for an account, a post or a group, from when to when.
func (r *Rows) Stand(identity uuid.UUID, kind string, id uuid.UUID, from, to *time.Time) error {
	return r.add("g", "g", "identity:"+identity.String(), kind+":"+id.String(), since(from), until(to))
}

// Inherit says that a role has all that another has.
func (r *Rows) Inherit(role, from string) error {
	return r.add("g", "g2", roleName+role, roleName+from)
}

func join(ids []uuid.UUID) string {
	var b strings.Builder
	for i, id := range ids {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(id.String())
	}
	return b.String()
}
