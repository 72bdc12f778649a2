package signer

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"gonghui/app/kit/crypt"
)

// What is asked and answered; every question has a path of its own and takes those fields that it needs.
type (
	question struct {
		Owner       string `json:"owner,omitempty"`
		Name        string `json:"name,omitempty"`
		Sealed      string `json:"sealed,omitempty"`
		Digest      []byte `json:"digest,omitempty"`
		Certificate []byte `json:"certificate,omitempty"`
		Password    string `json:"password,omitempty"`
	}
	answer struct {
		Sealed      string `json:"sealed,omitempty"`
		Certificate []byte `json:"certificate,omitempty"`
		Signature   []byte `json:"signature,omitempty"`
		File        []byte `json:"file,omitempty"`
		Error       string `json:"error,omitempty"`
	}
)

// maxQuestion bounds a question, in bytes: a sealed key is about 3 KB, a certificate 1 KB.
const maxQuestion = 64 << 10

// Listen opens the socket: 0600, so that only who runs the product may ask. What a killed process left in its place is removed; a
// socket that answers is somebody else's.
func Listen(path string) (net.Listener, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, err
	}
	if conn, err := net.Dial("unix", path); err == nil {
		_ = conn.Close()
		return nil, fmt.Errorf("signer: %s answers already: another signer runs", path)
	}
	if info, err := os.Lstat(path); err == nil && info.Mode()&os.ModeSocket == 0 {
		return nil, fmt.Errorf("signer: %s is there and no socket", path)
	}
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, err
	}
	// The socket gets its name when its rights are right: nobody else connects in between.
	next := path + ".next"
	_ = os.Remove(next)
	l, err := net.Listen("unix", next)
	if err != nil {
		return nil, fmt.Errorf("signer: %w", err)
	}
	l.(*net.UnixListener).SetUnlinkOnClose(false)
	if err = os.Chmod(next, 0o600); err == nil {
		err = os.Rename(next, path)
	}
	if err != nil {
		return nil, errors.Join(err, l.Close())
	}
	return l, nil
}

// Serve answers until ctx ends. Every use of a key is a line of the log: whose, what for, which digest; never a key or a password.
func Serve(ctx context.Context, l net.Listener, ring *crypt.Ring, log *slog.Logger) error {
	v := newVault(ring)
	mux := http.NewServeMux()
	on := func(path string, f func(*question) (*answer, error)) {
		mux.HandleFunc("POST /"+path, func(w http.ResponseWriter, r *http.Request) {
			q := &question{}
			status, a := http.StatusOK, &answer{}
			err := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxQuestion)).Decode(q)
			if err == nil {
				var got *answer
				if got, err = f(q); err == nil {
					a = got
				}
			}
			if err != nil {
				status, a.Error = http.StatusUnprocessableEntity, err.Error()
			}
			log.Info("signer", "act", path, "owner", q.Owner, "digest", hex.EncodeToString(q.Digest), "refused", a.Error)
			w.WriteHeader(status)
			_ = json.NewEncoder(w).Encode(a)
		})
	}
	on("make", func(*question) (*answer, error) {
		sealed, err := v.make()
		return &answer{Sealed: sealed}, err
	})
	on("adopt", func(q *question) (*answer, error) {
		sealed, certificate, err := v.adopt(q.Sealed, q.Owner, q.Name)
		return &answer{Sealed: sealed, Certificate: certificate}, err
	})
	on("sign", func(q *question) (*answer, error) {
		signature, err := v.digest(q.Owner, q.Sealed, q.Digest)
		return &answer{Signature: signature}, err
	})
	on("export", func(q *question) (*answer, error) {
		file, err := v.export(q.Owner, q.Sealed, q.Certificate, q.Password)
		return &answer{File: file}, err
	})
	on("renew", func(q *question) (*answer, error) {
		sealed, err := v.renew(q.Owner, q.Sealed)
		return &answer{Sealed: sealed}, err
	})
	mux.HandleFunc("GET /health", func(w http.ResponseWriter, _ *http.Request) {
		_ = json.NewEncoder(w).Encode(&answer{})
	})
	server := &http.Server{Handler: mux, ReadHeaderTimeout: 5 * time.Second, MaxHeaderBytes: 8 << 10}
	stopped := make(chan error, 1)
	go func() {
		<-ctx.Done()
		last, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
		defer cancel()
		stopped <- server.Shutdown(last)
	}()
	if err := server.Serve(l); !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("signer: %w", err)
	}
	return <-stopped
}
