package server

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"net/http"
	"time"
)

// ownWeb is the client that dials this process's own listener, whatever host an address names: names that only phones and browsers
// resolve are asked for like any other.
func ownWeb(cfg Config) *http.Client {
	dial := func(ctx context.Context, _, _ string) (net.Conn, error) {
		addr := cfg.Listener.Addr()
		if tcp, ok := addr.(*net.TCPAddr); ok && tcp.IP.IsUnspecified() {
			addr = &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: tcp.Port}
		}
		return (&net.Dialer{}).DialContext(ctx, addr.Network(), addr.String())
	}
	t := &http.Transport{DialContext: dial, MaxIdleConnsPerHost: 2, IdleConnTimeout: 10 * time.Second}
	if cfg.TLS != nil {
		t.TLSClientConfig = &tls.Config{
			InsecureSkipVerify: true, // the certificate is compared with our own instead: it is this process that is dialled
			MinVersion:         tls.VersionTLS12,
			VerifyPeerCertificate: func(raw [][]byte, _ [][]*x509.Certificate) error {
				for _, own := range cfg.TLS.Certificates {
					if len(raw) > 0 && len(own.Certificate) > 0 && bytes.Equal(raw[0], own.Certificate[0]) {
						return nil
					}
				}
				return errors.New("server: somebody else answers on our own address")
			},
		}
	}
	return &http.Client{Transport: t, Timeout: 20 * time.Second, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}
