package oidc

import (
	"context"
	"errors"
	"log/slog"
	"strings"

	jose "github.com/go-jose/go-jose/v4"
	"github.com/zitadel/oidc/v3/pkg/oidc"
	"github.com/zitadel/oidc/v3/pkg/op"
)

// storage is the service as the library calls it. Every call is about the body of the host in the context.
type storage struct{ *Service }

var (
	_ op.Storage                        = storage{}
	_ op.CanSetUserinfoFromRequest      = storage{}
	_ op.CanTerminateSessionFromRequest = storage{}
)

// trouble passes errors of the protocol on, and hides all others behind one that says nothing.
func (s *Service) trouble(err error) error {
	var known *oidc.Error
	if err == nil || errors.As(err, &known) {
		return err
	}
	slog.Error("oidc", "error", err)
	return oidc.ErrServerError().WithDescription("something went wrong here; try again later")
}

const refreshMark = "refresh:"

// cutRefresh tells the digest of a refresh token from the id of an access token.
func cutRefresh(token string) (string, bool) { return strings.CutPrefix(token, refreshMark) }

var errNotOffered = errors.New("oidc: not offered")

// GetPrivateClaimsFromScopes implements op.OPStorage: access tokens tell nothing to who holds them.
func (storage) GetPrivateClaimsFromScopes(context.Context, string, string, []string) (map[string]any, error) {
	return nil, nil
}

// GetKeyByIDAndClientID implements op.OPStorage: applications have no keys here.
func (storage) GetKeyByIDAndClientID(context.Context, string, string) (*jose.JSONWebKey, error) {
	return nil, errNotOffered
}

// ValidateJWTProfileScopes implements op.OPStorage.
func (storage) ValidateJWTProfileScopes(context.Context, string, []string) ([]string, error) {
	return nil, errNotOffered
}

// Health implements op.Storage; the process has a health of its own.
func (storage) Health(context.Context) error { return nil }
