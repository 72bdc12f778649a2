// Package object keeps files: whole objects under keys, on a local disk or in a bucket that speaks S3. Both stores behave the
// same and pass the same tests. What is written is there whole or not at all, and nothing is dialled or opened before it is
// needed.
package object

import (
	"context"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"
	"time"
)

// What can be wrong with a store, for errors.Is.
var (
	ErrNotFound    = errors.New("not found")
	ErrRefused     = errors.New("refused")     // bad key or range, wrong size, no right, no such bucket: trying again does not help
	ErrUnreachable = errors.New("unreachable") // no answer, a broken connection, a full or failing disk: later it may work
)

// Store keeps objects. Its methods may be called at the same time. A failure is an *Error, which is one of ErrNotFound,
// ErrRefused and ErrUnreachable unless the caller's own context or reader is the cause.
type Store interface {
	// Put writes an object, in place of one that is there. It becomes visible when r has ended without an error and, with
	// size >= 0, after exactly size bytes; size -1 is not known. What is held of r in memory is bounded: 16 MiB, and more only
	// for objects above 160 GB.
	Put(ctx context.Context, key string, r io.Reader, size int64) error
	// Get reads length bytes from offset on, fewer where the object ends; length -1 reads to the end. A range that begins
	// behind the last byte is refused. The caller closes the reader.
	Get(ctx context.Context, key string, offset, length int64) (io.ReadCloser, error)
	Stat(ctx context.Context, key string) (Info, error)
	// List returns the objects whose keys begin with prefix and follow after, in the order of their bytes: at most limit of
	// them, and never more than MaxPage, which 0 also stands for. When there are more, next is what after has to be for them.
	List(ctx context.Context, prefix, after string, limit int) (page []Info, next string, err error)
	// Delete removes an object; one that is not there is no error.
	Delete(ctx context.Context, key string) error
}

// Info is what a store knows of an object.
type Info struct {
	Key      string
	Size     int64 // bytes
	Modified time.Time
}

// MaxPage bounds a page of List.
const MaxPage = 500

// MaxKey bounds a key, in bytes; S3 takes 1,024, and what stands above a store adds its prefix.
const MaxKey = 512

// Error says what was tried with which key and why it failed.
type Error struct {
	Op, Key string
	Kind    error // ErrNotFound, ErrRefused, ErrUnreachable; nil when the caller's context or reader is the cause
	Cause   error // may be nil
}

func (e *Error) Error() string {
	parts := []string{"object store: " + e.Op + " " + e.Key}
	for _, err := range []error{e.Kind, e.Cause} {
		if err != nil {
			parts = append(parts, err.Error())
		}
	}
	return strings.Join(parts, ": ")
}

func (e *Error) Unwrap() []error {
	var all []error
	for _, err := range []error{e.Kind, e.Cause} {
		if err != nil {
			all = append(all, err)
		}
	}
	return all
}

func refused(op, key, why string, args ...any) error {
	return &Error{Op: op, Key: key, Kind: ErrRefused, Cause: fmt.Errorf(why, args...)}
}

// A segment begins with a letter or digit, so that neither "..", nor hidden or temporary names are keys; 200 bytes leave room
// below the 255 of a file name.
var (
	keyForm    = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._=@+-]{0,199}(/[A-Za-z0-9][A-Za-z0-9._=@+-]{0,199})*$`)
	prefixForm = regexp.MustCompile(`^([A-Za-z0-9][A-Za-z0-9._=@+-]{0,199}/?)*$`)
)

// CheckKey tells whether a key can be used: up to MaxKey bytes; segments of letters, digits and . _ = @ + - between slashes,
// each beginning with a letter or digit and up to 200 bytes long. No key may be another one's folder: a disk has no place for
// both "a" and "a/b".
func CheckKey(key string) error {
	if len(key) > MaxKey || !keyForm.MatchString(key) {
		return fmt.Errorf("%.80q is no key of an object", key)
	}
	return nil
}

func checkKey(op, key string) error {
	if err := CheckKey(key); err != nil {
		return &Error{Op: op, Kind: ErrRefused, Cause: err}
	}
	return nil
}

func checkRange(key string, offset, length int64) error {
	if offset < 0 || length == 0 || length < -1 {
		return refused("get", key, "%d bytes from %d on are no range", length, offset)
	}
	return nil
}

func checkList(prefix, after string, limit int) (int, error) {
	if len(prefix) > MaxKey || !prefixForm.MatchString(prefix) {
		return 0, refused("list", "", "%.80q begins no key", prefix)
	}
	if len(after) > 2*MaxKey {
		return 0, refused("list", prefix, "the page token is too long")
	}
	if limit <= 0 || limit > MaxPage {
		limit = MaxPage
	}
	return limit, nil
}

// source is what Put reads: it ends with the context, and it has to have the size that was said.
type source struct {
	ctx  context.Context
	r    io.Reader
	size int64 // -1: not known
	n    int64
	err  error // why it could not be read; the fault is not the store's
}

func (s *source) Read(p []byte) (int, error) {
	if s.err == nil {
		s.err = s.ctx.Err()
	}
	if s.err != nil {
		return 0, s.err
	}
	n, err := s.r.Read(p)
	s.n += int64(n)
	switch {
	case s.size >= 0 && s.n > s.size:
		err = fmt.Errorf("%w: longer than the %d bytes that were said", ErrRefused, s.size)
	case s.size >= 0 && s.n < s.size && err == io.EOF:
		err = fmt.Errorf("%w: ended after %d of %d bytes", ErrRefused, s.n, s.size)
	}
	if err != nil && err != io.EOF {
		s.err = err
	}
	return n, err
}
