package object

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"
)

const (
	// partSize is what travels, and is tried again, at a time. S3 wants at least 5 MiB.
	partSize = 16 << 20
	// maxParts is S3's bound; an object whose size is not told beforehand ends at 160 GB.
	maxParts = 10_000
	// tries of a request, with growing random pauses up to a second between them.
	tries = 4
	// silence is how long a server may say nothing.
	silence = 2 * time.Minute
)

// Config is a bucket of a server that speaks S3.
type Config struct {
	Endpoint  string // host:port, or a host
	Bucket    string // it has to be there
	AccessKey string
	SecretKey string
	Region    string // us-east-1 when empty
	Plain     bool   // no TLS: for a server on the same machine or network
	// Silence is how long the server may say nothing in the middle of a request; two minutes when 0.
	Silence time.Duration
}

// String leaves the keys out.
func (c Config) String() string {
	scheme := "https"
	if c.Plain {
		scheme = "http"
	}
	return fmt.Sprintf("bucket %s at %s://%s", c.Bucket, scheme, c.Endpoint)
}

// S3 keeps objects in a bucket. Large ones travel in parts, each with its digest; an upload that fails is taken back, one whose
// process was killed stays invisible until the bucket's rule for unfinished uploads removes it.
type S3 struct {
	config Config
	core   *minio.Core
}

// NewS3 checks the settings and dials nobody.
func NewS3(c Config) (*S3, error) {
	if c.Silence == 0 {
		c.Silence = silence
	}
	if c.Region == "" {
		c.Region = "us-east-1" // a region that is known is not asked for
	}
	dialer := &net.Dialer{Timeout: 5 * time.Second, KeepAlive: 30 * time.Second}
	core, err := minio.NewCore(c.Endpoint, &minio.Options{
		Creds: credentials.NewStaticV4(c.AccessKey, c.SecretKey, ""), Secure: !c.Plain, Region: c.Region,
		BucketLookup: minio.BucketLookupPath, MaxRetries: tries,
		Transport: &http.Transport{
			Proxy: http.ProxyFromEnvironment,
			DialContext: func(ctx context.Context, network, addr string) (net.Conn, error) {
				conn, err := dialer.DialContext(ctx, network, addr)
				if err != nil {
					return nil, err
				}
				return &watched{conn, c.Silence}, nil
			},
			TLSHandshakeTimeout: 10 * time.Second, IdleConnTimeout: time.Minute, MaxIdleConnsPerHost: 16, DisableCompression: true,
		},
	})
	if err != nil {
		return nil, fmt.Errorf("endpoint of the object store: %w", err)
	}
	return &S3{c, core}, nil
}

func (s *S3) String() string { return s.config.String() }

// watched ends a connection on which nothing moves.
type watched struct {
	net.Conn
	silence time.Duration
}

func (w *watched) Read(p []byte) (int, error) {
	if err := w.SetDeadline(time.Now().Add(w.silence)); err != nil {
		return 0, err
	}
	return w.Conn.Read(p)
}

func (w *watched) Write(p []byte) (int, error) {
	if err := w.SetDeadline(time.Now().Add(w.silence)); err != nil {
		return 0, err
	}
	return w.Conn.Write(p)
}

// fault gives what the server or the way to it said its name.
func (s *S3) fault(ctx context.Context, op, key string, err error) error {
	if ctx.Err() != nil {
		return &Error{Op: op, Key: key, Cause: ctx.Err()}
	}
	e := &Error{Op: op, Key: key, Kind: ErrUnreachable, Cause: err}
	var r minio.ErrorResponse
	if !errors.As(err, &r) {
		return e
	}
	e.Cause = fmt.Errorf("%s: %s (status %d)", r.Code, r.Error(), r.StatusCode)
	switch {
	case r.Code == minio.NoSuchKey || r.Code == "NotFound":
		e.Kind, e.Cause = ErrNotFound, nil
	case r.StatusCode >= 400 && r.StatusCode < 500 && r.StatusCode != http.StatusRequestTimeout && r.StatusCode != http.StatusTooManyRequests:
		e.Kind = ErrRefused
	}
	return e
}

// Put implements Store.
func (s *S3) Put(ctx context.Context, key string, r io.Reader, size int64) error {
	if err := checkKey("put", key); err != nil {
		return err
	}
	src := &source{ctx: ctx, r: r, size: size}
	err := s.put(ctx, key, src)
	switch {
	case src.err != nil:
		return &Error{Op: "put", Key: key, Cause: src.err}
	case err != nil:
		return s.fault(ctx, "put", key, err)
	}
	return nil
}

func (s *S3) put(ctx context.Context, key string, src *source) error {
	part := max(partSize, (src.size+maxParts-1)/maxParts)
	// Most objects are small: a whole part's memory is taken for those that fill the first 64 KiB, or say that they will.
	p := make([]byte, 64<<10)
	if src.size >= 0 {
		p = make([]byte, min(src.size+1, part)) // one more: the end is seen
	}
	n, end, err := fill(src, p)
	if err == nil && !end && int64(len(p)) < part {
		p = append(make([]byte, 0, part), p...)[:part]
		var more int
		more, end, err = fill(src, p[n:])
		n += more
	}
	if err != nil {
		return err
	}
	if !end {
		return s.parts(ctx, key, src, p)
	}
	sum := sha256.Sum256(p[:n])
	_, err = s.core.PutObject(ctx, s.config.Bucket, key, bytes.NewReader(p[:n]), int64(n), "", hex.EncodeToString(sum[:]), minio.PutObjectOptions{DisableContentSha256: true})
	return err
}

