package local

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"syscall"
	"time"
)

const (
	firstPause  = 100 * time.Millisecond // before the first new start
	longestWait = 10 * time.Second       // between two new starts
	settled     = 30 * time.Second       // a child that lived so long starts again without a penalty
	slowStart   = 10 * time.Second       // then the person at the terminal is told
	probeTime   = 5 * time.Second
	logLimit    = 16 << 20 // bytes; a longer log is put aside at the next start
)

// child keeps one program running until it is stopped.
type child struct {
	program
	say    teller
	cur    *running           // this and pause belong to supervise once start has returned, to stop after ended
	pause  time.Duration      // before the last new start
	cancel context.CancelFunc // ends supervision
	ended  chan struct{}      // supervision is over
}

// running is one life of a program.
type running struct {
	proc  *os.Process
	since time.Time
	done  chan struct{}
	err   error // how it ended; read after done
	log   string
	from  int64 // length of the log before this life
}

func newChild(p program, say teller) *child {
	return &child{program: p, say: say, ended: make(chan struct{})}
}

// start runs the program, waits until it answers and then watches over it. After an error nothing is left running.
func (c *child) start(ctx context.Context) error {
	run, err := c.spawn()
	if err != nil {
		return err
	}
	if err := c.await(ctx, run); err != nil {
		now, cancel := context.WithCancel(context.Background())
		cancel()
		return errors.Join(err, c.end(now, run))
	}
	c.say.log.Debug("server started", "server", c.name, "pid", run.proc.Pid, "took", time.Since(run.since))
	c.cur = run
	var life context.Context
	life, c.cancel = context.WithCancel(context.Background())
	go c.supervise(life)
	return nil
}

func (c *child) supervise(life context.Context) {
	defer close(c.ended)
	for {
		select {
		case <-life.Done():
			return
		case <-c.cur.done:
		}
		if life.Err() != nil {
			return
		}
		c.say.died(c.name, c.cur.how())
		if !c.revive(life) {
			return
		}
		c.say.back(c.name)
	}
}

// revive starts the program again and again until it answers; false means that life ended first.
func (c *child) revive(life context.Context) bool {
	if time.Since(c.cur.since) >= settled {
		c.pause = 0
	}
	for {
		c.pause = min(max(2*c.pause, firstPause), longestWait)
		select {
		case <-life.Done():
			return false
		case <-time.After(c.pause):
		}
		err := c.evict(life, c.say)
		if err == nil {
			var run *running
			if run, err = c.spawn(); err == nil {
				c.cur = run
				if err = c.await(life, run); err == nil {
					return true
				}
			}
		}
		if life.Err() != nil {
			return false
		}
		c.say.notYet(c.name, err)
	}
}

// stop ends supervision and the program, and waits. When ctx ends first the program is hurried.
func (c *child) stop(ctx context.Context) error {
	c.cancel()
	<-c.ended
	return c.end(ctx, c.cur)
}

func (c *child) end(ctx context.Context, run *running) error {
	_ = run.proc.Signal(c.polite) // it may be dead already: then its own children may linger
	select {
	case <-run.done:
	case <-ctx.Done():
		_ = run.proc.Signal(c.hurry)
		select {
		case <-run.done:
		case <-time.After(hurryTime):
			_ = run.proc.Kill()
			<-run.done
		}
	}
	quiet := teller{log: c.say.log, notice: func(string, string) {}}
	return c.evict(context.WithoutCancel(ctx), quiet)
}

// spawn starts the program. It is killed by the kernel when we die, by the signal that lets it close its data well.
func (c *child) spawn() (*running, error) {
	log, from, err := openLog(c.log)
	if err != nil {
		return nil, err
	}
	defer log.Close()
	if c.prepare != nil {
		if err := c.prepare(); err != nil {
			return nil, c.failed(err)
		}
	}
	cmd := c.cmd()
	cmd.Dir = c.dir
	cmd.Env = environ(c.dir)
	cmd.Stdout, cmd.Stderr = log, log
	cmd.SysProcAttr = attributes(c.as, c.polite)
	run := &running{since: time.Now(), done: make(chan struct{}), log: c.log, from: from}
	started := make(chan error)
	go func() {
		// The parent of a parent-death signal is the thread that forked, prctl(2): it must live as long as the child, so it
		// stays with this goroutine.
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		if err := cmd.Start(); err != nil {
			started <- err
			return
		}
		run.proc = cmd.Process
		started <- nil
		run.err = cmd.Wait()
		close(run.done)
	}()
	if err := <-started; err != nil {
		return nil, c.failed(err)
	}
	return run, nil
}

// await waits until the program answers. A server that recovers its data may need minutes; only its death or ctx ends the wait.
func (c *child) await(ctx context.Context, run *running) error {
	slow := time.NewTimer(slowStart)
	defer slow.Stop()
	pause := 10 * time.Millisecond
	for {
		probe, cancel := context.WithTimeout(ctx, probeTime)
		err := c.probe(probe)
		cancel()
		if err == nil {
			return nil
		}
		next := time.NewTimer(pause)
		select {
		case <-run.done:
			return c.failed(fmt.Errorf("%s\n%s", run.how(), run.lastWords()))
		case <-ctx.Done():
			return c.failed(errors.Join(ctx.Err(), err))
		case <-slow.C:
			c.say.slow(c.name)
		case <-next.C:
		}
		next.Stop()
		pause = min(pause*3/2, 200*time.Millisecond)
	}
}

func (c *child) failed(err error) error {
	return &Error{
		Reason: ReasonStartFailed,
		Zh:     c.name + " 启动失败，详见 " + c.log,
		En:     c.name + " did not start, see " + c.log,
		Err:    err,
	}
}

func (r *running) how() string {
	if r.err == nil {
		return "exit status 0"
	}
	return r.err.Error()
}

// lastWords is the end of what this life wrote to its log.
func (r *running) lastWords() string {
	const most = 1 << 10
	text, err := os.ReadFile(r.log)
	if err != nil || int64(len(text)) < r.from {
		return ""
	}
	text = text[r.from:]
	return strings.TrimSpace(string(text[max(0, len(text)-most):]))
}

// attributes give a child its own process group, so that Ctrl-C reaches us alone and we stop it in order.
func attributes(as account, death syscall.Signal) *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: death, Credential: as.cred}
}

// environ keeps what we were called with (PGDATA, PGPORT, a locale that is not installed) away from the servers.
func environ(home string) []string {
	return []string{"PATH=/usr/local/bin:/usr/bin:/bin", "HOME=" + home, "LC_ALL=C.UTF-8", "TZ=UTC"}
}

// openLog opens the log for appending and tells its length. The children get the open file: their account need not reach it.
func openLog(path string) (*os.File, int64, error) {
	if info, err := os.Stat(path); err == nil && info.Size() > logLimit {
		if err := os.Rename(path, path+".1"); err != nil {
			return nil, 0, err
		}
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		return nil, 0, err
	}
	info, err := f.Stat()
	if err != nil {
		f.Close()
		return nil, 0, err
	}
	return f, info.Size(), nil
}

// runOnce runs a command of the servers' packages to its end, with the same precautions.
func runOnce(ctx context.Context, as account, dir, path string, args ...string) error {
	cmd := exec.CommandContext(ctx, path, args...)
	cmd.Dir = dir
	cmd.Env = environ(dir)
	cmd.SysProcAttr = attributes(as, syscall.SIGKILL)
	cmd.WaitDelay = hurryTime // a grandchild may hold the output open
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w: %s", path, err, strings.TrimSpace(string(out)))
	}
	return nil
}
