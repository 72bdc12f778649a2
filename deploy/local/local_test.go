package local

import (
	"bufio"
	"context"
	"errors"
	"net"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
)

func TestStack(t *testing.T) {
	t.Parallel()
	dir := openDir(t)
	var said notices
	s := start(t, Options{Dir: dir, Notice: said.add, Durable: true})
	mustAnswer(t, s)
	pg, rd := s.children[0], s.children[1]

	t.Run("settings", func(t *testing.T) {
		for name, want := range map[string]string{
			"listen_addresses": "127.0.0.1", "unix_socket_directories": "", "fsync": "on", "synchronous_commit": "on",
			"password_encryption": "scram-sha-256", "max_locks_per_transaction": "1024", "max_connections": "300",
			"shared_buffers": "256MB", "jit": "off", "lc_collate": "C", "server_encoding": "UTF8", "TimeZone": "UTC",
		} {
			if got, err := query(t.Context(), s, "SELECT current_setting('"+name+"')"); err != nil || got != want {
				t.Errorf("%s = %q, %v, want %q", name, got, err, want)
			}
		}
	})

	t.Run("unprivileged", func(t *testing.T) {
		for _, c := range s.children {
			info, err := os.Stat("/proc/" + strconv.Itoa(pidOf(c)))
			if err != nil {
				t.Fatal(err)
			}
			if owner(info) == 0 {
				t.Errorf("%s runs as root", c.name)
			}
			group, err := syscall.Getpgid(pidOf(c))
			if err != nil || group == syscall.Getpgrp() {
				t.Errorf("%s shares our process group: %d, %v", c.name, group, err)
			}
		}
	})

	t.Run("passwords", func(t *testing.T) {
		for _, address := range []string{s.PGDSN, s.RedisURL} {
			u, err := url.Parse(address)
			if err != nil {
				t.Fatal(err)
			}
			if secret, _ := u.User.Password(); len(secret) < 20 {
				t.Errorf("password of %d characters", len(secret))
			}
			u.User = url.UserPassword(u.User.Username(), "guess")
			wrong := &Stack{PGDSN: u.String(), RedisURL: u.String()}
			if u.Scheme == "redis" {
				err = ping(t.Context(), wrong)
			} else {
				_, err = query(t.Context(), wrong, "SELECT ''")
			}
			if err == nil {
				t.Errorf("%s accepts a wrong password", u.Scheme)
			}
		}
		for _, name := range servers {
			info, err := os.Stat(filepath.Join(dir, name+".password"))
			if err != nil || info.Mode().Perm() != 0o600 {
				t.Errorf("%s.password: %v, %v", name, info.Mode(), err)
			}
		}
	})

	t.Run("threads may end", func(t *testing.T) {
		was := [2]int{pidOf(pg), pidOf(rd)}
		burnThreads(100)
		mustAnswer(t, s)
		if now := [2]int{pidOf(pg), pidOf(rd)}; now != was {
			t.Errorf("children died with a thread: %v, then %v", was, now)
		}
	})

	t.Run("one stack a directory", func(t *testing.T) {
		_, err := Start(t.Context(), Options{Dir: dir})
		wantReason(t, err, ReasonInUse)
		if err != nil && !strings.Contains(err.Error(), strconv.Itoa(os.Getpid())) {
			t.Errorf("the message does not name the process: %v", err)
		}
		wantReason(t, Clean(dir), ReasonInUse)
		mustAnswer(t, s)
	})

	t.Run("killed Postgres", func(t *testing.T) {
		// A statement at work outlives its server and holds the old shared memory.
		go func() { _, _ = query(context.Background(), s, "SELECT count(*)::text FROM generate_series(1, 1e9)") }()
		eventually(t, "a busy statement", func() bool {
			got, err := query(t.Context(), s, "SELECT count(*)::text FROM pg_stat_activity WHERE query LIKE '%1e9%' AND pid <> pg_backend_pid()")
			return err == nil && got == "1"
		})
		killed(t, s, pg, func() bool { _, err := query(t.Context(), s, "SELECT ''"); return err == nil })
	})
	t.Run("killed Redis", func(t *testing.T) {
		killed(t, s, rd, func() bool { return ping(t.Context(), s) == nil })
	})
	for _, part := range []string{"Postgres 意外退出", "Postgres died (signal: killed)", "Postgres is back", "Redis died", "Redis 已恢复"} {
		eventually(t, part, func() bool { return said.has(part) })
	}
}

