package object_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"gonghui/media/object"
	"gonghui/media/object/s3test"
)

// stores are what the conformance tests run over; each call of open is an empty one.
func stores(t *testing.T, f func(t *testing.T, open func(t *testing.T) object.Store)) {
	t.Helper()
	t.Run("local", func(t *testing.T) {
		f(t, func(t *testing.T) object.Store { return object.NewLocal(filepath.Join(t.TempDir(), "files")) })
	})
	t.Run("s3", func(t *testing.T) {
		server := s3test.Start(t)
		n := 0
		f(t, func(t *testing.T) object.Store {
			n++
			s, err := object.NewS3(server.Bucket(t, fmt.Sprintf("bucket-%d", n)))
			if err != nil {
				t.Fatal(err)
			}
			return s
		})
	})
	t.Run("under", func(t *testing.T) {
		f(t, func(t *testing.T) object.Store {
			outer := object.NewLocal(t.TempDir())
			put(t, outer, "a", "before")
			put(t, outer, "the/fold", "beside")
			put(t, outer, "the/folder-2/a", "beside")
			put(t, outer, "z", "behind")
			s, err := object.Under(outer, "the/folder")
			if err != nil {
				t.Fatal(err)
			}
			return s
		})
	})
}

func put(t *testing.T, s object.Store, key, text string) {
	t.Helper()
	if err := s.Put(t.Context(), key, strings.NewReader(text), int64(len(text))); err != nil {
		t.Fatal(err)
	}
}

func read(t *testing.T, s object.Store, key string, offset, length int64) (string, error) {
	t.Helper()
	r, err := s.Get(t.Context(), key, offset, length)
	if err != nil {
		return "", err
	}
	defer r.Close()
	raw, err := io.ReadAll(r)
	return string(raw), err
}

// holds fails unless the object reads so.
func holds(t *testing.T, s object.Store, key, want string) {
	t.Helper()
	if got, err := read(t, s, key, 0, -1); err != nil || got != want {
		t.Errorf("%s reads %.40q (%d bytes), %v; want %.40q", key, got, len(got), err, want)
	}
	if info, err := s.Stat(t.Context(), key); err != nil || info.Key != key || info.Size != int64(len(want)) {
		t.Errorf("stat of %s: %v %v", key, info, err)
	}
}

// absent fails unless there is nothing to see of the object.
func absent(t *testing.T, s object.Store, key string) {
	t.Helper()
	if _, err := s.Stat(t.Context(), key); !errors.Is(err, object.ErrNotFound) {
		t.Errorf("stat of %s: %v, want not found", key, err)
	}
	if _, err := s.Get(t.Context(), key, 0, -1); !errors.Is(err, object.ErrNotFound) {
		t.Errorf("get of %s: %v, want not found", key, err)
	}
	if page, _, err := s.List(t.Context(), key, "", 0); err != nil || len(page) != 0 {
		t.Errorf("list of %s: %v %v", key, page, err)
	}
}

func TestStores(t *testing.T) {
	stores(t, func(t *testing.T, open func(t *testing.T) object.Store) {
		for name, test := range conformance {
			t.Run(name, func(t *testing.T) { test(t, open(t)) })
		}
	})
}

var conformance = map[string]func(*testing.T, object.Store){
	"life":          life,
	"empty":         empty,
	"bad keys":      badKeys,
	"ranges":        ranges,
	"order":         order,
	"many keys":     manyKeys,
	"wrong sizes":   wrongSizes,
	"broken upload": brokenUpload,
	"large object":  largeObject,
	"concurrency":   concurrency,
	"cancelled":     cancelled,
}

