package bench

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"time"
)

// process is a child of the program itself.
type process struct {
	cmd  *exec.Cmd
	done chan struct{}
}

// spawn starts the program with other words. The kernel ends the child when we die.
func (w *world) spawn(name string, env []string, args ...string) (*process, error) {
	log, err := os.Create(filepath.Join(w.dir, name+".log"))
	if err != nil {
		return nil, err
	}
	defer log.Close()
	cmd := exec.Command(w.opt.Binary, args...)
	cmd.Env = append(w.env[:len(w.env):len(w.env)], env...)
	cmd.Stdout, cmd.Stderr = log, log
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGTERM}
	p := &process{cmd: cmd, done: make(chan struct{})}
	started := make(chan error)
	go func() {
		// The parent of a parent-death signal is the thread that forked, prctl(2).
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		err := cmd.Start()
		started <- err
		if err == nil {
			_ = cmd.Wait()
			close(p.done)
		}
	}()
	return p, <-started
}

func (p *process) stop() {
	if p == nil {
		return
	}
	_ = p.cmd.Process.Signal(syscall.SIGTERM)
	select {
	case <-p.done:
	case <-time.After(20 * time.Second):
		_ = p.cmd.Process.Kill()
		<-p.done
	}
}

// run runs one of the program's commands and returns what it printed.
func (w *world) run(ctx context.Context, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, w.opt.Binary, args...)
	cmd.Env = w.env
	var out, trouble strings.Builder
	cmd.Stdout, cmd.Stderr = &out, io.MultiWriter(&trouble, w.opt.Progress)
	if err := cmd.Run(); err != nil {
		text := trouble.String()
		return "", fmt.Errorf("gonghui %s: %w: %s", strings.Join(args, " "), err, text[max(0, len(text)-1000):])
	}
	return out.String(), nil
}

// answers waits until the child answers at the address that it is ready.
func (w *world) answers(ctx context.Context, p *process, name, address string) error {
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	for {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+address+"/readyz", nil)
		if err != nil {
			return err
		}
		if resp, err := http.DefaultClient.Do(req); err == nil {
			resp.Body.Close()
			if resp.StatusCode == http.StatusOK {
				return nil
			}
		}
		select {
		case <-p.done:
		case <-ctx.Done():
		case <-time.After(20 * time.Millisecond):
			continue
		}
		text, _ := os.ReadFile(filepath.Join(w.dir, name+".log"))
		return fmt.Errorf("%s does not answer: %s", name, text[max(0, len(text)-1000):])
	}
}
