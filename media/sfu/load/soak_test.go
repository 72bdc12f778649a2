package load

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pion/webrtc/v4"

	"gonghui/media/sfu"
	"gonghui/media/sfu/client"
)

// serveEnv makes this test program a server, at the address that it holds.
const serveEnv = "GONGHUI_TEST_SERVE"

func TestMain(m *testing.M) {
	if address := os.Getenv(serveEnv); address != "" {
		if err := Serve(context.Background(), Brief, address); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

// How long people come and go: SOAK=30m for make soak, two minutes where every change is checked.
func soaking(t *testing.T) time.Duration {
	if text := os.Getenv("SOAK"); text != "" {
		d, err := time.ParseDuration(text)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	if os.Getenv("CI") != "" {
		return 2 * time.Minute
	}
	return 20 * time.Second
}

// A server of its own process at which people come, send, look elsewhere, fall out, come back and leave, over UDP and TCP, by the real
// signalling: it grows no further once it is warm, and when all have gone nothing is left of them.
func TestSoak(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes its time")
	}
	long := soaking(t)
	address := child(t)
	ctx, cancel := context.WithTimeout(t.Context(), long+2*time.Minute)
	defer cancel()
	// The first ones make what stays for good.
	c := &crowd{t: t, address: address}
	c.come(ctx, 4, 2*time.Second)
	empty := c.emptied(ctx)
	samples := make(chan []Vitals)
	stop := make(chan struct{})
	go func() { samples <- c.watch(ctx, stop) }()
	c.come(ctx, 10, long)
	close(stop)
	all := <-samples
	end := c.emptied(ctx)
	t.Logf("%d came, %d of them back to their seat, %d fell out without a word, %d over TCP, %d offers more, %d refused; %d packets", c.came.Load(), c.back.Load(), c.fell.Load(), c.tcp.Load(), c.again.Load(), c.failed.Load(), c.packets.Load())
	t.Logf("empty: %+v", empty)
	t.Logf("end:   %+v", end)
	if c.came.Load() < 10 || c.packets.Load() == 0 || c.failed.Load()*8 > c.came.Load() {
		t.Errorf("%d came, %d packets, %d could not come", c.came.Load(), c.packets.Load(), c.failed.Load())
	}
	for what, v := range map[string]struct{ before, after, slack float64 }{
		"goroutines": {float64(empty.Goroutines), float64(end.Goroutines), 4},
		"files":      {float64(empty.Files), float64(end.Files), 3},
		"heap":       {float64(empty.Heap), float64(end.Heap), 3 << 20},
	} {
		if v.after > v.before+v.slack {
			t.Errorf("%s: %.0f of an empty server before, %.0f afterwards", what, v.before, v.after)
		}
	}
	// While they come and go.
	warm := all[len(all)/3:]
	most := 1.0 // who is there at the moment makes more of a difference in a short time
	if long >= 5*time.Minute {
		most = 0.1
	}
	if len(warm) < 8 {
		t.Fatalf("%d samples", len(all))
	}
	for what, of := range map[string]func(Vitals) float64{
		"goroutines a seat": func(v Vitals) float64 { return float64(v.Goroutines) / float64(max(v.Seats, 4)) },
		"files a seat":      func(v Vitals) float64 { return float64(v.Files) / float64(max(v.Seats, 4)) },
		"heap":              func(v Vitals) float64 { return float64(v.Heap) },
	} {
		mean, grown := slope(warm, of)
		t.Logf("%s: %.4g, grown by %.3g", what, mean, grown)
		if grown > most*mean {
			t.Errorf("%s: %.4g on the mean, and %.3g more at the end than at the beginning", what, mean, grown)
		}
	}
}

// slope is the mean of samples, and by how much a straight line through them rises from the first to the last.
func slope(all []Vitals, of func(Vitals) float64) (mean, grown float64) {
	n := float64(len(all))
	var sx, sy, sxx, sxy float64
	for i, v := range all {
		x, y := float64(i), of(v)
		sx, sy, sxx, sxy = sx+x, sy+y, sxx+x*x, sxy+x*y
	}
	return sy / n, (n*sxy - sx*sy) / (n*sxx - sx*sx) * (n - 1)
}

// child is a server in a process of its own.
func child(t *testing.T) string {
	t.Helper()
	address := free(t)
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(exe)
	cmd.Env = append(os.Environ(), serveEnv+"="+address)
	cmd.Stdout, cmd.Stderr = os.Stderr, os.Stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { done <- cmd.Wait() }()
	t.Cleanup(func() {
		select {
		case err := <-done:
			t.Errorf("the server ended by itself: %v", err)
		default:
			_ = cmd.Process.Kill()
			<-done
		}
	})
	ready(t, address)
	return address
}

// crowd are people who come and go.
type crowd struct {
	t       *testing.T
	address string
	turn    atomic.Uint64

	came, back, fell, tcp, again, failed, packets atomic.Int64
}

// come has so many at a time come and go for a time.
func (c *crowd) come(ctx context.Context, n int, long time.Duration) {
	end := time.Now().Add(long)
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() {
			rng := rand.New(rand.NewPCG(uint64(i), c.turn.Add(1)))
			for time.Now().Before(end) && ctx.Err() == nil {
				if err := c.visit(ctx, rng, fmt.Sprintf("room-%d", rng.IntN(3)), fmt.Sprintf("person-%d", i)); err != nil && ctx.Err() == nil {
					c.failed.Add(1)
					c.t.Logf("person %d: %v", i, err)
				}
			}
		})
	}
	wg.Wait()
}

