package bench

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	media "gonghui/media/sfu/load"
)

// MediaWord, after bench and before a kind and an address, makes the program forward sound and pictures: see [media.Serve].
const MediaWord = "media"

// shapes of meetings, with what a packet that reaches a receiver may cost the server.
var shapes = []struct {
	name, short string
	shape       media.Shape
	most        float64 // µs
	times       float64 // of what the sending alone costs; 0: no goal
	memory      float64 // KiB a receiver with its signalling; 0: no goal
}{
	{"1 video to 100", "1x100", media.Shape{Senders: 1, Receivers: 100}, 8, 0, 300},
	{"6 videos to 20", "6x20", media.Shape{Senders: 6, Receivers: 20}, 9, 0, 0},
	{"4 voices to 60", "4x60", media.Shape{Senders: 4, Receivers: 60, Sound: true}, 15, 1.45, 0},
}

// reports is how often a receiver tells what came, at least, each second: what an estimate of its path needs.
const reports = 5

// forwarding measures the server of meetings beside a forwarder of Pion's with its default interceptors and beside mere sending, in
// turn: all of its CPU time by the packets that reached a receiver. Receivers are Pion's too; they ask for what they lost and report
// each tenth of a second.
func forwarding(ctx context.Context, w *world) error {
	for _, s := range shapes {
		if w.opt.Small {
			s.shape.Receivers = 3
		}
		f := &meetings{world: w, name: s.name, short: s.short, shape: s.shape}
		if err := errors.Join(f.run(ctx, s.most, s.times, s.memory), f.stop()); err != nil {
			return fmt.Errorf("%s: %w", s.name, err)
		}
	}
	if err := joins(ctx, w); err != nil {
		return fmt.Errorf("joins: %w", err)
	}
	if err := listening(ctx, w); err != nil {
		return fmt.Errorf("listeners: %w", err)
	}
	return nil
}

// meetings are those of one shape, one on each kind of server.
type meetings struct {
	*world
	name, short string
	shape       media.Shape
	sides       []*side
	sleepers    *media.Sleepers
}

// side is a server of one kind.
type side struct {
	process *process
	address string
	meeting *media.Meeting
	empty   float64 // MiB of memory while nobody receives anything
	cost    []float64
	late    []float64
	lost    []float64
}

// serveMedia starts a server of a kind.
func (w *world) serveMedia(ctx context.Context, kind, short string) (*side, error) {
	s := &side{}
	var err error
	if s.address, err = freeAddress(); err != nil {
		return nil, err
	}
	label := "media-" + kind + "-" + short
	if s.process, err = w.spawn(label, nil, "bench", MediaWord, kind, s.address); err != nil {
		return nil, err
	}
	return s, w.answers(ctx, s.process, label, s.address)
}

// settle has somebody come and go, so that what a server makes once is there, and looks at its memory.
func (s *side) settle(ctx context.Context, kind string, shape media.Shape) error {
	shape.Receivers = 1
	m, _, err := media.Open(ctx, kind, s.address, "first", shape)
	if m != nil {
		m.Close()
	}
	if err != nil {
		return err
	}
	s.empty, err = s.memory(ctx)
	return err
}

func (m *meetings) stop() error {
	if m.sleepers != nil {
		m.sleepers.Close()
	}
	for _, s := range m.sides {
		if s.meeting != nil {
			s.meeting.Close()
		}
		s.process.stop()
	}
	return nil
}

func (m *meetings) run(ctx context.Context, most, times, memory float64) error {
	for _, kind := range []string{media.Product, media.Plain, media.Floor} {
		s, err := m.serveMedia(ctx, kind, m.short)
		if s != nil {
			m.sides = append(m.sides, s)
		}
		if err != nil {
			return err
		}
		if kind == media.Floor {
			if m.sleepers, err = media.Sleep(m.shape.Receivers); err != nil {
				return err
			}
			break
		}
		if err := s.settle(ctx, kind, m.shape); err != nil {
			return err
		}
		if s.meeting, _, err = media.Open(ctx, kind, s.address, "room", m.shape); err != nil {
			return err
		}
		if err := s.meeting.Warm(ctx); err != nil {
			return err
		}
	}
	mine, plain, floor := m.sides[0], m.sides[1], m.sides[2]
	done := m.profile(ctx, mine, "media-"+m.short)
	var fed, calls, datagrams uint64
	var played time.Duration
	for range m.sizes.plays {
		before, err := media.Stats(ctx, mine.address)
		if err != nil {
			return err
		}
		began := time.Now()
		if err := mine.play(ctx, m.sizes.play); err != nil {
			return err
		}
		played += time.Since(began)
		after, err := media.Stats(ctx, mine.address)
		if err != nil {
			return err
		}
		fed += after.Feedback - before.Feedback
		calls += after.Calls - before.Calls
		datagrams += after.Datagrams - before.Datagrams
		if err := plain.play(ctx, m.sizes.play); err != nil {
			return err
		}
		if err := floor.send(ctx, m.sleepers, m.shape, m.sizes.play); err != nil {
			return err
		}
	}
	if err := done(); err != nil {
		return err
	}
	name := "sfu: " + m.name + ", "
	m.report(figure(name+"CPU a delivered packet", median(mine.cost), "µs").over(median(plain.cost)).atMost(most))
	alone := figure(name+"CPU a delivered packet, over sending alone", median(mine.cost), "µs").over(median(floor.cost))
	if times > 0 {
		alone = alone.within(times)
	}
	m.report(alone)
	m.report(figure(name+"99th percentile on the way", median(mine.late), "ms").over(median(plain.late)).within(1))
	m.report(figure(name+"lost", median(mine.lost), "%").atMost(0))
	m.report(figure(name+"packets a system call", float64(datagrams)/float64(max(calls, 1)), "packets"))
	m.report(figure(name+"reports a receiver and second", float64(fed)/float64(m.shape.Receivers)/played.Seconds(), "/s").atLeast(reports))
	own, err := mine.perHead(ctx, m.shape.Receivers)
	if err != nil {
		return err
	}
	theirs, err := plain.perHead(ctx, m.shape.Receivers)
	if err != nil {
		return err
	}
	held := figure(name+"memory a receiver with its WebSocket", own, "KiB").over(theirs)
	if memory > 0 {
		held = held.atMost(memory)
	}
	m.report(held)
	return nil
}

