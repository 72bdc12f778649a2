// Package tape is the file into which a meeting is written while it is recorded: one record after the other, nothing ever changed, so
// that whatever was written before a crash can be read after it. A record is its length (4 bytes), the CRC-32C of what follows (4), a
// kind (1), a time in microseconds since 1970 (8), the number of a stream (4) and what it carries; numbers are big-endian. What was torn
// at the end is passed over.
//
// A tape is a folder of pieces of a bounded size, in the order of their names.
package tape

import (
	"bufio"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"
)

// Kind is what a record tells.
type Kind uint8

const (
	// Begin carries a Head: the first record of the first piece.
	Begin Kind = iota + 1
	// Stream carries a Track, before the first packet of it.
	Stream
	// Packet carries one of RTP.
	Packet
	// Report carries 8 bytes of NTP time and 4 of the stream's clock, which stood so then.
	Report
	// Note carries a Fact.
	Note
	// End is the last record of a tape that was ended and not broken off.
	End
)

// Head is what a tape is of.
type Head struct {
	Meeting string `json:"meeting"` // its title
	Body    string `json:"body"`    // whose it is
	Segment int    `json:"segment"` // which one of the recording, from 1
}

// Track is a stream of packets.
type Track struct {
	Participant string `json:"participant"`
	Source      string `json:"source"`
	Connection  uint32 `json:"connection"` // streams of one have one clock
	Layer       int    `json:"layer"`
	Codec       string `json:"codec"` // opus | vp8 | vp9 | h264
	Clock       uint32 `json:"clock"` // a second
}

// Fact is something that happened.
type Fact struct {
	// joined | left | dropped | published | unpublished | speaking | held | released | named | agreed | declined
	Kind        string `json:"kind"`
	Participant string `json:"participant,omitempty"`
	Source      string `json:"source,omitempty"`
	Name        string `json:"name,omitempty"` // of named: as it is shown
}

// Record is one as it is read. Body is good until the next one is read.
type Record struct {
	Kind   Kind
	At     time.Time
	Stream uint32
	Body   []byte
}

const (
	prefix  = 8
	header  = 13
	longest = 64 << 10
	suffix  = ".tape"
)

// PieceSize is how long a piece gets at most, in bytes.
const PieceSize = 32 << 20

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// Writer writes a tape. Its methods may be called by many.
type Writer struct {
	folder string
	size   int

	mu    sync.Mutex
	file  *os.File
	out   *bufio.Writer
	long  int
	piece int
	total int64
	err   error
	stop  chan struct{}
	ended chan struct{}
}

const (
	// beat is how often what was written is handed to the system, whom a process that dies does not take along.
	beat = 250 * time.Millisecond
	// beatsSynced is after how many beats it is put on the disk, which a machine that dies keeps.
	beatsSynced = 4
)

// Create begins a tape in a folder, which is made, and puts what is written on the disk once a second.
func Create(folder string, h Head) (*Writer, error) {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, fmt.Errorf("tape: %w", err)
	}
	w := &Writer{folder: folder, size: PieceSize, stop: make(chan struct{}), ended: make(chan struct{})}
	if err := w.next(); err != nil {
		return nil, err
	}
	w.json(Begin, time.Now(), 0, h)
	if err := w.flush(); err != nil {
		return nil, errors.Join(err, w.file.Close())
	}
	go w.beat()
	return w, nil
}

// next begins a piece. The caller holds the lock, or is alone.
func (w *Writer) next() error {
	if w.file != nil {
		if err := w.flush(); err != nil {
			return err
		}
		if err := w.file.Close(); err != nil {
			return fmt.Errorf("tape: %w", err)
		}
	}
	w.piece++
	f, err := os.OpenFile(filepath.Join(w.folder, Piece(w.piece)), os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("tape: %w", err)
	}
	w.file, w.out, w.long = f, bufio.NewWriterSize(f, 256<<10), 0
	return nil
}

// Piece is the name of the n-th piece, from 1.
func Piece(n int) string { return fmt.Sprintf("%06d%s", n, suffix) }

// flush puts what was written on the disk.
func (w *Writer) flush() error {
	if err := w.out.Flush(); err != nil {
		return fmt.Errorf("tape: %w", err)
	}
	if err := w.file.Sync(); err != nil {
		return fmt.Errorf("tape: %w", err)
	}
	return nil
}

func (w *Writer) beat() {
	defer close(w.ended)
	t := time.NewTicker(beat)
	defer t.Stop()
	for n := 1; ; n++ {
		select {
		case <-w.stop:
			return
		case <-t.C:
		}
		// Only the hand-over to the system is done under the lock: who writes does not wait for the disk.
		w.mu.Lock()
		if w.err == nil {
			w.err = w.out.Flush()
		}
		f := w.file
		w.mu.Unlock()
		if n%beatsSynced != 0 {
			continue
		}
		if err := f.Sync(); err != nil && !errors.Is(err, os.ErrClosed) {
			w.mu.Lock()
			w.err = errors.Join(w.err, err)
			w.mu.Unlock()
		}
	}
}

