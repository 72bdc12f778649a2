package sfu

import (
	"context"
	"errors"
	"fmt"
	"net"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pion/webrtc/v4"

	"gonghui/media/sfu/client"
	"gonghui/media/sfu/relay"
)

func serve(t testing.TB, change ...func(*Options)) *Server {
	t.Helper()
	opt := Options{Address: "127.0.0.1:0", Loopback: true}
	for _, f := range change {
		f(&opt)
	}
	s, err := Listen(opt)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// guest is a client with its seat.
type guest struct {
	*client.Client
	seat *Participant

	mu     sync.Mutex
	events []Event
}

func (g *guest) notify(e Event) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.events = append(g.events, e)
}

func (g *guest) told(match func(Event) bool) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, e := range g.events {
		if match(e) {
			return true
		}
	}
	return false
}

// sounds are the packets of sound that came, at all places.
func (g *guest) sounds() (n uint64) {
	for _, mid := range g.Places(webrtc.RTPCodecTypeAudio) {
		n += g.Count(mid).Packets
	}
	return n
}

func within(t testing.TB) context.Context {
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	t.Cleanup(cancel)
	return ctx
}

func join(t testing.TB, room *Room, id string, opt client.Options) *guest {
	t.Helper()
	g := &guest{}
	var err error
	if g.Client, err = client.New(opt); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = g.Client.Close() })
	if g.seat, err = room.Join(id, Rights{Send: true}, g.notify); err != nil {
		t.Fatal(err)
	}
	if err := g.Connect(within(t), func(ctx context.Context, offer string) (string, error) {
		return g.seat.Connect(ctx, offer, nil)
	}); err != nil {
		t.Fatalf("%s: %v", id, err)
	}
	return g
}

// until waits for something that should happen.
func until(t testing.TB, what string, ok func() bool) {
	t.Helper()
	eventually(t, 20*time.Second, what, ok)
}

func eventually(t testing.TB, within time.Duration, what string, ok func() bool) {
	t.Helper()
	deadline := time.After(within)
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for !ok() {
		select {
		case <-deadline:
			t.Fatalf("not within %v: %s", within, what)
		case <-tick.C:
		}
	}
}

// play sends pictures in all layers and sound until the test ends.
func (g *guest) play(t testing.TB, pictures bool, level uint8, packets ...int) {
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	t.Cleanup(func() { cancel(); <-done })
	go func() {
		defer close(done)
		tick := time.NewTicker(20 * time.Millisecond)
		defer tick.Stop()
		for i := 0; ; i++ {
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
			}
			if level < 128 {
				if g.Speak(i, 80, level) != nil {
					return
				}
			}
			if pictures && i%2 == 0 {
				for l, n := range packets {
					if g.Show(l, uint32(i)*1800, n) != nil {
						return
					}
				}
			}
		}
	}()
}

const noSound = 255

func show(t testing.TB, g *guest, who string, height int) string {
	t.Helper()
	mid := g.Places(webrtc.RTPCodecTypeVideo)[0]
	if err := g.seat.Show(map[string]View{mid: {Participant: who, Source: Camera, Height: height}}); err != nil {
		t.Fatal(err)
	}
	return mid
}

func TestSoundAndPicturesBothWays(t *testing.T) {
	t.Parallel()
	room := serve(t).Room("a")
	opt := client.Options{Sound: true, Layers: []string{""}, Hear: 2, See: 2}
	a, b := join(t, room, "a", opt), join(t, room, "b", opt)
	a.play(t, true, 20, 3)
	b.play(t, true, 30, 3)
	ab, ba := show(t, a, "b", 720), show(t, b, "a", 720)
	for _, c := range []struct {
		g   *guest
		mid string
	}{{a, ab}, {b, ba}} {
		until(t, "pictures come", func() bool { n := c.g.Count(c.mid); return n.Frames > 30 && n.Wholes > 0 })
		until(t, "sound comes", func() bool { return c.g.sounds() > 30 })
		if n := c.g.Missing(c.mid); n > 0 {
			t.Errorf("%d packets are missing", n)
		}
	}
	// Each hears the other only, and is told whom.
	for _, c := range []struct {
		g     *guest
		other string
	}{{a, "b"}, {b, "a"}} {
		until(t, "who is heard", func() bool {
			return c.g.told(func(e Event) bool { return e.Kind == Heard && e.Participant == c.other && e.Mid != "" })
		})
		if c.g.told(func(e Event) bool { return e.Kind == Heard && e.Participant != "" && e.Participant != c.other }) {
			t.Error("hears itself")
		}
		heard := 0
		for _, mid := range c.g.Places(webrtc.RTPCodecTypeAudio) {
			if c.g.Count(mid).Packets > 0 {
				heard++
			}
		}
		if heard != 1 {
			t.Errorf("sound came at %d places", heard)
		}
	}
	until(t, "the dominant speaker", func() bool {
		return b.told(func(e Event) bool { return e.Kind == Speaking && e.Participant == "a" })
	})
}