// play lets a meeting go on for a time, and counts.
func (s *side) play(ctx context.Context, long time.Duration) error {
	// After the other's turn the sender begins again: that is not counted.
	if _, err := s.meeting.Play(ctx, long/4); err != nil {
		return err
	}
	var p media.Played
	cpu, err := s.spent(func() (err error) {
		p, err = s.meeting.Play(ctx, long)
		return err
	})
	if err != nil {
		return err
	}
	s.cost = append(s.cost, micros(cpu)/float64(max(p.Delivered, 1)))
	s.late = append(s.late, millis(p.P99))
	s.lost = append(s.lost, p.Lost())
	return nil
}

// send has a floor send for a time.
func (s *side) send(ctx context.Context, to *media.Sleepers, shape media.Shape, long time.Duration) error {
	var came uint64
	cpu, err := s.spent(func() (err error) {
		came, err = to.Play(ctx, s.address, shape, long)
		return err
	})
	s.cost = append(s.cost, micros(cpu)/float64(max(came, 1)))
	return err
}

// spent is the CPU time that the server takes while f runs.
func (s *side) spent(f func() error) (time.Duration, error) {
	before, err := onCPU(s.process.cmd.Process.Pid)
	if err != nil {
		return 0, err
	}
	if err := f(); err != nil {
		return 0, err
	}
	after, err := onCPU(s.process.cmd.Process.Pid)
	return after - before, err
}

// joins measures how long it takes a hundred to come in at once, from the first word to the last one's media, handshakes and all.
func joins(ctx context.Context, w *world) error {
	shape := media.Shape{Senders: 1, Receivers: 100}
	if w.opt.Small {
		shape.Receivers = 3
	}
	took := map[string][]float64{}
	for _, kind := range []string{media.Product, media.Plain} {
		s, err := w.serveMedia(ctx, kind, "joins")
		if s != nil {
			defer s.process.stop()
		}
		if err != nil {
			return err
		}
		for i := range w.sizes.plays {
			m, joined, err := media.Open(ctx, kind, s.address, fmt.Sprintf("room-%d", i), shape)
			if m != nil {
				m.Close()
			}
			if err != nil {
				return err
			}
			took[kind] = append(took[kind], millis(joined))
		}
	}
	w.report(figure("sfu: 100 joins at once, until media can flow for all", median(took[media.Product]), "ms").over(median(took[media.Plain])).atMost(1000))
	return nil
}

