package record

import (
	"bufio"
	"cmp"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"gonghui/media/record/align"
	"gonghui/media/record/tape"
	"gonghui/media/record/unpack"
	"gonghui/media/sfu"
)

// ErrEmpty tells that there is nothing on the tapes that could be seen or heard.
var ErrEmpty = errors.New("record: nothing was recorded")

// reel is what is on the tapes of a recording, in order and on one line of time, in microseconds. What was coded lies in a file.
type reel struct {
	begin, end int64
	spans      []span
	people     map[string]*person
	feeds      map[feedKey]*feed
	speaking   []said
	heap       *os.File
	out        *bufio.Writer
	long       int64
}

// span is one tape. shift is how much earlier things are shown than they happened: what lies between two tapes is cut out.
type span struct{ begin, end, shift int64 }

type feedKey struct{ participant, source string }

// person is somebody who agreed to be recorded.
type person struct {
	id, name string
	order    int
	here     []stretch
}

// stretch is from when to when; until may be the end of time.
type stretch struct{ from, until int64 }

type said struct {
	at  int64
	who string
}

// feed is what somebody sent from one source.
type feed struct {
	feedKey
	clips []*clip
	off   []int64 // when it was turned off
}

// clip is one stream of a feed: one layer, over one connection.
type clip struct {
	feed       *feed
	codec      string
	connection uint64 // with the tape's number
	frames     []frame
	cursor     int
}

// frame is a picture, or a packet of sound.
type frame struct {
	at    int64 // on the line of time; while the tapes are read, the stamp
	v     int64 // pictures: µs since the clip's first, pauses shortened; sound: where it begins, in samples since the reel's beginning
	start int64 // in the heap
	size  int32
	long  int32 // of sound: in samples
	key   bool
}

const (
	// never is the end of time.
	never = int64(1) << 62
	// cut is how long nothing may be on tape before it is cut to pause.
	cut, pause = 3_000_000, 1_000_000
)

// reading is what is known while the tapes are read.
type reading struct {
	*reel
	connections map[uint64]*align.Connection
	streams     map[uint64]*onTape
	present     map[string]bool
	agreed      map[string]bool
}

type onTape struct {
	clip *clip
	line *align.Connection
	id   uint32
	un   *unpack.Stream
	err  error
}

// load reads the tapes in folders. work is where the heap is made.
func load(folders []string, work string) (_ *reel, err error) {
	f, err := os.Create(filepath.Join(work, "heap"))
	if err != nil {
		return nil, fmt.Errorf("record: %w", err)
	}
	r := &reel{people: map[string]*person{}, feeds: map[feedKey]*feed{}, heap: f, out: bufio.NewWriterSize(f, 1<<20)}
	defer func() {
		if err != nil {
			err = errors.Join(err, r.close())
		}
	}()
	k := &reading{reel: r, connections: map[uint64]*align.Connection{}, streams: map[uint64]*onTape{}, agreed: map[string]bool{}}
	for i, folder := range folders {
		if err := k.tape(uint64(i), folder); err != nil {
			return nil, err
		}
	}
	if err := r.out.Flush(); err != nil {
		return nil, fmt.Errorf("record: %w", err)
	}
	if len(r.spans) == 0 {
		return nil, ErrEmpty
	}
	r.trim()
	for _, s := range k.streams {
		if s.clip.codec == "opus" {
			s.lay(r.begin)
		} else {
			s.place()
		}
	}
	r.order()
	return r, nil
}

// trim has the film begin with the first who is there.
func (r *reel) trim() {
	first := r.end
	for _, p := range r.people {
		if len(p.here) > 0 {
			first = min(first, p.here[0].from)
		}
	}
	r.begin = max(r.begin, first)
}

func (r *reel) close() error {
	return errors.Join(r.heap.Close(), os.Remove(r.heap.Name()))
}

