// Package server makes a process out of modules: one kratos service over HTTP and gRPC, with the edge in front and every
// call, whichever way it comes, behind the same gate.
package server

import (
	"context"
	"crypto/tls"
	"fmt"
	"io/fs"
	"log/slog"
	"maps"
	"net"
	"net/http"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"

	klog "github.com/go-kratos/kratos/v2/log"
	kgrpc "github.com/go-kratos/kratos/v2/transport/grpc"
	khttp "github.com/go-kratos/kratos/v2/transport/http"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/redis/go-redis/v9"
	"google.golang.org/grpc"

	"gonghui/app/kit/crypt"
	"gonghui/app/module"
	modulev1 "gonghui/app/module/v1"
	"gonghui/app/server/lan"
	"gonghui/branding/hosts"
	"gonghui/media/object"
	"gonghui/tenant"
	"gonghui/tenant/access"
)

// Config is what a serving process must be told.
type Config struct {
	Base     string         // domain of all hosts, with the port: "gonghui.localhost:8080"
	Listener net.Listener   // where HTTP is served
	GRPC     string         // address of gRPC; empty for none
	TLS      *tls.Config    // nil behind a proxy that is trusted
	Proxies  []netip.Prefix // whose X-Forwarded-For is believed
	Demo     bool
	NoLimits bool             // no rate limits: for measuring
	SMS      module.Messenger // nil for none; a demo system then shows messages in its inbox
	Files    object.Store
	Signer   string   // socket of the process that holds the signing keys of apps
	Modules  []string // which modules to serve; empty for all
	LAN      *lan.LAN // a port for phones in the same network; nil for none
	LANBody  string   // code of the body that the port's first page leads to
}

// Server is one serving process.
type Server struct {
	cfg      Config
	db       *tenant.DB
	keys     *crypt.Ring
	redis    redis.UniversalClient
	registry *registry
	http     *khttp.Server
	grpc     *kgrpc.Server
	services []module.Service
	web      *http.Client
	log      *slog.Logger
	draining atomic.Bool
}

// New sets up the modules. directory finds bodies by code; files are the built web apps.
func New(cfg Config, db *tenant.DB, keys *crypt.Ring, rdb redis.UniversalClient, directory Directory, files fs.FS, log *slog.Logger) (*Server, error) {
	klog.SetLogger(kratosLog{log})
	s := &Server{cfg: cfg, db: db, keys: keys, redis: rdb, log: log, web: ownWeb(cfg)}
	edge := &Edge{
		Base: cfg.Base, Proxies: cfg.Proxies, Directory: directory, Names: hosts.NamesOf(db), Log: log, Rights: access.EngineOf(db), LAN: cfg.LAN,
		limits: newLimiter(cfg.NoLimits), bodies: map[string]int64{}, unseen: map[string]bool{}, cross: http.NewCrossOriginProtection(),
	}
	start := newStartPage(files)
	r := &registry{edge: edge, routes: map[string]Route{}, local: &conn{methods: map[string]method{}}}
	r.local.check = r.intercept
	options := []khttp.ServerOption{
		khttp.Listener(cfg.Listener), khttp.Timeout(0), khttp.Filter(edge.Filter), khttp.Middleware(r.middleware),
		khttp.RequestDecoder(decodeBody), khttp.RequestQueryDecoder(decodeQuery),
		khttp.RequestVarsDecoder(decodePath),
		khttp.ResponseEncoder(encodeReply), khttp.ErrorEncoder(writeError), khttp.NotFoundHandler(pages(files, start)),
		khttp.MethodNotAllowedHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { writeError(w, r, errNoHost) })),
	}
	if cfg.TLS != nil {
		options = append(options, khttp.TLSConfig(cfg.TLS))
	}
	s.http = khttp.NewServer(options...)
	s.http.ReadHeaderTimeout = 10 * time.Second
	s.http.IdleTimeout = 2 * time.Minute
	s.http.MaxHeaderBytes = 32 << 10
	s.grpc = kgrpc.NewServer(kgrpc.Address(cfg.GRPC), kgrpc.Timeout(requestTimeout), kgrpc.Middleware(r.middleware))
	r.http, r.grpc = s.http, s.grpc
	s.registry = r
	operator := health(db, rdb, s.draining.Load)
	for _, path := range []string{"/healthz", "/readyz", "/metrics"} {
		s.http.Handle(path, operator)
	}
	r.Handle(http.MethodGet, "/v1/openapi.yaml", access.Public, modulev1.Realm_REALM_ANY, module.Answers(openAPI))
	for _, info := range module.All() {
		if !s.serves(info.Name) {
			continue
		}
		service, err := info.New(s)
		if err != nil {
			return nil, fmt.Errorf("module %s: %w", info.Name, err)
		}
		service.Mount(r)
		s.services = append(s.services, service)
		if rec, ok := service.(module.Recorder); ok {
			r.recorder = rec
		}
		if d, ok := service.(module.Dresser); ok && start != nil {
			start.dress = d.Look
		}
		if a, ok := service.(module.Authenticator); ok {
			edge.Auth = a
		}
	}
	if edge.Auth == nil {
		return nil, fmt.Errorf("server: no module authenticates sessions")
	}
	return s, nil
}