func life(t *testing.T, s object.Store) {
	key := "a/b-1/c_2.x=y@z+"
	absent(t, s, key)
	before := time.Now().Add(-2 * time.Second) // S3 tells whole seconds
	put(t, s, key, "工会")
	holds(t, s, key, "工会")
	if info, err := s.Stat(t.Context(), key); err != nil || info.Modified.Before(before) || info.Modified.After(time.Now().Add(time.Second)) {
		t.Errorf("modified %v, %v", info.Modified, err)
	}
	if err := s.Put(t.Context(), key, inPieces("anew, and longer"), -1); err != nil {
		t.Fatal(err)
	}
	holds(t, s, key, "anew, and longer")
	absent(t, s, "a/b-1/d")
	absent(t, s, key+"/d")
	if _, err := s.Stat(t.Context(), "a/b-1"); !errors.Is(err, object.ErrNotFound) {
		t.Errorf("a folder: %v", err)
	}
	for range 2 {
		if err := s.Delete(t.Context(), key); err != nil {
			t.Errorf("delete: %v", err)
		}
	}
	absent(t, s, key)
	if err := s.Delete(t.Context(), "a"); err != nil {
		t.Errorf("delete of what is no object: %v", err)
	}
}

// inPieces hides everything but Read, a few bytes at a time.
func inPieces(text string) io.Reader { return &trickle{text} }

type trickle struct{ left string }

func (r *trickle) Read(p []byte) (int, error) {
	if r.left == "" {
		return 0, io.EOF
	}
	n := copy(p, r.left[:min(3, len(r.left))])
	r.left = r.left[n:]
	return n, nil
}

func empty(t *testing.T, s object.Store) {
	put(t, s, "none", "")
	holds(t, s, "none", "")
	if err := s.Put(t.Context(), "none-2", strings.NewReader(""), -1); err != nil {
		t.Fatal(err)
	}
	holds(t, s, "none-2", "")
	if _, err := read(t, s, "none", 0, 1); !errors.Is(err, object.ErrRefused) {
		t.Errorf("a byte of nothing: %v", err)
	}
}

func badKeys(t *testing.T, s object.Store) {
	bad := []string{
		"", "/", "/a", "a/", "a//b", ".", "..", "../a", "a/..", "a/../b", "a/./b", ".hidden", "a/.b", ".part/x", "-a", "a\\b", "a b", "a\nb", "a\x00b", "工会",
		"a?b", "a#b", "a%2e", "~", "a*", strings.Repeat("x", 201), strings.Repeat("a/", 256) + "b",
	}
	for _, key := range bad {
		for op, err := range map[string]error{
			"put":    s.Put(t.Context(), key, strings.NewReader("x"), 1),
			"delete": s.Delete(t.Context(), key),
			"get":    func() error { _, err := s.Get(t.Context(), key, 0, -1); return err }(),
			"stat":   func() error { _, err := s.Stat(t.Context(), key); return err }(),
		} {
			if !errors.Is(err, object.ErrRefused) {
				t.Errorf("%s %q: %v, want refused", op, key, err)
			}
		}
	}
	for _, prefix := range []string{"..", "/", "a//", "工", "a/../", strings.Repeat("x", 600)} {
		if _, _, err := s.List(t.Context(), prefix, "", 0); !errors.Is(err, object.ErrRefused) {
			t.Errorf("list %q: %v, want refused", prefix, err)
		}
	}
	if page, _, err := s.List(t.Context(), "", "", 0); err != nil || len(page) > 0 {
		t.Errorf("then there is %v %v", page, err)
	}
}

func ranges(t *testing.T, s object.Store) {
	text := "0123456789"
	put(t, s, "digits", text)
	for _, c := range []struct {
		offset, length int64
		want           string
		kind           error
	}{
		{0, -1, text, nil},
		{0, 1, "0", nil},
		{0, 10, text, nil},
		{0, 100, text, nil},
		{3, 4, "3456", nil},
		{3, -1, "3456789", nil},
		{9, 1, "9", nil},
		{9, 1 << 40, "9", nil},
		{10, -1, "", object.ErrRefused},
		{11, 1, "", object.ErrRefused},
		{-1, 1, "", object.ErrRefused},
		{0, 0, "", object.ErrRefused},
		{0, -2, "", object.ErrRefused},
	} {
		got, err := read(t, s, "digits", c.offset, c.length)
		if got != c.want || !errors.Is(err, c.kind) {
			t.Errorf("%d+%d reads %q, %v; want %q, %v", c.offset, c.length, got, err, c.want, c.kind)
		}
	}
}

