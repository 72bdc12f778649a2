package record

import (
	"context"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"gonghui/media/record/layout"
	"gonghui/media/record/probe"
	"gonghui/media/record/tape"
	"gonghui/media/sfu"
	"gonghui/media/sfu/client"
)

func TestMain(m *testing.M) {
	niceness = "0"
	os.Exit(m.Run())
}

// act is somebody in the proof, and what they send.
type act struct {
	probe.Act
	layers [][][]byte
	sound  [][]byte
}

// stage is where the proof is played.
type stage struct {
	t      testing.TB
	server *sfu.Server
	wg     sync.WaitGroup
}

// turn is somebody in a room, from when they ask for a seat until they are gone.
type turn struct {
	asked, begin time.Time // begin: the first picture
	seat         *sfu.Participant
	stop         func()
}

// play connects somebody to a room and has them send until they are stopped. silent tells which layers are not sent at a picture.
func (s *stage) play(ctx context.Context, room, id string, a *act, silent func(layer, picture int) bool) turn {
	s.t.Helper()
	layers := []string{""}
	if len(a.layers) == 2 {
		layers = []string{"q", "h"}
	}
	c, err := client.New(client.Options{Sound: true, Layers: layers})
	if err != nil {
		s.t.Fatal(err)
	}
	u := turn{asked: time.Now()}
	if u.seat, err = s.server.Room(room).Join(id, sfu.Rights{Send: true}, nil); err != nil {
		s.t.Fatal(err)
	}
	within, cancel := context.WithTimeout(ctx, 20*time.Second)
	defer cancel()
	if err := c.Connect(within, func(ctx context.Context, offer string) (string, error) { return u.seat.Connect(ctx, offer, nil) }); err != nil {
		s.t.Fatalf("%s: %v", id, err)
	}
	u.begin = time.Now()
	var sends context.Context
	sends, u.stop = context.WithCancel(ctx)
	s.wg.Go(func() {
		defer c.Close()
		tick := time.NewTicker(5 * time.Millisecond)
		defer tick.Stop()
		picture, packet := 0, 0
		for {
			select {
			case <-sends.Done():
				return
			case <-tick.C:
			}
			gone := time.Since(u.begin)
			for ; packet < len(a.sound) && time.Duration(packet)*20*time.Millisecond <= gone; packet++ {
				if err := c.Sound(packet, a.sound[packet], 20); err != nil {
					s.t.Error(err)
				}
			}
			for ; picture < len(a.layers[0]) && time.Duration(picture)*time.Second/probe.Rate <= gone; picture++ {
				for l, pictures := range a.layers {
					if silent != nil && silent(l, picture) {
						continue
					}
					if err := c.Picture(l, uint32(picture)*90000/probe.Rate, pictures[picture]); err != nil {
						s.t.Error(err)
					}
				}
			}
		}
	})
	return u
}

