package object

import (
	"context"
	"crypto/rand"
	"errors"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"
)

// unfinished is where objects are written before they get their name; no key begins with a dot.
const unfinished = ".part"

// abandoned is the time after which something unfinished is of a process that was killed.
const abandoned = 24 * time.Hour

// Local keeps objects as files below a folder: 0600 in folders of 0700, on the disk before Put returns. Links that lead out of
// the folder are not followed.
type Local struct {
	dir   string
	mu    sync.Mutex
	root  *os.Root // once there is a folder
	ready bool     // to be written to
}

// NewLocal keeps objects in dir, which the first Put makes.
func NewLocal(dir string) *Local { return &Local{dir: dir} }

func (l *Local) String() string { return "folder " + l.dir }

func (l *Local) open(write bool) (*os.Root, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if write && !l.ready {
		if err := os.MkdirAll(filepath.Join(l.dir, unfinished), 0o700); err != nil {
			return nil, err
		}
	}
	if l.root == nil {
		root, err := os.OpenRoot(l.dir)
		if err != nil {
			return nil, err
		}
		l.root = root
	}
	if write && !l.ready {
		sweep(l.root)
		l.ready = true
	}
	return l.root, nil
}

// sweep removes what killed processes left. It is housekeeping: what cannot be removed stays.
func sweep(root *os.Root) {
	entries, _ := fs.ReadDir(root.FS(), unfinished)
	for _, e := range entries {
		if info, err := e.Info(); err == nil && time.Since(info.ModTime()) > abandoned {
			_ = root.Remove(unfinished + "/" + e.Name())
		}
	}
}

// fault gives what the system said its name.
func (l *Local) fault(op, key string, err error) error {
	kind := ErrUnreachable
	switch {
	case errors.Is(err, syscall.ENOTDIR) || errors.Is(err, syscall.EISDIR) || errors.Is(err, syscall.EEXIST) || errors.Is(err, syscall.ENOTEMPTY):
		if kind = ErrRefused; op != "put" {
			kind = ErrNotFound
		}
	case errors.Is(err, fs.ErrNotExist):
		kind = ErrNotFound
	case errors.Is(err, fs.ErrPermission):
		kind = ErrRefused
	}
	return &Error{Op: op, Key: key, Kind: kind, Cause: err}
}

// Put implements Store.
func (l *Local) Put(ctx context.Context, key string, r io.Reader, size int64) error {
	if err := checkKey("put", key); err != nil {
		return err
	}
	src := &source{ctx: ctx, r: r, size: size}
	root, err := l.open(true)
	if err == nil {
		err = put(root, key, src)
	}
	switch {
	case src.err != nil:
		return &Error{Op: "put", Key: key, Cause: src.err}
	case err != nil:
		return l.fault("put", key, err)
	}
	return nil
}

func put(root *os.Root, key string, src io.Reader) (err error) {
	part := unfinished + "/" + rand.Text()
	f, err := root.OpenFile(part, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = f.Close()
			_ = root.Remove(part)
		}
	}()
	if _, err := io.Copy(f, src); err != nil {
		return err
	}
	if err := f.Sync(); err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	if err := root.MkdirAll(path.Dir(key), 0o700); err != nil {
		return err
	}
	if err := root.Rename(part, key); err != nil {
		return err
	}
	// The names have to outlive a power cut too: the file's, and those of folders that are new.
	for dir := path.Dir(key); ; dir = path.Dir(dir) {
		if err := syncDir(root, dir); err != nil || dir == "." {
			return err
		}
	}
}

func syncDir(root *os.Root, dir string) error {
	d, err := root.Open(dir)
	if err != nil {
		return err
	}
	defer d.Close()
	return d.Sync()
}

// Get implements Store.
func (l *Local) Get(ctx context.Context, key string, offset, length int64) (io.ReadCloser, error) {
	if err := checkKey("get", key); err != nil {
		return nil, err
	}
	if err := checkRange(key, offset, length); err != nil {
		return nil, err
	}
	root, err := l.open(false)
	if err != nil {
		return nil, l.fault("get", key, err)
	}
	f, err := root.Open(key)
	if err != nil {
		return nil, l.fault("get", key, err)
	}
	info, err := f.Stat()
	switch {
	case err != nil:
		err = l.fault("get", key, err)
	case !info.Mode().IsRegular():
		err = &Error{Op: "get", Key: key, Kind: ErrNotFound}
	case offset >= info.Size() && (offset > 0 || length > 0):
		err = refused("get", key, "the range begins at %d, the object has %d bytes", offset, info.Size())
	}
	if err != nil {
		_ = f.Close()
		return nil, err
	}
	if length < 0 || length > info.Size()-offset {
		length = info.Size() - offset
	}
	return &body{Reader: io.NewSectionReader(f, offset, length), close: f.Close, ctx: ctx, key: key}, nil
}

