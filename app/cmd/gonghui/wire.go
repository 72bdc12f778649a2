//go:build wireinject

package main

import (
	"context"
	"io/fs"
	"log/slog"
	"net"

	"github.com/google/wire"

	"gonghui/app/kit/crypt"
	"gonghui/app/server"
	"gonghui/app/web"
	"gonghui/tenant"
	"gonghui/tenant/directory"
)

// build is the graph of the one program.
func build(ctx context.Context, s *settings, l net.Listener, names moduleNames) (*server.Server, func(), error) {
	panic(wire.Build(
		existingRing, tenantConfigOf, openDB, openRedis, serverConfig, logOf, web.FS, server.New,
		directory.LookupOf, wire.Bind(new(server.Directory), new(*directory.Lookup)),
	))
}

func existingRing(s *settings) (*crypt.Ring, error) { return s.ring(false) }

func tenantConfigOf(s *settings, ring *crypt.Ring) tenant.Config { return s.tenantConfig(ring) }

func logOf(s *settings) *slog.Logger { return s.Log }

var _ fs.FS
