package hosts

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"syscall"
	"time"
)

// How the owner of a domain shows that it is his: a TXT record beside it, or a file on what it leads to.
const (
	// RecordHead stands before the domain in the name of the record.
	RecordHead = "_gonghui."
	// Path is where the file lies.
	Path = "/.well-known/gonghui.txt"
	// Head stands before the token in both.
	Head = "gonghui-verify="
)

// Problems of a domain that could not be proved.
const (
	NoRecord    = "none"        // neither record nor file
	OtherToken  = "other"       // there is one, and it holds another token
	Unreachable = "unreachable" // the name server did not answer
)

// patience is how long a name server, and what a domain leads to, may take.
const patience = 5 * time.Second

// Resolver looks records up; net.Resolver is one.
type Resolver interface {
	LookupTXT(ctx context.Context, name string) ([]string, error)
}

// Prover asks for proofs. The zero value uses the system's resolver and reaches public addresses alone.
type Prover struct {
	Resolver Resolver
	// Reach reports whether an address may be asked for a file; nil for public ones.
	Reach func(netip.Addr) bool
	// Port is where the file is asked for; "" for 80.
	Port string
}

// At is a resolver that asks one name server, "host:port".
func At(server string) Resolver {
	return &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, network, _ string) (net.Conn, error) {
		return (&net.Dialer{Timeout: patience}).DialContext(ctx, network, server)
	}}
}

// Prove returns the way in which a domain holds the token, dns or http, or what is the matter.
func (p *Prover) Prove(ctx context.Context, domain, token string) (way, problem string) {
	ctx, cancel := context.WithTimeout(ctx, 2*patience)
	defer cancel()
	r := p.Resolver
	if r == nil {
		r = net.DefaultResolver
	}
	problem = NoRecord
	texts, err := r.LookupTXT(ctx, RecordHead+domain+".")
	var lookup *net.DNSError
	switch {
	case err == nil && slices.Contains(texts, Head+token):
		return "dns", ""
	case err == nil && slices.ContainsFunc(texts, func(s string) bool { return strings.HasPrefix(s, Head) }):
		problem = OtherToken
	case errors.As(err, &lookup) && !lookup.IsNotFound:
		problem = Unreachable
	}
	switch held, err := p.file(ctx, domain); {
	case err == nil && held == token:
		return "http", ""
	case err == nil && held != "":
		problem = OtherToken
	}
	return "", problem
}

// file returns the token that lies at the domain, "" when what lies there is something else.
func (p *Prover) file(ctx context.Context, domain string) (string, error) {
	reach := p.Reach
	if reach == nil {
		reach = public
	}
	dialer := &net.Dialer{Timeout: patience, Control: func(_, address string, _ syscall.RawConn) error {
		at, err := netip.ParseAddrPort(address)
		if err != nil || !reach(at.Addr().Unmap()) {
			return errors.New("hosts: the domain leads to an address that is not public")
		}
		return nil
	}}
	if r, ok := p.Resolver.(*net.Resolver); ok {
		dialer.Resolver = r
	}
	client := &http.Client{
		Timeout:   patience,
		Transport: &http.Transport{DialContext: dialer.DialContext, DisableKeepAlives: true, ResponseHeaderTimeout: patience},
		// A redirect would prove that the domain leads elsewhere.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	host := domain
	if p.Port != "" {
		host = net.JoinHostPort(domain, p.Port)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+host+Path, nil)
	if err != nil {
		return "", err
	}
	reply, err := client.Do(req)
	if err != nil {
		return "", err
	}
	defer reply.Body.Close()
	if reply.StatusCode != http.StatusOK {
		return "", nil
	}
	line, err := bufio.NewReader(io.LimitReader(reply.Body, 512)).ReadString('\n')
	if err != nil && err != io.EOF {
		return "", err
	}
	held, ok := strings.CutPrefix(strings.TrimSpace(line), Head)
	if !ok {
		return "", nil
	}
	return held, nil
}

// public reports whether an address is one of the open network.
func public(a netip.Addr) bool {
	return a.IsGlobalUnicast() && !a.IsPrivate() && !slices.ContainsFunc(special, func(p netip.Prefix) bool { return p.Contains(a) })
}

// special are ranges that are no open network either (IANA special-purpose registries): shared, benchmarking, protocol
// assignments, documentation, reserved; and those that carry an IPv4 address within.
var special = []netip.Prefix{
	netip.MustParsePrefix("0.0.0.0/8"), netip.MustParsePrefix("100.64.0.0/10"), netip.MustParsePrefix("192.0.0.0/24"), netip.MustParsePrefix("192.0.2.0/24"),
	netip.MustParsePrefix("198.18.0.0/15"), netip.MustParsePrefix("198.51.100.0/24"), netip.MustParsePrefix("203.0.113.0/24"), netip.MustParsePrefix("240.0.0.0/4"),
	netip.MustParsePrefix("64:ff9b::/96"), netip.MustParsePrefix("64:ff9b:1::/48"), netip.MustParsePrefix("2001::/23"), netip.MustParsePrefix("2001:db8::/32"), netip.MustParsePrefix("2002::/16"),
}
