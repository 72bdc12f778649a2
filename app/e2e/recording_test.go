package e2e_test

import (
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"

	"gonghui/app/e2e/stack"
	"gonghui/media/record/layout"
	"gonghui/media/record/probe"
	signalv1 "gonghui/media/signal/v1"
)

// looped is how many pictures somebody has who is recorded; then they begin anew.
const looped = 1024

// filmed is somebody who sends numbered pictures and a beep a second, by the same clock over all the connections that they have and had.
type filmed struct {
	attendee
	act      *probe.Act
	pictures [][]byte
	sound    [][]byte
	zero     time.Time
	sent     atomic.Int64  // the number of the last picture
	from     atomic.Int32  // which of the seats sends
	ended    chan struct{} // what sent before does so no more
}

// actors has people ready: a colour and a tone each.
func actors(t *testing.T, clients ...*stack.Client) []*filmed {
	t.Helper()
	acts := []*probe.Act{{Y: 90, Cb: 90, Cr: 190, Tone: 600}, {Y: 120, Cb: 190, Cr: 90, Tone: 1000}}
	out := make([]*filmed, len(clients))
	var wg sync.WaitGroup
	for i, c := range clients {
		out[i] = &filmed{attendee: attendee{Client: c}, act: acts[i]}
		wg.Go(func() {
			out[i].pictures = out[i].act.Pictures(t, 160, 90, looped, 4)
			out[i].sound = out[i].act.Sound(t, 50)
		})
	}
	wg.Wait()
	zero := time.Now()
	for _, f := range out {
		f.zero = zero
	}
	return out
}

// plays takes a seat, and sends from it from now on, and from no other.
func (f *filmed) plays(t *testing.T, s *seat) {
	t.Helper()
	f.takes(s)
	s.shows()
	turn := f.from.Add(1)
	if f.ended != nil {
		<-f.ended
	}
	done := make(chan struct{})
	ended := make(chan struct{})
	f.ended = ended
	t.Cleanup(func() { close(done); <-ended })
	go func() {
		defer close(ended)
		tick := time.NewTicker(5 * time.Millisecond)
		defer tick.Stop()
		number, packet := f.count(probe.Rate), f.count(50)
		for f.from.Load() == turn {
			select {
			case <-done:
				return
			case <-tick.C:
			}
			for ; packet <= f.count(50); packet++ {
				_ = s.Sound(packet, f.sound[packet%len(f.sound)], 20) // closed in the end
			}
			for ; number <= f.count(probe.Rate); number++ {
				_ = s.Picture(0, uint32(number)*90000/probe.Rate, f.pictures[number%looped]) // as well
				f.sent.Store(int64(number))
			}
		}
	}()
}

// count is how many of something that comes so often a second there have been.
func (f *filmed) count(rate int) int {
	return int(time.Since(f.zero) * time.Duration(rate) / time.Second)
}

// record begins or ends the recording of a meeting.
func (s *seat) record(on bool) {
	s.t.Helper()
	m := act("record", "")
	m.GetAct().On = on
	if got := s.say(m); got.GetDone() == nil {
		s.t.Fatalf("recording %t: %v", on, got)
	}
}

// agrees to be recorded, once asked.
func (s *seat) agrees() {
	s.t.Helper()
	s.until("it is recorded", func(f *signalv1.FromServer) bool {
		return f.GetRoom().GetRecording() != nil || f.GetJoined().GetRoom().GetRecording() != nil
	})
	if got := s.say(&signalv1.FromClient{What: &signalv1.FromClient_Consent{Consent: &signalv1.Consent{Agree: true}}}); got.GetDone() == nil {
		s.t.Fatalf("agreeing: %v", got)
	}
}

// meets has people take their seats, turn on camera and microphone, and send.
func meets(t *testing.T, m held, people ...*filmed) {
	t.Helper()
	for _, p := range people {
		s := sits(t, p.Client, joins(t, p.Client, m))
		if got := s.say(own(&signalv1.Own{Microphone: proto.Bool(true), Camera: proto.Bool(true)})); got.GetDone() == nil {
			t.Fatalf("own: %v", got)
		}
		p.plays(t, s)
	}
}

