package ballot

import (
	"cmp"
	"math/bits"
	"slices"
)

// Forms of a question.
const (
	Choice  = "choice"  // any options
	Consent = "consent" // for, against, abstain, in this order
	Elect   = "elect"   // candidates
)

// Rule is how a vote is counted: 总工发〔2016〕27号 asks of an election that two thirds attend and that who is elected has more than half of
// the votes of those who should attend.
type Rule struct {
	Form     string
	Options  int
	Most     int    // options that one may choose
	Seats    int    // to be elected
	Due      int    // who should attend
	Voters   int    // who may vote
	Quorum   string // none, half, twothirds: at least so many of Due are Voters
	Majority string // most, half_due, half_voters, half_cast, twothirds_due, twothirds_cast
}

// Result is what came of a vote. Options are counted from 1.
type Result struct {
	Quorate   bool
	Need      int // votes that suffice; 0: the most
	Passed    bool
	Won, Tied []int
}

// Valid reports whether a choice may be cast by the rule: bit n-1 stands for the option n. In an election nothing may be chosen, too.
func (r Rule) Valid(choice int64) bool {
	n := bits.OnesCount64(uint64(choice))
	return choice >= 0 && choice>>r.Options == 0 && n <= r.Most && (n > 0 || r.Form == Elect)
}

// need is the smallest number of votes that suffices when so many voted.
func (r Rule) need(cast int) int {
	above := func(n int) int { return n/2 + 1 }
	thirds := func(n int) int { return (2*n + 2) / 3 }
	switch r.Majority {
	case "half_due":
		return above(r.Due)
	case "half_voters":
		return above(r.Voters)
	case "half_cast":
		return above(cast)
	case "twothirds_due":
		return thirds(r.Due)
	case "twothirds_cast":
		return max(thirds(cast), 1)
	}
	return 0
}

// quorate reports whether enough attend.
func (r Rule) quorate() bool {
	switch r.Quorum {
	case "half":
		return 2*r.Voters >= r.Due
	case "twothirds":
		return 3*r.Voters >= 2*r.Due
	}
	return true
}

// Count counts votes by the rule: votes of each option, and how many voted.
func (r Rule) Count(votes []int, cast int) Result {
	out := Result{Quorate: r.quorate(), Need: r.need(cast)}
	if !out.Quorate {
		return out
	}
	if r.Form == Consent {
		if len(votes) > 1 && votes[0] >= out.Need && (out.Need > 0 || votes[0] > votes[1]) && votes[0] > 0 {
			out.Passed, out.Won = true, []int{1}
		}
		return out
	}
	seats := 1
	if r.Form == Elect {
		seats = r.Seats
	}
	enough := make([]int, 0, len(votes))
	for i, n := range votes {
		if n > 0 && n >= out.Need {
			enough = append(enough, i+1)
		}
	}
	slices.SortStableFunc(enough, func(a, b int) int { return cmp.Compare(votes[b-1], votes[a-1]) })
	if len(enough) > seats {
		// Those who have as many votes as the first who finds no seat are equal: not all of them can win.
		edge := votes[enough[seats]-1]
		for _, o := range enough {
			switch n := votes[o-1]; {
			case n > edge:
				out.Won = append(out.Won, o)
			case n == edge && votes[enough[seats-1]-1] == edge:
				out.Tied = append(out.Tied, o)
			}
		}
		enough = out.Won
	}
	out.Won = enough
	out.Passed = len(out.Won) == seats
	return out
}