func (w *Writer) write(k Kind, at time.Time, stream uint32, parts ...[]byte) {
	n := header
	for _, p := range parts {
		n += len(p)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.err != nil || n > longest {
		return
	}
	if w.long > 0 && w.long+n > w.size {
		if w.err = w.next(); w.err != nil {
			return
		}
	}
	var h [prefix + header]byte
	binary.BigEndian.PutUint32(h[:], uint32(n))
	h[prefix] = byte(k)
	binary.BigEndian.PutUint64(h[prefix+1:], uint64(at.UnixMicro()))
	binary.BigEndian.PutUint32(h[prefix+9:], stream)
	sum := crc32.Update(0, castagnoli, h[prefix:])
	for _, p := range parts {
		sum = crc32.Update(sum, castagnoli, p)
	}
	binary.BigEndian.PutUint32(h[4:], sum)
	if _, w.err = w.out.Write(h[:]); w.err != nil {
		return
	}
	for _, p := range parts {
		if _, w.err = w.out.Write(p); w.err != nil {
			return
		}
	}
	w.long += prefix + n
	w.total += int64(prefix + n)
}

func (w *Writer) json(k Kind, at time.Time, stream uint32, v any) {
	raw, err := json.Marshal(v)
	if err != nil {
		panic("tape: " + err.Error()) // plain structs
	}
	w.write(k, at, stream, raw)
}

// Stream tells of a stream before its first packet.
func (w *Writer) Stream(at time.Time, id uint32, t Track) { w.json(Stream, at, id, t) }

// Packet writes one of RTP.
func (w *Writer) Packet(at time.Time, stream uint32, rtp []byte) { w.write(Packet, at, stream, rtp) }

// Report writes that a stream's clock stood at rtp when its sender's stood at ntp.
func (w *Writer) Report(at time.Time, stream uint32, ntp uint64, rtp uint32) {
	var b [12]byte
	binary.BigEndian.PutUint64(b[:], ntp)
	binary.BigEndian.PutUint32(b[8:], rtp)
	w.write(Report, at, stream, b[:])
}

// Note writes a fact.
func (w *Writer) Note(at time.Time, f Fact) { w.json(Note, at, 0, f) }

// Size is how much was written, in bytes.
func (w *Writer) Size() int64 {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.total
}

// Err is what went wrong with writing, after which nothing is written any more; nil while nothing did.
func (w *Writer) Err() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.err
}

// Close ends the tape.
func (w *Writer) Close() error {
	w.write(End, time.Now(), 0)
	close(w.stop)
	<-w.ended
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.err == nil {
		w.err = w.flush()
	}
	return errors.Join(w.err, w.file.Close())
}

// Pieces are the paths of the pieces in a folder, in order.
func Pieces(folder string) ([]string, error) {
	all, err := os.ReadDir(folder)
	if err != nil {
		return nil, fmt.Errorf("tape: %w", err)
	}
	var out []string
	for _, e := range all {
		if strings.HasSuffix(e.Name(), suffix) && e.Type().IsRegular() {
			out = append(out, filepath.Join(folder, e.Name()))
		}
	}
	slices.Sort(out)
	return out, nil
}

// ReadHead is the head of the tape in a folder.
func ReadHead(folder string) (h Head, err error) {
	f, err := os.Open(filepath.Join(folder, Piece(1)))
	if err != nil {
		return h, fmt.Errorf("tape: %w", err)
	}
	defer f.Close()
	found := false
	err = Read(f, func(r Record) error {
		if r.Kind == Begin {
			found = true
			if err := json.Unmarshal(r.Body, &h); err != nil {
				return fmt.Errorf("tape: head: %w", err)
			}
		}
		return errStop
	})
	if err == nil && !found {
		err = fmt.Errorf("tape: %s has no head", folder)
	}
	return h, err
}

var errStop = errors.New("tape: enough")

// ReadFolder hands the records of a tape to f, in the order in which they were written; an error of f ends it.
func ReadFolder(folder string, f func(Record) error) error {
	pieces, err := Pieces(folder)
	if err != nil {
		return err
	}
	for _, p := range pieces {
		file, err := os.Open(p)
		if err != nil {
			return fmt.Errorf("tape: %w", err)
		}
		err = Read(file, f)
		if err := errors.Join(err, file.Close()); err != nil {
			return err
		}
	}
	return nil
}

// Read hands the records of one piece to f, up to its end or to the first that is torn.
func Read(r io.Reader, f func(Record) error) error {
	in := bufio.NewReaderSize(r, 256<<10)
	var h [prefix]byte
	body := make([]byte, longest)
	for {
		if _, err := io.ReadFull(in, h[:]); err != nil {
			return torn(err)
		}
		n := binary.BigEndian.Uint32(h[:])
		if n < header || n > longest {
			return nil
		}
		b := body[:n]
		if _, err := io.ReadFull(in, b); err != nil {
			return torn(err)
		}
		if crc32.Checksum(b, castagnoli) != binary.BigEndian.Uint32(h[4:]) {
			return nil
		}
		err := f(Record{
			Kind: Kind(b[0]), At: time.UnixMicro(int64(binary.BigEndian.Uint64(b[1:]))), Stream: binary.BigEndian.Uint32(b[9:]), Body: b[header:],
		})
		if errors.Is(err, errStop) {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

// torn is nil for an end, early or not.
func torn(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return nil
	}
	return fmt.Errorf("tape: %w", err)
}
