// Package layers chooses for one receiver which layer of each video it gets: no larger than it is shown, nothing that is not shown,
// and in all no more than its path carries. Sound is not its business: it comes first and is small.
package layers

// Off is the choice of nothing.
const Off = -1

// Layer is one coding of a video; they are given from the smallest to the largest.
type Layer struct {
	Height int // of the picture, in pixels
	Bits   int // a second, as measured; 0: nothing comes
}

// Demand is one video that a receiver wants to see.
type Demand struct {
	Height   int     // at which it is shown, in device pixels; 0: not shown
	Priority int     // the larger, the sooner served: a shared screen before faces
	Layers   []Layer // up to three
	Now      int     // what it gets now, or Off
}

// Of the choice.
const (
	upward = 1.15 // a larger layer is taken only with so much room, so that it is not left again at once
	taller = 0.8  // a layer of this part of the height shown is tall enough
)

// ceiling is the largest layer that is of use to a demand.
func (d *Demand) ceiling() int {
	if d.Height <= 0 {
		return Off
	}
	best := Off
	for i, l := range d.Layers {
		if l.Bits == 0 {
			continue
		}
		best = i
		if float64(l.Height) >= taller*float64(d.Height) {
			break
		}
	}
	return best
}

// cost is what a layer takes of the budget: more for one that is not had yet.
func (d *Demand) cost(layer int) int {
	if layer == Off {
		return 0
	}
	bits := d.Layers[layer].Bits
	if layer > d.Now {
		bits = int(float64(bits) * upward)
	}
	return bits
}

// Choose writes for each demand the layer it gets into out, which is as long as demands, and returns what all would need in bits a
// second to get the largest of use. First each gets its smallest layer, the more urgent ones first; then, again in that order and
// one step a round, larger ones.
func Choose(budget int, demands []Demand, out []int) (need int) {
	left := budget
	for i := range demands {
		out[i] = Off
		if c := demands[i].ceiling(); c != Off {
			need += demands[i].Layers[c].Bits
		}
	}
	for step := 0; ; step++ {
		more := false
		for p, first := top(demands); !first; p, first = below(demands, p) {
			for i := range demands {
				d := &demands[i]
				if d.Priority != p || step > 0 && out[i] == Off {
					continue
				}
				next := d.above(out[i])
				if next == Off {
					continue
				}
				if price := d.cost(next) - d.cost(out[i]); price <= left {
					left -= price
					out[i] = next
					more = true
				}
			}
		}
		if !more {
			return need
		}
	}
}

// Least gives the most urgent demand its smallest layer, if none has got anything and that layer takes no more than most bits a second: an
// estimate that has just fallen says little, and a picture that stands still says less than a small one.
func Least(most int, demands []Demand, out []int) {
	best := Off
	for i := range demands {
		if out[i] != Off {
			return
		}
		if best == Off || demands[i].Priority > demands[best].Priority {
			if first := demands[i].above(Off); first != Off && demands[i].Layers[first].Bits <= most {
				best = i
			}
		}
	}
	if best != Off {
		out[best] = demands[best].above(Off)
	}
}

// above is the next larger layer that comes and is of use; Off when there is none.
func (d *Demand) above(layer int) int {
	for i := layer + 1; i <= d.ceiling(); i++ {
		if d.Layers[i].Bits > 0 {
			return i
		}
	}
	return Off
}

// top and below walk the priorities downward; end is true when there is no further one.
func top(demands []Demand) (priority int, end bool) {
	end = true
	for _, d := range demands {
		if end || d.Priority > priority {
			priority, end = d.Priority, false
		}
	}
	return priority, end
}

func below(demands []Demand, p int) (priority int, end bool) {
	end = true
	for _, d := range demands {
		if d.Priority < p && (end || d.Priority > priority) {
			priority, end = d.Priority, false
		}
	}
	return priority, end
}