// visit is one stay in a room, in which one may fall out and come back.
func (c *crowd) visit(ctx context.Context, rng *rand.Rand, room, id string) error {
	m := &Meeting{base: "http://" + c.address, room: room, product: true}
	for stay := true; stay; {
		opt := client.Options{Hear: 1 + rng.IntN(3), See: rng.IntN(4), TCP: rng.IntN(4) == 0}
		if rng.IntN(2) == 0 {
			opt.Sound, opt.Layers = true, []string{"q", "h"}
		}
		p, err := client.New(opt)
		if err != nil {
			return err
		}
		s := &seat{Client: p}
		joining, cancel := context.WithTimeout(ctx, 20*time.Second)
		err = m.join(joining, id, s)
		cancel()
		if err != nil {
			s.close()
			return err
		}
		c.came.Add(1)
		if opt.TCP {
			c.tcp.Add(1)
		}
		if err = c.stay(ctx, rng, s, opt); err != nil {
			s.close()
			return err
		}
		for _, kind := range []webrtc.RTPCodecType{webrtc.RTPCodecTypeAudio, webrtc.RTPCodecTypeVideo} {
			for _, mid := range s.Places(kind) {
				c.packets.Add(int64(s.Count(mid).Packets))
			}
		}
		stay = false
		switch rng.IntN(4) {
		case 0: // says goodbye
			err = s.line.Leave(ctx)
		case 1: // closes the window
		case 2: // the network is gone: not even the connection is ended
			c.fell.Add(1)
			err = p.PC.SCTP().Transport().ICETransport().Stop()
		case 3: // falls out, and comes back to the seat
			c.fell.Add(1)
			c.back.Add(1)
			stay = true
			err = p.PC.SCTP().Transport().ICETransport().Stop()
		}
		s.close()
		if err != nil {
			return err
		}
	}
	return nil
}

// stay sends and looks for a while.
func (c *crowd) stay(ctx context.Context, rng *rand.Rand, s *seat, opt client.Options) error {
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for i := range 20 + rng.IntN(80) {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
		}
		if opt.Sound {
			if err := s.Speak(i, soundBytes, uint8(10+rng.IntN(60))); err != nil {
				return err
			}
			for layer := range opt.Layers {
				if err := s.Client.Show(layer, uint32(i*1800), 1+layer); err != nil {
					return err
				}
			}
		}
		if i%25 != 10 {
			continue
		}
		if places := s.Places(webrtc.RTPCodecTypeVideo); len(places) > 0 {
			views := map[string]sfu.View{}
			for _, mid := range places {
				v := sfu.View{Source: sfu.Camera, Height: 90 * rng.IntN(9)}
				if rng.IntN(4) > 0 {
					v.Participant = fmt.Sprintf("person-%d", rng.IntN(10))
				}
				views[mid] = v
			}
			// Nobody sees themselves: that is refused, and nothing else comes of it.
			if err := s.line.Show(ctx, views); err != nil && !errors.Is(err, ErrRefused) {
				return err
			}
		}
		if rng.IntN(6) == 0 {
			c.again.Add(1)
			offering, cancel := context.WithTimeout(ctx, 20*time.Second)
			err := s.Client.Offer(offering, &webrtc.OfferOptions{ICERestart: !opt.TCP}, func(ctx context.Context, offer string) (string, error) {
				return s.line.Offer(ctx, offer, false)
			})
			cancel()
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// watch looks at the server every second until it should stop.
func (c *crowd) watch(ctx context.Context, stop chan struct{}) (all []Vitals) {
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for {
		select {
		case <-stop:
			return all
		case <-ctx.Done():
			return all
		case <-tick.C:
		}
		v, err := Look(ctx, c.address)
		if err != nil {
			c.t.Errorf("looking at the server: %v", err)
			return all
		}
		all = append(all, v)
	}
}

// emptied waits until nobody is left, and nothing of them.
func (c *crowd) emptied(ctx context.Context) (v Vitals) {
	c.t.Helper()
	tick := time.NewTicker(200 * time.Millisecond)
	defer tick.Stop()
	still := 0
	for {
		last := v
		var err error
		if v, err = Look(ctx, c.address); err != nil {
			c.t.Fatalf("until all have gone: %v; last %+v", err, last)
		}
		// What ended may take a moment to end.
		if v.Rooms == 0 && v.Seats == 0 && v.People == 0 && v.Goroutines >= last.Goroutines {
			if still++; still == 15 {
				return v
			}
		} else {
			still = 0
		}
		select {
		case <-ctx.Done():
			c.t.Fatalf("not all have gone: %+v", v)
		case <-tick.C:
		}
	}
}