func TestAgain(t *testing.T) {
	t.Parallel()
	dir := openDir(t)
	first := start(t, Options{Dir: dir, Durable: true})
	if _, err := query(t.Context(), first, "SELECT pg_catalog.lo_from_bytea(4711, 'kept')::text"); err != nil {
		t.Fatal(err)
	}
	stopped := make(chan error, 1)
	go func() { stopped <- first.Wait() }()
	stop(t, first)
	if err := <-stopped; err != nil {
		t.Error(err)
	}
	if n := remaining(t, dir); n != 0 {
		t.Errorf("%d processes remain after Stop", n)
	}
	if !contains(t, filepath.Join(dir, "pg.log"), "database system is shut down") {
		t.Error("Postgres was not shut down in order")
	}

	second := start(t, Options{Dir: dir, Durable: true})
	if second.PGDSN != first.PGDSN || second.RedisURL != first.RedisURL {
		t.Errorf("addresses changed: %s, %s", second.PGDSN, second.RedisURL)
	}
	if got, err := query(t.Context(), second, "SELECT convert_from(lo_get(4711), 'UTF8')"); err != nil || got != "kept" {
		t.Errorf("data after a restart: %q, %v", got, err)
	}
	stop(t, second)

	u, err := url.Parse(first.PGDSN)
	if err != nil {
		t.Fatal(err)
	}
	taken, err := net.Listen("tcp4", u.Host)
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	var said notices
	third := start(t, Options{Dir: dir, Durable: true, Notice: said.add})
	mustAnswer(t, third)
	if third.PGDSN == first.PGDSN || third.RedisURL != first.RedisURL {
		t.Errorf("addresses with Postgres' port taken: %s, %s", third.PGDSN, third.RedisURL)
	}
	if !said.has("已被占用") || !said.has("is taken") {
		t.Errorf("the change of port was not said: %q", said.lines)
	}
}

func TestClosedParent(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "run") // the parent is 0700
	var said notices
	s := start(t, Options{Dir: dir, Notice: said.add})
	mustAnswer(t, s)
	h := &home{dir: dir}
	away := h.away()
	if root := os.Geteuid() == 0; (away != "") != root || said.has("无法进入") != root {
		t.Errorf("data at %q, said %q", away, said.lines)
	}
	stop(t, s)
	again := start(t, Options{Dir: dir})
	mustAnswer(t, again)
	stop(t, again)

	// Deleted by hand, started afresh: the old data, whose password is lost, must not be in the way.
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
	afresh := start(t, Options{Dir: dir})
	mustAnswer(t, afresh)
	stop(t, afresh)

	if err := Clean(dir); err != nil {
		t.Error(err)
	}
	for _, path := range []string{dir, away} {
		if _, err := os.Stat(path); path != "" && !errors.Is(err, os.ErrNotExist) {
			t.Errorf("%s remains: %v", path, err)
		}
	}
	if err := Clean(dir); err != nil {
		t.Errorf("cleaning what is clean: %v", err)
	}
}

// TestKilledParent kills the process that started the stack: its children go by themselves, and the next start finds good data.
func TestKilledParent(t *testing.T) {
	t.Parallel()
	dir := openDir(t)
	hold := holder(t, dir)
	if remaining(t, dir) == 0 {
		t.Fatal("no children")
	}
	if err := hold.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = hold.Wait()
	eventually(t, "the end of the children", func() bool { return remaining(t, dir) == 0 })
	s := start(t, Options{Dir: dir})
	mustAnswer(t, s)
}

// TestLeftover has servers survive their parent, as those of a parent on another kernel thread or under a debugger might.
func TestLeftover(t *testing.T) {
	t.Parallel()
	dir := openDir(t)
	s := start(t, Options{Dir: dir})
	old := s.PGDSN
	stop(t, s)

	h, err := openHome(dir, Options{}.teller())
	if err != nil {
		t.Fatal(err)
	}
	pg, err := newPostgres(t.Context(), h, false, Options{}.teller())
	if err != nil {
		t.Fatal(err)
	}
	h.close()
	stray := exec.Command(filepath.Join(pg.bin, "postgres"), "-D", pg.data)
	stray.Dir = pg.data
	stray.SysProcAttr = attributes(h.as, syscall.SIGKILL)
	if err := stray.Start(); err != nil {
		t.Fatal(err)
	}
	over := make(chan error, 1)
	go func() { over <- stray.Wait() }()
	eventually(t, "the stray server", func() bool { _, err := query(t.Context(), s, "SELECT ''"); return err == nil })

	var said notices
	s = start(t, Options{Dir: dir, Notice: said.add})
	mustAnswer(t, s)
	if s.PGDSN != old {
		t.Errorf("the stray server kept the port: %s, then %s", old, s.PGDSN)
	}
	if !said.has("上次遗留") {
		t.Errorf("not said: %q", said.lines)
	}
	if err := <-over; err != nil {
		t.Errorf("the stray server ended badly: %v", err)
	}
}

