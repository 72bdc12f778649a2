package object_test

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"gonghui/media/object"
	"gonghui/media/object/s3test"
)

// uploader makes this test binary a process that uploads until it is killed.
const uploader = "OBJECT_TEST_UPLOADER"

func uploadForEver() {
	s, err := object.FromEnv(os.Getenv(uploader))
	if err == nil {
		n := 0
		err = s.Put(context.Background(), "killed", generate(1<<40, io.EOF, func() {
			if n++; n%40 == 0 { // each says a MiB: two parts are through
				fmt.Println("under way")
			}
		}), -1)
	}
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}

// A process that is killed in the middle of an upload leaves nothing to be seen, in the place of nothing or of something.
func TestKilledUpload(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	kill := func(t *testing.T, s object.Store, env ...string) {
		for _, before := range []string{"", "as it was"} {
			if before != "" {
				put(t, s, "killed", before)
			}
			cmd := exec.Command(self)
			cmd.Env = append(os.Environ(), env...)
			var trouble bytes.Buffer
			cmd.Stderr = &trouble
			out, err := cmd.StdoutPipe()
			if err != nil {
				t.Fatal(err)
			}
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			said := bufio.NewScanner(out).Scan()
			_ = cmd.Process.Kill()
			_ = cmd.Wait()
			if !said {
				t.Fatalf("the uploader ended by itself: %s", trouble.String())
			}
			if before == "" {
				absent(t, s, "killed")
			} else {
				holds(t, s, "killed", before)
			}
		}
		put(t, s, "killed", "later")
		holds(t, s, "killed", "later")
	}
	t.Run("local", func(t *testing.T) {
		dir := t.TempDir()
		kill(t, object.NewLocal(dir), uploader+"="+dir)
		left := func() int {
			files, err := filepath.Glob(filepath.Join(dir, ".part", "*"))
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range files {
				if err := os.Chtimes(f, time.Time{}, time.Now().Add(-25*time.Hour)); err != nil {
					t.Fatal(err)
				}
			}
			return len(files)
		}
		if n := left(); n != 2 {
			t.Errorf("%d unfinished files, want 2", n)
		}
		put(t, object.NewLocal(dir), "next-day", "x")
		if n := left(); n != 0 {
			t.Errorf("a day later %d unfinished files are still there", n)
		}
	})
	t.Run("s3", func(t *testing.T) {
		c := s3test.Start(t).Bucket(t, "bucket")
		s, err := object.NewS3(c)
		if err != nil {
			t.Fatal(err)
		}
		kill(t, s, append(s3test.Env(c), uploader+"=.")...)
	})
}

// Files are their owner's alone, and links do not lead out.
func TestLocalFiles(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "files")
	s := object.NewLocal(dir)
	if page, _, err := s.List(t.Context(), "", "", 0); err != nil || len(page) > 0 {
		t.Errorf("without a folder: %v %v", page, err)
	}
	absent(t, s, "a")
	if _, err := os.Stat(dir); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("reading made the folder: %v", err)
	}
	put(t, s, "a/b/c", "x")
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		want := fs.FileMode(0o600)
		if d.IsDir() {
			want = 0o700
		}
		if err == nil && info.Mode().Perm() != want {
			t.Errorf("%s has mode %v", path, info.Mode())
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Put(t.Context(), "a/b", strings.NewReader("x"), 1); !errors.Is(err, object.ErrRefused) {
		t.Errorf("a file in place of a folder: %v", err)
	}
	if err := s.Put(t.Context(), "a/b/c/d", strings.NewReader("x"), 1); !errors.Is(err, object.ErrRefused) {
		t.Errorf("a folder in place of a file: %v", err)
	}
	holds(t, s, "a/b/c", "x")
	if left, err := os.ReadDir(filepath.Join(dir, ".part")); err != nil || len(left) > 0 {
		t.Errorf("refused uploads left %v %v", left, err)
	}
	outside := t.TempDir()
	if err := os.WriteFile(filepath.Join(outside, "secret"), []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(outside, filepath.Join(dir, "link")); err != nil {
		t.Fatal(err)
	}
	if got, err := read(t, s, "link/secret", 0, -1); err == nil {
		t.Errorf("a link led out: %q", got)
	}
	if err := s.Put(t.Context(), "link/new", strings.NewReader("x"), 1); err == nil {
		t.Error("a link led out")
	}
	if page, _, err := s.List(t.Context(), "", "", 0); err != nil || len(page) != 1 {
		t.Errorf("with a link: %v %v", page, err)
	}
}