// tape reads one.
func (k *reading) tape(n uint64, folder string) error {
	k.present = map[string]bool{}
	var s *span
	shift := int64(0)
	err := tape.ReadFolder(folder, func(rec tape.Record) error {
		wall := rec.At.UnixMicro()
		if s == nil {
			if len(k.spans) > 0 {
				last := k.spans[len(k.spans)-1]
				shift = last.shift
				if wall-shift > last.end+cut {
					shift = wall - last.end - pause
				}
			}
			k.spans = append(k.spans, span{wall - shift, wall - shift, shift})
			s = &k.spans[len(k.spans)-1]
			if k.begin == 0 {
				k.begin = s.begin
			}
		}
		at := wall - shift
		s.end = max(s.end, at)
		k.end = max(k.end, s.end)
		id := n<<32 | uint64(rec.Stream)
		switch rec.Kind {
		case tape.Stream:
			return k.stream(id, n, rec)
		case tape.Packet:
			if t := k.streams[id]; t != nil {
				t.un.Push(rec.At.Add(-time.Duration(shift)*time.Microsecond), rec.Body)
				return t.err
			}
		case tape.Report:
			if t := k.streams[id]; t != nil && len(rec.Body) == 12 {
				t.line.Report(t.id, binary.BigEndian.Uint64(rec.Body), binary.BigEndian.Uint32(rec.Body[8:]))
			}
		case tape.Note:
			var f tape.Fact
			if err := json.Unmarshal(rec.Body, &f); err != nil {
				return fmt.Errorf("record: a fact: %w", err)
			}
			k.fact(at, f)
		}
		return nil
	})
	if err != nil || s == nil {
		return err
	}
	for id, t := range k.streams {
		if id>>32 == n {
			t.un.Flush()
			if t.err != nil {
				return t.err
			}
		}
	}
	for id := range k.present {
		k.leave(id, s.end)
	}
	return nil
}

func (k *reading) stream(id, n uint64, rec tape.Record) error {
	var t tape.Track
	if err := json.Unmarshal(rec.Body, &t); err != nil {
		return fmt.Errorf("record: a stream: %w", err)
	}
	key := feedKey{t.Participant, t.Source}
	f := k.feed(key)
	c := &clip{feed: f, codec: t.Codec, connection: n<<32 | uint64(t.Connection), cursor: -1}
	f.clips = append(f.clips, c)
	line := k.connections[c.connection]
	if line == nil {
		line = align.New()
		k.connections[c.connection] = line
	}
	line.Stream(rec.Stream, t.Clock)
	s := &onTape{clip: c, line: line, id: rec.Stream}
	s.un = unpack.New(t.Codec, func(u unpack.Frame) {
		line.Packet(rec.Stream, u.Stamp, u.At)
		if _, err := k.out.Write(u.Data); err != nil && s.err == nil {
			s.err = fmt.Errorf("record: %w", err)
		}
		c.frames = append(c.frames, frame{at: u.Stamp, start: k.long, size: int32(len(u.Data)), long: int32(unpack.OpusLength(u.Data)), key: u.Key})
		k.long += int64(len(u.Data))
	})
	k.streams[id] = s
	return nil
}

func (r *reel) feed(key feedKey) *feed {
	f := r.feeds[key]
	if f == nil {
		f = &feed{feedKey: key}
		r.feeds[key] = f
	}
	return f
}

// fact takes what happened.
func (k *reading) fact(at int64, f tape.Fact) {
	switch f.Kind {
	case "joined":
		k.present[f.Participant] = true
		if k.agreed[f.Participant] {
			k.enter(f.Participant, at)
		}
	case "left":
		delete(k.present, f.Participant)
		k.leave(f.Participant, at)
	case "agreed":
		p := k.people[f.Participant]
		if p == nil {
			p = &person{id: f.Participant, order: len(k.people)}
			k.people[f.Participant] = p
		}
		p.name = f.Name
		k.agreed[f.Participant] = true
		if k.present[f.Participant] {
			k.enter(f.Participant, at)
		}
	case "declined":
		delete(k.agreed, f.Participant)
		k.leave(f.Participant, at)
		for _, source := range []string{sfu.Camera, sfu.Microphone, sfu.Screen, sfu.ScreenSound} {
			k.turnOff(feedKey{f.Participant, source}, at)
		}
	case "held", "unpublished":
		k.turnOff(feedKey{f.Participant, f.Source}, at)
	case "speaking":
		k.speaking = append(k.speaking, said{at, f.Participant})
	}
}