func (s *Server) serves(name string) bool {
	if len(s.cfg.Modules) == 0 {
		return true
	}
	for _, m := range s.cfg.Modules {
		if m == name {
			return true
		}
	}
	return false
}

// DB, Conn, Keys, Base, Scheme, Redis, Demo, SMS and LAN implement module.Host.
func (s *Server) DB() *tenant.DB { return s.db }

// Conn calls a module of this process.
func (s *Server) Conn(string) grpc.ClientConnInterface { return s.registry.local }

// Keys seals personal data.
func (s *Server) Keys() module.Keys { return s.keys }

// Base is the domain of all hosts.
func (s *Server) Base() string { return s.cfg.Base }

// Scheme is https when this process, or the proxy before it, speaks TLS.
func (s *Server) Scheme() string {
	if s.cfg.TLS != nil || len(s.cfg.Proxies) > 0 {
		return "https"
	}
	return "http"
}

// Redis holds what may be lost.
func (s *Server) Redis() redis.UniversalClient { return s.redis }

// Demo reports whether this is a demo system.
func (s *Server) Demo() bool { return s.cfg.Demo }

// SMS sends text messages, or is nil.
func (s *Server) SMS() module.Messenger { return s.cfg.SMS }

// LAN is the port for phones in the same network, or nil.
func (s *Server) LAN() *module.LAN {
	if s.cfg.LAN == nil {
		return nil
	}
	return &module.LAN{Origin: s.cfg.LAN.Origin(), Entry: lan.EntryPath, Authority: s.cfg.LAN.Authority.Certificate.Raw}
}

// Files keeps files.
func (s *Server) Files() object.Store { return s.cfg.Files }

// Admit decides what stands before every handler: whether a call on a host, with the token of a session or none, may go through
// the door. It is the code that requests go through, without the handler behind it.
func (s *Server) Admit(ctx context.Context, host, token, operation string) error {
	edge := s.registry.edge
	route, ok := s.registry.routes[operation]
	if !ok {
		return errNoHost
	}
	ctx, err := edge.place(ctx, tenant.Call{Host: host}, token)
	if err == nil {
		err = edge.admit(ctx, route)
	}
	return edge.known(ctx, err)
}

// Signer is the socket of the process that holds the signing keys of apps.
func (s *Server) Signer() string { return s.cfg.Signer }

// Web asks this process as a visitor would.
func (s *Server) Web() *http.Client { return s.web }

// Handler is the whole HTTP side, for tests.
func (s *Server) Handler() http.Handler { return s.http }

// Run serves until ctx ends, then stops in order: no new requests, running ones finish, background work ends.
func (s *Server) Run(ctx context.Context) error {
	// Where it listens is settled before two servers read it.
	if _, err := s.http.Endpoint(); err != nil {
		return err
	}
	for _, c := range poolMetrics(s.db) {
		if err := prometheus.Register(c); err != nil {
			return err
		}
		defer prometheus.Unregister(c)
	}
	work, stopWork := context.WithCancel(context.WithoutCancel(ctx))
	defer stopWork()
	var wg sync.WaitGroup
	failed := make(chan error, len(s.services)+5)
	for _, service := range s.services {
		if r, ok := service.(module.Runner); ok {
			wg.Go(func() {
				if err := r.Run(work); err != nil && work.Err() == nil {
					failed <- err
				}
			})
		}
	}
	jobs := map[string]tenant.Job{}
	for _, service := range s.services {
		if w, ok := service.(module.Worker); ok {
			maps.Copy(jobs, w.Jobs())
		}
	}
	wg.Go(func() { report(failed, s.db.News.Run(work)) })
	wg.Go(func() { report(failed, s.db.Work(work, s.log, s.registry.edge.Directory.ByCode, jobs)) })
	wg.Go(func() { report(failed, s.http.Start(work)) })
	if s.cfg.LAN != nil {
		wg.Go(func() { report(failed, s.serveLAN(ctx)) })
	}
	if s.cfg.GRPC != "" {
		wg.Go(func() { report(failed, s.grpc.Start(work)) })
	}
	var err error
	select {
	case <-ctx.Done():
	case err = <-failed:
	}
	s.draining.Store(true)
	stop, cancel := context.WithTimeout(context.WithoutCancel(ctx), 15*time.Second)
	defer cancel()
	if serr := s.http.Stop(stop); err == nil {
		err = serr
	}
	if s.cfg.GRPC != "" {
		_ = s.grpc.Stop(stop)
	}
	stopWork()
	wg.Wait()
	return err
}

func report(failed chan<- error, err error) {
	if err != nil {
		failed <- err
	}
}
