// Package speech makes something that sounds like speech, for measuring how well speech gets through: utterances of syllables, each a
// consonant of noise and a vowel of a source and formants, with pauses between them. By a seed, so that the same can be had again. It
// also finds the utterances again in what was heard.
package speech

import (
	"encoding/binary"
	"errors"
	"math"
	"math/rand/v2"

	"gonghui/media/sfu/badnet/stoi"
)

// Rate is that of what is made, in Hz.
const Rate = 48_000

// Utterance is where one lies, in samples.
type Utterance struct{ From, To int }

// vowels by their first three formants in Hz (G. E. Peterson and H. L. Barney, "Control Methods Used in a Study of the Vowels", 1952, men).
var vowels = [][3]float64{{270, 2290, 3010}, {390, 1990, 2550}, {530, 1840, 2480}, {660, 1720, 2410}, {730, 1090, 2440}, {570, 840, 2410}, {440, 1020, 2240}, {300, 870, 2240}, {490, 1350, 1690}}

// hisses are the middles of the noise of consonants, in Hz.
var hisses = []float64{1200, 2500, 3800, 5500}

// Make speaks n utterances of about two seconds.
func Make(n int, seed uint64) (sound []float64, where []Utterance) {
	rng := rand.New(rand.NewPCG(seed, 1952))
	silence := func(seconds float64) { sound = append(sound, make([]float64, int(seconds*Rate))...) }
	silence(0.5)
	for range n {
		from := len(sound)
		pitch := 105 + 40*rng.Float64()
		syllables := 8 + rng.IntN(4)
		for k := range syllables {
			// The voice sinks towards the end.
			sound = append(sound, syllable(rng, pitch*(1.1-0.25*float64(k)/float64(syllables)))...)
		}
		where = append(where, Utterance{from, len(sound)})
		silence(0.45 + 0.2*rng.Float64())
	}
	loudest := 0.0
	for _, v := range sound {
		loudest = max(loudest, math.Abs(v))
	}
	for i := range sound {
		sound[i] *= 0.5 / loudest
	}
	return sound, where
}

func syllable(rng *rand.Rand, pitch float64) []float64 {
	before := int((0.04 + 0.05*rng.Float64()) * Rate)
	voiced := int((0.11 + 0.08*rng.Float64()) * Rate)
	out := make([]float64, before+voiced)
	hiss := resonator{}
	middle := hisses[rng.IntN(len(hisses))]
	for i := range before {
		rise := math.Sin(math.Pi * float64(i) / float64(before))
		out[i] = 0.15 * rise * hiss.next(rng.NormFloat64(), middle, 900)
	}
	a, b := vowels[rng.IntN(len(vowels))], vowels[rng.IntN(len(vowels))]
	var formants [3]resonator
	phase, last := 0.0, 0.0
	for i := range voiced {
		t := float64(i) / float64(voiced)
		phase += pitch * (1 + 0.01*rng.NormFloat64()) / Rate
		source := 0.02 * rng.NormFloat64()
		if phase >= 1 {
			phase--
			source = 1
		}
		// The glottis lets high tones through less.
		last = 0.9*last + source
		v := last
		for k := range formants {
			v = formants[k].next(v, a[k]+(b[k]-a[k])*t, 60+40*float64(k))
		}
		out[before+i] = v * math.Sin(math.Pi*min(1, 0.1+t*1.1)*0.999)
	}
	return out
}

// resonator lets a band through (D. H. Klatt, "Software for a cascade/parallel formant synthesizer", 1980).
type resonator struct{ y1, y2 float64 }

func (r *resonator) next(x, hz, width float64) float64 {
	c := -math.Exp(-2 * math.Pi * width / Rate)
	b := 2 * math.Exp(-math.Pi*width/Rate) * math.Cos(2*math.Pi*hz/Rate)
	y := (1-b-c)*x + b*r.y1 + c*r.y2
	r.y1, r.y2 = y, r.y1
	return y
}

// WAV is sound as a file of 16 bits a sample.
func WAV(sound []float64) []byte {
	n := 2 * len(sound)
	b := make([]byte, 0, 44+n)
	b = append(b, "RIFF"...)
	b = binary.LittleEndian.AppendUint32(b, uint32(36+n))
	b = append(b, "WAVEfmt "...)
	b = binary.LittleEndian.AppendUint32(b, 16)
	b = binary.LittleEndian.AppendUint16(b, 1)
	b = binary.LittleEndian.AppendUint16(b, 1)
	b = binary.LittleEndian.AppendUint32(b, Rate)
	b = binary.LittleEndian.AppendUint32(b, 2*Rate)
	b = binary.LittleEndian.AppendUint16(b, 2)
	b = binary.LittleEndian.AppendUint16(b, 16)
	b = append(b, "data"...)
	b = binary.LittleEndian.AppendUint32(b, uint32(n))
	for _, v := range sound {
		b = binary.LittleEndian.AppendUint16(b, uint16(int16(max(-1, min(v, 1))*32767)))
	}
	return b
}