// parts sends a first part that p holds, and what else src has.
func (s *S3) parts(ctx context.Context, key string, src *source, p []byte) (err error) {
	bucket := s.config.Bucket
	upload, err := s.core.NewMultipartUpload(ctx, bucket, key, minio.PutObjectOptions{})
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
			defer cancel()
			_ = s.core.AbortMultipartUpload(ctx, bucket, key, upload) // what fails here is left to the bucket's rule
		}
	}()
	var sent []minio.CompletePart
	for n, end := len(p), false; n > 0; {
		if len(sent) == maxParts {
			return minio.ErrorResponse{Code: "EntityTooLarge", StatusCode: http.StatusRequestEntityTooLarge, Message: fmt.Sprintf("more than %d parts of %d bytes", maxParts, len(p))}
		}
		sum := sha256.Sum256(p[:n])
		done, err := s.core.PutObjectPart(ctx, bucket, key, upload, len(sent)+1, bytes.NewReader(p[:n]), int64(n),
			minio.PutObjectPartOptions{Sha256Hex: hex.EncodeToString(sum[:]), DisableContentSha256: true})
		if err != nil {
			return err
		}
		sent = append(sent, minio.CompletePart{PartNumber: done.PartNumber, ETag: done.ETag})
		if n = 0; !end {
			if n, end, err = fill(src, p); err != nil {
				return err
			}
		}
	}
	_, err = s.core.CompleteMultipartUpload(ctx, bucket, key, upload, sent, minio.PutObjectOptions{})
	return err
}

// fill reads until p is full or r ends. Unlike io.ReadFull it tells the end from a source that ended too early.
func fill(r io.Reader, p []byte) (n int, end bool, err error) {
	for n < len(p) {
		m, err := r.Read(p[n:])
		n += m
		if err == io.EOF {
			return n, true, nil
		}
		if err != nil {
			return n, false, err
		}
	}
	return n, false, nil
}

// Get implements Store.
func (s *S3) Get(ctx context.Context, key string, offset, length int64) (io.ReadCloser, error) {
	if err := checkKey("get", key); err != nil {
		return nil, err
	}
	if err := checkRange(key, offset, length); err != nil {
		return nil, err
	}
	var o minio.GetObjectOptions
	switch {
	case length > 0:
		o.Set("Range", fmt.Sprintf("bytes=%d-%d", offset, offset+length-1))
	case offset > 0:
		o.Set("Range", fmt.Sprintf("bytes=%d-", offset))
	}
	r, _, _, err := s.core.GetObject(ctx, s.config.Bucket, key, o)
	if err != nil {
		return nil, s.fault(ctx, "get", key, err)
	}
	return &body{Reader: r, close: r.Close, ctx: ctx, key: key}, nil
}

// Stat implements Store.
func (s *S3) Stat(ctx context.Context, key string) (Info, error) {
	if err := checkKey("stat", key); err != nil {
		return Info{}, err
	}
	o, err := s.core.StatObject(ctx, s.config.Bucket, key, minio.StatObjectOptions{})
	if err != nil {
		return Info{}, s.fault(ctx, "stat", key, err)
	}
	return Info{Key: key, Size: o.Size, Modified: o.LastModified}, nil
}

// List implements Store.
func (s *S3) List(ctx context.Context, prefix, after string, limit int) ([]Info, string, error) {
	limit, err := checkList(prefix, after, limit)
	if err != nil {
		return nil, "", err
	}
	owner := false
	var page []Info
	for o := range s.core.ListObjectsIter(ctx, s.config.Bucket, minio.ListObjectsOptions{
		Prefix: prefix, Recursive: true, StartAfter: after, MaxKeys: limit + 1, FetchOwner: &owner,
	}) {
		if o.Err != nil {
			return nil, "", s.fault(ctx, "list", prefix, o.Err)
		}
		if CheckKey(o.Key) != nil {
			continue // somebody else's, as the marks of folders that consoles make
		}
		if len(page) == limit {
			return page, page[limit-1].Key, nil
		}
		page = append(page, Info{Key: o.Key, Size: o.Size, Modified: o.LastModified})
	}
	if err := ctx.Err(); err != nil {
		return nil, "", s.fault(ctx, "list", prefix, err)
	}
	return page, "", nil
}

// Delete implements Store.
func (s *S3) Delete(ctx context.Context, key string) error {
	if err := checkKey("delete", key); err != nil {
		return err
	}
	err := s.core.RemoveObject(ctx, s.config.Bucket, key, minio.RemoveObjectOptions{})
	if err != nil {
		if err = s.fault(ctx, "delete", key, err); errors.Is(err, ErrNotFound) {
			return nil
		}
	}
	return err
}
