// Package stack runs the product for journeys: private servers, the provisioner and serving processes of the real binary,
// on ports of their own.
package stack

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"gonghui/builder/signer"
	"gonghui/deploy/local"
)

// Stack is one running product.
type Stack struct {
	Dir    string
	PGDSN  string // of a superuser
	Redis  string
	Base   string // "gonghui.localhost:41234"
	Addr   string // "127.0.0.1:41234"
	Prefix string
	binary string
	env    []string
	local  *local.Stack
	mu     sync.Mutex
	server *exec.Cmd
	aside  []*exec.Cmd // the provisioner, the signer
}

// Root is the root of the project.
func Root() string {
	_, file, _, _ := runtime.Caller(0)
	return filepath.Join(filepath.Dir(file), "../../..")
}

var binaryDir string

// Clean removes what Binary built: for the end of a run.
func Clean() { _ = os.RemoveAll(binaryDir) }

// Binary builds the program once a run.
var Binary = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "gonghui-e2e-")
	if err != nil {
		return "", err
	}
	binaryDir = dir
	out := filepath.Join(dir, "gonghui")
	cmd := exec.Command("go", "build", "-o", out, "./app/cmd/gonghui")
	cmd.Dir = Root()
	if text, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("%w: %s", err, text)
	}
	return out, nil
})

// Authority is the certificate of the authority of the port for phones, in PEM: of a product with GONGHUI_LAN.
func (s *Stack) Authority(t testing.TB) []byte {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join(s.Dir, "state", "lan", "ca.crt"))
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// FreeAddress is one on this machine where a product may listen.
func FreeAddress() string {
	port, err := local.FreePort(0)
	if err != nil {
		panic(err) // without a port there is no product, and no test
	}
	return fmt.Sprintf("127.0.0.1:%d", port)
}

// Start brings up servers and binary, with an empty directory. Extra environment goes to every process.
func Start(t testing.TB, env ...string) *Stack {
	t.Helper()
	s, err := Open(env...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("the server's last words:\n%s", s.Tail("serve.log", 40))
		}
		s.Close()
	})
	return s
}

// Open is Start outside a test.
func Open(env ...string) (*Stack, error) {
	binary, err := Binary()
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "gonghui-e2e-")
	if err != nil {
		return nil, err
	}
	if err := os.Chmod(dir, 0o755); err != nil {
		return nil, err
	}
	servers, err := local.StartTest(context.Background(), filepath.Join(dir, "run"))
	if err != nil {
		return nil, err
	}
	port, err := local.FreePort(0)
	if err != nil {
		return nil, err
	}
	s := &Stack{
		Dir: dir, PGDSN: servers.PGDSN, Redis: servers.RedisURL, Prefix: "gh", binary: binary, local: servers,
		Base: fmt.Sprintf("gonghui.localhost:%d", port), Addr: fmt.Sprintf("127.0.0.1:%d", port),
	}
	s.env = append(os.Environ(), append([]string{
		"GONGHUI_PG_DSN=" + s.PGDSN, "GONGHUI_REDIS_URL=" + s.Redis, "GONGHUI_KEY_FILE=" + filepath.Join(dir, "keys.json"),
		"GONGHUI_PREFIX=" + s.Prefix, "GONGHUI_BASE=" + s.Base, "GONGHUI_LISTEN=" + s.Addr, "GONGHUI_MODE=demo", "GONGHUI_NO_LIMITS=1",
		"GONGHUI_SIGNER=" + filepath.Join(dir, "signer.sock"), "GONGHUI_SIGNER_KEY_FILE=" + filepath.Join(dir, "signer.json"),
		"GONGHUI_DIR=" + filepath.Join(dir, "state"),
	}, env...)...)
	if _, err := s.Run("migrate"); err != nil {
		s.Close()
		return nil, err
	}
	return s, nil
}

// Run runs one of the binary's commands and returns what it printed.
func (s *Stack) Run(args ...string) (string, error) { return s.RunWith(nil, args...) }

// Command is one of the binary's commands with more environment, not yet started.
func (s *Stack) Command(env []string, args ...string) *exec.Cmd {
	cmd := exec.Command(s.binary, args...)
	cmd.Env = append(slices.Clip(s.env), env...)
	return cmd
}

// RunWith is Run with more environment.
func (s *Stack) RunWith(env []string, args ...string) (string, error) {
	cmd := s.Command(env, args...)
	var out, trouble bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &trouble
	if err := cmd.Run(); err != nil {
		return out.String(), fmt.Errorf("gonghui %s: %w: %s", strings.Join(args, " "), err, tail(trouble.String(), 1500))
	}
	return strings.TrimSpace(out.String()), nil
}

