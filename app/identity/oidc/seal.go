package oidc

import (
	"strings"

	"gonghui/app/module"
)

// sealer makes codes and access tokens unreadable and unforgeable. A sealed text has two bars, which a bearer token may not
// have (RFC 6750, 2.1): dots stand for them.
type sealer struct{ keys module.Keys }

const sealedAs = "oidc.token"

// Encrypt implements op.Crypto.
func (s sealer) Encrypt(plain string) (string, error) {
	return strings.ReplaceAll(s.keys.Seal(sealedAs, plain), "|", "."), nil
}

// Decrypt implements op.Crypto.
func (s sealer) Decrypt(token string) (string, error) {
	return s.keys.Open(sealedAs, strings.Replace(token, ".", "|", 2))
}