// ErrNotHeard says that no utterance was found.
var ErrNotHeard = errors.New("speech: none of it was heard")

// alike is how much what was heard must be like an utterance at its best place to be taken for it.
const alike = 0.3

// Understood finds each utterance in what was heard, wherever it begins, and measures how well it can be understood there. Receivers stretch
// and shorten pauses, so that each utterance has a time of its own. What was not heard at all is missing in the answer; err is of a
// recording in which nothing was found.
func Understood(sound []float64, where []Utterance, heard []float64) (each []float64, err error) {
	coarse, rec := outline(sound, step), outline(heard, step)
	clean, got := outline(sound, fine), outline(heard, fine)
	for _, u := range where {
		at, like := find(coarse[u.From/step:u.To/step], rec)
		if like < alike {
			continue
		}
		// Around the place that the outline tells, to the millisecond.
		from, to := u.From/fine, u.To/fine
		begin, like := nearby(clean[from:to], got, at*step/fine, 2*step/fine, 0)
		if like == 0 {
			continue
		}
		m, err := stoi.Measure(sound[from*fine:to*fine], follow(clean[from:to], heard, got, begin), Rate)
		if err == nil {
			each = append(each, m)
		}
	}
	if len(each) == 0 {
		return nil, ErrNotHeard
	}
	return each, nil
}

// Of following, in points of the fine outline: pieces of 0.3 s, each up to 50 ms from where the one before tells, and only where it is
// clearly found there.
const (
	piece   = 300
	stretch = 50
	clearly = 0.6
)

// follow is what was heard from a place on, with the time of the clean speech: a receiver speeds up and slows down by some milliseconds also
// within an utterance, which a listener does not notice, and the measure takes for noise (as ITU-T P.862 aligns, too).
func follow(clean, heard, outlined []float64, begin int) []float64 {
	out := make([]float64, 0, len(clean)*fine)
	for at := 0; at < len(clean); at += piece {
		part := clean[at:min(at+piece, len(clean))]
		if there, like := nearby(part, outlined, begin+at, stretch, clearly); like > 0 {
			begin = there - at
		}
		from := (begin + at) * fine
		for i := range len(part) * fine {
			v := 0.0
			if k := from + i; k >= 0 && k < len(heard) {
				v = heard[k]
			}
			out = append(out, v)
		}
	}
	return out
}

// nearby is where a part lies in a whole, at most so far from a place, and how alike it is there: 0 where it is no more than least.
func nearby(part, whole []float64, around, far int, least float64) (at int, like float64) {
	for i := max(0, around-far); i <= around+far && i+len(part) <= len(whole); i++ {
		if c := pearson(part, whole[i:i+len(part)]); c > max(least, like) {
			at, like = i, c
		}
	}
	return at, like
}

// Of outlines: the samples of one point, 5 ms and 1 ms.
const (
	step = 240
	fine = 48
)

// outline is the loudness over time.
func outline(x []float64, step int) []float64 {
	out := make([]float64, len(x)/step)
	for i := range out {
		sum := 0.0
		for _, v := range x[i*step : (i+1)*step] {
			sum += v * v
		}
		out[i] = math.Sqrt(sum / float64(step))
	}
	return out
}

// find is where a part lies in a whole, and how alike it is there.
func find(part, whole []float64) (at int, like float64) {
	for i := 0; i+len(part) <= len(whole); i++ {
		if c := pearson(part, whole[i:i+len(part)]); c > like {
			at, like = i, c
		}
	}
	return at, like
}

func pearson(a, b []float64) float64 {
	ma, mb := mean(a), mean(b)
	ab, aa, bb := 0.0, 0.0, 0.0
	for i := range a {
		ab += (a[i] - ma) * (b[i] - mb)
		aa += (a[i] - ma) * (a[i] - ma)
		bb += (b[i] - mb) * (b[i] - mb)
	}
	return ab / math.Sqrt(aa*bb+1e-12)
}

func mean(x []float64) float64 {
	sum := 0.0
	for _, v := range x {
		sum += v
	}
	return sum / float64(len(x))
}
