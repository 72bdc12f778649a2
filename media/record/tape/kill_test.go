package tape

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

const killed = "GONGHUI_TAPE_KILLED"

func TestMain(m *testing.M) {
	if folder := os.Getenv(killed); folder != "" {
		writeOn(folder)
	}
	os.Exit(m.Run())
}

// writeOn writes a packet every five milliseconds and says so, until somebody ends it.
func writeOn(folder string) {
	w, err := Create(folder, Head{Segment: 1})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	tick := time.NewTicker(5 * time.Millisecond)
	for n := uint64(0); ; n++ {
		w.Packet(time.Now(), 1, binary.BigEndian.AppendUint64(make([]byte, 0, 1008), n))
		fmt.Println(n)
		<-tick.C
	}
}

// Who is killed while writing loses the last second at most.
func TestKill(t *testing.T) {
	t.Parallel()
	folder := filepath.Join(t.TempDir(), "a")
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), killed+"="+folder)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	begin := time.Now()
	for lines := bufio.NewScanner(out); lines.Scan(); {
		if time.Since(begin) > 2500*time.Millisecond {
			break
		}
	}
	end := time.Now()
	_ = cmd.Process.Kill()
	_ = cmd.Wait()
	var last time.Time
	next := uint64(0)
	if err := ReadFolder(folder, func(r Record) error {
		if r.Kind == Packet {
			if n := binary.BigEndian.Uint64(r.Body); n != next {
				t.Fatalf("packet %d follows %d", n, next)
			}
			next++
			last = r.At
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if lost := end.Sub(last); next == 0 || lost > 1500*time.Millisecond {
		t.Errorf("%d packets are there; %v are lost", next, lost)
	}
}
