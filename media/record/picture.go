package record

import (
	"bufio"
	"cmp"
	"context"
	"fmt"
	"io"
	"slices"
	"sync"

	"gonghui/media/record/paint"
	"gonghui/media/sfu"
)

// Rate is how many pictures a second a film has.
const Rate = 25

const tickMicros = 1_000_000 / Rate

// standing is how long a camera's last picture is shown when no further one comes: then there is a card with the name in its place. What
// is shared may stand still as long as it likes.
const standing = 2_000_000

// behind is how much older the pictures of a connection that began later may be than those of the one before it and yet be the ones to be
// seen: while somebody moves from one to the other both bring the same, and the film must not step back and forth between them.
const behind = 1_000_000

// on reports whether a feed is to be seen at a time, and by which frame of which clip.
func (f *feed) on(at int64) (*clip, int) {
	var best *clip
	index := -1
	for _, c := range f.clips {
		i, _ := slices.BinarySearchFunc(c.frames, at+1, func(a frame, t int64) int { return cmp.Compare(a.at, t) })
		if i--; i < 0 {
			continue
		}
		late := int64(0)
		if best != nil && c.connection != best.connection {
			late = behind
		}
		if best == nil || c.frames[i].at+late >= best.frames[index].at {
			best, index = c, i
		}
	}
	if best == nil {
		return nil, 0
	}
	shown := best.frames[index].at
	if f.source == sfu.Camera && at-shown > standing {
		return nil, 0
	}
	if n, _ := slices.BinarySearch(f.off, at+1); n > 0 && f.off[n-1] > shown {
		return nil, 0
	}
	return best, index
}

// decoder makes pictures of a clip, from a whole one on, fitted into a size.
type decoder struct {
	clip   *clip
	first  int // frame
	w, h   int
	cancel context.CancelFunc
	come   chan []byte
	spare  chan []byte
	ended  sync.WaitGroup

	cur    *paint.Picture
	raw    []byte
	number int64 // of cur; -1: none yet
	used   int64 // when it was last asked
}

// decode begins at a whole picture.
func (r *reel) decode(ctx context.Context, c *clip, first, w, h int) (*decoder, error) {
	ctx, cancel := context.WithCancel(ctx)
	d := &decoder{clip: c, first: first, w: w, h: h, cancel: cancel, come: make(chan []byte, 4), spare: make(chan []byte, 8), number: -1}
	fit := fmt.Sprintf("scale=%d:%d:force_original_aspect_ratio=decrease:force_divisible_by=2:flags=bilinear,pad=%d:%d:-1:-1:color=black,fps=%d:round=near", w, h, w, h, Rate)
	p := ffmpeg(ctx, nil, "-threads", "1", "-f", "ivf", "-i", "pipe:0", "-vf", fit, "-vsync", "passthrough", "-pix_fmt", "yuv420p", "-f", "rawvideo", "pipe:1")
	in, err := p.StdinPipe()
	if err != nil {
		cancel()
		return nil, fmt.Errorf("record: %w", err)
	}
	out, err := p.StdoutPipe()
	if err != nil {
		cancel()
		return nil, fmt.Errorf("record: %w", err)
	}
	if err := p.Start(); err != nil {
		cancel()
		return nil, fmt.Errorf("record: ffmpeg: %w", err)
	}
	d.ended.Go(func() {
		defer in.Close()
		_ = r.supply(in, c, first) // a decoder that was closed takes no more
	})
	d.ended.Go(func() {
		defer close(d.come)
		n := paint.Size(w, h)
		for {
			var b []byte
			select {
			case b = <-d.spare:
			default:
				b = make([]byte, n)
			}
			if _, err := io.ReadFull(out, b); err != nil {
				break
			}
			select {
			case d.come <- b:
			case <-ctx.Done():
				_ = p.wait(ctx)
				return
			}
		}
		_ = p.wait(ctx) // a clip that ends badly is shown as far as it goes
	})
	return d, nil
}

// supply hands the pictures of a clip on, from one on.
func (r *reel) supply(in io.Writer, c *clip, first int) error {
	buffered := bufio.NewWriterSize(in, 128<<10)
	w, err := newIVF(buffered, c.codec)
	if err != nil {
		return err
	}
	var b []byte
	for i := first; i < len(c.frames); i++ {
		f := &c.frames[i]
		if b, err = r.bytes(f, b); err != nil {
			return err
		}
		if err := w.write(f.v-c.frames[first].v, b); err != nil {
			return err
		}
	}
	return buffered.Flush()
}

// slot is the number of the first picture of the film that a frame makes, counted from the decoder's beginning.
func (d *decoder) slot(i int) int64 {
	return ((d.clip.frames[i].v-d.clip.frames[d.first].v)*Rate + 500_000) / 1_000_000
}

// at is the picture at a time, when frame i is to be seen; nil when there is none.
func (d *decoder) at(i int, now int64) *paint.Picture {
	d.used = now
	f := &d.clip.frames[i]
	want := d.slot(i)
	if i+1 < len(d.clip.frames) {
		want = max(want, min(want+(now-f.at)/tickMicros, d.slot(i+1)-1))
	}
	for d.number < want {
		b, ok := <-d.come
		if !ok {
			break
		}
		if d.raw != nil {
			select {
			case d.spare <- d.raw:
			default:
			}
		}
		d.raw, d.cur = b, paint.Over(d.w, d.h, b)
		d.number++
	}
	return d.cur
}

func (d *decoder) close() {
	d.cancel()
	for range d.come {
		continue
	}
	d.ended.Wait()
}

// keyBefore is the last whole picture of a clip up to frame i.
func (c *clip) keyBefore(i int) int {
	for i > 0 && !c.frames[i].key {
		i--
	}
	return i
}