// body is what Get returns: it ends with the context, and its faults have names.
type body struct {
	io.Reader
	close func() error
	ctx   context.Context
	key   string
}

func (b *body) Read(p []byte) (int, error) {
	if err := b.ctx.Err(); err != nil {
		return 0, &Error{Op: "get", Key: b.key, Cause: err}
	}
	n, err := b.Reader.Read(p)
	if err != nil && err != io.EOF {
		failed := &Error{Op: "get", Key: b.key, Kind: ErrUnreachable, Cause: err}
		if b.ctx.Err() != nil {
			failed.Kind, failed.Cause = nil, b.ctx.Err()
		}
		err = failed
	}
	return n, err
}

func (b *body) Close() error { return b.close() }

// Stat implements Store.
func (l *Local) Stat(_ context.Context, key string) (Info, error) {
	if err := checkKey("stat", key); err != nil {
		return Info{}, err
	}
	root, err := l.open(false)
	if err != nil {
		return Info{}, l.fault("stat", key, err)
	}
	info, err := root.Stat(key)
	if err != nil {
		return Info{}, l.fault("stat", key, err)
	}
	if !info.Mode().IsRegular() {
		return Info{}, &Error{Op: "stat", Key: key, Kind: ErrNotFound}
	}
	return Info{Key: key, Size: info.Size(), Modified: info.ModTime()}, nil
}

// List implements Store.
func (l *Local) List(ctx context.Context, prefix, after string, limit int) ([]Info, string, error) {
	limit, err := checkList(prefix, after, limit)
	if err != nil {
		return nil, "", err
	}
	root, err := l.open(false)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, "", nil
	}
	if err != nil {
		return nil, "", l.fault("list", prefix, err)
	}
	w := walk{ctx: ctx, files: root.FS(), prefix: prefix, after: after, limit: limit}
	if err := w.dir(""); err != nil && err != fs.SkipAll {
		if ctx.Err() != nil {
			return nil, "", &Error{Op: "list", Key: prefix, Cause: ctx.Err()}
		}
		return nil, "", l.fault("list", prefix, err)
	}
	if len(w.found) > limit {
		return w.found[:limit], w.found[limit-1].Key, nil
	}
	return w.found, "", nil
}

// walk collects the files of a page, and one more when there is one.
type walk struct {
	ctx           context.Context
	files         fs.FS
	prefix, after string
	limit         int
	found         []Info
}

// dir goes through a folder, whose name has its slash, in the order of the keys.
func (w *walk) dir(name string) error {
	if err := w.ctx.Err(); err != nil {
		return err
	}
	entries, err := fs.ReadDir(w.files, path.Clean(name+"."))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	key := func(e fs.DirEntry) string {
		if e.IsDir() {
			return name + e.Name() + "/"
		}
		return name + e.Name()
	}
	slices.SortFunc(entries, func(a, b fs.DirEntry) int { return strings.Compare(key(a), key(b)) })
	for _, e := range entries {
		k := key(e)
		if e.IsDir() {
			relevant := strings.HasPrefix(k, w.prefix) || strings.HasPrefix(w.prefix, k)
			if relevant && !strings.HasPrefix(e.Name(), ".") && (k > w.after || strings.HasPrefix(w.after, k)) {
				if err := w.dir(k); err != nil {
					return err
				}
			}
			continue
		}
		if !e.Type().IsRegular() || !strings.HasPrefix(k, w.prefix) || k <= w.after || CheckKey(k) != nil {
			continue
		}
		info, err := e.Info()
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return err
		}
		w.found = append(w.found, Info{Key: k, Size: info.Size(), Modified: info.ModTime()})
		if len(w.found) > w.limit {
			return fs.SkipAll
		}
	}
	return nil
}

// Delete implements Store.
func (l *Local) Delete(_ context.Context, key string) error {
	if err := checkKey("delete", key); err != nil {
		return err
	}
	if _, err := l.Stat(context.Background(), key); errors.Is(err, ErrNotFound) {
		return nil
	}
	root, err := l.open(false)
	if err == nil {
		err = root.Remove(key)
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return l.fault("delete", key, err)
	}
	return nil
}
