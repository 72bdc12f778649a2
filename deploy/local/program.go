package local

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// program is what a child runs: how to start it, to ask whether it answers, and to end it.
type program struct {
	name string // for people
	comm string // the kernel's name of its processes, proc_pid_comm(5)
	dir  string // its data folder and, while it runs, its working directory
	log  string // file that takes its output
	as   account
	// prepare writes what a start needs; nil: nothing.
	prepare func() error
	cmd     func() *exec.Cmd
	probe   func(context.Context) error // nil: it answers
	ending
}

// ending is how a program is asked to leave: politely, then after grace in a hurry, then not asked any more.
type ending struct {
	polite, hurry syscall.Signal
	grace         time.Duration
}

// abrupt is for processes whose data is about to be deleted.
var abrupt = ending{polite: syscall.SIGKILL, hurry: syscall.SIGKILL, grace: 5 * time.Second}

// hurryTime is how long a process has after the hurried signal, before SIGKILL.
const hurryTime = 5 * time.Second

// evict ends processes of an earlier run that still work on the data folder. Ours or not is told by the working directory,
// which a recycled process number does not share; two servers on one folder would ruin it.
func (p program) evict(ctx context.Context, say teller) error {
	if len(processes(p.dir, p.comm)) == 0 {
		return nil
	}
	say.leftover(p.name)
	// Only the first process of each tree is signalled: a server's own children are its business.
	for _, step := range []struct {
		signal syscall.Signal
		wait   time.Duration
		all    bool
	}{{p.polite, p.grace, false}, {p.hurry, hurryTime, false}, {syscall.SIGKILL, hurryTime, true}} {
		left := processes(p.dir, p.comm)
		for _, proc := range left {
			if step.all || !slices.ContainsFunc(left, func(o process) bool { return o.pid == proc.parent }) {
				_ = syscall.Kill(proc.pid, step.signal)
			}
		}
		if gone, err := p.awaitNone(ctx, step.wait); gone || err != nil {
			return err
		}
	}
	return &Error{
		Reason: ReasonStuck,
		Zh:     "无法停止上次遗留的 " + p.name + " 进程（数据目录 " + p.dir + "）",
		En:     "cannot stop " + p.name + " of an earlier run (data in " + p.dir + ")",
	}
}

func (p program) awaitNone(ctx context.Context, most time.Duration) (bool, error) {
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for end := time.Now().Add(most); time.Now().Before(end); {
		if len(processes(p.dir, p.comm)) == 0 {
			return true, nil
		}
		select {
		case <-ctx.Done():
			return false, ctx.Err()
		case <-tick.C:
		}
	}
	return false, nil
}

type process struct{ pid, parent int }

// processes lists those of that name which have dir as working directory, also when dir has been deleted since.
func processes(dir, comm string) []process {
	var found []process
	links, _ := filepath.Glob("/proc/[0-9]*/cwd")
	for _, link := range links {
		at, err := os.Readlink(link)
		if err != nil || strings.TrimSuffix(at, " (deleted)") != dir {
			continue
		}
		// proc_pid_stat(5): pid (comm) state ppid …; comm may hold blanks and brackets.
		text, err := os.ReadFile(filepath.Join(filepath.Dir(link), "stat"))
		if err != nil {
			continue
		}
		open, shut := strings.IndexByte(string(text), '('), strings.LastIndexByte(string(text), ')')
		if open < 0 || shut < open || string(text[open+1:shut]) != comm {
			continue
		}
		pid, err1 := strconv.Atoi(strings.TrimSpace(string(text[:open])))
		rest := strings.Fields(string(text[shut+1:]))
		if err1 != nil || len(rest) < 2 {
			continue
		}
		parent, _ := strconv.Atoi(rest[1])
		found = append(found, process{pid: pid, parent: parent})
	}
	return found
}
