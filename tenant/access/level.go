package access

import "gonghui/tenant/access/policy"

// Level is how much of the data a right shows.
type Level = policy.Level

// The data levels. Who has one has those below it.
const (
	None      = policy.None      // nothing
	Aggregate = policy.Aggregate // figures
	Masked    = policy.Masked    // rows with personal data masked
	Full      = policy.Full      // everything
)

// ParseLevel reads the name of a level.
func ParseLevel(name string) (Level, bool) { return policy.ParseLevel(name) }
