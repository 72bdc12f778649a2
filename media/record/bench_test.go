package record

import (
	"encoding/binary"
	"errors"
	"fmt"
	"path/filepath"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/pion/rtp"
	"github.com/pion/rtp/codecs"

	"gonghui/media/record/probe"
	"gonghui/media/record/tape"
)

// written writes a tape as n people who send 640 × 360 and sound for so long would have made it.
func written(t testing.TB, folder string, n int, length time.Duration) {
	t.Helper()
	a := &probe.Act{Y: 120, Cb: 190, Cr: 90, Tone: 700}
	pictures := a.Pictures(t, 640, 360, int(length.Seconds()*probe.Rate), probe.Rate)
	sound := a.Sound(t, int(length.Seconds()*50))
	w, err := tape.Create(folder, tape.Head{Segment: 1})
	if err != nil {
		t.Fatal(err)
	}
	begin := time.Now()
	type sent struct {
		at     time.Time
		stream uint32
		raw    []byte
	}
	var all []sent
	for p := range n {
		id := fmt.Sprintf("p%d", p)
		w.Note(begin, tape.Fact{Kind: "joined", Participant: id})
		w.Note(begin, tape.Fact{Kind: "agreed", Participant: id, Name: "参会人 " + id})
		camera, voice := uint32(2*p+1), uint32(2*p+2)
		w.Stream(begin, camera, tape.Track{Participant: id, Source: "camera", Connection: uint32(p), Codec: "vp8", Clock: 90000})
		w.Stream(begin, voice, tape.Track{Participant: id, Source: "microphone", Connection: uint32(p), Codec: "opus", Clock: 48000})
		seq := uint16(0)
		put := func(at time.Duration, stream, stamp uint32, marker bool, payload []byte) {
			seq++
			pkt := rtp.Packet{Header: rtp.Header{Version: 2, SequenceNumber: seq, Timestamp: stamp, Marker: marker}, Payload: payload}
			raw, err := pkt.Marshal()
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, sent{begin.Add(at), stream, raw})
		}
		for i, picture := range pictures {
			parts := (&codecs.VP8Payloader{}).Payload(1100, picture)
			for k, part := range parts {
				put(time.Duration(i)*time.Second/probe.Rate, camera, uint32(i)*90000/probe.Rate, k == len(parts)-1, part)
			}
		}
		seq = 0
		for i, packet := range sound {
			put(time.Duration(i)*20*time.Millisecond, voice, uint32(i)*960, false, packet)
		}
	}
	for _, s := range all {
		w.Packet(s.at, s.stream, s.raw)
	}
	w.Note(begin.Add(length), tape.Fact{Kind: "left", Participant: "p0"})
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
}

// slowest is how fast a film of four people has to be made at least, times real time.
const slowest = 1.5

// BenchmarkCompose makes films of four people at 640 × 360.
func BenchmarkCompose(b *testing.B) {
	if _, err := Tools(); err != nil {
		b.Skip(err)
	}
	const length = 20 * time.Second
	folder := b.TempDir()
	written(b, filepath.Join(folder, "1"), 4, length)
	var before, after syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_CHILDREN, &before); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := Compose(b.Context(), Options{Tapes: []string{filepath.Join(folder, "1")}, Work: b.TempDir(), Film: filepath.Join(folder, "film.mp4"), Mark: "录制", Body: "工会"}); err != nil {
			b.Fatal(err)
		}
	}
	if err := syscall.Getrusage(syscall.RUSAGE_CHILDREN, &after); err != nil {
		b.Fatal(err)
	}
	speed := length.Seconds() * float64(b.N) / b.Elapsed().Seconds()
	if b.ReportMetric(speed, "×real-time"); speed < slowest {
		b.Errorf("%.2f × real time, want %.1f", speed, slowest)
	}
	cpu := time.Duration(after.Utime.Nano() - before.Utime.Nano() + after.Stime.Nano() - before.Stime.Nano())
	b.ReportMetric(cpu.Seconds()/length.Seconds()/float64(b.N), "ffmpeg-cpu/s")
}

// Two tapes of a meeting that was broken off for long make one film, without the time between; a piece that was made is not made again.
func TestSegments(t *testing.T) {
	t.Parallel()
	if _, err := Tools(); err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	var wg sync.WaitGroup
	at := time.Now()
	for i := range 2 {
		wg.Go(func() {
			w, err := tape.Create(filepath.Join(folder, fmt.Sprint(i)), tape.Head{Segment: i + 1})
			if err != nil {
				t.Error(err)
				return
			}
			from := at.Add(time.Duration(i) * time.Second)
			w.Note(from, tape.Fact{Kind: "joined", Participant: "a"})
			w.Note(from, tape.Fact{Kind: "agreed", Participant: "a", Name: "王建国"})
			w.Note(from.Add(2*time.Second), tape.Fact{Kind: "left", Participant: "a"})
			if err := w.Close(); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	o := Options{
		Tapes: []string{filepath.Join(folder, "0"), filepath.Join(folder, "1")}, Work: t.TempDir(), Film: filepath.Join(folder, "film.mp4"), Chunk: time.Second,
	}
	var parts []float64
	o.Progress = func(part float64) { parts = append(parts, part) }
	made, err := Compose(t.Context(), o)
	if err != nil || made.Length < 2500*time.Millisecond || made.Length > 4500*time.Millisecond || made.People != 1 {
		t.Fatalf("%+v, %v", made, err)
	}
	if len(parts) == 0 || parts[len(parts)-1] != 1 {
		t.Errorf("progress %v", parts)
	}
	if long := probe.Hear(t, o.Film).Long(); (long - made.Length).Abs() > 100*time.Millisecond {
		t.Errorf("sound of %v for %v", long, made.Length)
	}
	o.Until = at // nothing new may be begun: all is there
	if _, err := Compose(t.Context(), o); err != nil {
		t.Errorf("with all pieces there: %v", err)
	}
	o.Work = t.TempDir()
	if _, err := Compose(t.Context(), o); !errors.Is(err, ErrMore) {
		t.Errorf("without pieces and time: %v", err)
	}
	if _, err := Compose(t.Context(), Options{Work: t.TempDir(), Film: o.Film}); !errors.Is(err, ErrEmpty) {
		t.Errorf("without tapes: %v", err)
	}
}

// What ffmpeg is given of sound lies on pages that it takes.
func TestOggSum(t *testing.T) {
	t.Parallel()
	b := []byte("OggS")
	binary.BigEndian.AppendUint32(b, 0)
	if oggSum(b) == 0 || oggSum(b) == oggSum([]byte("OggT")) {
		t.Error("sums are alike")
	}
}
