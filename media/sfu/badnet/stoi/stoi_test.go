package stoi

import (
	"errors"
	"math"
	"testing"
)

// noise is even between -1 and 1, the same everywhere.
func noise(n int, seed uint64) []float64 {
	out := make([]float64, n)
	for i := range out {
		seed = seed*6364136223846793005 + 1442695040888963407
		out[i] = float64(seed>>33)/(1<<31)*2 - 1
	}
	return out
}

// tones are twenty-nine harmonics that come and go, with pauses.
func tones(n int) []float64 {
	x := make([]float64, n)
	for i := range x {
		t := float64(i) / rate
		if math.Sin(2*math.Pi*0.9*t) <= -0.6 {
			continue
		}
		for h := 1.0; h < 30; h++ {
			x[i] += math.Sin(2*math.Pi*120*h*t) * (0.5 + 0.5*math.Sin(2*math.Pi*(1+0.37*h)*t)) / h
		}
	}
	return x
}

// The figures are those of pystoi 0.4.1 for the same samples.
func TestKnownCases(t *testing.T) {
	const n = 3 * rate
	x := tones(n)
	hiss := noise(n, 1)
	with := func(g float64) []float64 {
		y := make([]float64, n)
		for i := range y {
			y[i] = x[i] + g*hiss[i]
		}
		return y
	}
	without := func(gap int) []float64 {
		y := append([]float64(nil), x...)
		for i := range y {
			if i%1000 < gap {
				y[i] = 0
			}
		}
		return y
	}
	clipped := make([]float64, n)
	for i := range x {
		clipped[i] = max(-0.2, min(x[i], 0.2))
	}
	for _, c := range []struct {
		name string
		y    []float64
		want float64
	}{
		{"itself", x, 1},
		{"half as loud", scaled(x, 0.5), 1},
		{"little noise", with(0.1), 0.9347},
		{"noise", with(0.5), 0.6812},
		{"more noise", with(1), 0.5234},
		{"much noise", with(5), 0.2432},
		{"noise alone", hiss, 0.1859},
		{"a fifth is missing", without(200), 0.6969},
		{"half is missing", without(500), 0.3828},
		{"clipped", clipped, 0.5511},
	} {
		got, err := Measure(x, c.y, rate)
		if err != nil || math.Abs(got-c.want) > 0.01 {
			t.Errorf("%s: %.4f, not %.4f (%v)", c.name, got, c.want, err)
		}
	}
}

// scaled is a signal louder by a factor.
func scaled(x []float64, by float64) []float64 {
	y := make([]float64, len(x))
	for i := range x {
		y[i] = by * x[i]
	}
	return y
}

func TestAnotherRate(t *testing.T) {
	x := tones(3 * rate)
	hiss := noise(len(x), 1)
	y := make([]float64, len(x))
	for i := range y {
		y[i] = x[i] + 0.5*hiss[i]
	}
	got, err := Measure(Resample(x, rate, 48000), Resample(y, rate, 48000), 48000)
	if err != nil || math.Abs(got-0.6812) > 0.02 {
		t.Errorf("%.4f at 48 kHz (%v)", got, err)
	}
}

func TestResample(t *testing.T) {
	for _, hz := range []float64{200, 1000, 4000} {
		x := make([]float64, 48000)
		for i := range x {
			x[i] = math.Sin(2 * math.Pi * hz * float64(i) / 48000)
		}
		worst := 0.0
		for i, v := range Resample(x, 48000, rate)[100:9900] {
			worst = max(worst, math.Abs(v-math.Sin(2*math.Pi*hz*float64(i+100)/rate)))
		}
		if worst > 0.03 {
			t.Errorf("%v Hz is off by %.3f", hz, worst)
		}
	}
	// What the lower rate cannot carry is not folded into it.
	x := make([]float64, 48000)
	for i := range x {
		x[i] = math.Sin(2 * math.Pi * 7000 * float64(i) / 48000)
	}
	for i, v := range Resample(x, 48000, rate)[100:9900] {
		if math.Abs(v) > 0.02 {
			t.Fatalf("sample %d of what cannot be heard: %.3f", i, v)
		}
	}
}

func TestTooShort(t *testing.T) {
	if _, err := Measure(tones(1000), tones(1000), rate); !errors.Is(err, ErrShort) {
		t.Error(err)
	}
	if _, err := Measure(nil, nil, rate); !errors.Is(err, ErrShort) {
		t.Error(err)
	}
}