// What is lost on the way to the server is asked for and repeated, and so is what is lost on the way from it.
func TestLostPacketsComeAgain(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ in, out float64 }{"from the server": {in: 0.1}, "to the server": {out: 0.1}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			room := serve(t).Room("a")
			from := join(t, room, "from", client.Options{Layers: []string{""}, LoseOut: c.out})
			to := join(t, room, "to", client.Options{See: 1, LoseIn: c.in})
			mid := show(t, to, "from", 720)
			from.play(t, true, noSound, 5)
			until(t, "many are repaired", func() bool { n := to.Count(mid); return n.Frames > 120 && n.Repaired > 30 })
			// A few are still on their way.
			until(t, "nothing stays lost", func() bool { n := to.Count(mid); return to.Missing(mid) <= 8 && n.Gaps > 30 })
			if c.out > 0 && from.Nacks.Load() < 30 {
				t.Errorf("the server asked for %d packets", from.Nacks.Load())
			}
		})
	}
}

func TestLayers(t *testing.T) {
	t.Parallel()
	room := serve(t).Room("a")
	from := join(t, room, "from", client.Options{Layers: []string{"q", "h", "f"}})
	to := join(t, room, "to", client.Options{See: 1})
	from.play(t, true, noSound, 1, 2, 4)
	mid := show(t, to, "from", 180)
	for _, height := range []int{180, 720, 360, 720, 180} {
		show(t, to, "from", height)
		until(t, fmt.Sprintf("a picture of %d lines", height), func() bool { return to.Count(mid).Height == height })
	}
	until(t, "who sends is told", func() bool {
		return from.told(func(e Event) bool { return e.Kind == Wanted && e.Source == Camera && e.Height == 180 })
	})
	// The numbers went on over every switch: nothing looks lost.
	if n := to.Missing(mid); n > 0 {
		t.Errorf("%d packets are missing after the switches", n)
	}
	show(t, to, "from", 0)
	until(t, "who sends is told that nobody looks", func() bool {
		return from.told(func(e Event) bool { return e.Kind == Wanted && e.Height == 0 })
	})
	var still, ticks uint64
	until(t, "nothing comes any more", func() bool {
		n := to.Count(mid).Packets
		if n != still {
			still, ticks = n, 0
		}
		ticks++
		return ticks > 20
	})
}

// Thirty who look at once are served by few whole pictures.
func TestPicturesAreAskedForSparingly(t *testing.T) {
	t.Parallel()
	room := serve(t).Room("a")
	from := join(t, room, "from", client.Options{Layers: []string{""}})
	from.play(t, true, noSound, 2)
	var all []*guest
	for i := range 12 {
		all = append(all, join(t, room, fmt.Sprint(i), client.Options{See: 1, Deaf: true}))
	}
	begin := time.Now()
	for _, g := range all {
		show(t, g, "from", 720)
	}
	for _, g := range all {
		until(t, "pictures come", func() bool { return g.Count(g.Places(webrtc.RTPCodecTypeVideo)[0]).Frames > 3 })
	}
	most := uint64(time.Since(begin)/(500*time.Millisecond)) + 2
	if n := from.Pictures.Load(); n == 0 || n > most {
		t.Errorf("%d questions for a picture in %s", n, time.Since(begin))
	}
}

