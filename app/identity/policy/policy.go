// Package policy is what a union body demands of the passwords and the sessions of its staff, and whether a password meets it.
package policy

import (
	"slices"
	"time"
)

// Policy is what is demanded. Members, who are no staff, keep to [Members].
type Policy struct {
	MinLength   int // characters
	Kinds       int // of small letters, capitals, digits, signs; all other letters count as small ones
	History     int // former passwords that must not come back
	MaxAge      int // days until a password has to be renewed; 0 for never
	Idle        int // minutes without a call until a session ends
	Absolute    int // hours until a session ends in any case
	Sessions    int // of an account on a host at a time
	FactorRoles []string
	Below       bool // bodies below must demand no less
}

// Roles that may be asked for a second factor.
var Roles = []string{"admin", "officer", "supervisor", "system_admin", "security_admin", "audit_admin"}

// Default holds for staff until a body says otherwise. The figures are those of GB/T 22239-2019, level three, as
// it is assessed: eight characters of three kinds, managers idle for thirty minutes at most, two factors for administrators of the
// system itself. The accounts of a demo system are published and used by many at once.
func Default(demo bool) Policy {
	p := Policy{
		MinLength: 8, Kinds: 3, History: 5, MaxAge: 180, Idle: 30, Absolute: 12, Sessions: 10,
		FactorRoles: []string{"system_admin", "security_admin", "audit_admin"},
	}
	if demo {
		p.Sessions, p.FactorRoles = 100, nil
	}
	return p
}

// Members holds for who has no other role: a phone in one's own pocket stays signed in for a month.
func Members(demo bool) Policy {
	return Policy{MinLength: 8, Kinds: 2, History: 5, Idle: 12 * 60, Absolute: 30 * 24, Sessions: Default(demo).Sessions}
}

// Strictest demands all that a or b demands.
func Strictest(a, b Policy) Policy {
	p := Policy{
		MinLength: max(a.MinLength, b.MinLength), Kinds: max(a.Kinds, b.Kinds), History: max(a.History, b.History),
		MaxAge: sooner(a.MaxAge, b.MaxAge), Idle: min(a.Idle, b.Idle), Absolute: min(a.Absolute, b.Absolute),
		Sessions: min(a.Sessions, b.Sessions), Below: a.Below || b.Below,
	}
	for _, r := range Roles {
		if slices.Contains(a.FactorRoles, r) || slices.Contains(b.FactorRoles, r) {
			p.FactorRoles = append(p.FactorRoles, r)
		}
	}
	return p
}

// sooner is the smaller of two spans where 0 is none.
func sooner(a, b int) int {
	if a == 0 || b == 0 {
		return a + b
	}
	return min(a, b)
}

// Demands reports whether the role needs a second factor.
func (p Policy) Demands(role string) bool { return slices.Contains(p.FactorRoles, role) }

// IdleTime is how long a session may stay unused.
func (p Policy) IdleTime() time.Duration { return time.Duration(p.Idle) * time.Minute }

// Life is how long a session lasts at most.
func (p Policy) Life() time.Duration { return time.Duration(p.Absolute) * time.Hour }

// Expired reports whether a password set at that time has to be renewed by now.
func (p Policy) Expired(set, now time.Time) bool {
	return p.MaxAge > 0 && now.Sub(set) > time.Duration(p.MaxAge)*24*time.Hour
}
