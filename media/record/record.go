// Package record writes meetings down and makes one film of what was written. While a meeting runs, a Recorder takes its packets from the
// media server and writes them on tape (see tape): nothing is decoded, and what was written survives a crash. Afterwards Compose makes
// an MP4 of the tapes with Debian's ffmpeg: who was there, with names, large what was shared, sound and pictures in step.
package record

import (
	"sync"
	"time"

	"gonghui/media/record/tape"
	"gonghui/media/sfu"
	"gonghui/media/sfu/codec"
)

// Recorder writes what is sent in a room on tape, of those who agreed to it.
type Recorder struct {
	out *tape.Writer

	mu    sync.Mutex
	tap   *sfu.Tap
	agree map[string]bool
}

// Begin writes on a new tape in a folder.
func Begin(folder string, h tape.Head) (*Recorder, error) {
	out, err := tape.Create(folder, h)
	if err != nil {
		return nil, err
	}
	return &Recorder{out: out, agree: map[string]bool{}}, nil
}

// Attach takes what is sent in a room from now on, unless it is done already. A room that was closed is left for the new one of its name.
func (r *Recorder) Attach(room *sfu.Room) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.tap != nil {
		if r.tap.Live() {
			return nil
		}
		r.tap.Close()
		r.tap = nil
	}
	tap, err := room.Tap(sink{r.out})
	if err != nil {
		return err
	}
	for id := range r.agree {
		tap.Allow(id, true)
	}
	r.tap = tap
	return nil
}

// Agreed says whether somebody agreed to be recorded: of who did not nothing is written.
func (r *Recorder) Agreed(participant, name string, yes bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	f := tape.Fact{Kind: "declined", Participant: participant}
	if yes {
		f.Kind, f.Name = "agreed", name
		r.agree[participant] = true
	} else {
		delete(r.agree, participant)
	}
	r.out.Note(time.Now(), f)
	if r.tap != nil {
		r.tap.Allow(participant, yes)
	}
}

// Size is how much was written, in bytes; dropped, how many packets were not because the disk did not keep up.
func (r *Recorder) Size() (bytes int64, dropped uint64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.tap != nil {
		_, dropped = r.tap.Count()
	}
	return r.out.Size(), dropped
}

// Err is what went wrong with writing; nil while nothing did.
func (r *Recorder) Err() error { return r.out.Err() }

// Close ends the tape.
func (r *Recorder) Close() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.tap != nil {
		r.tap.Close()
	}
	return r.out.Close()
}

// sink writes what a tap gives.
type sink struct{ *tape.Writer }

var codecNames = map[codec.Codec]string{codec.Opus: "opus", codec.VP8: "vp8", codec.VP9: "vp9", codec.H264: "h264"}

var kinds = map[sfu.EventKind]string{
	sfu.Joined: "joined", sfu.Left: "left", sfu.Dropped: "dropped", sfu.Published: "published", sfu.Unpublished: "unpublished",
	sfu.Speaking: "speaking", sfu.Held: "held", sfu.Released: "released",
}

func (s sink) Stream(t sfu.TapStream) {
	s.Writer.Stream(time.Now(), t.ID, tape.Track{
		Participant: t.Participant, Source: t.Source, Connection: t.Connection, Layer: t.Layer, Codec: codecNames[t.Codec], Clock: t.Clock,
	})
}

func (s sink) Packet(stream uint32, at time.Time, b []byte) { s.Writer.Packet(at, stream, b) }

func (s sink) Report(stream uint32, at time.Time, ntp uint64, rtp uint32) {
	s.Writer.Report(at, stream, ntp, rtp)
}

func (s sink) Event(at time.Time, e sfu.Event) {
	if kind := kinds[e.Kind]; kind != "" {
		s.Note(at, tape.Fact{Kind: kind, Participant: e.Participant, Source: e.Source})
	}
}
