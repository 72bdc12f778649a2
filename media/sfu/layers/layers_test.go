package layers

import (
	"math/rand/v2"
	"slices"
	"testing"
)

var camera = []Layer{{180, 150_000}, {360, 500_000}, {720, 1_700_000}}

func shown(height, priority, now int) Demand {
	return Demand{Height: height, Priority: priority, Layers: camera, Now: now}
}

func TestChoose(t *testing.T) {
	const much = 100_000_000
	for name, c := range map[string]struct {
		budget  int
		demands []Demand
		want    []int
		need    int
	}{
		"nothing":                     {much, nil, []int{}, 0},
		"by the size shown":           {much, []Demand{shown(100, 0, Off), shown(300, 0, Off), shown(400, 0, Off), shown(1080, 0, Off), shown(0, 0, 2)}, []int{0, 1, 1, 2, Off}, 150_000 + 500_000*2 + 1_700_000},
		"not enough for one":          {100_000, []Demand{shown(720, 0, Off)}, []int{Off}, 1_700_000},
		"all before larger":           {800_000, []Demand{shown(720, 0, Off), shown(720, 0, Off), shown(720, 0, Off)}, []int{0, 0, 0}, 5_100_000},
		"one step more":               {1_000_000, []Demand{shown(720, 0, Off), shown(720, 0, Off), shown(720, 0, Off)}, []int{1, 0, 0}, 5_100_000},
		"the more urgent first":       {700_000, []Demand{shown(720, 0, Off), shown(720, 5, Off)}, []int{0, 0}, 3_400_000},
		"one only, the more urgent":   {200_000, []Demand{shown(720, 0, 0), shown(720, 5, Off)}, []int{Off, 0}, 3_400_000},
		"the rest to the more urgent": {800_000, []Demand{shown(720, 0, Off), shown(720, 5, Off)}, []int{0, 1}, 3_400_000},
		"stays where it is":           {510_000, []Demand{shown(360, 0, 1)}, []int{1}, 500_000},
		"goes up with room only":      {510_000, []Demand{shown(360, 0, 0)}, []int{0}, 500_000},
		"goes up with room":           {580_000, []Demand{shown(360, 0, 0)}, []int{1}, 500_000},
		"goes down":                   {400_000, []Demand{shown(720, 0, 2)}, []int{0}, 1_700_000},
		"passes over what is absent":  {much, []Demand{{Height: 720, Now: Off, Layers: []Layer{{180, 150_000}, {360, 0}, {720, 1_000_000}}}}, []int{2}, 1_000_000},
		"the largest does not come":   {much, []Demand{{Height: 720, Now: Off, Layers: []Layer{{180, 150_000}, {360, 400_000}, {720, 0}}}}, []int{1}, 400_000},
		"nothing comes":               {much, []Demand{{Height: 720, Now: Off, Layers: []Layer{{180, 0}}}}, []int{Off}, 0},
		"one layer only":              {much, []Demand{{Height: 90, Now: Off, Layers: []Layer{{1080, 2_000_000}}}}, []int{0}, 2_000_000},
	} {
		out := make([]int, len(c.demands))
		need := Choose(c.budget, c.demands, out)
		if !slices.Equal(out, c.want) || need != c.need {
			t.Errorf("%s: %v and a need of %d, not %v and %d", name, out, need, c.want, c.need)
		}
	}
}

// Whatever is demanded: never more than the budget, never larger than of use, and the choice comes to rest.
func TestAlways(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	for range 20_000 {
		demands := make([]Demand, rng.IntN(20))
		for i := range demands {
			d := &demands[i]
			d.Height, d.Priority, d.Now = rng.IntN(1000), rng.IntN(3), rng.IntN(4)-1
			bits := 0
			for h := range 1 + rng.IntN(3) {
				bits += 50_000 + rng.IntN(1_000_000)
				l := Layer{180 << h, bits}
				if rng.IntN(6) == 0 {
					l.Bits = 0
				}
				d.Layers = append(d.Layers, l)
			}
			d.Now = min(d.Now, len(d.Layers)-1)
		}
		budget := rng.IntN(10_000_000)
		out, again := make([]int, len(demands)), make([]int, len(demands))
		Choose(budget, demands, out)
		sum := 0
		for i, l := range out {
			if l != Off {
				sum += demands[i].Layers[l].Bits
			}
			if l > demands[i].ceiling() {
				t.Fatalf("%d of %+v", l, demands[i])
			}
			demands[i].Now = l
		}
		if sum > budget {
			t.Fatalf("%d of %d", sum, budget)
		}
		for turn := 0; ; turn++ {
			Choose(budget, demands, again)
			if slices.Equal(again, out) {
				break
			}
			if turn == 6 {
				t.Fatalf("%v, then %v", out, again)
			}
			copy(out, again)
			for i := range demands {
				demands[i].Now = out[i]
			}
		}
	}
}

func TestLeast(t *testing.T) {
	for _, c := range []struct {
		name    string
		most    int
		demands []Demand
		out     []int
		want    []int
	}{
		{"something is shown", 1_000_000, []Demand{shown(720, 0, Off), shown(720, 1, Off)}, []int{0, Off}, []int{0, Off}},
		{"the most urgent", 1_000_000, []Demand{shown(720, 0, Off), shown(720, 1, Off), shown(720, 1, Off)}, []int{Off, Off, Off}, []int{Off, 0, Off}},
		{"what is not looked at", 1_000_000, []Demand{shown(0, 1, Off), shown(180, 0, Off)}, []int{Off, Off}, []int{Off, 0}},
		{"too much all the same", 10_000, []Demand{shown(720, 0, Off)}, []int{Off}, []int{Off}},
		{"nobody", 1_000_000, nil, nil, nil},
	} {
		if Least(c.most, c.demands, c.out); !slices.Equal(c.out, c.want) {
			t.Errorf("%s: %v, not %v", c.name, c.out, c.want)
		}
	}
}

func TestNoAllocation(t *testing.T) {
	demands := []Demand{shown(720, 0, 0), shown(180, 1, 1), shown(360, 2, 2)}
	out := make([]int, len(demands))
	if n := testing.AllocsPerRun(100, func() { Choose(1_000_000, demands, out) }); n != 0 {
		t.Errorf("%v allocations a choice", n)
	}
}

func BenchmarkChoose25(b *testing.B) {
	demands := make([]Demand, 25)
	for i := range demands {
		demands[i] = shown(100*i, i%3, Off)
	}
	out := make([]int, len(demands))
	b.ReportAllocs()
	for b.Loop() {
		Choose(5_000_000, demands, out)
	}
}