// reaches waits until a picture has been sent.
func (f *filmed) reaches(t *testing.T, number int64) {
	t.Helper()
	stack.Eventually(t, 30*time.Second, "the meeting goes on", func() bool { return f.sent.Load() >= number })
}

// recording is one as its host is told of it.
type recording struct {
	ID, State, Failure string
	Seconds, People    int
}

// filmOf waits for the one film of a meeting and brings it here.
func filmOf(t *testing.T, host *stack.Client, m held, within time.Duration) (r recording, path string) {
	t.Helper()
	err := stack.Wait(within, func() bool {
		var all struct{ Recordings []recording }
		status, raw, err := host.Do(http.MethodGet, "/v1/meetings/"+m.ID+"/recordings", nil)
		if err != nil || status != http.StatusOK || json.Unmarshal(raw, &all) != nil {
			return false
		}
		if len(all.Recordings) != 1 {
			t.Fatalf("recordings: %s", raw)
		}
		r = all.Recordings[0]
		return r.State == "ready" || r.State == "failed"
	})
	if err != nil || r.State != "ready" {
		t.Fatalf("no film within %s: %+v", within, r)
	}
	var at struct{ URL string }
	host.Must(t, http.MethodPost, "/v1/recordings/"+r.ID+":play", map[string]any{"id": r.ID, "download": true}, &at)
	status, raw, err := host.Do(http.MethodGet, at.URL, nil)
	if err != nil || status != http.StatusOK {
		t.Fatalf("the film: %d %v", status, err)
	}
	path = filepath.Join(t.TempDir(), "film.mp4")
	if err := os.WriteFile(path, raw, 0o600); err != nil {
		t.Fatal(err)
	}
	return r, path
}

// numbersIn reads the numbers of somebody's pictures in the place that is theirs of so many, in the order in which they are shown.
func numbersIn(t *testing.T, film string, who *probe.Act, place, places int) (numbers []int) {
	t.Helper()
	where := layout.Grid(places)[place]
	round := 0
	probe.Shots(t, film, func(_ int, s probe.Shot) {
		if !s.Is(where, who) {
			return
		}
		n := s.Number(where)
		if n < 0 || n >= looped {
			return
		}
		if k := len(numbers); k > 0 && n+round < numbers[k-1]-looped/2 {
			round += looped
		}
		numbers = append(numbers, n+round)
	})
	if len(numbers) == 0 {
		t.Fatalf("nobody is seen in place %d of %d", place, places)
	}
	return numbers
}

// lostAt is how much of what was sent before a moment is not in the film, when number was the last that was sent.
func lostAt(numbers []int, number int64) time.Duration {
	last := 0
	for _, n := range numbers {
		if int64(n) <= number {
			last = max(last, n)
		}
	}
	return time.Duration(number-int64(last)) * time.Second / probe.Rate
}

// A process that is killed while it records loses the last second at most; the next one ends what nobody goes on with, and makes the film.
func TestARecordingOutlivesAKill(t *testing.T) {
	t.Parallel()
	s := stack.Start(t)
	r := &run{Stack: s, people: map[string]stack.Person{}, open: map[string]*stack.Client{}}
	s.MustRun(t, "seed", "divisions")
	s.Provision(t)
	s.MustRun(t, "tenant", "activate", county)
	p := stack.Person{Body: county, Role: "officer", Name: "录制人", Phone: "13600000021"}
	r.people["officer@"+county] = p
	s.Enrol(t, p)
	s.Serve(t)
	host := r.signedIn(t, "officer", county)
	m := hold(t, host, nil)
	people := actors(t, host)
	meets(t, m, people...)
	one := people[0]
	one.now().record(true)
	began := one.sent.Load()
	one.reaches(t, began+4*probe.Rate)
	s.Kill()
	last := one.sent.Load()
	s.Serve(t)
	made, film := filmOf(t, host, m, 2*time.Minute)
	numbers := numbersIn(t, film, one.act, 0, 1)
	lost := lostAt(numbers, last)
	t.Logf("a film of %d s; %s of the end were lost", made.Seconds, lost.Round(time.Millisecond))
	if lost > time.Second {
		t.Errorf("%s were lost", lost)
	}
	if first := int64(numbers[0]) - began; first > 2*probe.Rate {
		t.Errorf("the film begins %d pictures late", first)
	}
	for i, n := range numbers[1:] {
		if n < numbers[i] || n > numbers[i]+probe.Rate {
			t.Errorf("picture %d is behind %d", n, numbers[i])
		}
	}
}