// all walks through the pages.
func all(t *testing.T, s object.Store, prefix string, limit int) (keys []string, pages int) {
	t.Helper()
	for after := ""; ; pages++ {
		page, next, err := s.List(t.Context(), prefix, after, limit)
		if err != nil {
			t.Fatal(err)
		}
		if len(page) > limit && limit > 0 || len(page) > object.MaxPage {
			t.Fatalf("a page of %d", len(page))
		}
		for _, info := range page {
			keys = append(keys, info.Key)
		}
		if next == "" {
			return keys, pages + 1
		}
		if next <= after || len(page) == 0 {
			t.Fatalf("after %q comes %q, with %d objects", after, next, len(page))
		}
		after = next
	}
}

// A folder sorts by its name with the slash: "a.b" and "a-b" come before "a/b".
func order(t *testing.T, s object.Store) {
	keys := []string{"a+b", "a-b/c", "a.b", "a/b", "a/b.c", "a/c/d/e", "a0", "aa", "b"}
	for _, i := range rand.Perm(len(keys)) {
		put(t, s, keys[i], keys[i])
	}
	for _, prefix := range []string{"", "a", "a/", "a/b", "a-b", "a-b/", "a/c/d", "b", "c"} {
		var want []string
		for _, k := range keys {
			if strings.HasPrefix(k, prefix) {
				want = append(want, k)
			}
		}
		for _, limit := range []int{0, 1, 2, 3, len(keys)} {
			if got, _ := all(t, s, prefix, limit); !slices.Equal(got, want) {
				t.Errorf("prefix %q by %d: %v, want %v", prefix, limit, got, want)
			}
		}
	}
	// What follows a key need not be asked for by one that is there.
	page, next, err := s.List(t.Context(), "", "a-zzz", 2)
	if err != nil || len(page) != 2 || page[0].Key != "a.b" || page[0].Size != 3 || next != "a/b" {
		t.Errorf("after a-zzz: %v %q %v", page, next, err)
	}
}

func manyKeys(t *testing.T, s object.Store) {
	const n = 1203
	var want []string
	var g sync.WaitGroup
	for i := range n {
		want = append(want, fmt.Sprintf("m/%02d/%04d", i/100, i))
	}
	for part := range slices.Chunk(want, 151) {
		g.Go(func() {
			for _, key := range part {
				if err := s.Put(t.Context(), key, strings.NewReader(key), -1); err != nil {
					t.Error(err)
				}
			}
		})
	}
	g.Wait()
	got, pages := all(t, s, "m/", 0)
	if !slices.Equal(got, want) || pages != 3 {
		t.Errorf("%d keys on %d pages, want %d on 3", len(got), pages, n)
	}
	if got, _ := all(t, s, "m/0", 7); len(got) != 1000 {
		t.Errorf("%d keys begin with m/0", len(got))
	}
	if page, _, err := s.List(t.Context(), "m/", "", 100_000); err != nil || len(page) != object.MaxPage {
		t.Errorf("a page of %d, %v", len(page), err)
	}
}

func wrongSizes(t *testing.T, s object.Store) {
	put(t, s, "kept", "as it was")
	for _, size := range []int64{0, 3, 5, 1 << 30} {
		if err := s.Put(t.Context(), "kept", strings.NewReader("four"), size); !errors.Is(err, object.ErrRefused) {
			t.Errorf("four bytes as %d: %v", size, err)
		}
		if err := s.Put(t.Context(), "new", strings.NewReader("four"), size); !errors.Is(err, object.ErrRefused) {
			t.Errorf("four bytes as %d: %v", size, err)
		}
	}
	holds(t, s, "kept", "as it was")
	absent(t, s, "new")
}

