package record

import (
	"bufio"
	"cmp"
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"slices"
)

const (
	channels = 2
	// window is how much sound is mixed at a time, in samples.
	window = 30 * rate
	// runUp is how much is decoded before what is wanted, so that the decoder is in step.
	runUp = rate * 80 / 1000
	// hole is up to how long the decoder fills in what was lost.
	hole = rate * 120 / 1000
)

// sound writes the mix from one sample to another as 16-bit numbers, two channels.
func (r *reel) sound(ctx context.Context, out io.Writer, from, until int64) error {
	buffered := bufio.NewWriterSize(out, 1<<20)
	var limit limiter
	sum := make([]int32, window*channels)
	for ; from < until; from += window {
		n := min(window, until-from)
		clear(sum)
		for _, f := range r.feeds {
			for _, c := range f.clips {
				if c.codec != "opus" {
					continue
				}
				if err := r.mix(ctx, sum[:n*channels], c, from); err != nil {
					return err
				}
			}
		}
		if err := limit.write(buffered, sum[:n*channels]); err != nil {
			return fmt.Errorf("record: %w", err)
		}
	}
	if err := buffered.Flush(); err != nil {
		return fmt.Errorf("record: %w", err)
	}
	return nil
}

// piece is where a decoded packet belongs.
type piece struct {
	packet []byte
	at     int64
	long   int
	filled bool
}

// mix adds what a clip sounds like from a sample on.
func (r *reel) mix(ctx context.Context, sum []int32, c *clip, from int64) error {
	n := int64(len(sum) / channels)
	find := func(v int64) int {
		i, _ := slices.BinarySearchFunc(c.frames, v, func(a frame, v int64) int { return cmp.Compare(a.v, v) })
		return i
	}
	first, last := find(from-runUp), find(from+n)
	if first == last {
		return nil
	}
	var pieces []piece
	for i := first; i < last; i++ {
		f := &c.frames[i]
		if f.long == 0 {
			continue
		}
		b, err := r.bytes(f, nil)
		if err != nil {
			return err
		}
		if k := len(pieces); k > 0 {
			// A packet of nothing but its first byte has the decoder guess what was lost.
			end := pieces[k-1].at + int64(pieces[k-1].long)
			if lost := f.v - end; lost > 0 && lost <= hole && lost%int64(f.long) == 0 && f.size > 1 && b[0]&3 == 0 {
				for ; end < f.v; end += int64(f.long) {
					pieces = append(pieces, piece{[]byte{b[0]}, end, int(f.long), true})
				}
			}
		}
		pieces = append(pieces, piece{b, f.v, int(f.long), false})
	}
	if len(pieces) == 0 {
		return nil
	}
	p := ffmpeg(ctx, nil, "-c:a", "libopus", "-f", "ogg", "-i", "pipe:0", "-ac", "2", "-ar", "48000", "-f", "s16le", "pipe:1")
	in, err := p.StdinPipe()
	if err != nil {
		return fmt.Errorf("record: %w", err)
	}
	out, err := p.StdoutPipe()
	if err != nil {
		return fmt.Errorf("record: %w", err)
	}
	if err := p.Start(); err != nil {
		return fmt.Errorf("record: ffmpeg: %w", err)
	}
	go func() {
		defer in.Close()
		_ = pour(in, pieces) // a decoder that gave up takes no more
	}()
	b := make([]byte, 5760*channels*2)
	src := bufio.NewReaderSize(out, 256<<10)
	for _, x := range pieces {
		part := b[:x.long*channels*2]
		if _, err := io.ReadFull(src, part); err != nil {
			break
		}
		for s := range x.long {
			at := x.at + int64(s) - from
			if at < 0 || at >= n {
				continue
			}
			for ch := range channels {
				sum[at*channels+int64(ch)] += int32(int16(binary.LittleEndian.Uint16(part[(s*channels+ch)*2:])))
			}
		}
	}
	_, _ = io.Copy(io.Discard, src)
	// Sound that cannot be decoded is left out; only who was stopped stops.
	if err := p.wait(ctx); err != nil && ctx.Err() != nil {
		return err
	}
	return nil
}

func pour(in io.Writer, pieces []piece) error {
	buffered := bufio.NewWriterSize(in, 64<<10)
	o, err := newOgg(buffered)
	if err != nil {
		return err
	}
	for _, x := range pieces {
		if err := o.write(x.packet, x.long); err != nil {
			return err
		}
	}
	if err := o.end(); err != nil {
		return err
	}
	return buffered.Flush()
}

// limiter keeps a sum of voices within 16 bits, without the crackle of cutting it off.
type limiter struct{ gain float64 }

// step is over how many samples a loudness is measured; recovery is how fast one that was lowered rises again, a step.
const (
	step     = rate / 100
	recovery = 0.02
)

func (l *limiter) write(out io.Writer, sum []int32) error {
	if l.gain == 0 {
		l.gain = 1
	}
	b := make([]byte, 0, step*channels*2)
	for len(sum) > 0 {
		part := sum[:min(step*channels, len(sum))]
		sum = sum[len(part):]
		peak := int32(1)
		for _, v := range part {
			peak = max(peak, v, -v)
		}
		was := l.gain
		l.gain = min(1, was+recovery, 32767/float64(peak))
		b = b[:0]
		for i, v := range part {
			g := l.gain
			if l.gain > was { // rising, little by little
				g = was + (l.gain-was)*float64(i)/float64(len(part))
			}
			b = binary.LittleEndian.AppendUint16(b, uint16(int16(max(-32768, min(32767, float64(v)*g)))))
		}
		if _, err := out.Write(b); err != nil {
			return err
		}
	}
	return nil
}
