// Package s3test runs a real S3 server for tests: versitygw on a folder, a process of its own.
package s3test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"

	"gonghui/media/object"
)

const (
	accessKey = "gonghui-test"
	secretKey = "do-not-print-this-secret"
)

// program builds the server from its pinned module into bin/tools: two CPU-minutes once, then one second.
var program = sync.OnceValues(func() (string, error) {
	_, file, _, _ := runtime.Caller(0)
	root := filepath.Join(filepath.Dir(file), "../../..")
	out := filepath.Join(root, "bin/tools/versitygw")
	if err := os.MkdirAll(filepath.Dir(out), 0o755); err != nil {
		return "", err
	}
	lock, err := os.Create(out + ".lock") // the tests of several packages run at once
	if err != nil {
		return "", err
	}
	defer lock.Close()
	if err := syscall.Flock(int(lock.Fd()), syscall.LOCK_EX); err != nil {
		return "", err
	}
	build := exec.Command("go", "build", "-buildvcs=false", "-ldflags=-s -w", "-o", out, "github.com/versity/versitygw/cmd/versitygw")
	build.Dir = filepath.Join(root, "third_party/tools/versitygw")
	if text, err := build.CombinedOutput(); err != nil {
		return "", fmt.Errorf("build of versitygw: %w: %s", err, text)
	}
	return out, nil
})

// Server is a running S3 server.
type Server struct {
	addr, dir, program string
	process            *exec.Cmd
}

// Start runs a server until the test ends.
func Start(t testing.TB) *Server {
	t.Helper()
	path, err := program()
	if err != nil {
		t.Fatal(err)
	}
	s := &Server{dir: t.TempDir(), program: path}
	for _, d := range []string{"data", "meta"} {
		if err := os.Mkdir(filepath.Join(s.dir, d), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	t.Cleanup(s.Stop)
	s.Run(t)
	return s
}

// Run starts the server, also after Stop: at its former address, with what it had.
func (s *Server) Run(t testing.TB) {
	t.Helper()
	if s.addr == "" {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		s.addr = l.Addr().String()
		if err := l.Close(); err != nil {
			t.Fatal(err)
		}
	}
	log, err := os.OpenFile(filepath.Join(s.dir, "log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	defer log.Close()
	// What S3 keeps of an object lies beside it, because not every file system has extended attributes.
	cmd := exec.Command(s.program, "--port", s.addr, "--quiet", "posix", "--sidecar", filepath.Join(s.dir, "meta"), filepath.Join(s.dir, "data"))
	cmd.Env = append(os.Environ(), "ROOT_ACCESS_KEY="+accessKey, "ROOT_SECRET_KEY="+secretKey)
	cmd.Stdout, cmd.Stderr = log, log
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	s.process = cmd
	look := time.NewTicker(10 * time.Millisecond)
	defer look.Stop()
	for end := time.Now().Add(20 * time.Second); ; <-look.C {
		if resp, err := http.Get("http://" + s.addr); err == nil {
			_ = resp.Body.Close()
			return
		}
		if time.Now().After(end) || errors.Is(cmd.Process.Signal(syscall.Signal(0)), os.ErrProcessDone) {
			text, _ := os.ReadFile(filepath.Join(s.dir, "log"))
			t.Fatalf("versitygw does not answer at %s: %s", s.addr, text)
		}
	}
}

// Stop kills the server.
func (s *Server) Stop() {
	if s.process != nil {
		_ = s.process.Process.Kill()
		_ = s.process.Wait()
		s.process = nil
	}
}

// Bucket makes a bucket and returns its settings.
func (s *Server) Bucket(t testing.TB, name string) object.Config {
	t.Helper()
	c, err := minio.New(s.addr, &minio.Options{Creds: credentials.NewStaticV4(accessKey, secretKey, ""), Region: "us-east-1"})
	if err != nil {
		t.Fatal(err)
	}
	if err := c.MakeBucket(context.Background(), name, minio.MakeBucketOptions{}); err != nil {
		t.Fatal(err)
	}
	return object.Config{Endpoint: s.addr, Bucket: name, AccessKey: accessKey, SecretKey: secretKey, Plain: true}
}

// Env is a bucket as the environment tells it to the product.
func Env(c object.Config) []string {
	return []string{
		"GONGHUI_S3_ENDPOINT=" + c.Endpoint, "GONGHUI_S3_BUCKET=" + c.Bucket, "GONGHUI_S3_ACCESS_KEY=" + c.AccessKey,
		"GONGHUI_S3_SECRET_KEY=" + c.SecretKey, "GONGHUI_S3_TLS=0",
	}
}
