package object_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"gonghui/media/object"
	"gonghui/media/object/s3test"
)

// every tries each method of a store with one key.
func every(t *testing.T, s object.Store) map[string]error {
	_, stat := s.Stat(t.Context(), "key")
	_, get := s.Get(t.Context(), "key", 0, -1)
	_, _, list := s.List(t.Context(), "", "", 0)
	return map[string]error{
		"put": s.Put(t.Context(), "key", strings.NewReader("x"), 1), "put large": s.Put(t.Context(), "key", generate(20<<20, io.EOF, func() {}), -1),
		"stat": stat, "get": get, "list": list, "delete": s.Delete(t.Context(), "key"),
	}
}

func open(t *testing.T, c object.Config) *object.S3 {
	t.Helper()
	s, err := object.NewS3(c)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// A server that refuses or is not there is told apart, and no error or print shows a secret.
func TestS3Refusals(t *testing.T) {
	server := s3test.Start(t)
	c := server.Bucket(t, "bucket")
	check := func(t *testing.T, c object.Config, kind error) {
		t.Helper()
		s := open(t, c)
		texts := []string{fmt.Sprint(s), fmt.Sprintf("%+v %v", c, c)}
		for op, err := range every(t, s) {
			if !errors.Is(err, kind) {
				t.Errorf("%s: %v, want %v", op, err, kind)
			}
			texts = append(texts, fmt.Sprintf("%v %+v", err, err))
		}
		for _, text := range texts {
			if strings.Contains(text, c.SecretKey) || strings.Contains(text, c.AccessKey) {
				t.Errorf("a secret shows: %s", text)
			}
		}
	}
	t.Run("wrong secret", func(t *testing.T) {
		c := c
		c.SecretKey = "another-secret"
		check(t, c, object.ErrRefused)
	})
	t.Run("unknown key", func(t *testing.T) {
		c := c
		c.AccessKey = "stranger"
		s := open(t, c)
		for op, err := range every(t, s) {
			if op != "stat" && !errors.Is(err, object.ErrRefused) { // this server answers HEAD with a bare 404
				t.Errorf("%s: %v, want refused", op, err)
			}
		}
	})
	t.Run("wrong protocol", func(t *testing.T) {
		c := c
		c.Plain = false
		check(t, c, object.ErrUnreachable)
	})
	t.Run("no bucket", func(t *testing.T) {
		c := c
		c.Bucket = "elsewhere"
		s := open(t, c)
		if err := s.Put(t.Context(), "key", strings.NewReader("x"), 1); !errors.Is(err, object.ErrRefused) {
			t.Errorf("put: %v", err)
		}
		if _, _, err := s.List(t.Context(), "", "", 0); !errors.Is(err, object.ErrRefused) {
			t.Errorf("list: %v", err)
		}
	})
	t.Run("server gone and back", func(t *testing.T) {
		s := open(t, c)
		put(t, s, "stays", "x")
		server.Stop()
		check(t, c, object.ErrUnreachable)
		if _, err := s.Stat(t.Context(), "stays"); !errors.Is(err, object.ErrUnreachable) {
			t.Errorf("of an open store: %v", err)
		}
		server.Run(t)
		holds(t, s, "stays", "x")
	})
	t.Run("server gone in the middle", func(t *testing.T) {
		s := open(t, c)
		put(t, s, "half", strings.Repeat("x", 32<<20))
		n := 0
		err := s.Put(t.Context(), "half", generate(64<<20, io.EOF, func() {
			if n++; n == 40 {
				server.Stop()
			}
		}), -1)
		if !errors.Is(err, object.ErrUnreachable) {
			t.Errorf("upload: %v", err)
		}
		server.Run(t)
		r, err := s.Get(t.Context(), "half", 0, -1)
		if err != nil {
			t.Fatal(err)
		}
		defer r.Close()
		if _, err := io.ReadFull(r, make([]byte, 1<<20)); err != nil {
			t.Fatal(err)
		}
		server.Stop()
		if n, err := io.Copy(io.Discard, r); !errors.Is(err, object.ErrUnreachable) || errors.Is(err, io.EOF) {
			t.Errorf("download: %d more bytes, %v", n, err)
		}
	})
}

// A server that takes the connection and says nothing is given up after the time of silence.
func TestS3Silence(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	s := open(t, object.Config{Endpoint: l.Addr().String(), Bucket: "bucket", AccessKey: "a", SecretKey: "b", Plain: true, Silence: 50 * time.Millisecond})
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	if _, err := s.Stat(ctx, "key"); !errors.Is(err, object.ErrUnreachable) {
		t.Errorf("stat: %v", err)
	}
	if err := s.Put(ctx, "key", generate(20<<20, io.EOF, func() {}), -1); !errors.Is(err, object.ErrUnreachable) {
		t.Errorf("put: %v", err)
	}
}

func TestFromEnv(t *testing.T) {
	full := map[string]string{"ENDPOINT": "127.0.0.1:1", "BUCKET": "files", "ACCESS_KEY": "the-access-key", "SECRET_KEY": "the-secret-key"}
	for name, c := range map[string]struct {
		change map[string]string
		store  string
		fault  []string
	}{
		"all":          {nil, "bucket files at https://127.0.0.1:1", nil},
		"plain":        {map[string]string{"TLS": "0"}, "bucket files at http://127.0.0.1:1", nil},
		"tls":          {map[string]string{"TLS": "1", "REGION": "cn-north-1"}, "bucket files at https://127.0.0.1:1", nil},
		"prefix":       {map[string]string{"PREFIX": "unions/files"}, "bucket files at https://127.0.0.1:1, below unions/files/", nil},
		"none":         {map[string]string{"ENDPOINT": "", "BUCKET": "", "ACCESS_KEY": "", "SECRET_KEY": ""}, "folder here", nil},
		"no secret":    {map[string]string{"SECRET_KEY": ""}, "", []string{"not GONGHUI_S3_SECRET_KEY"}},
		"key alone":    {map[string]string{"ENDPOINT": "", "BUCKET": "", "SECRET_KEY": ""}, "", []string{"there is GONGHUI_S3_ACCESS_KEY", "GONGHUI_S3_ENDPOINT, GONGHUI_S3_BUCKET, GONGHUI_S3_SECRET_KEY"}},
		"prefix alone": {map[string]string{"ENDPOINT": "", "BUCKET": "", "ACCESS_KEY": "", "SECRET_KEY": "", "PREFIX": "x"}, "", []string{"GONGHUI_S3_ENDPOINT"}},
		"scheme":       {map[string]string{"ENDPOINT": "https://user:the-secret-key@host"}, "", []string{"GONGHUI_S3_ENDPOINT"}},
		"path":         {map[string]string{"ENDPOINT": "host/the-secret-key"}, "", []string{"GONGHUI_S3_ENDPOINT"}},
		"bucket":       {map[string]string{"BUCKET": "The-Access-Key/"}, "", []string{"GONGHUI_S3_BUCKET"}},
		"bad tls":      {map[string]string{"TLS": "the-secret-key"}, "", []string{"GONGHUI_S3_TLS"}},
		"bad prefix":   {map[string]string{"PREFIX": "/the-secret-key/"}, "", []string{"GONGHUI_S3_PREFIX"}},
	} {
		t.Run(name, func(t *testing.T) {
			for _, v := range []string{"ENDPOINT", "BUCKET", "ACCESS_KEY", "SECRET_KEY", "REGION", "PREFIX", "TLS"} {
				value := full[v]
				if changed, ok := c.change[v]; ok {
					value = changed
				}
				t.Setenv("GONGHUI_S3_"+v, value)
			}
			s, err := object.FromEnv("here") // dials nobody: nothing listens there
			if c.fault == nil {
				if err != nil || fmt.Sprint(s) != c.store {
					t.Errorf("%v, %v; want %s", s, err, c.store)
				}
				return
			}
			if err == nil {
				t.Fatalf("it is taken as %v", s)
			}
			for _, part := range c.fault {
				if !strings.Contains(err.Error(), part) {
					t.Errorf("%v does not say %q", err, part)
				}
			}
			if strings.Contains(strings.ToLower(err.Error()), "the-") {
				t.Errorf("a value shows: %v", err)
			}
		})
	}
}
