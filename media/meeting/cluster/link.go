package cluster

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/hmac"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"time"
)

// secret is what nodes of one deployment know each other by: an Ed25519 key out of the deployment's secrets. Whoever can shake hands
// with it has it.
type secret struct {
	cert   tls.Certificate
	public ed25519.PublicKey
}

func newSecret(from []byte) (*secret, error) {
	if len(from) < 32 {
		return nil, errors.New("cluster: the secret is shorter than 32 bytes")
	}
	mac := hmac.New(sha256.New, from)
	mac.Write([]byte("gonghui cluster"))
	key := ed25519.NewKeyFromSeed(mac.Sum(nil))
	// Nobody looks at anything but the key.
	shape := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotBefore: time.Unix(0, 0), NotAfter: time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC),
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth},
	}
	raw, err := x509.CreateCertificate(nil, shape, shape, key.Public(), key)
	if err != nil {
		return nil, fmt.Errorf("cluster: making the certificate: %w", err)
	}
	return &secret{tls.Certificate{Certificate: [][]byte{raw}, PrivateKey: key}, key.Public().(ed25519.PublicKey)}, nil
}

var errStranger = errors.New("cluster: the other end is no node of this deployment")

// knows is the check of both ends, in the place of the usual one, which goes by names.
func (s *secret) knows(c tls.ConnectionState) error {
	if len(c.PeerCertificates) == 1 {
		if key, ok := c.PeerCertificates[0].PublicKey.(ed25519.PublicKey); ok && key.Equal(s.public) {
			return nil
		}
	}
	return errStranger
}

func (s *secret) server() *tls.Config {
	return &tls.Config{
		Certificates: []tls.Certificate{s.cert}, MinVersion: tls.VersionTLS13, ClientAuth: tls.RequireAnyClientCert, VerifyConnection: s.knows,
		NextProtos: []string{"http/1.1"},
	}
}

func (s *secret) transport() *http.Transport {
	return &http.Transport{
		DialContext:         (&net.Dialer{Timeout: time.Second}).DialContext,
		TLSHandshakeTimeout: time.Second, ResponseHeaderTimeout: 5 * time.Second, MaxIdleConnsPerHost: 4, IdleConnTimeout: time.Minute,
		TLSClientConfig: &tls.Config{
			Certificates: []tls.Certificate{s.cert}, MinVersion: tls.VersionTLS13, InsecureSkipVerify: true, VerifyConnection: s.knows,
			NextProtos: []string{"http/1.1"},
		},
	}
}

// listenOn is where a node listens that is known by an address: there, when it is an IP address; a name may lead through NAT.
func listenOn(internal string) string {
	host, port, _ := net.SplitHostPort(internal)
	if net.ParseIP(host) != nil {
		return internal
	}
	return ":" + port
}

// told is the address with the port that was found.
func told(internal string, at net.Addr) string {
	host, port, _ := net.SplitHostPort(internal)
	if _, found, err := net.SplitHostPort(at.String()); err == nil && port == "0" {
		port = found
	}
	return net.JoinHostPort(host, port)
}

// relay is a request that is led on to another node: for a WebSocket, as long as it lasts.
type relay struct {
	owner  string
	cancel context.CancelFunc
}

// Lead answers a request by another node, with headers besides those that came. An error: the node could not be reached, and nothing
// was answered. The upgrade of a WebSocket is led on, too; it ends with the lease of the node.
func (n *Node) Lead(w http.ResponseWriter, r *http.Request, to Place, headers http.Header) error {
	ctx, cancel := context.WithCancel(context.WithoutCancel(r.Context()))
	defer cancel()
	l := &relay{to.owner(), cancel}
	n.mu.Lock()
	n.relays[l] = struct{}{}
	n.mu.Unlock()
	defer func() {
		n.mu.Lock()
		defer n.mu.Unlock()
		delete(n.relays, l)
	}()
	var failed error
	proxy := &httputil.ReverseProxy{
		Transport: n.proxy,
		Rewrite: func(p *httputil.ProxyRequest) {
			p.SetURL(&url.URL{Scheme: "https", Host: to.Address})
			p.Out.Host = p.In.Host
			for name, values := range headers {
				p.Out.Header[name] = values
			}
		},
		ErrorHandler: func(_ http.ResponseWriter, _ *http.Request, err error) { failed = err },
	}
	// A browser that hangs up is seen where its connection is copied, not by the context of the request.
	proxy.ServeHTTP(w, r.WithContext(ctx))
	return failed
}

// cut ends what is led on to some nodes.
func (n *Node) cut(which func(*relay) bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	for l := range n.relays {
		if which(l) {
			l.cancel()
		}
	}
}

// watch ends what is led on to nodes whose lease is gone: a machine that has died says nothing.
func (n *Node) watch(ctx context.Context) {
	n.mu.Lock()
	owners := map[string]bool{}
	for l := range n.relays {
		owners[l.owner] = false
	}
	clear(n.extra)
	n.mu.Unlock()
	if len(owners) == 0 {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	for owner := range owners {
		_, lives, err := n.known(ctx, owner)
		owners[owner] = lives || err != nil
	}
	n.cut(func(l *relay) bool { lives, asked := owners[l.owner]; return asked && !lives })
}

// mostAnswered is how long an answer of another node is at most, in bytes.
const mostAnswered = 1 << 20

// StatusError is an answer of another node that is no success.
type StatusError struct {
	Status int
	Text   string
}

func (e *StatusError) Error() string {
	return fmt.Sprintf("cluster: another node answered %d: %s", e.Status, e.Text)
}

// Call sends something to another node and returns its answer.
func (n *Node) Call(ctx context.Context, to Place, path string, body []byte, headers http.Header) ([]byte, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, "https://"+to.Address+path, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	for name, values := range headers {
		req.Header[name] = values
	}
	resp, err := n.client.Do(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(resp.Body, mostAnswered))
	if err == nil && resp.StatusCode != http.StatusOK {
		err = &StatusError{resp.StatusCode, string(answer)}
	}
	return answer, err
}