// A recording goes on when its node is emptied, and when it is killed, and becomes one film.
func TestARecordingOverNodes(t *testing.T) {
	t.Parallel()
	r := spreads(t, "a", "b")
	host, officer := r.signedIn(t, "admin", county), r.signedIn(t, "officer", county)
	m := hold(t, host, nil)
	people := actors(t, host, officer)
	meets(t, m, people...)
	one := people[0]
	one.now().record(true)
	people[1].now().agrees()
	one.reaches(t, one.sent.Load()+2*probe.Rate)

	// An operator empties the node.
	busy, _ := r.at(2)
	emptied := make(chan error, 1)
	go func() {
		_, err := r.Run("meeting", "drain", "--node", busy, "--within", "40s")
		emptied <- err
	}()
	moves := one.sent.Load()
	for _, p := range people {
		old := p.now()
		to := old.until("the meeting moves", func(f *signalv1.FromServer) bool { return f.GetMoved() != nil }).GetMoved()
		s, _, err := dial(t, p.Client, to.GetSocket())
		if err != nil {
			t.Fatal(err)
		}
		j := s.say(enters(ticket{Token: to.GetToken(), Room: to.GetRoom()})).GetJoined()
		if j == nil || j.GetRoom().GetRecording() == nil {
			t.Fatalf("joining there: %v", j)
		}
		s.id = old.id
		p.plays(t, s)
		if got := old.say(&signalv1.FromClient{What: &signalv1.FromClient_Settled{Settled: &signalv1.Settled{}}}); got.GetDone() == nil {
			t.Fatalf("settled: %v", got)
		}
	}
	if err := <-emptied; err != nil {
		t.Fatal(err)
	}
	moved := one.sent.Load()
	one.reaches(t, moved+2*probe.Rate)
	r.MustRun(t, "meeting", "drain", "--node", busy, "--undo")

	// The node where it is now is killed.
	busy, _ = r.at(2)
	r.nodes[busy].End(syscall.SIGKILL)
	last := one.sent.Load()
	for _, p := range people {
		p.plays(t, p.back(t, m))
	}
	back := one.sent.Load()
	one.reaches(t, back+3*probe.Rate)
	one.now().record(false)
	end := one.sent.Load()

	made, film := filmOf(t, host, m, 2*time.Minute)
	if made.People != len(people) {
		t.Errorf("made %+v", made)
	}
	for i, p := range people {
		numbers := numbersIn(t, film, p.act, i, len(people))
		longest := 0
		for k, n := range numbers[1:] {
			if n < numbers[k] {
				t.Errorf("of person %d picture %d is behind %d", i, n, numbers[k])
			}
			if int64(n) >= moves && int64(numbers[k]) <= moved {
				longest = max(longest, n-numbers[k])
			}
		}
		gap := time.Duration(longest) * time.Second / probe.Rate
		lost, final := lostAt(numbers, last), lostAt(numbers, end)
		t.Logf("person %d: at most %s are missing where it moved, %s before the kill, %s at the end", i, gap, lost, final)
		if gap > 2*time.Second || lost > time.Second || final > time.Second {
			t.Error("that is too much")
		}
		if newest := numbers[len(numbers)-1]; int64(newest) < back {
			t.Errorf("person %d is not seen after picture %d: the node was killed at %d", i, newest, last)
		}
	}
}
