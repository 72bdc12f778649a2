// Package probe makes pictures and sound that say of themselves whose they are and which one they are, and reads them out of finished
// films: for tests of recording, whoever makes the meeting.
//
// Somebody's picture is a ground of their own colour, over which the number of the picture stands as bits, light or dark; their voice is a
// beep of 80 ms in a tone of their own at the beginning of every second.
package probe

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"image"
	"io"
	"math"
	"os/exec"
	"testing"
	"time"

	"gonghui/media/record/layout"
)

const (
	// Rate is how many pictures a second there are.
	Rate = 20
	// Numbers is how many numbers there are; then they begin anew.
	Numbers = 1 << bits
	// samples a second, of all sound.
	samples = 48000

	bits = 12
	// The bits stand in the middle of the picture, in parts of its width and height.
	bitsLeft, bitsRight, bitsTop, bitsLow = 0.14, 0.86, 0.35, 0.65
)

// Act is somebody.
type Act struct {
	Name      string
	Y, Cb, Cr byte    // the colour
	Tone      float64 // Hz
}

// Pictures codes the pictures 0 to n-1 as VP8, w × h pixels, every one of whole a whole picture.
func (a *Act) Pictures(t testing.TB, w, h, n, whole int) (out [][]byte) {
	t.Helper()
	plain, marked := bytes.Repeat([]byte{a.Y}, w), make([]byte, w)
	colours := append(bytes.Repeat([]byte{a.Cb}, w*h/4), bytes.Repeat([]byte{a.Cr}, w*h/4)...)
	raw := make([]byte, 0, n*w*h*3/2)
	for i := range n {
		for x := range w {
			marked[x] = a.Y
			if fx := float64(x) / float64(w); fx >= bitsLeft && fx < bitsRight {
				bit := int((fx - bitsLeft) / (bitsRight - bitsLeft) * bits)
				if marked[x] = 40; i>>bit&1 == 1 {
					marked[x] = 220
				}
			}
		}
		for y := range h {
			if fy := float64(y) / float64(h); fy >= bitsTop && fy < bitsLow {
				raw = append(raw, marked...)
			} else {
				raw = append(raw, plain...)
			}
		}
		raw = append(raw, colours...)
	}
	b := Tool(t, raw, "-f", "rawvideo", "-pix_fmt", "yuv420p", "-s", fmt.Sprintf("%dx%d", w, h), "-r", fmt.Sprint(Rate), "-i", "pipe:0",
		"-c:v", "libvpx", "-deadline", "realtime", "-cpu-used", "8", "-b:v", "600k", "-g", fmt.Sprint(whole), "-auto-alt-ref", "0", "-f", "ivf", "pipe:1")
	for b = b[32:]; len(b) > 12; {
		size := binary.LittleEndian.Uint32(b)
		out = append(out, b[12:12+size])
		b = b[12+size:]
	}
	if len(out) != n {
		t.Fatalf("%d pictures of %d", len(out), n)
	}
	return out
}

// Sound codes n packets of Opus, of 20 ms each; the first one begins a second.
func (a *Act) Sound(t testing.TB, n int) (out [][]byte) {
	t.Helper()
	raw := make([]byte, n*960*2)
	for i := range n * 960 {
		v := 0.0
		if i%samples < samples*80/1000 {
			v = 9000 * math.Sin(2*math.Pi*a.Tone*float64(i)/samples)
		}
		binary.LittleEndian.PutUint16(raw[2*i:], uint16(int16(v)))
	}
	b := Tool(t, raw, "-f", "s16le", "-ar", "48000", "-ac", "1", "-i", "pipe:0", "-c:a", "libopus", "-b:a", "48k", "-frame_duration", "20", "-application", "lowdelay",
		"-page_duration", "20000", "-f", "ogg", "pipe:1")
	for page := 0; len(b) >= 27; page++ {
		lacing := b[27 : 27+int(b[26])]
		at, size := 27+len(lacing), 0
		for _, l := range lacing {
			size += int(l)
			if l == 255 {
				continue
			}
			if page >= 2 {
				out = append(out, b[at:at+size])
			}
			at, size = at+size, 0
		}
		b = b[at+size:]
	}
	// What the coder runs ahead by is left out: the first packet that is sent is the first that sounds.
	if len(out) < n {
		t.Fatalf("%d packets of %d", len(out), n)
	}
	return out[:n]
}