// MustRun is Run for what has to work.
func (s *Stack) MustRun(t testing.TB, args ...string) string {
	t.Helper()
	out, err := s.Run(args...)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func (s *Stack) spawn(log string, args ...string) (*exec.Cmd, error) {
	return s.spawnWith(log, nil, args...)
}

func (s *Stack) spawnWith(log string, env []string, args ...string) (*exec.Cmd, error) {
	f, err := os.OpenFile(filepath.Join(s.Dir, log), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	cmd := s.Command(env, args...)
	cmd.Stdout, cmd.Stderr = f, f
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	return cmd, cmd.Start()
}

// Provision starts the provisioner.
func (s *Stack) Provision(t testing.TB) {
	t.Helper()
	cmd, err := s.spawn("provisioner.log", "provisioner")
	if err != nil {
		t.Fatal(err)
	}
	s.keep(cmd)
}

// Sign starts the signer and waits until it can be asked.
func (s *Stack) Sign(t testing.TB) {
	t.Helper()
	if err := s.TrySign(); err != nil {
		t.Fatal(err)
	}
}

// TrySign is Sign with its error.
func (s *Stack) TrySign() error {
	cmd, err := s.spawn("signer.log", "signer")
	if err != nil {
		return err
	}
	s.keep(cmd)
	asked := signer.Dial(filepath.Join(s.Dir, "signer.sock"))
	return Wait(10*time.Second, func() bool { return asked.Health(context.Background()) == nil })
}

// keep has a process ended with the stack.
func (s *Stack) keep(cmd *exec.Cmd) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.aside = append(s.aside, cmd)
}

// Serve starts the serving process and waits until it is ready.
func (s *Stack) Serve(t testing.TB) {
	t.Helper()
	if err := s.TryServe(); err != nil {
		t.Fatal(err)
	}
}

// TryServe is Serve with its error.
func (s *Stack) TryServe() error {
	cmd, err := s.spawn("serve.log", "serve")
	if err != nil {
		return err
	}
	s.mu.Lock()
	s.server = cmd
	s.mu.Unlock()
	return s.Ready(30 * time.Second)
}

// Ready waits until the product answers that it can serve.
func (s *Stack) Ready(within time.Duration) error {
	ctx, cancel := context.WithTimeout(context.Background(), within)
	defer cancel()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+s.Addr+"/readyz", nil)
		if err != nil {
			return err
		}
		if resp, err := http.DefaultClient.Do(req); err == nil {
			_, _ = io.Copy(io.Discard, resp.Body)
			resp.Body.Close()
			if resp.StatusCode == http.StatusOK {
				return nil
			}
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("not ready: %s", s.Tail("serve.log", 20))
		case <-tick.C:
		}
	}
}

// Kill ends the serving process as a crash would, and waits until it is gone.
func (s *Stack) Kill() { s.end(syscall.SIGKILL) }

// Stop ends the serving process in order.
func (s *Stack) Stop() { s.end(syscall.SIGTERM) }

func (s *Stack) end(sig syscall.Signal) {
	s.mu.Lock()
	cmd := s.server
	s.server = nil
	s.mu.Unlock()
	if cmd != nil {
		_ = cmd.Process.Signal(sig)
		_ = cmd.Wait()
	}
}

// Server is the process id of the serving process.
func (s *Stack) Server() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.server == nil {
		return 0
	}
	return s.server.Process.Pid
}

// KillPostgres ends the postmaster as a crash would; it is started again by itself.
func (s *Stack) KillPostgres() error {
	raw, err := os.ReadFile(filepath.Join(s.Dir, "run", "pg", "data", "postmaster.pid"))
	if err != nil {
		return err
	}
	var pid int
	if _, err := fmt.Sscan(string(raw), &pid); err != nil {
		return err
	}
	return syscall.Kill(pid, syscall.SIGKILL)
}

// Close takes everything down.
func (s *Stack) Close() {
	s.end(syscall.SIGTERM)
	s.mu.Lock()
	aside := s.aside
	s.aside = nil
	s.mu.Unlock()
	for _, cmd := range aside {
		_ = cmd.Process.Signal(syscall.SIGTERM)
		_ = cmd.Wait()
	}
	_ = s.local.Stop(context.Background())
	_ = os.RemoveAll(s.Dir)
}

// Tail returns the last lines of a log.
func (s *Stack) Tail(log string, lines int) string {
	raw, err := os.ReadFile(filepath.Join(s.Dir, log))
	if err != nil {
		return err.Error()
	}
	all := strings.Split(strings.TrimSpace(string(raw)), "\n")
	return strings.Join(all[max(0, len(all)-lines):], "\n")
}

func tail(s string, n int) string { return s[max(0, len(s)-n):] }

// SQL opens a connection as superuser: the truth, without product code.
func (s *Stack) SQL(t testing.TB) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(context.Background(), s.PGDSN)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close(context.Background()) })
	return conn
}

// Eventually waits until ok holds.
func Eventually(t testing.TB, within time.Duration, what string, ok func() bool) {
	t.Helper()
	if err := Wait(within, ok); err != nil {
		t.Fatalf("%s: not within %s", what, within)
	}
}

// Wait is Eventually outside a test.
func Wait(within time.Duration, ok func() bool) error {
	deadline := time.NewTimer(within)
	defer deadline.Stop()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		if ok() {
			return nil
		}
		select {
		case <-deadline.C:
			return errors.New("timed out")
		case <-tick.C:
		}
	}
}
