package policy

import (
	"slices"

	"github.com/google/uuid"
)

// Beyond names where a term goes beyond what its giver holds to give: "" for nowhere, else capability, level, scope, from or to.
// giver is the giver's policy, home his own body.
func Beyond(ix *Index, giver *Policy, home uuid.UUID, capability int32, t Term) string {
	level := t.Level
	if t.Deny {
		level = Full // who denies takes away all that is above
	}
	c := compiler{ix: ix, mode: Give, marks: ix.marks(), sets: map[setKey]Set{}, done: map[string][]uint32{}}
	where := c.set(setKey{t.Span, false})
	best := None // the highest level that is given, at any time and anywhere
	var held []bool
	for _, at := range moments(giver.Terms[capability], t.Span.From, t.Span.To) {
		r := Compile(ix, giver, Give, home, at)
		best = max(best, r.Anywhere(capability))
		held = append(held, covers(r, capability, level, where, t.Span, home) && open(r.Index, giver.Terms[capability], t.Span, level, at))
	}
	ever := slices.Contains(held, true)
	switch {
	case best == None:
		return "capability"
	case best < level:
		return "level"
	case !ever:
		return "scope"
	case !held[0]:
		return "from"
	case slices.Contains(held, false):
		return "to"
	}
	return ""
}

// open reports whether a scope of what lies below is given from a scope of what lies below, so that bodies that are founded there
// later are the giver's to give as well.
func open(ix *Index, terms []Term, s *Span, level Level, at int64) bool {
	if s.Scope != Subtree && s.Scope != Industry {
		return true
	}
	anchor, known := ix.Position(s.Anchor)
	return known && slices.ContainsFunc(terms, func(t Term) bool {
		if t.Deny || t.Level < level || t.Span.Scope != s.Scope || t.Span.Mode&Give == 0 || !t.Span.In(at) {
			return false
		}
		from, known := ix.Position(t.Span.Anchor)
		if !known {
			return false
		}
		lines := []Line{Industrial}
		if s.Scope == Subtree {
			lines = []Line{Primary, Territorial}
		}
		return slices.ContainsFunc(lines, func(line Line) bool {
			if !ix.Below(line, from, anchor, 0) {
				return false
			}
			steps := int(ix.tours[line].depth[anchor] - ix.tours[line].depth[from])
			return t.Span.Depth == 0 || s.Depth > 0 && steps+s.Depth <= t.Span.Depth
		})
	})
}

// moments are the start of a validity and every moment within it at which what is said changes.
func moments(terms []Term, from, to int64) []int64 {
	all := []int64{from}
	for i := range terms {
		for _, edge := range [2]int64{terms[i].Span.From, terms[i].Span.To} {
			if edge > from && edge < to {
				all = append(all, edge)
			}
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// covers reports whether the rights reach all of a scope at a level. What is held in parts of the own body is given on in these
// parts alone.
func covers(r *Rights, capability int32, level Level, where Set, s *Span, home uuid.UUID) bool {
	if len(where) == 0 {
		return false
	}
	if s.Anchor == home && s.Scope != Named && len(where) == 2 && where[1] == where[0]+1 {
		parts := r.Parts(capability)
		if parts.All >= level {
			return true
		}
		return s.Scope == Department && !slices.ContainsFunc(s.Departments, func(d uuid.UUID) bool { return parts.Departments[d] < level })
	}
	held := r.Where(capability, level)
	for i := 0; i < len(where); i += 2 {
		at, exact := slices.BinarySearch(held, where[i])
		if exact {
			at++
		}
		if at%2 == 0 || held[at] < where[i+1] {
			return false
		}
	}
	return true
}