func TestOnlyTheLoudestAreHeard(t *testing.T) {
	t.Parallel()
	room := serve(t, func(o *Options) { o.Voices = 2 }).Room("a")
	to := join(t, room, "to", client.Options{Hear: 2})
	for i, level := range []uint8{50, 15, 40, 20, 127} {
		join(t, room, fmt.Sprint(i), client.Options{Sound: true}).play(t, false, level)
	}
	until(t, "the two loudest", func() bool {
		to.mu.Lock()
		defer to.mu.Unlock()
		now := map[string]string{}
		for _, e := range to.events {
			if e.Kind == Heard {
				now[e.Mid] = e.Participant
			}
		}
		got := map[string]bool{}
		for _, p := range now {
			got[p] = true
		}
		return len(now) == 2 && got["1"] && got["3"]
	})
	for _, mid := range to.Places(webrtc.RTPCodecTypeAudio) {
		before := to.Count(mid).Packets
		until(t, "sound at both places", func() bool { return to.Count(mid).Packets > before+20 })
	}
}

func TestICERestart(t *testing.T) {
	t.Parallel()
	room := serve(t).Room("a")
	from := join(t, room, "from", client.Options{Layers: []string{""}})
	to := join(t, room, "to", client.Options{See: 1})
	from.play(t, true, noSound, 2)
	mid := show(t, to, "from", 720)
	until(t, "pictures come", func() bool { return to.Count(mid).Frames > 10 })
	for _, g := range []*guest{to, from} {
		if err := g.Offer(within(t), &webrtc.OfferOptions{ICERestart: true}, func(ctx context.Context, offer string) (string, error) {
			return g.seat.Offer(ctx, offer, nil)
		}); err != nil {
			t.Fatal(err)
		}
		before := to.Count(mid).Frames
		until(t, "pictures come on", func() bool { return to.Count(mid).Frames > before+30 })
	}
}

// Where no UDP gets through, everything goes over TCP.
func TestOverTCP(t *testing.T) {
	t.Parallel()
	s := serve(t, func(o *Options) { o.TCP = "127.0.0.1:0" })
	room := s.Room("a")
	opt := client.Options{Sound: true, Layers: []string{""}, Hear: 2, See: 1}
	over := opt
	over.TCP = true
	a, b := join(t, room, "a", opt), join(t, room, "b", over)
	if s.calls.count() != 1 || s.peers.count() != 1 {
		t.Fatalf("%d over TCP, %d over UDP", s.calls.count(), s.peers.count())
	}
	a.play(t, true, 20, 4)
	b.play(t, true, 30, 4)
	for g, mid := range map[*guest]string{a: show(t, a, "b", 720), b: show(t, b, "a", 720)} {
		until(t, "pictures come", func() bool { return g.Count(mid).Frames > 40 })
		until(t, "sound comes", func() bool { return g.sounds() > 20 })
		until(t, "nothing stays lost", func() bool { return g.Missing(mid) == 0 })
	}
	_ = b.Client.Close()
	until(t, "the drop is noticed", func() bool { return s.calls.count() == 0 })
}

