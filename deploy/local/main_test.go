package local

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/redis/go-redis/v9"
)

// holdVariable makes the test binary a program that starts a stack there and never stops it.
const holdVariable = "LOCAL_TEST_HOLD"

func TestMain(m *testing.M) {
	if dir := os.Getenv(holdVariable); dir != "" {
		s, err := StartTest(context.Background(), dir)
		if err != nil {
			fmt.Println("failed:", err)
			os.Exit(1)
		}
		fmt.Println("ready")
		_ = s.Wait()
		return
	}
	os.Exit(m.Run())
}

// openDir is a directory that any account may enter; the testing package's own are closed to others.
func openDir(t *testing.T) string {
	t.Helper()
	top, err := os.MkdirTemp("", "local-")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(top, 0o755); err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(top, "run")
	t.Cleanup(func() {
		if err := Clean(dir); err != nil {
			t.Error(err)
		}
		os.RemoveAll(top)
	})
	return dir
}

// notices collects what the person at the terminal would read.
type notices struct {
	mu    sync.Mutex
	lines []string
}

func (n *notices) add(zh, en string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.lines = append(n.lines, zh+" / "+en)
}

func (n *notices) has(part string) bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	return slices.ContainsFunc(n.lines, func(l string) bool { return strings.Contains(l, part) })
}

func start(t *testing.T, opt Options) *Stack {
	t.Helper()
	s, err := Start(t.Context(), opt)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { stop(t, s) })
	return s
}

func stop(t *testing.T, s *Stack) {
	t.Helper()
	if err := s.Stop(context.Background()); err != nil {
		t.Error(err)
	}
}

func query(ctx context.Context, s *Stack, sql string) (answer string, err error) {
	conn, err := pgx.Connect(ctx, s.PGDSN)
	if err != nil {
		return "", err
	}
	defer conn.Close(ctx)
	err = conn.QueryRow(ctx, sql).Scan(&answer)
	return answer, err
}

func ping(ctx context.Context, s *Stack) error {
	opt, err := redis.ParseURL(s.RedisURL)
	if err != nil {
		return err
	}
	c := redis.NewClient(opt)
	defer c.Close()
	return c.Ping(ctx).Err()
}

func mustAnswer(t *testing.T, s *Stack) {
	t.Helper()
	if got, err := query(t.Context(), s, "SELECT current_database()::text"); err != nil || got != database {
		t.Fatalf("Postgres answers %q, %v", got, err)
	}
	if err := ping(t.Context(), s); err != nil {
		t.Fatalf("Redis: %v", err)
	}
}

// eventually waits for a condition of another process; there is nothing to be notified by.
func eventually(t *testing.T, what string, f func() bool) {
	t.Helper()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end); <-tick.C {
		if f() {
			return
		}
	}
	t.Fatalf("not seen: %s", what)
}

// remaining counts the servers' processes on dir.
func remaining(t *testing.T, dir string) int {
	t.Helper()
	h := &home{dir: dir}
	n := 0
	if at, err := h.data(postgresFolder); err == nil {
		n += len(processes(filepath.Join(at, postgresData), postgresComm))
	}
	if at, err := h.data(redisFolder); err == nil {
		n += len(processes(at, redisComm))
	}
	return n
}

// pidOf is the process number of a child's program, 0 when there is none.
func pidOf(c *child) int {
	all := processes(c.dir, c.comm)
	for _, p := range all {
		if p.parent == os.Getpid() {
			return p.pid
		}
	}
	return 0
}

// burnThreads makes the runtime end many threads: a goroutine that ends locked takes its thread with it.
func burnThreads(n int) {
	var group sync.WaitGroup
	for range n {
		group.Add(1)
		go func() {
			defer group.Done()
			runtime.LockOSThread()
		}()
	}
	group.Wait()
}

func contains(t *testing.T, path, part string) bool {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return bytes.Contains(text, []byte(part))
}
