package policy

import (
	"encoding/binary"
	"slices"

	"github.com/google/uuid"
)

// Rights are a policy worked out over an index, for one mode and as of one moment. They are read without a lock and without
// an allocation, and never change.
type Rights struct {
	Index *Index
	// Until is the first moment at which another answer may be right, Never without dated grants.
	Until int64

	home     int32
	atHome   []Level    // by capability: in the subject's own body
	anywhere []Level    // by capability: the highest in any body
	runs     [][]uint32 // by capability: position<<2 | level from there on; nothing before the first
	parts    map[int32]Parts
}

// Parts is how far a right reaches within the subject's own body, at a level by kind.
type Parts struct {
	All, Own, Self Level
	Departments    map[uuid.UUID]Level
}

// Compile works a policy out as of a moment. home is the subject's own body; when the index does not know it, it counts as one
// that stands alone.
func Compile(ix *Index, p *Policy, mode Mode, home uuid.UUID, now int64) *Rights {
	at, known := ix.Position(home)
	if !known {
		ix = NewIndex([]Body{{ID: home}})
		at = 0
	}
	n := len(p.Terms)
	r := &Rights{Index: ix, Until: Never, home: at, atHome: make([]Level, n), anywhere: make([]Level, n), runs: make([][]uint32, n)}
	c := compiler{ix: ix, mode: mode, now: now, marks: ix.marks(), sets: map[setKey]Set{}, done: map[string][]uint32{}}
	for id, terms := range p.Terms {
		if len(terms) == 0 {
			continue
		}
		duty := p.Capabilities.Duty(int32(id))
		r.runs[id] = c.capability(terms, duty)
		r.atHome[id] = levelIn(r.runs[id], at)
		for _, run := range r.runs[id] {
			r.anywhere[id] = max(r.anywhere[id], Level(run&3))
		}
		if parts, ok := c.parts(terms, duty, at); ok {
			if r.parts == nil {
				r.parts = map[int32]Parts{}
			}
			r.parts[int32(id)] = parts
		}
		for i := range terms {
			s := terms[i].Span
			for _, edge := range [2]int64{s.From, s.To} {
				if edge > now {
					r.Until = min(r.Until, edge)
				}
			}
		}
	}
	return r
}

// Level is the highest level at which a capability is held in a body.
func (r *Rights) Level(capability int32, body uuid.UUID) Level {
	at, ok := r.Index.at[body]
	if !ok {
		return None
	}
	return levelIn(r.runs[capability], at)
}

// Home is Level in the subject's own body.
func (r *Rights) Home(capability int32) Level { return r.atHome[capability] }

// Anywhere is the highest level at which a capability is held in any body.
func (r *Rights) Anywhere(capability int32) Level { return r.anywhere[capability] }

// Parts is how far a capability reaches within the subject's own body.
func (r *Rights) Parts(capability int32) Parts {
	if p, ok := r.parts[capability]; ok {
		return p
	}
	return Parts{All: r.atHome[capability]}
}

// Where returns the bodies in which a capability is held at a level.
func (r *Rights) Where(capability int32, level Level) Set {
	var s Set
	for _, run := range r.runs[capability] {
		if in := Level(run&3) >= level; in == (len(s)%2 == 0) {
			s = append(s, int32(run>>2))
		}
	}
	if len(s)%2 == 1 {
		s = append(s, int32(r.Index.Len()))
	}
	return s
}

func levelIn(runs []uint32, at int32) Level {
	want := uint32(at)<<2 | 3
	low, high := 0, len(runs)
	for low < high {
		mid := int(uint(low+high) >> 1)
		if runs[mid] <= want {
			low = mid + 1
		} else {
			high = mid
		}
	}
	if low == 0 {
		return None
	}
	return Level(runs[low-1] & 3)
}

// compiler keeps what several capabilities share: most come in roles, and so with the same spans.
type compiler struct {
	ix    *Index
	mode  Mode
	now   int64
	marks marks
	sets  map[setKey]Set
	names map[*Span]uint32
	done  map[string][]uint32
}

type setKey struct {
	span    *Span
	without bool // bodies that keep their administrators apart are left out
}

// counts reports whether a term has a say now, and whether it has none in separated bodies.
func (c *compiler) counts(t *Term, duty string) (says, without bool) {
	return t.Span.Mode&c.mode != 0 && t.Span.In(c.now), duty != "" && !t.Deny && t.Span.Duty != duty
}