// listening measures a talk that very many hear, in packets of 60 ms as for large audiences, and where packets of 20 ms begin to be
// lost.
func listening(ctx context.Context, w *world) error {
	s, err := w.serveMedia(ctx, media.Product, "listeners")
	if s != nil {
		defer s.process.stop()
	}
	if err != nil {
		return err
	}
	l, err := media.Listen(ctx, s.address, "talk")
	if err != nil {
		return err
	}
	defer l.Close()
	if s.empty, err = s.memory(ctx); err != nil {
		return err
	}
	most := w.sizes.listeners[len(w.sizes.listeners)-1]
	done := w.profile(ctx, s, "media-listeners")
	good, broken := 0, false
	for _, n := range w.sizes.listeners {
		if err := l.Join(ctx, n); err != nil {
			return err
		}
		if broken {
			continue
		}
		talk, err := s.listen(ctx, l, 20*time.Millisecond, w.sizes.play)
		if err != nil {
			return err
		}
		name := fmt.Sprintf("sfu: %d listeners of one talk at 20 ms, ", n)
		w.report(figure(name+"CPU of the server", talk.core, "% of a core"))
		w.report(figure(name+"CPU a delivered packet", talk.cost, "µs"))
		w.report(figure(name+"99th percentile on the way", talk.late, "ms"))
		if broken = talk.lost > 0; broken {
			w.report(figure(name+"lost", talk.lost, "%"))
		} else {
			good = n
		}
	}
	w.report(figure("sfu: listeners of one talk at 20 ms of whom none lost a packet", float64(good), "listeners"))
	var core, cost, late, lost, told []float64
	for range w.sizes.plays {
		talk, err := s.listen(ctx, l, 60*time.Millisecond, w.sizes.play)
		if err != nil {
			return err
		}
		core, cost, late, lost, told = append(core, talk.core), append(cost, talk.cost), append(late, talk.late), append(lost, talk.lost), append(told, talk.told)
	}
	if err := done(); err != nil {
		return err
	}
	name := fmt.Sprintf("sfu: %d listeners of one talk at 60 ms, ", most)
	w.report(figure(name+"lost", sum(lost), "%").atMost(0))
	w.report(figure(name+"CPU of the server", median(core), "% of a core"))
	w.report(figure(name+"CPU a delivered packet", median(cost), "µs"))
	w.report(figure(name+"99th percentile on the way", median(late), "ms"))
	w.report(figure(name+"reports a listener and second", median(told), "/s").atLeast(reports))
	held, err := s.perHead(ctx, most)
	if err != nil {
		return err
	}
	w.report(figure(name+"memory a listener", held, "KiB"))
	return nil
}

// talk is what a talk took of the server.
type talk struct{ core, cost, late, lost, told float64 }

func (s *side) listen(ctx context.Context, l *media.Listeners, ptime, long time.Duration) (t talk, err error) {
	if _, err := l.Play(ctx, ptime, long/4); err != nil {
		return t, err
	}
	before, err := media.Stats(ctx, s.address)
	if err != nil {
		return t, err
	}
	var h media.Heard
	began := time.Now()
	cpu, err := s.spent(func() (err error) {
		h, err = l.Play(ctx, ptime, long)
		return err
	})
	if err != nil {
		return t, err
	}
	passed := time.Since(began)
	after, err := media.Stats(ctx, s.address)
	if err != nil {
		return t, err
	}
	if h.Broken > 0 {
		return t, fmt.Errorf("%d packets could not be decrypted", h.Broken)
	}
	return talk{
		core: 100 * cpu.Seconds() / passed.Seconds(), cost: micros(cpu) / float64(max(h.Delivered, 1)), late: millis(h.P99), lost: h.Lost(),
		told: float64(after.Feedback-before.Feedback) / float64(l.Len()) / passed.Seconds(),
	}, nil
}

// profile looks where a server's time goes while it is measured, if that is wanted; what it returns waits for the end.
func (w *world) profile(ctx context.Context, s *side, name string) func() error {
	if w.opt.Profiles == "" {
		return func() error { return nil }
	}
	ctx, cancel := context.WithCancel(ctx)
	done := make(chan error, 1)
	go func() {
		done <- func() error {
			req, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+s.address+"/profile", nil)
			if err != nil {
				return err
			}
			resp, err := http.DefaultClient.Do(req)
			if err != nil {
				return err
			}
			defer resp.Body.Close()
			f, err := os.Create(filepath.Join(w.opt.Profiles, name+".pprof"))
			if err != nil {
				return err
			}
			_, err = io.Copy(f, resp.Body)
			return errors.Join(err, f.Close())
		}()
	}()
	return func() error {
		defer cancel()
		resp, err := http.Post("http://"+s.address+"/profiled", "", nil)
		if err != nil {
			return err
		}
		return errors.Join(resp.Body.Close(), <-done)
	}
}

// onCPU is the time that the threads of a process have run: what usageOf tells, to the nanosecond, but without threads that have
// ended, of which a Go program has hardly any.
func onCPU(pid int) (sum time.Duration, err error) {
	dir := fmt.Sprintf("/proc/%d/task", pid)
	threads, err := os.ReadDir(dir)
	if err != nil {
		return 0, err
	}
	for _, t := range threads {
		raw, err := os.ReadFile(filepath.Join(dir, t.Name(), "schedstat"))
		if errors.Is(err, os.ErrNotExist) || errors.Is(err, syscall.ESRCH) {
			continue
		}
		if err != nil {
			return 0, err
		}
		ran, _, _ := strings.Cut(string(raw), " ")
		ns, err := strconv.ParseInt(ran, 10, 64)
		if err != nil {
			return 0, fmt.Errorf("%s: %w", dir, err)
		}
		sum += time.Duration(ns)
	}
	return sum, nil
}

// memory is the server's, in MiB, after it has collected what nobody uses any more.
func (s *side) memory(ctx context.Context) (float64, error) {
	if err := media.Collect(ctx, s.address); err != nil {
		return 0, err
	}
	return memory(s.process.cmd.Process.Pid, "VmRSS")
}

// perHead is what the server has taken since it was empty, by heads, in KiB.
func (s *side) perHead(ctx context.Context, heads int) (float64, error) {
	now, err := s.memory(ctx)
	return 1024 * (now - s.empty) / float64(heads), err
}
