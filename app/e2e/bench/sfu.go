package bench

import (
	"context"
	"errors"
	"fmt"
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
}{
	{"1 video to 100", "1x100", media.Shape{Senders: 1, Receivers: 100}, 8},
	{"6 videos to 20", "6x20", media.Shape{Senders: 6, Receivers: 20}, 9},
	{"4 voices to 60", "4x60", media.Shape{Senders: 4, Receivers: 60, Sound: true}, 15},
}

// kinds of servers, the product first.
var kinds = []string{media.Product, media.Plain}

// forwarding measures the server of meetings beside a forwarder of Pion's with its default interceptors, in turn: all of its CPU time
// by the packets that reached a receiver. Receivers are Pion's too; they ask for what they lost and report each tenth of a second.
func forwarding(ctx context.Context, w *world) error {
	for _, s := range shapes {
		if w.opt.Small {
			s.shape.Receivers = 3
		}
		if err := w.forward(ctx, s.name, s.short, s.shape, s.most); err != nil {
			return fmt.Errorf("%s: %w", s.name, err)
		}
	}
	return nil
}

// side is a meeting on a server of one kind.
type side struct {
	process *process
	address string
	meeting *media.Meeting
	empty   float64 // MiB of memory before anybody came
	cost    []float64
	late    []float64
	lost    []float64
}

func (w *world) forward(ctx context.Context, name, short string, shape media.Shape, most float64) error {
	sides := map[string]*side{}
	defer func() {
		for _, s := range sides {
			if s.meeting != nil {
				s.meeting.Close()
			}
			s.process.stop()
		}
	}()
	for _, kind := range kinds {
		s := &side{}
		sides[kind] = s
		var err error
		if s.address, err = freeAddress(); err != nil {
			return err
		}
		label := "media-" + kind + "-" + short
		if s.process, err = w.spawn(label, nil, "bench", MediaWord, kind, s.address); err != nil {
			return err
		}
		if err := w.answers(ctx, s.process, label, s.address); err != nil {
			return err
		}
		if s.empty, err = memory(s.process.cmd.Process.Pid, "VmRSS"); err != nil {
			return err
		}
		var joined time.Duration
		if s.meeting, joined, err = media.Open(ctx, s.address, "room", shape); err != nil {
			return err
		}
		if kind == media.Product && !w.opt.Small {
			fmt.Fprintf(w.opt.Progress, "bench: sfu: %d joined within %s\n", shape.Receivers, joined.Round(time.Millisecond))
		}
		if err := s.meeting.Warm(ctx); err != nil {
			return err
		}
	}
	turn := func(kind string) func(int) error {
		return func(int) error { return sides[kind].play(ctx, w.sizes.play) }
	}
	before, err := media.Stats(ctx, sides[media.Product].address)
	if err != nil {
		return err
	}
	if err := take(w.sizes.plays, turn(media.Product), turn(media.Plain)); err != nil {
		return err
	}
	after, err := media.Stats(ctx, sides[media.Product].address)
	if err != nil {
		return err
	}
	p, f := sides[media.Product], sides[media.Plain]
	w.report(figure("sfu: "+name+", CPU a delivered packet", median(p.cost), "µs").over(median(f.cost)).atMost(most))
	w.report(figure("sfu: "+name+", 99th percentile on the way", median(p.late), "ms").over(median(f.late)))
	w.report(figure("sfu: "+name+", delivered of what was sent", 100-median(p.lost), "%").over(100 - median(f.lost)))
	if calls := after.Calls - before.Calls; calls > 0 {
		w.report(figure("sfu: "+name+", packets a system call", float64(after.Datagrams-before.Datagrams)/float64(calls), "packets"))
	}
	if after.Feedback > before.Feedback {
		w.report(figure("sfu: "+name+", reports a receiver and second", float64(after.Feedback-before.Feedback)/float64(shape.Receivers)/(float64(len(p.cost))*1.5*w.sizes.play.Seconds()), "/s"))
	}
	mine, err := p.memory(shape.Receivers)
	if err != nil {
		return err
	}
	theirs, err := f.memory(shape.Receivers)
	if err != nil {
		return err
	}
	w.report(figure("sfu: "+name+", memory a receiver", mine, "KiB").over(theirs))
	return nil
}

// play lets a meeting go on for a time, and counts.
func (s *side) play(ctx context.Context, long time.Duration) error {
	// After the other's turn the sender begins again: that is not counted.
	if _, err := s.meeting.Play(ctx, long/2); err != nil {
		return err
	}
	before, err := onCPU(s.process.cmd.Process.Pid)
	if err != nil {
		return err
	}
	p, err := s.meeting.Play(ctx, long)
	if err != nil {
		return err
	}
	after, err := onCPU(s.process.cmd.Process.Pid)
	if err != nil {
		return err
	}
	s.cost = append(s.cost, micros(after-before)/float64(max(p.Delivered, 1)))
	s.late = append(s.late, millis(p.P99))
	s.lost = append(s.lost, 100-100*min(float64(p.Delivered)/float64(p.Expected), 1))
	return nil
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

// memory is what the server has taken since it was empty, by receivers, in KiB.
func (s *side) memory(receivers int) (float64, error) {
	now, err := memory(s.process.cmd.Process.Pid, "VmRSS")
	return 1024 * (now - s.empty) / float64(receivers), err
}