// Tool runs ffmpeg and returns what it writes.
func Tool(t testing.TB, in []byte, args ...string) []byte {
	t.Helper()
	cmd := exec.Command("ffmpeg", append([]string{"-hide_banner", "-loglevel", "error"}, args...)...)
	var out, said bytes.Buffer
	cmd.Stdin, cmd.Stdout, cmd.Stderr = bytes.NewReader(in), &out, &said
	if err := cmd.Run(); err != nil {
		t.Fatalf("ffmpeg %v: %v: %s", args, err, said.String())
	}
	return out.Bytes()
}

// Shot is one picture of a film.
type Shot struct{ y, cb, cr []byte }

// Mean is the average in a part of a place; the part is said in parts of its sides.
func (s Shot) Mean(where image.Rectangle, left, top, right, low float64) (y, cb, cr float64) {
	n, m := 0.0, 0.0
	for py := where.Min.Y + int(top*float64(where.Dy())); py < where.Min.Y+int(low*float64(where.Dy())); py++ {
		for px := where.Min.X + int(left*float64(where.Dx())); px < where.Min.X+int(right*float64(where.Dx())); px++ {
			y += float64(s.y[py*layout.Width+px])
			n++
			if (px|py)&1 == 0 {
				i := py/2*(layout.Width/2) + px/2
				cb += float64(s.cb[i])
				cr += float64(s.cr[i])
				m++
			}
		}
	}
	return y / n, cb / m, cr / m
}

// Colour is that of the ground in a place.
func (s Shot) Colour(where image.Rectangle) (y, cb, cr float64) {
	return s.Mean(where, 0.3, 0.2, 0.7, 0.3)
}

// Is reports whether a place has somebody's colour.
func (s Shot) Is(where image.Rectangle, a *Act) bool {
	y, cb, cr := s.Colour(where)
	return math.Abs(y-float64(a.Y)) < 20 && math.Abs(cb-float64(a.Cb)) < 14 && math.Abs(cr-float64(a.Cr)) < 14
}

// Number reads the number of the picture in a place; -1 when a bit is neither light nor dark.
func (s Shot) Number(where image.Rectangle) (n int) {
	const wide = (bitsRight - bitsLeft) / bits
	for b := range bits {
		left := bitsLeft + (float64(b)+0.3)*wide
		y, _, _ := s.Mean(where, left, bitsTop+0.1, left+0.4*wide, bitsLow-0.1)
		switch {
		case y > 160:
			n |= 1 << b
		case y > 100:
			return -1
		}
	}
	return n
}

// Shots hands every picture of a film to f.
func Shots(t testing.TB, film string, f func(n int, s Shot)) {
	t.Helper()
	cmd := exec.Command("ffmpeg", "-hide_banner", "-loglevel", "error", "-i", film, "-vsync", "passthrough", "-pix_fmt", "yuv420p", "-f", "rawvideo", "pipe:1")
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	const size = layout.Width * layout.Height
	b := make([]byte, size*3/2)
	for n := 0; ; n++ {
		if _, err := io.ReadFull(out, b); err != nil {
			break
		}
		f(n, Shot{b[:size], b[size : size*5/4], b[size*5/4:]})
	}
	if err := cmd.Wait(); err != nil {
		t.Fatal(err)
	}
}

// Heard is the sound of a film.
type Heard []byte

// Hear decodes the sound of a film.
func Hear(t testing.TB, film string) Heard {
	t.Helper()
	return Tool(t, nil, "-i", film, "-map", "0:a", "-ac", "1", "-ar", "48000", "-f", "s16le", "pipe:1")
}

// Long is how long it is.
func (h Heard) Long() time.Duration { return time.Duration(len(h)/2) * time.Second / samples }

// Loud is how strong a tone is in the 10 ms around a moment.
func (h Heard) Loud(tone float64, at time.Duration) float64 {
	const n = samples * 10 / 1000
	from := int(at.Seconds()*samples) - n/2
	if from < 0 || (from+n)*2 > len(h) {
		return 0
	}
	var re, im float64
	for i := range n {
		v := float64(int16(binary.LittleEndian.Uint16(h[(from+i)*2:])))
		re += v * math.Cos(2*math.Pi*tone*float64(i)/samples)
		im += v * math.Sin(2*math.Pi*tone*float64(i)/samples)
	}
	return math.Hypot(re, im) / n
}

// Beep is when a tone begins within a while of a moment; false when it does not.
func (h Heard) Beep(tone float64, near, within time.Duration) (at time.Duration, heard bool) {
	for at = near - within; at < near+within; at += 2 * time.Millisecond {
		if h.Loud(tone, at) > 900 {
			return at, true
		}
	}
	return 0, false
}