// Who reaches nothing but the relay takes part through it.
func TestOverARelay(t *testing.T) {
	t.Parallel()
	s := serve(t)
	room := s.Room("a")
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	r, err := relay.Listen(relay.Options{TCP: l, To: s.Addr().(*net.UDPAddr).AddrPort(), Secret: make([]byte, 32)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = r.Close() })
	name, password, err := r.Credentials("b", time.Minute, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	opt := client.Options{Layers: []string{""}, See: 1}
	over := opt
	over.Relay = &webrtc.ICEServer{URLs: []string{"turn:" + l.Addr().String() + "?transport=tcp"}, Username: name, Credential: password}
	a, b := join(t, room, "a", opt), join(t, room, "b", over)
	a.play(t, true, noSound, 4)
	b.play(t, true, noSound, 4)
	for g, mid := range map[*guest]string{a: show(t, a, "b", 720), b: show(t, b, "a", 720)} {
		until(t, "pictures come", func() bool { return g.Count(mid).Frames > 40 })
		until(t, "nothing stays lost", func() bool { return g.Missing(mid) == 0 })
	}
}

// Who drops out and comes back has the same seat, sees what it saw, and is seen by those who looked at it.
func TestComesBackToTheSameSeat(t *testing.T) {
	t.Parallel()
	room := serve(t).Room("a")
	opt := client.Options{Layers: []string{""}, See: 1}
	a, b := join(t, room, "a", opt), join(t, room, "b", opt)
	a.play(t, true, noSound, 2)
	b.play(t, true, noSound, 2)
	ab, ba := show(t, a, "b", 720), show(t, b, "a", 720)
	until(t, "both see", func() bool { return a.Count(ab).Frames > 5 && b.Count(ba).Frames > 5 })
	seat := b.seat
	if err := b.Client.Close(); err != nil {
		t.Fatal(err)
	}
	until(t, "the drop is told", func() bool {
		return a.told(func(e Event) bool { return e.Kind == Dropped && e.Participant == "b" })
	})
	if n := len(room.People()); n != 2 {
		t.Fatalf("%d seats", n)
	}
	again := join(t, room, "b", opt)
	again.play(t, true, noSound, 2)
	if again.seat != seat {
		t.Error("another seat")
	}
	before := a.Count(ab).Frames
	until(t, "both see again", func() bool { return a.Count(ab).Frames > before+10 && again.Count(ba).Frames > 10 })
}

// A line that is no longer received on is sent nothing, and one that is added is a place like the first.
func TestPlacesComeAndGo(t *testing.T) {
	t.Parallel()
	room := serve(t).Room("a")
	from := join(t, room, "from", client.Options{Layers: []string{""}})
	to := join(t, room, "to", client.Options{See: 1})
	from.play(t, true, noSound, 2)
	first := show(t, to, "from", 720)
	until(t, "pictures come", func() bool { return to.Count(first).Frames > 10 })
	again := func() {
		t.Helper()
		if err := to.Offer(within(t), nil, func(ctx context.Context, offer string) (string, error) { return to.seat.Offer(ctx, offer, nil) }); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := to.PC.AddTransceiverFromKind(webrtc.RTPCodecTypeVideo, webrtc.RTPTransceiverInit{Direction: webrtc.RTPTransceiverDirectionRecvonly}); err != nil {
		t.Fatal(err)
	}
	again()
	places := to.Places(webrtc.RTPCodecTypeVideo)
	if len(places) != 2 {
		t.Fatalf("places %v", places)
	}
	if err := to.seat.Show(map[string]View{places[1]: {Participant: "from", Source: Camera, Height: 720}}); err != nil {
		t.Fatal(err)
	}
	until(t, "pictures come at both", func() bool { return to.Count(places[1]).Frames > 10 })
	for _, tr := range to.PC.GetTransceivers() {
		if tr.Mid() == first {
			if err := tr.Stop(); err != nil {
				t.Fatal(err)
			}
		}
	}
	again()
	if err := to.seat.Show(map[string]View{first: {Participant: "from", Source: Camera}}); !errors.Is(err, ErrPlace) {
		t.Errorf("a place that is gone shows: %v", err)
	}
	before := to.Count(places[1]).Frames
	until(t, "pictures come on at the other", func() bool { return to.Count(places[1]).Frames > before+20 })
}

// Who sends more than allowed gets through no more than that.
func TestUploadIsBounded(t *testing.T) {
	var u up
	came := 0
	for at := time.Hour; at < time.Hour+10*time.Second; at += time.Millisecond {
		if u.allows(1000, 800_000, at) {
			came += 1000
		}
	}
	if came < 1_000_000 || came > 1_100_000 {
		t.Errorf("%d bytes in ten seconds of 800 kbit/s", came)
	}
}

// Who came and went leaves nothing behind.
func TestNothingIsLeftBehind(t *testing.T) {
	s := serve(t)
	room := s.Room("a")
	join(t, room, "stays", client.Options{Sound: true, Hear: 1})
	round := func() {
		var all []*guest
		for i := range 6 {
			all = append(all, join(t, room, fmt.Sprint(i), client.Options{Sound: true, Layers: []string{""}, Hear: 1, See: 1}))
		}
		for _, g := range all {
			show(t, g, "stays", 180)
			g.seat.Leave()
			_ = g.Client.Close()
		}
	}
	round()
	count := func() int { return runtime.NumGoroutine() }
	least := 0
	until(t, "the first have ended", func() bool {
		n := count()
		steady := n == least
		least = n
		return steady && s.peers.count() == 1
	})
	round()
	round()
	until(t, "as few goroutines as before", func() bool { return count() <= least+5 })
	room.mu.RLock()
	defer room.mu.RUnlock()
	if len(room.people) != 1 || len(room.tracks) > 2 || s.peers.count() != 1 {
		t.Errorf("%d people, %d tracks, %d connections are left", len(room.people), len(room.tracks), s.peers.count())
	}
	for _, a := range room.heard {
		n := 0
		for i := range a.slots {
			if l := a.slots[i].Load(); l != nil {
				n += len(*l)
			}
		}
		if n > 1 {
			t.Errorf("%d places for sound are left", n)
		}
	}
}

// Pion encrypts nothing on the server's side: with the same keys it would use numbers that were used.
func TestOneSRTP(t *testing.T) {
	sessions := func() int {
		b := make([]byte, 4<<20)
		return strings.Count(string(b[:runtime.Stack(b, true)]), "created by github.com/pion/srtp/v3.(*session).start")
	}
	before := sessions()
	room := serve(t).Room("a")
	a := join(t, room, "a", client.Options{Sound: true, Layers: []string{""}})
	b := join(t, room, "b", client.Options{Hear: 1, See: 1})
	mid := show(t, b, "a", 180)
	a.play(t, true, 30, 3)
	until(t, "b sees and hears a", func() bool { return b.Count(mid).Packets > 0 && b.sounds() > 0 })
	if n := sessions() - before; n != 4 {
		t.Errorf("%d goroutines of Pion's SRTP, four are the clients'", n)
	}
}

func TestASeatIsGivenUp(t *testing.T) {
	t.Parallel()
	s := serve(t, func(o *Options) { o.Seat = 50 * time.Millisecond })
	room := s.Room("a")
	a, b := join(t, room, "a", client.Options{Hear: 1}), join(t, room, "b", client.Options{Hear: 1})
	_ = b.Client.Close()
	until(t, "the seat is given up", func() bool {
		return a.told(func(e Event) bool { return e.Kind == Left && e.Participant == "b" })
	})
	if _, err := b.seat.Connect(within(t), "", nil); !errors.Is(err, ErrGone) {
		t.Errorf("connects to a seat given up: %v", err)
	}
	a.seat.Leave()
	if st := s.Stats(); st.Rooms != 0 || st.People != 0 {
		t.Errorf("left behind: %+v", st)
	}
	if _, err := room.Join("c", Rights{}, nil); !errors.Is(err, ErrClosed) {
		t.Errorf("joins a room that is closed: %v", err)
	}
	// A room is closed a moment before it is forgotten.
	s.mu.Lock()
	s.rooms["a"] = room
	s.mu.Unlock()
	if _, err := s.Room("a").Join("c", Rights{}, nil); err != nil {
		t.Errorf("joins the next room of the name: %v", err)
	}
}

// Who connects anew over the same session keeps the seat when its time has run out.
func TestConnectsAnewInTime(t *testing.T) {
	t.Parallel()
	room := serve(t, func(o *Options) { o.Seat = 300 * time.Millisecond }).Room("a")
	late := make(chan struct{})
	if _, err := room.Join("c", Rights{}, func(e Event) {
		if e.Kind == Left && e.Participant == "b" {
			close(late)
		}
	}); err != nil {
		t.Fatal(err)
	}
	connect := func(p *Participant) {
		t.Helper()
		if _, err := p.Connect(within(t), offered(t, client.Options{Hear: 1}), nil); err != nil {
			t.Fatal(err)
		}
	}
	drops := func(id string) *Participant {
		t.Helper()
		p, err := room.Join(id, Rights{}, nil)
		if err != nil {
			t.Fatal(err)
		}
		connect(p)
		p.dropped(p.peer)
		return p
	}
	a := drops("a")
	connect(a)
	drops("b")
	<-late // the time of b, who dropped after a and stayed away, is over
	if err := a.Show(nil); err != nil {
		t.Errorf("the seat of who is back: %v", err)
	}
}

// Who comes while their own seat is being given up gets another one, and nobody is told that they are gone.
func TestComesWhileLeaving(t *testing.T) {
	t.Parallel()
	room := serve(t).Room("a")
	var again *Participant
	var left atomic.Bool
	if _, err := room.Join("b", Rights{Receive: 1}, func(e Event) {
		switch {
		case e.Kind == Unpublished && e.Participant == "a":
			again, _ = room.Join("a", Rights{}, nil)
		case e.Kind == Left:
			left.Store(true)
		}
	}); err != nil {
		t.Fatal(err)
	}
	a := join(t, room, "a", client.Options{Sound: true})
	a.play(t, true, 5, 0)
	a.seat.Leave()
	if again == nil || again == a.seat {
		t.Fatalf("the seat of who came again: %p, given up was %p", again, a.seat)
	}
	if err := again.Show(nil); err != nil {
		t.Errorf("the new seat: %v", err)
	}
	if left.Load() || !slices.Contains(room.People(), "a") {
		t.Errorf("told that they left: %v; there are %v", left.Load(), room.People())
	}
	again.Leave()
	if !left.Load() || slices.Contains(room.People(), "a") {
		t.Errorf("left: %v; there are %v", left.Load(), room.People())
	}
}

// offered is what a client offers.
func offered(t *testing.T, opt client.Options) (text string) {
	t.Helper()
	c, err := client.New(opt)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	stop := errors.New("stop")
	if err := c.Offer(within(t), nil, func(_ context.Context, offer string) (string, error) { text = offer; return "", stop }); !errors.Is(err, stop) {
		t.Fatal(err)
	}
	return text
}

// Behind NAT, browsers are told the addresses that lead there, and no other.
func TestAnnounced(t *testing.T) {
	t.Parallel()
	p, err := serve(t, func(o *Options) { o.Announce = []string{"203.0.113.7"} }).Room("a").Join("a", Rights{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := p.Connect(within(t), offered(t, client.Options{Hear: 1}), nil)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(answer, " 203.0.113.7 ") || strings.Contains(answer, " 127.0.0.1 ") {
		t.Errorf("announced:\n%s", answer)
	}
}

func TestOffersThatAreRefused(t *testing.T) {
	t.Parallel()
	room := serve(t, func(o *Options) { o.People = 2 }).Room("a")
	offer := func(opt client.Options) string { return offered(t, opt) }
	p, err := room.Join("listener", Rights{Receive: 2}, nil)
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"nothing":        "",
		"no description": "v=1\r\nhello",
		"too long":       string(make([]byte, longestSDP+1)),
		"sends":          offer(client.Options{Sound: true}),
		"many places":    offer(client.Options{Hear: 3}),
		"four layers":    offer(client.Options{Layers: []string{"a", "b", "c", "d"}}),
	} {
		if _, err := p.Connect(within(t), text, nil); !errors.Is(err, ErrOffer) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := p.Offer(within(t), offer(client.Options{Hear: 1}), nil); !errors.Is(err, ErrOffer) {
		t.Errorf("a further offer without a first: %v", err)
	}
	if err := p.Show(map[string]View{"0": {Participant: "x"}}); !errors.Is(err, ErrPlace) {
		t.Errorf("a place that is not there: %v", err)
	}
	if _, err := p.Connect(within(t), offer(client.Options{Hear: 2}), nil); err != nil {
		t.Errorf("after all that: %v", err)
	}
	if _, err := room.Join("", Rights{}, nil); err == nil {
		t.Error("joins without an id")
	}
	if _, err := room.Join("second", Rights{}, nil); err != nil {
		t.Error(err)
	}
	if _, err := room.Join("third", Rights{}, nil); !errors.Is(err, ErrFull) {
		t.Errorf("a third of two: %v", err)
	}
}