// generated is a stream of left bytes that nobody has to hold, and then of an error; watch is called at each read.
type generated struct {
	left  int64
	state *rand.ChaCha8
	then  error
	watch func()
}

func generate(n int64, then error, watch func()) *generated {
	return &generated{n, rand.NewChaCha8([32]byte{7}), then, watch}
}

func (g *generated) Read(p []byte) (int, error) {
	if g.left == 0 {
		return 0, g.then
	}
	p = p[:min(int64(len(p)), g.left, 1<<20)]
	_, _ = g.state.Read(p)
	g.left -= int64(len(p))
	g.watch()
	return len(p), nil
}

// What breaks on its way leaves nothing to be seen, and what was there before stays: small, in the first part, after some.
func brokenUpload(t *testing.T, s object.Store) {
	put(t, s, "kept", "as it was")
	broken := errors.New("the disk of the sender broke")
	for _, n := range []int64{0, 100, 10 << 20, 40 << 20} {
		for _, size := range []int64{-1, n + 1} {
			for _, key := range []string{"kept", "new"} {
				err := s.Put(t.Context(), key, generate(n, broken, func() {}), size)
				if !errors.Is(err, broken) || errors.Is(err, object.ErrUnreachable) {
					t.Errorf("broken after %d bytes: %v", n, err)
				}
			}
			ctx, cancel := context.WithCancel(t.Context())
			left := n
			err := s.Put(ctx, "new", generate(n+1, io.EOF, func() {
				if left -= 1 << 20; left <= 0 {
					cancel()
				}
			}), size)
			cancel()
			if !errors.Is(err, context.Canceled) || errors.Is(err, object.ErrUnreachable) {
				t.Errorf("cancelled after %d bytes: %v", n, err)
			}
			if err := s.Put(t.Context(), "new", generate(n, io.ErrUnexpectedEOF, func() {}), -1); !errors.Is(err, io.ErrUnexpectedEOF) {
				t.Errorf("cut off after %d bytes: %v", n, err)
			}
		}
	}
	holds(t, s, "kept", "as it was")
	absent(t, s, "new")
}