// Four take part: one from the beginning, whose larger layer stops for a while; one who drops out and comes back; one who comes late; one
// who goes to another room and comes back. At twenty instants of the film everybody who is there is in the right place with the right
// picture, and nobody else is; in every second that is whole, lips and voice are together.
func TestProof(t *testing.T) {
	t.Parallel()
	if _, err := Tools(); err != nil {
		t.Fatal(err)
	}
	const (
		length = 16 * time.Second
		// The larger layer is not sent from the one picture to the other.
		stopped, resumed = 100, 190
		// How long a picture takes at most from the camera into the film: one may be missing.
		late = 120 * time.Millisecond
		// How far lips and voice may be apart.
		apart = 80 * time.Millisecond
		// What comes or changes is there after so long.
		comes, changes = 700 * time.Millisecond, 1200 * time.Millisecond
	)
	acts := map[string]*act{
		"a": {Act: probe.Act{Name: "王建国", Y: 90, Cb: 90, Cr: 190, Tone: 600}},
		"b": {Act: probe.Act{Name: "李秀英", Y: 120, Cb: 190, Cr: 90, Tone: 1000}},
		"c": {Act: probe.Act{Name: "Chén Wěi", Y: 150, Cb: 80, Cr: 100, Tone: 1500}},
		"d": {Act: probe.Act{Name: "古丽", Y: 170, Cb: 160, Cr: 170, Tone: 2100}},
		"x": {Act: probe.Act{Name: "在讨论室里的古丽", Y: 60, Cb: 128, Cr: 128, Tone: 2700}},
	}
	order := []string{"a", "b", "c", "d"}
	var wg sync.WaitGroup
	for id, a := range acts {
		wg.Go(func() {
			n := int(length.Seconds() * probe.Rate)
			a.layers = [][][]byte{a.Pictures(t, 320, 180, n, 5)}
			if id == "a" {
				a.layers = [][][]byte{a.Pictures(t, 160, 90, n, 5), a.layers[0]}
			}
			a.sound = a.Sound(t, int(length.Seconds()*50))
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
	s := &stage{t: t, server: server}
	if err := rec.Attach(server.Room("r")); err != nil {
		t.Fatal(err)
	}
	for _, id := range order {
		rec.Agreed(id, acts[id].Name, true)
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	zero := time.Now()
	after := func(d time.Duration) { <-time.After(time.Until(zero.Add(d))) }
	turns := map[string][]turn{}
	ends := map[string]time.Time{} // of the first turn
	enters := func(id string, silent func(layer, picture int) bool) {
		turns[id] = append(turns[id], s.play(ctx, "r", id, acts[id], silent))
	}
	enters("a", func(layer, picture int) bool { return layer == 1 && picture >= stopped && picture < resumed })
	enters("b", nil)
	enters("d", nil)
	after(3 * time.Second)
	enters("c", nil)
	after(4500 * time.Millisecond)
	// To a room beside: a seat there, and the one here is given up.
	beside := s.play(ctx, "r/1", "d", acts["x"], nil)
	ends["d"] = time.Now()
	turns["d"][0].seat.Leave()
	turns["d"][0].stop()
	after(6500 * time.Millisecond)
	ends["b"] = time.Now()
	turns["b"][0].stop()
	after(8 * time.Second)
	beside.seat.Leave()
	beside.stop()
	enters("d", nil)
	after(10 * time.Second)
	enters("b", nil)
	after(length)
	if _, lost := rec.Size(); lost > 0 {
		t.Errorf("%d packets were not written", lost)
	}
	if err := rec.Close(); err != nil {
		t.Fatal(err)
	}
	cancel()
	s.wg.Wait()

	o := Options{
		Tapes: []string{filepath.Join(folder, "1")}, Work: t.TempDir(), Film: filepath.Join(folder, "film.mp4"), Title: "理事会", Body: "省总工会", Mark: "录制中 · 画面中人员均已同意",
		Chunk: 6 * time.Second,
	}
	composed := time.Now()
	made, err := Compose(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%v in %v: %.1f × real time", made.Length, time.Since(composed).Round(time.Millisecond), made.Length.Seconds()/time.Since(composed).Seconds())
	if made.People != len(order) || (made.Length-length).Abs() > time.Second {
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

	in := func(at time.Time) time.Duration { return at.Sub(made.Begin) } // in the film's time
	// When the picture of a number is sent.
	sent := func(id string, turn, number int) time.Duration {
		return in(turns[id][turn].begin) + time.Duration(number)*time.Second/probe.Rate
	}
	// The times in which something comes or changes: neither before nor after is wrong there.
	type stretch struct{ from, until time.Duration }
	var shifts []stretch
	for _, all := range turns {
		for _, u := range all {
			shifts = append(shifts, stretch{in(u.asked) - 100*time.Millisecond, in(u.begin) + comes})
		}
	}
	shifts = append(shifts,
		stretch{sent("a", 0, stopped), sent("a", 0, stopped) + changes},
		stretch{sent("a", 0, resumed), sent("a", 0, resumed) + changes},
		stretch{in(beside.asked), in(ends["d"]) + 200*time.Millisecond},
		// Who dropped out is seen for two seconds more, and a card after.
		stretch{in(ends["b"]) - late, in(ends["b"]) + 2300*time.Millisecond},
	)
	steady := func(at time.Duration) bool {
		return at > 0 && at < length-500*time.Millisecond && !slices.ContainsFunc(shifts, func(s stretch) bool { return at >= s.from && at < s.until })
	}
	// who is there, in which turn, and whether there is a picture of them.
	who := func(id string, at time.Duration) (turn int, there, seen bool) {
		all := turns[id]
		if at < in(all[0].begin) {
			return 0, false, false
		}
		if len(all) == 1 || at < in(ends[id]) {
			return 0, true, true
		}
		if at > in(all[1].begin) {
			return 1, true, true
		}
		return 0, id == "b", false // who dropped out keeps the seat, who went elsewhere does not
	}

	// Twenty instants: one soon after each turn, and others anywhere.
	instants := map[int]bool{}
	take := func(at time.Duration) {
		n := int(at * Rate / time.Second)
		if at = time.Duration(n) * time.Second / Rate; steady(at) && steady(at-time.Second/Rate) {
			instants[n] = true
		}
	}
	for _, s := range shifts {
		take(s.until + 2*time.Second/Rate)
	}
	fixed := len(instants)
	r := rand.New(rand.NewPCG(7, 7))
	for len(instants) < 20 {
		take(time.Duration(r.Int64N(int64(length))))
	}
	type key struct {
		id           string
		turn, number int
	}
	first := map[key]time.Duration{} // when a picture that begins a second is first seen
	looked, worst := 0, time.Duration(0)
	probe.Shots(t, o.Film, func(n int, shot probe.Shot) {
		at := time.Duration(n) * time.Second / Rate
		if !steady(at) {
			return
		}
		var there []string
		for _, id := range order {
			if _, is, _ := who(id, at); is {
				there = append(there, id)
			}
		}
		if instants[n] {
			looked++
		}
		for i, where := range layout.Grid(len(there)) {
			id := there[i]
			turn, _, seen := who(id, at)
			number := shot.Number(where)
			is := shot.Is(where, &acts[id].Act)
			if seen && is && number >= 0 && number%probe.Rate == 0 && steady(at-2*time.Second/Rate) {
				if k := (key{id, turn, number}); first[k] == 0 {
					first[k] = at
				}
			}
			if !instants[n] {
				continue
			}
			switch {
			case is != seen:
				y, cb, cr := shot.Colour(where)
				t.Errorf("at %v: of %v, %s in place %d is seen %t and not %t: %.0f %.0f %.0f", at, there, id, i, is, seen, y, cb, cr)
			case seen:
				off := at - sent(id, turn, number)
				if number < 0 || off < -apart || off > late {
					t.Errorf("at %v: %s shows picture %d, sent at %v", at, id, number, sent(id, turn, number))
				}
				worst = max(worst, off)
			}
		}
	})
	if looked != len(instants) || fixed < 5 {
		t.Errorf("looked at %d of %d instants, %d of them at the turns", looked, len(instants), fixed)
	}
	t.Logf("at %d instants pictures are in the film at most %v after they were sent", looked, worst.Round(time.Millisecond))

	sound := probe.Hear(t, o.Film)
	together := map[string]int{} // how many seconds were compared
	most := time.Duration(0)
	for k, seen := range first {
		at, heard := sound.Beep(acts[k.id].Tone, seen, 400*time.Millisecond)
		if !heard {
			t.Errorf("%s, picture %d, seen at %v: no beep is heard", k.id, k.number, seen)
			continue
		}
		together[k.id]++
		if most = max(most, (seen - at).Abs()); (seen - at).Abs() > apart {
			t.Errorf("%s, picture %d: seen at %v, heard at %v", k.id, k.number, seen, at)
		}
	}
	t.Logf("lips and voice are at most %v apart: %v", most.Round(time.Millisecond), together)
	for _, id := range order {
		if together[id] < 3 {
			t.Errorf("%s was compared in %d seconds", id, together[id])
		}
	}
	// What was said beside is not in the film.
	for at := in(beside.begin); at < in(turns["d"][1].asked); at += 5 * time.Millisecond {
		if sound.Loud(acts["x"].Tone, at) > 300 {
			t.Fatalf("at %v somebody is heard who is in another room", at)
		}
	}
}
