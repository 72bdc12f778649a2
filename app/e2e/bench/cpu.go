package bench

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
)

// tick is the unit of times in /proc/PID/stat: USER_HZ, which is 100 on every Linux that we run on, proc(5).
const tick = 10 * time.Millisecond

// usage is what the kernel says of a process.
type usage struct {
	parent   int
	own      time.Duration // user and system time
	children time.Duration // of the children that have ended
}

func usageOf(pid int) (usage, error) {
	raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return usage{}, err
	}
	// The name of the program, in parentheses, may hold anything.
	text := string(raw)
	fields := strings.Fields(text[strings.LastIndexByte(text, ')')+1:])
	if len(fields) < 15 {
		return usage{}, fmt.Errorf("/proc/%d/stat: %d fields", pid, len(fields))
	}
	var n [5]int
	for i, at := range []int{1, 11, 12, 13, 14} {
		if n[i], err = strconv.Atoi(fields[at]); err != nil {
			return usage{}, fmt.Errorf("/proc/%d/stat: %w", pid, err)
		}
	}
	return usage{parent: n[0], own: time.Duration(n[1]+n[2]) * tick, children: time.Duration(n[3]+n[4]) * tick}, nil
}

// postmaster is the parent of all backends of a cluster.
type postmaster int

func findPostmaster(ctx context.Context, conn *pgx.Conn) (postmaster, error) {
	var backend int
	if err := conn.QueryRow(ctx, "select pg_backend_pid()").Scan(&backend); err != nil {
		return 0, err
	}
	u, err := usageOf(backend)
	return postmaster(u.parent), err
}

// cpu is the time that the postmaster and all its processes have used, those that have ended included.
func (p postmaster) cpu() (time.Duration, error) {
	// A process that ends between two looks moves its time from its own account to the parent's: look again then.
	for range 50 {
		before, err := childrenOf(int(p))
		if err != nil {
			return 0, err
		}
		u, err := usageOf(int(p))
		if err != nil {
			return 0, err
		}
		sum := u.own + u.children
		gone := false
		for _, pid := range before {
			c, err := usageOf(pid)
			if err != nil {
				gone = true
				break
			}
			sum += c.own
		}
		after, err := childrenOf(int(p))
		if err != nil {
			return 0, err
		}
		if !gone && slices.Equal(before, after) {
			return sum, nil
		}
	}
	return 0, fmt.Errorf("the processes of postmaster %d change too fast to be counted", p)
}

func childrenOf(parent int) ([]int, error) {
	entries, err := os.ReadDir("/proc")
	if err != nil {
		return nil, err
	}
	var pids []int
	for _, e := range entries {
		pid, err := strconv.Atoi(e.Name())
		if err != nil {
			continue
		}
		if u, err := usageOf(pid); err == nil && u.parent == parent {
			pids = append(pids, pid)
		}
	}
	return pids, nil
}

// cpu is the time that Postgres and the processes have used up to now.
func (w *world) cpu(processes ...*process) (time.Duration, error) {
	sum, err := w.postmaster.cpu()
	if err != nil {
		return 0, err
	}
	for _, p := range processes {
		u, err := usageOf(p.cmd.Process.Pid)
		if err != nil {
			return 0, err
		}
		sum += u.own
	}
	return sum, nil
}

// spent is the CPU time that f takes of Postgres and the processes.
func (w *world) spent(f func() error, processes ...*process) (time.Duration, error) {
	before, err := w.cpu(processes...)
	if err != nil {
		return 0, err
	}
	if err := f(); err != nil {
		return 0, err
	}
	after, err := w.cpu(processes...)
	return after - before, err
}
