package tape

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"
)

func all(t *testing.T, folder string) (out []string) {
	t.Helper()
	if err := ReadFolder(folder, func(r Record) error {
		out = append(out, fmt.Sprintf("%d %d %d %q", r.Kind, r.At.UnixMicro(), r.Stream, r.Body))
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	return out
}

func TestTape(t *testing.T) {
	t.Parallel()
	folder := filepath.Join(t.TempDir(), "a")
	w, err := Create(folder, Head{Meeting: "会议", Body: "工会", Segment: 2})
	if err != nil {
		t.Fatal(err)
	}
	w.size = 200 // several pieces
	at := time.UnixMicro(1_700_000_000_000_123)
	w.Stream(at, 7, Track{Participant: "p", Codec: "vp8"})
	for i := range 20 {
		w.Packet(at.Add(time.Duration(i)*time.Millisecond), 7, bytes.Repeat([]byte{byte(i)}, 30))
	}
	w.Report(at, 7, 1<<63|5, 9)
	w.Note(at, Fact{Kind: "left", Participant: "p"})
	if err := errors.Join(w.Close(), w.Err()); err != nil {
		t.Fatal(err)
	}
	got := all(t, folder)
	if len(got) != 25 || got[len(got)-2] != `5 1700000000000123 0 "{\"kind\":\"left\",\"participant\":\"p\"}"` {
		t.Fatalf("%d records: %v", len(got), got)
	}
	if h, err := ReadHead(folder); err != nil || h.Segment != 2 || h.Meeting != "会议" {
		t.Errorf("head %+v, %v", h, err)
	}
	pieces, err := Pieces(folder)
	if err != nil || len(pieces) < 3 {
		t.Errorf("pieces %v, %v", pieces, err)
	}
	if _, err := Create(folder, Head{}); err == nil {
		t.Error("a tape was begun over another one")
	}
}

// Wherever a tape breaks off, and whatever stands behind, what was written before is read.
func TestTorn(t *testing.T) {
	t.Parallel()
	folder := filepath.Join(t.TempDir(), "a")
	w, err := Create(folder, Head{})
	if err != nil {
		t.Fatal(err)
	}
	for i := range 3 {
		w.Packet(time.UnixMicro(int64(i)), 1, []byte("payload"))
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(folder, Piece(1))
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	full := all(t, folder)
	for cut := range len(whole) {
		for _, tail := range []string{"", "\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00", "\xff\xff\xff\xff garbage that is no record"} {
			if err := os.WriteFile(path, append(whole[:cut:cut], tail...), 0o600); err != nil {
				t.Fatal(err)
			}
			got := all(t, folder)
			for i, r := range got {
				if r != full[i] {
					t.Fatalf("cut at %d: record %d is %s", cut, i, r)
				}
			}
		}
	}
	if err := os.WriteFile(path, whole[:len(whole)-1], 0o600); err != nil {
		t.Fatal(err)
	}
	if got := all(t, folder); len(got) != len(full)-1 {
		t.Errorf("%d of %d records are left", len(got), len(full))
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte{0, 0, 0, 13, 0, 0, 0, 0, 1})
	f.Fuzz(func(t *testing.T, b []byte) {
		if err := Read(bytes.NewReader(b), func(Record) error { return nil }); err != nil {
			t.Error(err)
		}
	})
}
