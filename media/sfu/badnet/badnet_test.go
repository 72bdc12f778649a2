package badnet

import (
	"encoding/binary"
	"math"
	"math/rand/v2"
	"net"
	"net/netip"
	"slices"
	"testing"
	"time"
)

// run sends n packets, one each so often, past a direction without a network, and tells of each when it is through; -1: never.
func run(p Path, seed uint64, n, bytes int, each time.Duration) []time.Duration {
	d := direction{path: p}
	rng := rand.New(rand.NewPCG(seed, 0))
	start := time.Unix(0, 0)
	last := start
	var out []time.Duration
	for i := range n {
		now := start.Add(time.Duration(i) * each)
		due, held, ok := d.fate(bytes, rng, last, now)
		if !ok {
			out = append(out, -1)
			continue
		}
		if !held {
			last = due
		}
		out = append(out, due.Sub(now))
	}
	return out
}

func TestLossIsThatAsked(t *testing.T) {
	got := run(Path{Loss: 0.2}, 1, 20000, 100, time.Millisecond)
	lost, pairs := 0, 0
	for i, d := range got {
		if d < 0 {
			lost++
			if i > 0 && got[i-1] < 0 {
				pairs++
			}
		}
	}
	if f := float64(lost) / 20000; math.Abs(f-0.2) > 0.01 {
		t.Errorf("%.3f are lost", f)
	}
	if f := float64(pairs) / float64(lost); math.Abs(f-0.2) > 0.02 {
		t.Errorf("losses hang together: %.3f follow another", f)
	}
}

func TestTheSameSeedTheSameFate(t *testing.T) {
	p := Path{Loss: 0.1, Delay: 30 * time.Millisecond, Jitter: 10 * time.Millisecond, Reorder: 0.05, Rate: 1_000_000}
	a, b, c := run(p, 7, 500, 1000, time.Millisecond), run(p, 7, 500, 1000, time.Millisecond), run(p, 8, 500, 1000, time.Millisecond)
	if !slices.Equal(a, b) {
		t.Error("the same seed, another fate")
	}
	if slices.Equal(a, c) {
		t.Error("another seed, the same fate")
	}
}

func TestDelayAndJitter(t *testing.T) {
	p := Path{Delay: 50 * time.Millisecond, Jitter: 10 * time.Millisecond}
	var sum, least, most time.Duration
	least = time.Hour
	got := run(p, 1, 2000, 100, 20*time.Millisecond)
	for _, d := range got {
		sum, least, most = sum+d, min(least, d), max(most, d)
	}
	if least < 50*time.Millisecond || most > 60*time.Millisecond || most-least < 9*time.Millisecond {
		t.Errorf("between %v and %v", least, most)
	}
}

func TestNothingOvertakesUnlessHeldBack(t *testing.T) {
	each := time.Millisecond
	for _, p := range []Path{{Jitter: 30 * time.Millisecond}, {Jitter: 5 * time.Millisecond, Reorder: 0.1}} {
		overtaken, last := 0, time.Duration(0)
		for i, d := range run(p, 3, 3000, 100, each) {
			at := time.Duration(i)*each + d
			if at < last {
				overtaken++
			}
			last = max(last, at)
		}
		if (overtaken > 0) != (p.Reorder > 0) {
			t.Errorf("%+v: %d come after one that was sent later", p, overtaken)
		}
	}
}

func TestRateAndQueue(t *testing.T) {
	// Twice as much as goes through: half of it is lost, and the rest waits as long as the queue is.
	got := run(Path{Rate: 400_000, Queue: 200 * time.Millisecond}, 1, 1000, 1000, 10*time.Millisecond)
	through := 0
	for i, d := range got {
		if d >= 0 {
			through++
			if i > 100 && (d < 180*time.Millisecond || d > 240*time.Millisecond) {
				t.Fatalf("packet %d waits %v", i, d)
			}
		}
	}
	if through < 500 || through > 530 {
		t.Errorf("%d of 1000 are through", through)
	}
	// Less than goes through waits for itself alone.
	for _, d := range run(Path{Rate: 800_000}, 1, 100, 500, 10*time.Millisecond) {
		if d != 5*time.Millisecond {
			t.Fatalf("takes %v", d)
		}
	}
}

// Over real sockets: each who comes is somebody else on the other side, answers find back, and nothing passes what is off.
func TestThereAndBack(t *testing.T) {
	server, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		t.Fatal(err)
	}
	defer server.Close()
	seen := make(chan netip.AddrPort, 1000)
	go func() {
		b := make([]byte, 100)
		for {
			n, from, err := server.ReadFromUDPAddrPort(b)
			if err != nil {
				return
			}
			seen <- from
			if _, err := server.WriteToUDPAddrPort(b[:n], from); err != nil {
				return
			}
		}
	}()
	r, err := Listen("127.0.0.1:0", server.LocalAddr().(*net.UDPAddr).AddrPort(), 1, Path{Delay: 20 * time.Millisecond}, Path{Delay: 20 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := r.Close(); err != nil {
			t.Error(err)
		}
	}()
	came := map[netip.AddrPort]bool{}
	for range 2 {
		c, err := net.DialUDP("udp4", nil, net.UDPAddrFromAddrPort(r.Addr()))
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		b := make([]byte, 8)
		ask := func(n uint64, wait time.Duration) bool {
			binary.BigEndian.PutUint64(b, n)
			if _, err := c.Write(b); err != nil {
				t.Fatal(err)
			}
			if err := c.SetReadDeadline(time.Now().Add(wait)); err != nil {
				t.Fatal(err)
			}
			got, err := c.Read(b)
			return err == nil && got == 8 && binary.BigEndian.Uint64(b) == n
		}
		begin := time.Now()
		if !ask(1, 5*time.Second) {
			t.Fatal("no answer")
		}
		if took := time.Since(begin); took < 40*time.Millisecond {
			t.Errorf("there and back in %v", took)
		}
		came[<-seen] = true
		r.Off(true)
		if ask(2, 150*time.Millisecond) {
			t.Error("something passes what is off")
		}
		r.Off(false)
		if !ask(3, 5*time.Second) {
			t.Error("nothing passes what is on again")
		}
		<-seen
	}
	if len(came) != 2 {
		t.Errorf("two are seen as %d", len(came))
	}
	if up, down := r.Counts(); up.Passed != 6 || down.Passed != 4 || up.Lost+down.Lost != 0 {
		t.Errorf("%+v, %+v", up, down)
	}
}