// TestHurriedStop has no time for a shutdown in order: nothing is left all the same, and the data recovers.
func TestHurriedStop(t *testing.T) {
	t.Parallel()
	dir := openDir(t)
	s := start(t, Options{Dir: dir})
	if _, err := query(t.Context(), s, "SELECT pg_catalog.lo_from_bytea(4711, 'kept')::text"); err != nil {
		t.Fatal(err)
	}
	late, cancel := context.WithCancel(t.Context())
	cancel()
	if err := s.Stop(late); err != nil {
		t.Error(err)
	}
	if n := remaining(t, dir); n != 0 {
		t.Errorf("%d processes remain", n)
	}
	s = start(t, Options{Dir: dir})
	if got, err := query(t.Context(), s, "SELECT convert_from(lo_get(4711), 'UTF8')"); err != nil || got != "kept" {
		t.Errorf("data after a hurried stop: %q, %v", got, err)
	}
}

func TestGivenServers(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "run")
	s, err := Start(t.Context(), Options{Dir: dir, PGDSN: "postgres://a", RedisURL: "redis://b"})
	if err != nil {
		t.Fatal(err)
	}
	if s.PGDSN != "postgres://a" || s.RedisURL != "redis://b" {
		t.Errorf("got %s, %s", s.PGDSN, s.RedisURL)
	}
	if _, err := os.Stat(dir); !errors.Is(err, os.ErrNotExist) {
		t.Error("a directory was made for nothing")
	}
	stop(t, s)
	if err := s.Wait(); err != nil {
		t.Error(err)
	}
}

func TestCleanRefusesStrangers(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	keep := filepath.Join(dir, "thesis.txt")
	if err := os.WriteFile(keep, []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	wantReason(t, Clean(dir), ReasonBadDir)
	if _, err := os.Stat(keep); err != nil {
		t.Error(err)
	}
}

func TestBadDir(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, dir := range []string{"", file, filepath.Join(file, "below")} {
		_, err := Start(t.Context(), Options{Dir: dir})
		wantReason(t, err, ReasonBadDir)
	}
}

func TestFreePort(t *testing.T) {
	t.Parallel()
	port, err := FreePort(0)
	if err != nil || port < firstPort || port > lastPort {
		t.Fatal(port, err)
	}
	l, err := net.Listen("tcp4", net.JoinHostPort("127.0.0.1", strconv.Itoa(port)))
	if err != nil {
		t.Fatal(err)
	}
	other, err := FreePort(port)
	if err != nil || other == port {
		t.Errorf("port %d is taken, got %d, %v", port, other, err)
	}
	l.Close()
	if again, err := FreePort(port); err != nil || again != port {
		t.Errorf("port %d is free, got %d, %v", port, again, err)
	}
}

// killed kills a child's program and waits until it answers again, on the same address, with nothing of the old left.
func killed(t *testing.T, s *Stack, c *child, answers func() bool) {
	t.Helper()
	old := pidOf(c)
	if err := syscall.Kill(old, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	eventually(t, "a new "+c.name, func() bool { now := pidOf(c); return now != 0 && now != old && answers() })
	mustAnswer(t, s)
}

// holder runs a stack in a process of its own.
func holder(t *testing.T, dir string) *exec.Cmd {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), holdVariable+"="+dir)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill() })
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil || line != "ready\n" {
		t.Fatalf("the other process says %q, %v", line, err)
	}
	return cmd
}

func wantReason(t *testing.T, err error, reason string) {
	t.Helper()
	var e *Error
	if !errors.As(err, &e) || e.Reason != reason || e.Zh == "" || e.En == "" {
		t.Errorf("got %v, want reason %s in both languages", err, reason)
	}
}
