package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"net"
	"strings"

	"github.com/redis/go-redis/v9"

	"gonghui/app/demo"
	"gonghui/app/module"
	"gonghui/app/server"
	"gonghui/tenant"
	"gonghui/tenant/provision"
)

// serve runs one serving process against the database and Redis of the environment.
func serve(ctx context.Context, s *settings, args []string) error {
	modules := ""
	if _, err := flags("serve", args, func(f *flag.FlagSet) { f.StringVar(&modules, "modules", "", "names, parted by commas") }); err != nil {
		return err
	}
	if err := s.needPG(); err != nil {
		return err
	}
	if s.Base == "" {
		return errors.New("GONGHUI_BASE is not set: the domain of all hosts")
	}
	listener, err := net.Listen("tcp", s.Listen)
	if err != nil {
		return err
	}
	app, stop, err := build(ctx, s, listener, split(modules))
	if err != nil {
		return err
	}
	defer stop()
	s.Log.Info("serving", "address", listener.Addr().String(), "base", s.Base, "mode", s.Mode)
	return app.Run(ctx)
}

func split(list string) []string {
	return strings.FieldsFunc(list, func(r rune) bool { return r == ',' || r == ' ' })
}

// moduleNames are the modules of this process.
type moduleNames []string

func serverConfig(s *settings, l net.Listener, names moduleNames) (server.Config, error) {
	t, err := s.tls()
	if err != nil {
		return server.Config{}, err
	}
	for _, n := range names {
		if module.Named(n) == nil {
			return server.Config{}, fmt.Errorf("there is no module %q", n)
		}
	}
	messenger, err := s.messenger()
	if err != nil {
		return server.Config{}, err
	}
	phones, err := s.lan()
	if err != nil {
		return server.Config{}, err
	}
	s.phones = phones
	return server.Config{
		SMS: messenger, LAN: phones, LANBody: demo.County, Files: s.Files, Signer: s.Signer, Base: s.Base, Listener: l, GRPC: s.GRPC, TLS: t, Proxies: s.Proxies, Demo: s.Mode == "demo", NoLimits: s.NoLimits, Modules: names,
	}, nil
}

func openRedis(s *settings) (redis.UniversalClient, func(), error) {
	if s.RedisURL == "" {
		return nil, nil, errors.New("GONGHUI_REDIS_URL is not set")
	}
	opt, err := redis.ParseURL(s.RedisURL)
	if err != nil {
		return nil, nil, fmt.Errorf("GONGHUI_REDIS_URL: %w", err)
	}
	c := redis.NewClient(opt)
	return c, func() { _ = c.Close() }, nil
}

// openDB opens the doors; a body without a schema is made ready when its own people first need it.
func openDB(ctx context.Context, cfg tenant.Config) (*tenant.DB, func(), error) {
	db, err := tenant.Open(ctx, cfg)
	if err != nil {
		return nil, nil, err
	}
	db.Activate = func(ctx context.Context, t *tenant.Tenant) error {
		return provision.Ask(ctx, db, t.ID, provision.Preset(module.All()))
	}
	return db, db.Close, nil
}
