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
var ErrTools = errors.New("record: ffmpeg with libx264 is not installed: apt-get install ffmpeg")

var tools = sync.OnceValue(func() error {
	if _, err := exec.LookPath("ffmpeg"); err != nil {
		return ErrTools
	}
	out, err := exec.Command("ffmpeg", "-hide_banner", "-loglevel", "error", "-encoders").Output()
	if err != nil || !bytes.Contains(out, []byte(" libx264 ")) {
		return ErrTools
	}
	return nil
})

// Tools reports whether this machine can make films; an error says what is missing.
func Tools() error { return tools() }

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