// 64 MB travel through a few parts' memory, told and untold.
func largeObject(t *testing.T, s object.Store) {
	const size = 64<<20 + 12345
	const part = 16 << 20
	h := sha256.New()
	if _, err := io.Copy(h, generate(size, io.EOF, func() {})); err != nil {
		t.Fatal(err)
	}
	want := h.Sum(nil)
	var base, peak uint64
	heap := func() uint64 {
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	watch := func() { peak = max(peak, heap()) }
	for _, told := range []int64{size, -1} {
		runtime.GC()
		base, peak = heap(), 0
		began := time.Now()
		if err := s.Put(t.Context(), "large", generate(size, io.EOF, watch), told); err != nil {
			t.Fatal(err)
		}
		written := time.Since(began)
		runtime.GC()
		h.Reset()
		r, err := s.Get(t.Context(), "large", 0, -1)
		if err != nil {
			t.Fatal(err)
		}
		n, err := io.CopyBuffer(h, onlyReader{io.TeeReader(r, watcher(watch))}, make([]byte, 1<<20))
		if err != nil || n != size || !bytes.Equal(h.Sum(nil), want) {
			t.Errorf("%d bytes came back, the same: %t, %v", n, bytes.Equal(h.Sum(nil), want), err)
		}
		if err := r.Close(); err != nil {
			t.Error(err)
		}
		grown := int64(peak) - int64(base)
		t.Logf("size %d: written in %s, read in %s, heap grew by %.1f MB", told, written.Round(time.Millisecond), (time.Since(began) - written).Round(time.Millisecond), float64(grown)/(1<<20))
		if grown > 2*part {
			t.Errorf("the heap grew by %d MB for an object of %d MB", grown>>20, size>>20)
		}
	}
	if got, err := read(t, s, "large", size-3, -1); err != nil || len(got) != 3 {
		t.Errorf("the last bytes: %d, %v", len(got), err)
	}
	if got, err := read(t, s, "large", part-2, 4); err != nil || len(got) != 4 {
		t.Errorf("across two parts: %d, %v", len(got), err)
	}
	// Exactly one part, and the byte around it.
	for _, n := range []int64{part - 1, part, part + 1, 2 * part} {
		for _, told := range []int64{n, -1} {
			if err := s.Put(t.Context(), "edge", generate(n, io.EOF, func() {}), told); err != nil {
				t.Fatal(err)
			}
			if info, err := s.Stat(t.Context(), "edge"); err != nil || info.Size != n {
				t.Errorf("%d bytes became %d, %v", n, info.Size, err)
			}
		}
	}
}

type onlyReader struct{ io.Reader }

type watcher func()

func (w watcher) Write(p []byte) (int, error) {
	w()
	return len(p), nil
}

// Writers of one key do not mix, readers see one of the versions, and neighbours are left alone.
func concurrency(t *testing.T, s object.Store) {
	version := func(i int) string { return strings.Repeat(string(rune('a'+i)), 40_000+i) }
	put(t, s, "one", version(0))
	var writers, readers sync.WaitGroup
	stop := make(chan struct{})
	for i := range 6 {
		writers.Go(func() {
			for n := range 8 {
				if err := s.Put(t.Context(), "one", strings.NewReader(version(i)), -1); err != nil {
					t.Error(err)
				}
				own := fmt.Sprintf("own/%d/%d", i, n)
				if err := s.Put(t.Context(), own, strings.NewReader(own), int64(len(own))); err != nil {
					t.Error(err)
				}
				if n%2 == 1 {
					if err := s.Delete(t.Context(), own); err != nil {
						t.Error(err)
					}
				}
			}
		})
	}
	seen := make([]int, 3)
	for i := range seen {
		readers.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				got, err := read(t, s, "one", 0, -1)
				if err != nil || got == "" || got != version(int(got[0]-'a')) {
					t.Errorf("read %d bytes, %v", len(got), err)
					return
				}
				if _, _, err := s.List(t.Context(), "own", "", 0); err != nil {
					t.Error(err)
				}
				seen[i]++
			}
		})
	}
	writers.Wait()
	close(stop)
	readers.Wait()
	if slices.Min(seen) == 0 {
		t.Errorf("readers got %v", seen)
	}
	if keys, _ := all(t, s, "own/", 0); len(keys) != 6*4 {
		t.Errorf("%d objects are left: %v", len(keys), keys)
	}
}

func cancelled(t *testing.T, s object.Store) {
	put(t, s, "there", strings.Repeat("x", 1<<20))
	ctx, cancel := context.WithCancel(t.Context())
	r, err := s.Get(ctx, "there", 0, -1)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if _, err := io.ReadFull(r, make([]byte, 10)); err != nil {
		t.Fatal(err)
	}
	cancel()
	if _, err := io.Copy(io.Discard, r); !errors.Is(err, context.Canceled) || errors.Is(err, object.ErrUnreachable) {
		t.Errorf("a read that was given up: %v", err)
	}
	if _, _, err := s.List(ctx, "", "", 0); !errors.Is(err, context.Canceled) {
		t.Errorf("a list that was given up: %v", err)
	}
	if err := s.Put(ctx, "late", strings.NewReader("x"), 1); !errors.Is(err, context.Canceled) {
		t.Errorf("a put that was given up: %v", err)
	}
	absent(t, s, "late")
}

func TestMain(m *testing.M) {
	if os.Getenv(uploader) != "" {
		uploadForEver()
	}
	os.Exit(m.Run())
}
