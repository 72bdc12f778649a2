// Package stoi tells how well speech can still be understood: the short-time objective intelligibility of C. H. Taal, R. C. Hendriks,
// R. Heusdens and J. Jensen, "An Algorithm for Intelligibility Prediction of Time-Frequency Weighted Noisy Speech", IEEE Transactions on
// Audio, Speech, and Language Processing 19(7), 2011. 1 is the clean speech itself; listeners understand most of what is above 0.8.
package stoi

import (
	"errors"
	"math"
	"math/cmplx"
)

// Of the measure (section II of the paper).
const (
	rate     = 10_000 // Hz, at which it is taken
	frame    = 256    // samples of a window
	hop      = frame / 2
	size     = 512 // of the transform
	bands    = 15  // thirds of an octave
	lowest   = 150 // Hz, middle of the first band
	segment  = 30  // frames: 384 ms
	floor    = -15 // dB, signal to distortion below which it gets no worse
	dynamics = 40  // dB below the loudest frame at which one is silent
)

// ErrShort is of speech without a segment in it.
var ErrShort = errors.New("stoi: less than 0.4 s of speech")

// Measure compares speech as it was heard with the clean speech, sample by sample in time, both at a rate in Hz. What follows the end of the
// shorter one does not count.
func Measure(clean, heard []float64, hz int) (float64, error) {
	n := min(len(clean), len(heard))
	x, y := Resample(clean[:n], hz, rate), Resample(heard[:n], hz, rate)
	x, y = spoken(x, y)
	a, b := envelopes(x), envelopes(y)
	if len(a) < segment {
		return 0, ErrShort
	}
	sum, count := 0.0, 0
	clip := 1 + math.Pow(10, -float64(floor)/20)
	var u, v [segment]float64
	for m := segment; m <= len(a); m++ {
		for j := range bands {
			xx, yy := 0.0, 0.0
			for i := range segment {
				u[i], v[i] = a[m-segment+i][j], b[m-segment+i][j]
				xx += u[i] * u[i]
				yy += v[i] * v[i]
			}
			alpha := math.Sqrt(xx) / (math.Sqrt(yy) + tiny)
			for i := range segment {
				v[i] = min(alpha*v[i], u[i]*clip)
			}
			sum += correlation(&u, &v)
			count++
		}
	}
	return sum / float64(count), nil
}

const tiny = 2.2e-16

func correlation(u, v *[segment]float64) float64 {
	mu, mv := 0.0, 0.0
	for i := range segment {
		mu += u[i] / segment
		mv += v[i] / segment
	}
	uv, uu, vv := 0.0, 0.0, 0.0
	for i := range segment {
		uv += (u[i] - mu) * (v[i] - mv)
		uu += (u[i] - mu) * (u[i] - mu)
		vv += (v[i] - mv) * (v[i] - mv)
	}
	return uv / ((math.Sqrt(uu) + tiny) * (math.Sqrt(vv) + tiny))
}

// window is Hann's, without the zeros at its ends.
var window = func() (w [frame]float64) {
	for i := range w {
		w[i] = 0.5 - 0.5*math.Cos(2*math.Pi*float64(i+1)/(frame+1))
	}
	return w
}()

// spoken takes the frames out of both in which the clean speech is silent.
func spoken(x, y []float64) (a, b []float64) {
	var energy []float64
	loudest := math.Inf(-1)
	for at := 0; at+frame <= len(x); at += hop {
		sum := 0.0
		for i, w := range window {
			sum += x[at+i] * w * x[at+i] * w
		}
		e := 20 * math.Log10(math.Sqrt(sum)+tiny)
		energy = append(energy, e)
		loudest = max(loudest, e)
	}
	kept := 0
	for k, e := range energy {
		if e < loudest-dynamics {
			continue
		}
		for len(a) < kept*hop+frame {
			a, b = append(a, 0), append(b, 0)
		}
		for i, w := range window {
			a[kept*hop+i] += x[k*hop+i] * w
			b[kept*hop+i] += y[k*hop+i] * w
		}
		kept++
	}
	return a, b
}

// edges are the first bins of the bands, and the end of the last.
var edges = func() (e [bands][2]int) {
	near := func(f float64) int { return int(math.Round(f * size / rate)) }
	for k := range e {
		e[k] = [2]int{near(lowest * math.Pow(2, float64(2*k-1)/6)), near(lowest * math.Pow(2, float64(2*k+1)/6))}
	}
	return e
}()

// envelopes are the magnitudes of the bands in each frame.
func envelopes(x []float64) (out [][bands]float64) {
	var bins [size]complex128
	for at := 0; at+frame <= len(x); at += hop {
		clear(bins[:])
		for i, w := range window {
			bins[i] = complex(x[at+i]*w, 0)
		}
		fft(bins[:])
		var e [bands]float64
		for k, edge := range edges {
			sum := 0.0
			for _, z := range bins[edge[0]:edge[1]] {
				sum += real(z)*real(z) + imag(z)*imag(z)
			}
			e[k] = math.Sqrt(sum)
		}
		out = append(out, e)
	}
	return out
}

// fft transforms in place; the length is a power of two.
func fft(z []complex128) {
	n := len(z)
	for i, j := 1, 0; i < n; i++ {
		bit := n >> 1
		for ; j&bit != 0; bit >>= 1 {
			j ^= bit
		}
		if j ^= bit; i < j {
			z[i], z[j] = z[j], z[i]
		}
	}
	for length := 2; length <= n; length <<= 1 {
		step := cmplx.Rect(1, -2*math.Pi/float64(length))
		for at := 0; at < n; at += length {
			w := complex(1, 0)
			for k := range length / 2 {
				a, b := z[at+k], z[at+k+length/2]*w
				z[at+k], z[at+k+length/2] = a+b, a-b
				w *= step
			}
		}
	}
}

// Resample changes the rate of a signal by sinc interpolation under a Hann window of 32 periods of the lower rate.
func Resample(x []float64, from, to int) []float64 {
	if from == to {
		return x
	}
	ratio := float64(from) / float64(to)
	scale := min(1, float64(to)/float64(from)) // of the band that both rates have
	half := 16 / scale
	out := make([]float64, int(float64(len(x))/ratio))
	for i := range out {
		at := float64(i) * ratio
		sum := 0.0
		for k := max(0, int(math.Ceil(at-half))); k < len(x) && float64(k) <= at+half; k++ {
			d := float64(k) - at
			sinc := 1.0
			if d != 0 {
				sinc = math.Sin(math.Pi*d*scale) / (math.Pi * d * scale)
			}
			sum += x[k] * scale * sinc * (0.5 + 0.5*math.Cos(math.Pi*d/half))
		}
		out[i] = sum
	}
	return out
}
