package record

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"sync"
)

// ErrTools tells that this machine cannot make films.
var ErrTools = errors.New("record: ffmpeg with libx264, or with libvpx, and libopus is not installed: apt-get install ffmpeg")

// Kind is the form of a film, which is also how its name ends.
type Kind string

const (
	// MP4 is H.264 and AAC: every player has them.
	MP4 Kind = "mp4"
	// WebM is VP8 and Opus, where ffmpeg was built without libx264.
	WebM Kind = "webm"
)

// Type is its media type.
func (k Kind) Type() string { return "video/" + string(k) }

// coding is what ffmpeg is told for a kind of film: for the pictures of a piece, and for the sound and the frame of the whole.
type coding struct{ pictures, sound, frame []string }

var codings = map[Kind]coding{
	MP4: {
		[]string{"-c:v", "libx264", "-preset", "veryfast", "-crf", "26", "-bf", "0"},
		[]string{"-c:a", "aac", "-b:a", "96k"},
		[]string{"-movflags", "+faststart"},
	},
	WebM: {
		[]string{"-c:v", "libvpx", "-deadline", "realtime", "-cpu-used", "8", "-crf", "24", "-b:v", "1500k", "-auto-alt-ref", "0", "-threads", "2"},
		[]string{"-c:a", "libopus", "-b:a", "64k"},
		[]string{"-cues_to_front", "1"},
	},
}

// kind is which one this machine makes.
var kind = sync.OnceValues(func() (Kind, error) {
	if _, err := exec.LookPath("ffmpeg"); err != nil {
		return "", ErrTools
	}
	out, err := exec.Command("ffmpeg", "-hide_banner", "-loglevel", "error", "-encoders").Output()
	has := func(coder string) bool { return bytes.Contains(out, []byte(" "+coder+" ")) }
	switch {
	case err != nil || !has("libopus"): // whose decoder reads what is on tape
		return "", ErrTools
	case has("libx264"):
		return MP4, nil
	case has("libvpx"):
		return WebM, nil
	}
	return "", ErrTools
})

// Tools says which kind of film this machine makes; an error says what is missing.
func Tools() (Kind, error) { return kind() }

// program is an ffmpeg at work, behind everything else on the machine.
type program struct {
	*exec.Cmd
	said complaints
}

// complaints keeps the beginning of what a program complains about.
type complaints struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *complaints) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if room := 2000 - s.b.Len(); room > 0 {
		s.b.Write(p[:min(len(p), room)])
	}
	return len(p), nil
}

// niceness is how far it stands behind; tests, which wait for it, do not put it there.
var niceness = "19"

func ffmpeg(ctx context.Context, in io.Reader, args ...string) *program {
	name, all := "nice", append([]string{"-n", niceness, "ffmpeg", "-hide_banner", "-nostdin", "-loglevel", "error", "-y"}, args...)
	if _, err := exec.LookPath("nice"); err != nil {
		name, all = "ffmpeg", all[3:]
	}
	p := &program{Cmd: exec.CommandContext(ctx, name, all...)}
	p.Stdin, p.Stderr = in, &p.said
	p.Env = []string{"PATH=" + os.Getenv("PATH"), "LC_ALL=C.UTF-8"}
	return p
}

// wait waits for its end, and says what went wrong.
func (p *program) wait(ctx context.Context) error {
	err := p.Wait()
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil:
		return context.Cause(ctx)
	}
	p.said.mu.Lock()
	defer p.said.mu.Unlock()
	return fmt.Errorf("record: ffmpeg: %w: %s", err, strings.TrimSpace(p.said.b.String()))
}
