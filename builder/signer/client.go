package signer

import (
	"bytes"
	"context"
	"crypto"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"time"

	"gonghui/builder/sign"
)

// What an answer can be short of, for errors.Is.
var (
	ErrAway    = errors.New("the signer does not answer")
	ErrRefused = errors.New("the signer refuses") // a text that does not open, a digest of the wrong length: trying again does not help
)

// patience is how long a signer may take: keys are made in some tenths of a second, or some seconds on a busy machine.
const patience = 20 * time.Second

// Client asks a signer. It dials when it is first used, and its methods may be called at the same time.
type Client struct {
	http *http.Client
}

// Dial makes the client of the signer behind a socket.
func Dial(socket string) *Client {
	return &Client{&http.Client{Timeout: patience, Transport: &http.Transport{
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			return (&net.Dialer{}).DialContext(ctx, "unix", socket)
		},
		MaxIdleConns: 8, MaxIdleConnsPerHost: 8, IdleConnTimeout: time.Minute,
	}}}
}

func (c *Client) ask(ctx context.Context, method, path string, q *question) (*answer, error) {
	raw, err := json.Marshal(q)
	if err != nil {
		return nil, err
	}
	req, err := http.NewRequestWithContext(ctx, method, "http://signer/"+path, bytes.NewReader(raw))
	if err != nil {
		return nil, err
	}
	resp, err := c.http.Do(req)
	if err != nil {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		return nil, fmt.Errorf("%w: %s: %w", ErrAway, path, err)
	}
	defer resp.Body.Close()
	a := &answer{}
	if err := json.NewDecoder(io.LimitReader(resp.Body, 1<<20)).Decode(a); err != nil {
		return nil, fmt.Errorf("%w: %s: %w", ErrAway, path, err)
	}
	if resp.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%w: %s: %s", ErrRefused, path, a.Error)
	}
	return a, nil
}

// Health reports that the signer answers.
func (c *Client) Health(ctx context.Context) error {
	_, err := c.ask(ctx, http.MethodGet, "health", &question{})
	return err
}

// Make makes a key ahead: it belongs to nobody until Adopt.
func (c *Client) Make(ctx context.Context) (sealed string, err error) {
	a, err := c.ask(ctx, http.MethodPost, "make", &question{})
	if err != nil {
		return "", err
	}
	return a.Sealed, nil
}

// Adopt gives a key that was made ahead to an owner, with a certificate in DER in that name.
func (c *Client) Adopt(ctx context.Context, sealed, owner, name string) (owned string, certificate []byte, err error) {
	a, err := c.ask(ctx, http.MethodPost, "adopt", &question{Sealed: sealed, Owner: owner, Name: name})
	if err != nil {
		return "", nil, err
	}
	return a.Sealed, a.Certificate, nil
}

// Export is the owner's key as a PKCS #12 file under a password.
func (c *Client) Export(ctx context.Context, owner, sealed string, certificate []byte, password string) ([]byte, error) {
	a, err := c.ask(ctx, http.MethodPost, "export", &question{Owner: owner, Sealed: sealed, Certificate: certificate, Password: password})
	if err != nil {
		return nil, err
	}
	return a.File, nil
}

// Renew seals a key anew with the signer's master key in use; the owner of one that was made ahead is "".
func (c *Client) Renew(ctx context.Context, owner, sealed string) (string, error) {
	if owner == "" {
		owner = spare
	}
	a, err := c.ask(ctx, http.MethodPost, "renew", &question{Owner: owner, Sealed: sealed})
	if err != nil {
		return "", err
	}
	return a.Sealed, nil
}

// Identity signs with the owner's key as long as ctx lasts.
func (c *Client) Identity(ctx context.Context, owner, sealed string, certificate []byte) (sign.Identity, error) {
	parsed, err := x509.ParseCertificate(certificate)
	if err != nil {
		return sign.Identity{}, fmt.Errorf("signer: certificate of %s: %w", owner, err)
	}
	return sign.Identity{Key: &key{ctx, c, owner, sealed, parsed.PublicKey}, Certificate: parsed}, nil
}

// key is a crypto.Signer whose private half is the signer's.
type key struct {
	ctx           context.Context
	client        *Client
	owner, sealed string
	public        crypto.PublicKey
}

func (k *key) Public() crypto.PublicKey { return k.public }

func (k *key) Sign(_ io.Reader, digest []byte, opts crypto.SignerOpts) ([]byte, error) {
	if opts.HashFunc() != crypto.SHA256 {
		return nil, fmt.Errorf("signer: %v digests are not signed", opts.HashFunc())
	}
	a, err := k.client.ask(k.ctx, http.MethodPost, "sign", &question{Owner: k.owner, Sealed: k.sealed, Digest: digest})
	if err != nil {
		return nil, err
	}
	return a.Signature, nil
}