// set is where a span holds, parts of bodies included.
func (c *compiler) set(k setKey) Set {
	if s, ok := c.sets[k]; ok {
		return s
	}
	anchor, known := c.ix.Position(k.span.Anchor)
	switch {
	case k.span.Scope == Named:
		for _, id := range k.span.Bodies {
			if p, ok := c.ix.Position(id); ok {
				c.marks.set(p)
			}
		}
	case !known:
	case k.span.Scope == Subtree:
		c.ix.mark(c.marks, Primary, anchor, k.span.Depth)
		c.ix.mark(c.marks, Territorial, anchor, k.span.Depth)
	case k.span.Scope == Industry:
		c.ix.mark(c.marks, Industrial, anchor, k.span.Depth)
	default:
		c.marks.set(anchor)
	}
	if k.without {
		c.marks.without(c.ix.separated)
	}
	s := c.marks.take()
	c.sets[k] = s
	return s
}

// capability works out one capability over all bodies.
func (c *compiler) capability(terms []Term, duty string) []uint32 {
	var key []byte
	var edges []edge
	for i := range terms {
		t := &terms[i]
		if says, _ := c.counts(t, duty); says {
			key = append(binary.LittleEndian.AppendUint32(key, c.name(t.Span)), t.kind())
		}
	}
	if len(key) == 0 {
		return nil
	}
	key = append(key, duty...)
	if runs, ok := c.done[string(key)]; ok {
		return runs
	}
	for i := range terms {
		t := &terms[i]
		says, without := c.counts(t, duty)
		if !says {
			continue
		}
		for n, p := range c.set(setKey{t.Span, without}) {
			change := int32(1)
			if n%2 == 1 {
				change = -1
			}
			edges = append(edges, edge{p, t.kind(), change})
		}
	}
	slices.SortFunc(edges, func(a, b edge) int { return int(a.at - b.at) })
	runs := sweep(edges)
	c.done[string(key)] = runs
	return runs
}

// name numbers spans, for keys.
func (c *compiler) name(s *Span) uint32 {
	if c.names == nil {
		c.names = map[*Span]uint32{}
	}
	n, ok := c.names[s]
	if !ok {
		n = uint32(len(c.names))
		c.names[s] = n
	}
	return n
}

// kind tells allows and denies of each level apart: 1 to 3, and 5 to 7.
func (t *Term) kind() uint8 {
	if t.Deny {
		return uint8(t.Level) | 4
	}
	return uint8(t.Level)
}

// edge is where a term begins or ends to have a say.
type edge struct {
	at     int32
	kind   uint8
	change int32
}

// tally counts the terms that have a say, by kind.
type tally [8]int32

// level is the highest that is allowed and not denied.
func (n *tally) level() Level {
	level := None
	for l := Aggregate; l <= Full; l++ {
		if n[uint8(l)|4] > 0 {
			break
		}
		for up := l; up <= Full; up++ {
			if n[up] > 0 {
				level = l
				break
			}
		}
	}
	return level
}

// sweep goes over the edges in order and keeps where the level changes.
func sweep(edges []edge) []uint32 {
	var runs []uint32
	var n tally
	last := None
	for i := 0; i < len(edges); {
		at := edges[i].at
		for ; i < len(edges) && edges[i].at == at; i++ {
			n[edges[i].kind] += edges[i].change
		}
		if level := n.level(); level != last {
			runs = append(runs, uint32(at)<<2|uint32(level))
			last = level
		}
	}
	return runs
}

// parts works out the parts of one body, if the capability is held there in parts at all. A deny holds for all of them.
func (c *compiler) parts(terms []Term, duty string, home int32) (Parts, bool) {
	var all, own, self tally
	departments := map[uuid.UUID]*tally{}
	partial := false
	for i := range terms {
		t := &terms[i]
		says, without := c.counts(t, duty)
		if !says || !c.set(setKey{t.Span, without}).Has(home) {
			continue
		}
		switch scope := t.Span.Scope; {
		case t.Deny || !scope.Partial():
			all[t.kind()]++
		case scope == Self:
			self[t.kind()]++
		case scope == Own:
			own[t.kind()]++
		default:
			for _, d := range t.Span.Departments {
				if departments[d] == nil {
					departments[d] = &tally{}
				}
				departments[d][t.kind()]++
			}
		}
		partial = partial || t.Span.Scope.Partial()
	}
	if !partial {
		return Parts{}, false
	}
	level := func(n tally) Level {
		for k := range n {
			n[k] += all[k]
		}
		return n.level()
	}
	p := Parts{All: all.level(), Own: level(own), Self: level(self), Departments: map[uuid.UUID]Level{}}
	for d, n := range departments {
		p.Departments[d] = level(*n)
	}
	return p, true
}
