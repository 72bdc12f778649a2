package record

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"gonghui/media/record/layout"
	"gonghui/media/record/probe"
)

// inChild says that a test runs in a process whose ffmpeg has no libx264, and where its tape is.
const inChild = "GONGHUI_TEST_WITHOUT_X264"

// Where ffmpeg was built without libx264 a film is a WebM that plays as well. What a machine has is asked once a process, so this is in
// one of its own, which finds a wrapper in the place of ffmpeg.
func TestWithoutX264(t *testing.T) {
	t.Parallel()
	if folder := os.Getenv(inChild); folder != "" {
		composesWebM(t, folder)
		return
	}
	real, err := exec.LookPath("ffmpeg")
	if err != nil {
		t.Fatal(err)
	}
	folder, bin := t.TempDir(), t.TempDir()
	written(t, filepath.Join(folder, "1"), 2, 3*time.Second)
	wrapper := strings.ReplaceAll(`#!/bin/sh
for word; do
	case $word in
	-encoders) REAL "$@" | grep -v libx264; exit ;;
	libx264) echo "Unknown encoder 'libx264'" >&2; exit 1 ;;
	esac
done
exec REAL "$@"
`, "REAL", real)
	if err := os.WriteFile(filepath.Join(bin, "ffmpeg"), []byte(wrapper), 0o700); err != nil { //nolint:gosec // it is run
		t.Fatal(err)
	}
	cmd := exec.Command(os.Args[0], "-test.run=^TestWithoutX264$", "-test.v")
	cmd.Env = append(os.Environ(), inChild+"="+folder, "PATH="+bin+":"+os.Getenv("PATH"))
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
}

func composesWebM(t *testing.T, folder string) {
	o := Options{Tapes: []string{filepath.Join(folder, "1")}, Work: t.TempDir(), Film: filepath.Join(folder, "film.webm"), Mark: "录制", Body: "工会", Chunk: 2 * time.Second}
	made, err := Compose(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	if made.Kind != WebM || made.Kind.Type() != "video/webm" || (made.Length-3*time.Second).Abs() > time.Second {
		t.Errorf("made %+v", made)
	}
	b, err := os.ReadFile(o.Film)
	if err != nil || string(b[:4]) != "\x1A\x45\xDF\xA3" {
		t.Fatalf("no WebM: % x, %v", b[:min(4, len(b))], err)
	}
	places := layout.Grid(2)
	someone := &probe.Act{Y: 120, Cb: 190, Cr: 90}
	seen, last := 0, -1
	probe.Shots(t, o.Film, func(n int, s probe.Shot) {
		if s.Is(places[0], someone) && s.Is(places[1], someone) {
			seen++
			last = max(last, s.Number(places[0]))
		}
	})
	if want := int(2 * time.Second * Rate / time.Second); seen < want || last < 2*probe.Rate {
		t.Errorf("%d pictures of two people, the last one is number %d", seen, last)
	}
	sound := probe.Hear(t, o.Film)
	if long := sound.Long(); (long - made.Length).Abs() > 200*time.Millisecond {
		t.Errorf("sound of %v for %v", long, made.Length)
	}
	if _, heard := sound.Beep(700, time.Second, 200*time.Millisecond); !heard {
		t.Error("no beep is heard")
	}
}
