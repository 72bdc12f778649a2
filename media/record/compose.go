package record

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"gonghui/app/kit/day"
	"gonghui/media/record/layout"
	"gonghui/media/record/paint"
)

// ErrMore tells that the time allowed was used up: what is done is kept, and Compose goes on from there.
var ErrMore = errors.New("record: there is more to do")

// Options say what a film is made of.
type Options struct {
	Tapes []string // folders, in order
	Work  string   // a folder for what is made on the way
	Film  string   // the path of the film
	Title string   // of the meeting
	Body  string   // whose it is; it stands in the picture
	Mark  string   // of recording and consent; so does this

	Chunk    time.Duration // how much is made at a time; 2 minutes
	Until    time.Time     // no further piece is begun after; zero: whenever
	Progress func(part float64)
	// Have brings a piece into Work that was made before, and tells whether there was one; Keep keeps one that was made. Both may be nil.
	Have func(ctx context.Context, name string) (bool, error)
	Keep func(ctx context.Context, name string) error
}

// Film is what was made.
type Film struct {
	Kind   Kind
	Begin  time.Time // of what is seen first
	Length time.Duration
	People int // who agreed to be recorded
}

// usualChunk is how much is made at a time: what a crash costs.
const usualChunk = 2 * time.Minute

// Compose makes the film. It may be called again after an error or a crash and goes on with the pieces that are there.
func Compose(ctx context.Context, o Options) (Film, error) {
	kind, err := Tools()
	if err != nil {
		return Film{}, err
	}
	letters, err := paint.Open()
	if err != nil {
		return Film{}, err
	}
	if o.Chunk == 0 {
		o.Chunk = usualChunk
	}
	if o.Progress == nil {
		o.Progress = func(float64) {}
	}
	r, err := load(o.Tapes, o.Work)
	if err != nil {
		return Film{}, err
	}
	defer r.close()
	if len(r.people) == 0 {
		return Film{}, ErrEmpty
	}
	ticks := (r.end - r.begin) / tickMicros
	if ticks <= 0 {
		return Film{}, ErrEmpty
	}
	m := &maker{Options: o, kind: kind, reel: r, letters: letters, ticks: ticks, decoders: map[*feed]*decoder{}}
	each := int64(o.Chunk/time.Microsecond) / tickMicros
	var pieces int
	for from := int64(0); from < ticks; from += each {
		if err := m.piece(ctx, pieces, from, min(from+each, ticks)); err != nil {
			return Film{}, err
		}
		pieces++
	}
	if err := m.join(ctx, pieces); err != nil {
		return Film{}, err
	}
	o.Progress(1)
	return Film{Kind: kind, Begin: time.UnixMicro(r.wall(r.begin)), Length: time.Duration(ticks) * time.Second / Rate, People: len(r.people)}, nil
}

// maker makes one film.
type maker struct {
	Options
	kind     Kind
	reel     *reel
	letters  *paint.Letters
	ticks    int64
	decoders map[*feed]*decoder
}

func (m *maker) pictures(n int) string { return fmt.Sprintf("v%04d.%s", n, m.kind) }
func voices(n int) string              { return fmt.Sprintf("a%04d.flac", n) }