func (k *reading) turnOff(key feedKey, at int64) {
	f := k.feed(key)
	f.off = append(f.off, at)
}

func (k *reading) enter(id string, at int64) {
	p := k.people[id]
	if n := len(p.here); n == 0 || p.here[n-1].until < never {
		p.here = append(p.here, stretch{at, never})
	}
}

func (k *reading) leave(id string, at int64) {
	if p := k.people[id]; p != nil && len(p.here) > 0 && p.here[len(p.here)-1].until == never {
		p.here[len(p.here)-1].until = at
	}
}

// longestHold is how long a picture stands still before pauses are shortened for the decoder.
const longestHold = 1_000_000

// place turns the stamps of a clip into times.
func (t *onTape) place() {
	frames := t.clip.frames
	for i := range frames {
		f := &frames[i]
		f.at = t.line.Time(t.id, f.at)
		if i > 0 {
			last := frames[i-1]
			f.at = max(f.at, last.at)
			f.v = last.v + min(f.at-last.at, longestHold)
		}
	}
}

const (
	rate = 48000 // samples a second, of the film and of Opus's clock
	// Sound that lies wrong by more is laid anew: in a pause of so many samples by little, in the middle of a word by more.
	silence, wrongInSilence, wrong = rate / 10, rate * 15 / 1000, rate * 40 / 1000
)

// lay turns the stamps of sound into times and places without seams: one packet begins where the one before it ended, whatever single
// packets' times say.
func (t *onTape) lay(begin int64) {
	frames := t.clip.frames
	var base, first, end int64 // stamp of the last
	for i := range frames {
		f := &frames[i]
		stamp := f.at
		f.at = t.line.Time(t.id, stamp)
		want := (f.at - begin) * rate / 1_000_000
		if i == 0 {
			base, first, end = want, stamp, stamp
		}
		f.v = base + stamp - first
		if off := abs(want - f.v); off > wrong || off > wrongInSilence && stamp-end >= silence {
			base += want - f.v
			f.v = want
		}
		if i > 0 {
			last := &frames[i-1]
			f.at = max(f.at, last.at)
			f.v = max(f.v, last.v+int64(last.long))
		}
		end = stamp + int64(f.long)
	}
}

func abs(n int64) int64 { return max(n, -n) }

// order puts clips in the order in which they began.
func (r *reel) order() {
	for key, f := range r.feeds {
		f.clips = slices.DeleteFunc(f.clips, func(c *clip) bool { return len(c.frames) == 0 })
		slices.SortFunc(f.clips, func(a, b *clip) int { return cmp.Compare(a.frames[0].at, b.frames[0].at) })
		slices.Sort(f.off)
		if len(f.clips) == 0 {
			delete(r.feeds, key)
			continue
		}
		for i, c := range f.clips {
			if c.codec != "opus" {
				continue
			}
			// What comes over a connection of before after a new one has begun is heard there.
			if i+1 < len(f.clips) {
				next := f.clips[i+1].frames[0].at
				n, _ := slices.BinarySearchFunc(c.frames, next, func(a frame, t int64) int { return cmp.Compare(a.at, t) })
				c.frames = c.frames[:n]
			}
		}
	}
}

// wall is when something happened that is shown at a time.
func (r *reel) wall(at int64) int64 {
	shift := r.spans[0].shift
	for _, s := range r.spans {
		if at >= s.begin {
			shift = s.shift
		}
	}
	return at + shift
}

// bytes are what was coded of a frame.
func (r *reel) bytes(f *frame, into []byte) ([]byte, error) {
	if cap(into) < int(f.size) {
		into = make([]byte, f.size)
	}
	into = into[:f.size]
	if _, err := r.heap.ReadAt(into, f.start); err != nil {
		return nil, fmt.Errorf("record: %w", err)
	}
	return into, nil
}
