package policy

import (
	"math/bits"
	"slices"

	"github.com/google/uuid"
)

// Line is a line of leadership.
type Line uint8

// The lines. Every body's primary line is one of the other two.
const (
	Primary Line = iota
	Territorial
	Industrial
)

// Body is what the index must know of a union body.
type Body struct {
	ID            uuid.UUID
	Territorial   uuid.UUID // its parent on the territorial line, zero for none
	Industrial    uuid.UUID // its parent on the industrial line, zero for none
	LedByIndustry bool      // its primary line is the industrial one
	Separated     bool      // it keeps its three administrators apart
}

// Index knows where every body stands on every line. A body has a position; those below it on its primary line follow it
// without a gap, so that a subtree is one interval there, and few on the other lines. It takes about 90 bytes a body and never
// changes: after a move a new one is made.
type Index struct {
	at        map[uuid.UUID]int32
	ids       []uuid.UUID // by position
	tours     [3]tour
	separated Set
}

// tour is a walk over the forest of a line that comes to every body before those below it.
type tour struct {
	order       []int32 // positions, in the order of the walk
	enter, exit []int32 // by position: where in order the body is, and where what lies below it ends
	depth       []int16 // by position: steps from the top
}

// NewIndex makes the index of all bodies. A parent that is not among them counts as none, and so does one that would close a
// ring.
func NewIndex(bodies []Body) *Index {
	raw := make(map[uuid.UUID]int32, len(bodies))
	for i := range bodies {
		raw[bodies[i].ID] = int32(i)
	}
	parent := func(id uuid.UUID) int32 {
		if p, ok := raw[id]; ok && id != uuid.Nil {
			return p
		}
		return -1
	}
	var up [3][]int32
	for l := range up {
		up[l] = make([]int32, len(bodies))
	}
	for i := range bodies {
		b := &bodies[i]
		up[Territorial][i], up[Industrial][i] = parent(b.Territorial), parent(b.Industrial)
		up[Primary][i] = up[Territorial][i]
		if b.LedByIndustry {
			up[Primary][i] = up[Industrial][i]
		}
	}
	var walks [3]walk
	for l := range walks {
		walks[l] = walkOf(up[l])
	}
	position := make([]int32, len(bodies)) // of a body in the slice
	for n, i := range walks[Primary].order {
		position[i] = int32(n)
	}
	ix := &Index{at: raw, ids: make([]uuid.UUID, len(bodies))}
	marks := ix.marks()
	for i := range bodies {
		p := position[i]
		ix.at[bodies[i].ID] = p
		ix.ids[p] = bodies[i].ID
		if bodies[i].Separated {
			marks.set(p)
		}
	}
	ix.separated = marks.take()
	for l, w := range walks {
		ix.tours[l] = w.tour(position)
	}
	return ix
}

// walk is a tour in numbers of the slice of bodies.
type walk struct {
	order []int32
	exit  []int32 // by place in order
	depth []int16 // by place in order
}

// walkOf walks over a forest that is given by parents, -1 at the top.
func walkOf(up []int32) walk {
	n := len(up)
	first, next := make([]int32, n+1), make([]int32, n) // children as linked lists; those of the top at first[n]
	for i := range first {
		first[i] = -1
	}
	for i := n - 1; i >= 0; i-- {
		p := up[i]
		if p < 0 {
			p = int32(n)
		}
		next[i], first[p] = first[p], int32(i)
	}
	w := walk{order: make([]int32, 0, n), exit: make([]int32, n), depth: make([]int16, n)}
	seen := make([]bool, n)
	type step struct{ body, place int32 }
	var path []step
	climb := func(top int32) {
		for at := top; ; {
			place := int32(len(w.order))
			w.order = append(w.order, at)
			w.depth[place] = int16(len(path))
			seen[at] = true
			path = append(path, step{at, place})
			down := first[at]
			for down < 0 || seen[down] {
				if down >= 0 {
					down = next[down]
					continue
				}
				last := path[len(path)-1]
				w.exit[last.place] = int32(len(w.order))
				path = path[:len(path)-1]
				if len(path) == 0 {
					return
				}
				down = next[last.body]
			}
			at = down
		}
	}
	for top := first[n]; top >= 0; top = next[top] {
		climb(top)
	}
	for i := range int32(n) { // bodies of a ring
		if !seen[i] {
			climb(i)
		}
	}
	return w
}

func (w walk) tour(position []int32) tour {
	n := len(w.order)
	t := tour{order: make([]int32, n), enter: make([]int32, n), exit: make([]int32, n), depth: make([]int16, n)}
	for place, i := range w.order {
		p := position[i]
		t.order[place] = p
		t.enter[p], t.exit[p], t.depth[p] = int32(place), w.exit[place], w.depth[place]
	}
	return t
}

// Len is the number of bodies.
func (ix *Index) Len() int { return len(ix.ids) }

// Position returns where a body stands.
func (ix *Index) Position(id uuid.UUID) (int32, bool) {
	p, ok := ix.at[id]
	return p, ok
}

// ID is the body at a position.
func (ix *Index) ID(position int32) uuid.UUID { return ix.ids[position] }

// Below reports whether a body is the ancestor or lies below it on a line, at most depth steps; 0 is any number.
func (ix *Index) Below(line Line, ancestor, body int32, depth int) bool {
	t := &ix.tours[line]
	at := t.enter[body]
	return at >= t.enter[ancestor] && at < t.exit[ancestor] && (depth == 0 || int(t.depth[body]-t.depth[ancestor]) <= depth)
}

// Separated reports whether the body keeps its three administrators apart.
func (ix *Index) Separated(position int32) bool { return ix.separated.Has(position) }

// mark adds an ancestor and what lies below it on a line to the marks.
func (ix *Index) mark(m marks, line Line, ancestor int32, depth int) {
	t := &ix.tours[line]
	for _, p := range t.order[t.enter[ancestor]:t.exit[ancestor]] {
		if depth == 0 || int(t.depth[p]-t.depth[ancestor]) <= depth {
			m.set(p)
		}
	}
}

// Set is a set of positions: pairs of the first one of a run and the one behind its last, in order.
type Set []int32

// Has reports whether a position is in the set.
func (s Set) Has(p int32) bool {
	i, exact := slices.BinarySearch(s, p)
	return exact == (i%2 == 0)
}

// marks is a set at work: a bit a position.
type marks []uint64

func (ix *Index) marks() marks { return make(marks, (len(ix.ids)+63)/64) }

func (m marks) set(p int32) { m[p/64] |= 1 << (p % 64) }

// without takes a set out.
func (m marks) without(s Set) {
	for i := 0; i < len(s); i += 2 {
		for p := s[i]; p < s[i+1]; p++ {
			m[p/64] &^= 1 << (p % 64)
		}
	}
}

// take returns what is marked, and forgets it.
func (m marks) take() Set {
	var s Set
	open := false
	for w, word := range m {
		m[w] = 0
		switch {
		case word == 0 && !open, word == ^uint64(0) && open:
			continue
		}
		for bit := 0; bit < 64; {
			rest := word >> bit
			if open {
				rest = ^rest
			}
			n := bits.TrailingZeros64(rest)
			if n >= 64-bit {
				break
			}
			bit += n
			s = append(s, int32(w*64+bit))
			open = !open
		}
	}
	if open {
		s = append(s, int32(len(m)*64))
	}
	return s
}
