package bench

import (
	"fmt"
	"math"
	"slices"
	"time"
)

// Figure is one measurement beside its floor: what the machine can do at best for the same need, measured in the same run.
type Figure struct {
	Name  string   `json:"name"`
	Value float64  `json:"value"`
	Unit  string   `json:"unit"`
	Floor *float64 `json:"floor"`
	Ratio *float64 `json:"ratio"` // value by floor
	Goal  string   `json:"goal"`  // empty for none
	Met   *bool    `json:"met"`   // nil without a goal
}

func figure(name string, value float64, unit string) Figure {
	return Figure{Name: name, Value: round(value), Unit: unit}
}

// over sets the floor.
func (f Figure) over(floor float64) Figure {
	ratio := round(f.Value / floor)
	floor = round(floor)
	f.Floor, f.Ratio = &floor, &ratio
	return f
}

// atMost sets a goal for the value.
func (f Figure) atMost(most float64) Figure {
	return f.judge(fmt.Sprintf("≤ %g %s", most, f.Unit), f.Value <= most)
}

// atLeast sets a goal for the value.
func (f Figure) atLeast(least float64) Figure {
	return f.judge(fmt.Sprintf("≥ %g %s", least, f.Unit), f.Value >= least)
}

// within sets a goal for the ratio.
func (f Figure) within(ratio float64) Figure {
	return f.judge(fmt.Sprintf("≤ %g × floor", ratio), *f.Ratio <= ratio)
}

// atLeastTimes sets a goal for how many times the floor the value is.
func (f Figure) atLeastTimes(ratio float64) Figure {
	return f.judge(fmt.Sprintf("≥ %g × floor", ratio), *f.Ratio >= ratio)
}

func (f Figure) judge(goal string, met bool) Figure {
	f.Goal, f.Met = goal, &met
	return f
}

// round keeps three digits that mean something.
func round(v float64) float64 {
	if v == 0 || math.IsNaN(v) || math.IsInf(v, 0) {
		return 0
	}
	scale := math.Pow(10, max(0, 2-math.Floor(math.Log10(math.Abs(v)))))
	return math.Round(v*scale) / scale
}

func median(values []float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	n := len(sorted)
	if n == 0 {
		return 0
	}
	return (sorted[(n-1)/2] + sorted[n/2]) / 2
}

func sum(values []float64) (s float64) {
	for _, v := range values {
		s += v
	}
	return s
}

// percentile is the smallest time that p hundredths of all do not exceed.
func percentile(took []time.Duration, p float64) time.Duration {
	if len(took) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(took))
	at := int(math.Ceil(p/100*float64(len(sorted)))) - 1
	return sorted[max(0, at)]
}

func millis(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

func micros(d time.Duration) float64 { return float64(d) / float64(time.Microsecond) }