// piece makes the pictures and the sound from one tick to another, unless they are there.
func (m *maker) piece(ctx context.Context, n int, from, until int64) error {
	names := []string{m.pictures(n), voices(n)}
	there := true
	for _, name := range names {
		if !there {
			break
		}
		_, err := os.Stat(filepath.Join(m.Work, name))
		if there = err == nil; !there && m.Have != nil {
			if there, err = m.Have(ctx, name); err != nil {
				return err
			}
		}
	}
	if there {
		m.Progress(m.part(until))
		return nil
	}
	if !m.Until.IsZero() && time.Now().After(m.Until) {
		return ErrMore
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	heard := make(chan error, 1)
	go func() {
		heard <- m.made(names[1], func(path string) error { return m.hear(ctx, path, from, until) })
	}()
	err := m.made(names[0], func(path string) error { return m.see(ctx, path, from, until) })
	if err != nil {
		cancel()
	}
	if err := errors.Join(err, <-heard); err != nil {
		return err
	}
	if m.Keep == nil {
		return nil
	}
	for _, name := range names {
		if err := m.Keep(ctx, name); err != nil {
			return err
		}
	}
	return nil
}

// made lets a file be there whole or not at all.
func (m *maker) made(name string, f func(path string) error) error {
	path := filepath.Join(m.Work, "new-"+name)
	if err := f(path); err != nil {
		return err
	}
	if err := os.Rename(path, filepath.Join(m.Work, name)); err != nil {
		return fmt.Errorf("record: %w", err)
	}
	return nil
}

// part is how much is done: joining is the last twentieth.
func (m *maker) part(tick int64) float64 { return 0.95 * float64(tick) / float64(m.ticks) }

// see makes pictures.
func (m *maker) see(ctx context.Context, path string, from, until int64) error {
	defer m.rest()
	p := ffmpeg(ctx, nil, slices.Concat(
		[]string{"-f", "rawvideo", "-pix_fmt", "yuv420p", "-s", fmt.Sprintf("%dx%d", layout.Width, layout.Height), "-r", fmt.Sprint(Rate), "-i", "pipe:0"},
		codings[m.kind].pictures,
		[]string{
			"-g", fmt.Sprint(2 * Rate), "-pix_fmt", "yuv420p", "-colorspace", "smpte170m", "-color_primaries", "smpte170m", "-color_trc", "smpte170m", "-color_range", "tv",
			"-f", string(m.kind), path,
		},
	)...)
	in, err := p.StdinPipe()
	if err != nil {
		return fmt.Errorf("record: %w", err)
	}
	if err := p.Start(); err != nil {
		return fmt.Errorf("record: ffmpeg: %w", err)
	}
	err = m.draw(ctx, in, from, until)
	err = errors.Join(err, in.Close())
	if ended := p.wait(ctx); ended != nil {
		return ended
	}
	return err
}

// draw draws one picture after the other.
func (m *maker) draw(ctx context.Context, out io.Writer, from, until int64) error {
	raw := make([]byte, paint.Size(layout.Width, layout.Height))
	still, now := paint.New(layout.Width, layout.Height), paint.Over(layout.Width, layout.Height, raw)
	var shown []tile
	drawn := false
	for tick := from; tick < until; tick++ {
		at := m.reel.begin + tick*tickMicros
		tiles := m.reel.scene(at)
		if !drawn || !same(tiles, shown) {
			if err := cards(still, tiles, m.letters); err != nil {
				return err
			}
			shown, drawn = tiles, true
		}
		now.Copy(still)
		for _, t := range tiles {
			if err := m.tile(ctx, now, t, at); err != nil {
				return err
			}
		}
		clock := time.UnixMicro(m.reel.wall(at)).In(day.Zone).Format("2006-01-02 15:04:05")
		if err := frill(now, m.Mark, m.Body, clock, m.letters); err != nil {
			return err
		}
		if _, err := out.Write(raw); err != nil {
			return fmt.Errorf("record: %w", err)
		}
		if tick%Rate == 0 {
			m.idle(at)
			m.Progress(m.part(tick))
		}
	}
	return nil
}

func same(a, b []tile) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

// tile draws what somebody sends at a time, if they do.
func (m *maker) tile(ctx context.Context, p *paint.Picture, t tile, at int64) error {
	if t.feed == nil {
		return nil
	}
	c, i := t.feed.on(at)
	if c == nil {
		return nil
	}
	d := m.decoders[t.feed]
	w, h := t.where.Dx(), t.where.Dy()
	if d == nil || d.clip != c || i < d.first || d.w != w || d.h != h {
		if d != nil {
			d.close()
		}
		var err error
		if d, err = m.reel.decode(ctx, c, c.keyBefore(i), w, h); err != nil {
			return err
		}
		m.decoders[t.feed] = d
	}
	picture := d.at(i, at)
	if picture == nil {
		return nil
	}
	p.Draw(t.where, picture)
	return label(p, t, m.letters)
}

// idle ends decoders that nobody has asked for a while.
func (m *maker) idle(at int64) {
	for f, d := range m.decoders {
		if at-d.used > 5_000_000 {
			d.close()
			delete(m.decoders, f)
		}
	}
}

// rest ends all decoders.
func (m *maker) rest() {
	for f, d := range m.decoders {
		d.close()
		delete(m.decoders, f)
	}
}

// hear makes sound.
func (m *maker) hear(ctx context.Context, path string, from, until int64) error {
	p := ffmpeg(ctx, nil, "-f", "s16le", "-ar", fmt.Sprint(rate), "-ac", fmt.Sprint(channels), "-i", "pipe:0", "-c:a", "flac", "-compression_level", "2", "-f", "flac", path)
	in, err := p.StdinPipe()
	if err != nil {
		return fmt.Errorf("record: %w", err)
	}
	if err := p.Start(); err != nil {
		return fmt.Errorf("record: ffmpeg: %w", err)
	}
	err = m.reel.sound(ctx, in, from*rate/Rate, until*rate/Rate)
	err = errors.Join(err, in.Close())
	if ended := p.wait(ctx); ended != nil {
		return ended
	}
	return err
}

// join makes one film of the pieces. Pictures are taken over; sound is coded in one go, so that there are no seams in it.
func (m *maker) join(ctx context.Context, pieces int) error {
	var seen, heard strings.Builder
	for n := range pieces {
		fmt.Fprintf(&seen, "file '%s'\n", m.pictures(n))
		fmt.Fprintf(&heard, "file '%s'\n", voices(n))
	}
	lists := [2]string{filepath.Join(m.Work, "pictures.txt"), filepath.Join(m.Work, "voices.txt")}
	for i, text := range []string{seen.String(), heard.String()} {
		if err := os.WriteFile(lists[i], []byte(text), 0o600); err != nil {
			return fmt.Errorf("record: %w", err)
		}
	}
	how := codings[m.kind]
	p := ffmpeg(ctx, nil, slices.Concat(
		[]string{"-f", "concat", "-safe", "0", "-i", lists[0], "-f", "concat", "-safe", "0", "-i", lists[1], "-map", "0:v", "-map", "1:a", "-c:v", "copy"},
		how.sound, how.frame,
		[]string{"-metadata", "title=" + m.Title, "-metadata", "artist=" + m.Body, "-f", string(m.kind), m.Film},
	)...)
	if err := p.Start(); err != nil {
		return fmt.Errorf("record: ffmpeg: %w", err)
	}
	return p.wait(ctx)
}
