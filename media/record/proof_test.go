package record

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"image"
	"io"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"gonghui/media/record/layout"
	"gonghui/media/record/tape"
	"gonghui/media/sfu"
	"gonghui/media/sfu/client"
)

func TestMain(m *testing.M) {
	niceness = "0"
	os.Exit(m.Run())
}

// What somebody sends in the proof: a ground of the own colour, over it the number of the picture as bits, light or dark, and a beep in
// the own tone at the beginning of every second.
type act struct {
	name   string
	y      byte // of the ground, and its colours
	cb, cr byte
	tone   float64 // Hz
	layers [][][]byte
	sound  [][]byte
}

const (
	proofRate = 20
	bits      = 12
	// The bits stand in the middle of the picture, in parts of its width and height.
	bitsLeft, bitsRight, bitsTop, bitsLow = 0.14, 0.86, 0.35, 0.65
)

// film of one layer, as pictures of VP8.
func (a *act) pictures(t testing.TB, w, h, n int) (out [][]byte) {
	t.Helper()
	raw := make([]byte, 0, n*w*h*3/2)
	for i := range n {
		frame := make([]byte, w*h*3/2)
		for y := range h {
			for x := range w {
				fx, fy := float64(x)/float64(w), float64(y)/float64(h)
				v := a.y
				if fy >= bitsTop && fy < bitsLow && fx >= bitsLeft && fx < bitsRight {
					bit := int((fx - bitsLeft) / (bitsRight - bitsLeft) * bits)
					if v = 40; i>>bit&1 == 1 {
						v = 220
					}
				}
				frame[y*w+x] = v
			}
		}
		for j := range w * h / 4 {
			frame[w*h+j], frame[w*h*5/4+j] = a.cb, a.cr
		}
		raw = append(raw, frame...)
	}
	b := tool(t, raw, "-f", "rawvideo", "-pix_fmt", "yuv420p", "-s", fmt.Sprintf("%dx%d", w, h), "-r", fmt.Sprint(proofRate), "-i", "pipe:0",
		"-c:v", "libvpx", "-deadline", "realtime", "-cpu-used", "8", "-b:v", "600k", "-g", "20", "-auto-alt-ref", "0", "-f", "ivf", "pipe:1")
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

// packets of Opus, of 20 ms each.
func (a *act) packets(t testing.TB, n int) (out [][]byte) {
	t.Helper()
	raw := make([]byte, n*960*2)
	for i := range n * 960 {
		v := 0.0
		if i%rate < rate*80/1000 {
			v = 9000 * math.Sin(2*math.Pi*a.tone*float64(i)/rate)
		}
		binary.LittleEndian.PutUint16(raw[2*i:], uint16(int16(v)))
	}
	b := tool(t, raw, "-f", "s16le", "-ar", "48000", "-ac", "1", "-i", "pipe:0", "-c:a", "libopus", "-b:a", "48k", "-frame_duration", "20", "-application", "lowdelay",
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

func tool(t testing.TB, in []byte, args ...string) []byte {
	t.Helper()
	cmd := exec.Command("ffmpeg", append([]string{"-hide_banner", "-loglevel", "error"}, args...)...)
	var out, said bytes.Buffer
	cmd.Stdin, cmd.Stdout, cmd.Stderr = bytes.NewReader(in), &out, &said
	if err := cmd.Run(); err != nil {
		t.Fatalf("ffmpeg %v: %v: %s", args, err, said.String())
	}
	return out.Bytes()
}

// stage is where the proof is played.
type stage struct {
	t    testing.TB
	room *sfu.Room
	rec  *Recorder
	wg   sync.WaitGroup
}

// play connects somebody and has them send from the moment begin on, until ctx ends. silent tells which layers are not sent at a picture.
func (s *stage) play(ctx context.Context, id string, a *act, silent func(layer, picture int) bool) (begin time.Time) {
	s.t.Helper()
	layers := []string{""}
	if len(a.layers) == 2 {
		layers = []string{"q", "h"}
	}
	c, err := client.New(client.Options{Sound: true, Layers: layers})
	if err != nil {
		s.t.Fatal(err)
	}
	seat, err := s.room.Join(id, sfu.Rights{Send: true}, nil)
	if err != nil {
		s.t.Fatal(err)
	}
	within, cancel := context.WithTimeout(ctx, 20*time.Second)
	defer cancel()
	if err := c.Connect(within, func(ctx context.Context, offer string) (string, error) { return seat.Connect(ctx, offer, nil) }); err != nil {
		s.t.Fatalf("%s: %v", id, err)
	}
	begin = time.Now()
	s.wg.Go(func() {
		defer c.Close()
		tick := time.NewTicker(5 * time.Millisecond)
		defer tick.Stop()
		picture, packet := 0, 0
		for {
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
			}
			gone := time.Since(begin)
			for ; packet < len(a.sound) && time.Duration(packet)*20*time.Millisecond <= gone; packet++ {
				if err := c.Sound(packet, a.sound[packet], 20); err != nil {
					s.t.Error(err)
				}
			}
			for ; picture < len(a.layers[0]) && time.Duration(picture)*time.Second/proofRate <= gone; picture++ {
				for l, pictures := range a.layers {
					if silent != nil && silent(l, picture) {
						continue
					}
					if err := c.Picture(l, uint32(picture)*90000/proofRate, pictures[picture]); err != nil {
						s.t.Error(err)
					}
				}
			}
		}
	})
	return begin
}

// shot is one picture of the finished film.
type shot struct{ y, cb, cr []byte }

// mean is the average in a part of a tile.
func (s shot) mean(where image.Rectangle, left, top, right, low float64) (y, cb, cr float64) {
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

// is reports whether a tile has somebody's colour.
func (s shot) is(where image.Rectangle, a *act) bool {
	y, cb, cr := s.mean(where, 0.3, 0.2, 0.7, 0.3)
	return math.Abs(y-float64(a.y)) < 20 && math.Abs(cb-float64(a.cb)) < 14 && math.Abs(cr-float64(a.cr)) < 14
}

// number reads the number of the picture in a tile; -1 when a bit is neither light nor dark.
func (s shot) number(where image.Rectangle) (n int) {
	const wide = (bitsRight - bitsLeft) / bits
	for b := range bits {
		left := bitsLeft + (float64(b)+0.3)*wide
		y, _, _ := s.mean(where, left, bitsTop+0.1, left+0.4*wide, bitsLow-0.1)
		switch {
		case y > 160:
			n |= 1 << b
		case y > 100:
			return -1
		}
	}
	return n
}

// shots hands every picture of a film to f.
func shots(t testing.TB, film string, f func(n int, s shot)) {
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
		f(n, shot{b[:size], b[size : size*5/4], b[size*5/4:]})
	}
	if err := cmd.Wait(); err != nil {
		t.Fatal(err)
	}
}

// loud is how strong a tone is around a moment.
func loud(sound []byte, tone float64, at time.Duration) float64 {
	const n = rate * 10 / 1000
	from := int(at.Seconds()*rate) - n/2
	if from < 0 || (from+n)*2 > len(sound) {
		return 0
	}
	var re, im float64
	for i := range n {
		v := float64(int16(binary.LittleEndian.Uint16(sound[(from+i)*2:])))
		re += v * math.Cos(2*math.Pi*tone*float64(i)/rate)
		im += v * math.Sin(2*math.Pi*tone*float64(i)/rate)
	}
	return math.Hypot(re, im) / n
}

// Three take part: one from the beginning, whose larger layer stops for a while; one who drops out and comes back; one who comes late.
// At every instant of the film the right one is in the right place with the right picture, and lips and voice are together.
func TestProof(t *testing.T) {
	t.Parallel()
	if err := Tools(); err != nil {
		t.Fatal(err)
	}
	const length = 16 * time.Second
	const stopped = 100 // the picture from which on the larger layer is not sent
	acts := map[string]*act{
		"a": {name: "王建国", y: 90, cb: 90, cr: 190, tone: 600},
		"b": {name: "李秀英", y: 120, cb: 190, cr: 90, tone: 1000},
		"c": {name: "Chén Wěi", y: 150, cb: 80, cr: 100, tone: 1500},
	}
	var wg sync.WaitGroup
	for id, a := range acts {
		wg.Go(func() {
			n := int(length.Seconds() * proofRate)
			a.layers = [][][]byte{a.pictures(t, 320, 180, n)}
			if id == "a" {
				a.layers = [][][]byte{a.pictures(t, 160, 90, n), a.layers[0]}
			}
			a.sound = a.packets(t, int(length.Seconds()*50))
		})
	}
	wg.Wait()
	server, err := sfu.Listen(sfu.Options{Address: "127.0.0.1:0", Loopback: true})
	if err != nil {
		t.Fatal(err)
	}
	defer server.Close()
	folder := t.TempDir()
	rec, err := Begin(filepath.Join(folder, "1"), tape.Head{Meeting: "理事会", Body: "省总工会", Segment: 1})
	if err != nil {
		t.Fatal(err)
	}
	s := &stage{t: t, room: server.Room("r"), rec: rec}
	zero := time.Now()
	after := func(d time.Duration) { <-time.After(time.Until(zero.Add(d))) }
	if err := rec.Attach(s.room); err != nil {
		t.Fatal(err)
	}
	for _, id := range []string{"a", "b", "c"} {
		rec.Agreed(id, acts[id].name, true)
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	begins := map[string][]time.Time{}
	begins["a"] = append(begins["a"], s.play(ctx, "a", acts["a"], func(layer, picture int) bool { return layer == 1 && picture >= stopped && picture < 190 }))
	first, drop := context.WithCancel(ctx)
	defer drop()
	begins["b"] = append(begins["b"], s.play(first, "b", acts["b"], nil))
	after(3 * time.Second)
	begins["c"] = append(begins["c"], s.play(ctx, "c", acts["c"], nil))
	after(6 * time.Second)
	dropped := time.Now()
	drop()
	after(9500 * time.Millisecond)
	begins["b"] = append(begins["b"], s.play(ctx, "b", acts["b"], nil))
	after(length)
	if _, lost := rec.Size(); lost > 0 {
		t.Errorf("%d packets were not written", lost)
	}
	if err := rec.Close(); err != nil {
		t.Fatal(err)
	}
	cancel()
	s.wg.Wait()

	work := t.TempDir()
	o := Options{
		Tapes: []string{filepath.Join(folder, "1")}, Work: work, Film: filepath.Join(folder, "film.mp4"), Title: "理事会", Body: "省总工会", Mark: "录制中 · 画面中人员均已同意",
		Chunk: 6 * time.Second,
	}
	composed := time.Now()
	made, err := Compose(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%v in %v: %.1f × real time", made.Length, time.Since(composed).Round(time.Millisecond), made.Length.Seconds()/time.Since(composed).Seconds())
	if made.People != 3 || (made.Length-length).Abs() > time.Second {
		t.Errorf("made %+v", made)
	}
	if keep := os.Getenv("GONGHUI_KEEP_FILM"); keep != "" {
		b, err := os.ReadFile(o.Film)
		if err == nil {
			err = os.WriteFile(keep, b, 0o600)
		}
		if err != nil {
			t.Error(err)
		}
	}

	var begin time.Time
	if err := tape.ReadFolder(o.Tapes[0], func(r tape.Record) error {
		if r.Kind == tape.Begin {
			begin = r.At
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	// When the picture of a number is sent, in the film's time.
	sent := func(id string, turn, number int) time.Duration {
		return begins[id][turn].Add(time.Duration(number) * time.Second / proofRate).Sub(begin)
	}
	// Twenty instants, some of them at the turns.
	r := rand.New(rand.NewPCG(7, 7))
	instants := map[int]bool{}
	for _, at := range []float64{1, 2.5, 4.5, 5.7, 8.7, 9.2, 11, 12.5, 15} {
		instants[int(at*Rate)] = true
	}
	for len(instants) < 20 {
		instants[Rate+r.IntN(14*Rate)] = true
	}
	order := []string{"a", "b", "c"}
	first1 := map[int]time.Duration{}
	shots(t, o.Film, func(n int, s shot) {
		at := time.Duration(n) * time.Second / Rate
		there, comes := 2, begins["c"][0].Sub(begin)
		if at > comes {
			there = 3
		} else if at > comes-time.Second {
			return // about to come in: they may be there and not yet be seen
		}
		grid := layout.Grid(there)
		if number := s.number(grid[0]); number >= 0 && number%proofRate == 0 && s.is(grid[0], acts["a"]) {
			if _, known := first1[number]; !known {
				first1[number] = at
			}
		}
		if !instants[n] {
			return
		}
		for i, id := range order[:there] {
			turn := 0
			if id == "b" && at > dropped.Sub(begin) {
				since := at - dropped.Sub(begin)
				back := at - begins["b"][1].Sub(begin)
				switch {
				case back > 700*time.Millisecond:
					turn = 1
				case since > 2500*time.Millisecond && back < 0:
					if s.is(grid[i], acts["b"]) {
						t.Errorf("at %v: who dropped out is still to be seen", at)
					}
					continue
				default:
					continue
				}
			}
			began := at - begins[id][turn].Sub(begin)
			if began < 600*time.Millisecond {
				continue
			}
			if stops := sent("a", 0, stopped); id == "a" && at > stops && at < stops+1500*time.Millisecond {
				continue // the layer has just stopped, and the other one is not there yet
			}
			if !s.is(grid[i], acts[id]) {
				y, cb, cr := s.mean(grid[i], 0.3, 0.2, 0.7, 0.3)
				t.Errorf("at %v: in place %d is not %s but %.0f %.0f %.0f", at, i, id, y, cb, cr)
				continue
			}
			number := s.number(grid[i])
			if off := at - sent(id, turn, number); number < 0 || off < -80*time.Millisecond || off > 300*time.Millisecond {
				t.Errorf("at %v: %s shows picture %d, sent at %v", at, id, number, sent(id, turn, number))
			}
		}
	})
	sound := tool(t, nil, "-i", o.Film, "-map", "0:a", "-ac", "1", "-ar", "48000", "-f", "s16le", "pipe:1")
	for _, part := range [][]int{{1, 2, 3}, {12, 13, 14}} {
		beeps := 0
		for _, second := range part {
			seen, ok := first1[second*proofRate]
			if !ok {
				continue // that very picture was lost on its way
			}
			for at := seen - 400*time.Millisecond; at < seen+400*time.Millisecond; at += 2 * time.Millisecond {
				if loud(sound, acts["a"].tone, at) > 900 {
					beeps++
					t.Logf("second %d: the picture is %v behind the sound", second, seen-at)
					if d := seen - at; d.Abs() > 80*time.Millisecond {
						t.Errorf("second %d: sound and picture are %v apart", second, d)
					}
					break
				}
			}
		}
		if beeps == 0 {
			t.Errorf("no beep is heard in the seconds %v", part)
		}
	}
}
