package oidc

import (
	"net"
	"net/url"
	"strings"
)

// An address of an application is one of three kinds.
type kindOfAddress int

const (
	unfit    kindOfAddress = iota
	web                    // https on the network
	loopback               // http or https on the own device: RFC 8252, 7.3
	private                // a scheme of a program's own, in reverse domain form: RFC 8252, 7.1
)

// address reads an absolute address that codes or notices may be sent to: without user, fragment or wildcard.
func address(raw string) (*url.URL, kindOfAddress) {
	u, err := url.Parse(raw)
	if err != nil || u.User != nil || u.Fragment != "" || strings.ContainsAny(raw, "#*\\ \t\r\n") || u.Scheme == "" {
		return nil, unfit
	}
	if u.Scheme == "http" || u.Scheme == "https" {
		name := u.Hostname()
		ip := net.ParseIP(name)
		switch {
		case name == "" || u.Opaque != "":
			return nil, unfit
		case name == "localhost" || strings.HasSuffix(name, ".localhost") || ip.IsLoopback():
			return u, loopback
		case u.Scheme == "https":
			return u, web
		}
		return nil, unfit
	}
	if strings.Contains(u.Scheme, ".") && (u.Path != "" || u.Opaque != "" || u.Host != "") {
		return u, private
	}
	return nil, unfit
}

// sector is the part of an address on which pairwise subjects hang: the host, or the scheme of a program.
func sector(u *url.URL, kind kindOfAddress) string {
	if kind == private {
		return u.Scheme
	}
	return strings.ToLower(u.Hostname())
}
