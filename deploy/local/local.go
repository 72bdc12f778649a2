// Package local gives a fresh machine the two servers the product needs: a private Postgres and a private Redis, run as
// supervised children of the calling process. It is for development, tests and single-machine trials; a real deployment names
// its servers in the configuration and starts nothing here.
//
// The servers listen on 127.0.0.1 only, on free ports that are kept from one start to the next, with random passwords. The
// cluster of the system is never touched. The package builds on Linux only: it leans on /proc and on parent-death signals.
package local

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"
)

// Options say where the servers keep their state and how they behave. Only Dir is needed.
type Options struct {
	// Dir holds all state: data, ports, passwords, logs. It is made when missing.
	Dir string
	// PGDSN and RedisURL name servers that already run. One that is set is used as it is, and nothing is started for it.
	PGDSN, RedisURL string
	// Log receives the life of the children; nil means slog.Default.
	Log *slog.Logger
	// Durable turns fsync on: data outlives a crash of the machine. Without it data outlives only a crash of the processes.
	Durable bool
	// Notice is told, in Chinese and English, what the person at the terminal should know. It may be called from several
	// goroutines at once. Nil sends notices to Log.
	Notice func(zh, en string)
}

// Stack is the pair of running servers.
type Stack struct {
	// PGDSN is a superuser's DSN of the database gonghui, RedisURL the URL of database 0; both hold the password.
	PGDSN, RedisURL string

	home     *home
	children []*child // in the order they were started
	stop     sync.Once
	done     chan struct{}
	err      error
}

// Start brings the servers up and returns when both answer. ctx bounds the starting only: the servers live until Stop, so that
// a cancelled program can still write its last rows. A child that dies later is started again on its port.
func Start(ctx context.Context, opt Options) (_ *Stack, err error) {
	s := &Stack{PGDSN: opt.PGDSN, RedisURL: opt.RedisURL, done: make(chan struct{})}
	if opt.PGDSN != "" && opt.RedisURL != "" {
		return s, nil
	}
	say := opt.teller()
	if s.home, err = openHome(opt.Dir, say); err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			last, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
			defer cancel()
			err = errors.Join(err, s.Stop(last))
		}
	}()
	ports, err := s.home.readPorts()
	if err != nil {
		return nil, err
	}
	if opt.PGDSN == "" {
		pg, err := newPostgres(ctx, s.home, opt.Durable, say)
		if err != nil {
			return nil, err
		}
		if err := s.launch(ctx, say, &ports, &ports.Postgres, pg.program); err != nil {
			return nil, err
		}
		s.PGDSN = pg.dsn(ports.Postgres, database)
	}
	if opt.RedisURL == "" {
		r, err := newRedis(s.home, opt.Durable)
		if err != nil {
			return nil, err
		}
		if err := s.launch(ctx, say, &ports, &ports.Redis, r.program); err != nil {
			return nil, err
		}
		s.RedisURL = r.url(ports.Redis)
	}
	return s, nil
}

// StartTest is Start for tests: fsync off, nothing printed.
func StartTest(ctx context.Context, dir string) (*Stack, error) {
	return Start(ctx, Options{Dir: dir, Log: slog.New(slog.DiscardHandler)})
}

// launch starts one server on its remembered port, or on another when that one is taken.
func (s *Stack) launch(ctx context.Context, say teller, all *ports, port *int, program func(port int) program) error {
	p := program(*port)
	if err := p.evict(ctx, say); err != nil {
		return err
	}
	for attempt := 0; ; attempt++ {
		free, err := FreePort(*port)
		if err != nil {
			return err
		}
		if *port != 0 && *port != free {
			say.portTaken(p.name, *port, free)
		}
		*port = free
		if err := s.home.writePorts(*all); err != nil {
			return err
		}
		c := newChild(program(free), say)
		err = c.start(ctx)
		if err == nil {
			s.children = append(s.children, c)
			return nil
		}
		// Between our look and the server's bind somebody else may have taken the port.
		if attempt == 4 || ctx.Err() != nil || portIsFree(free) {
			return err
		}
	}
}

// Stop ends Redis, then Postgres by a fast shutdown, and waits for both. When ctx ends first they are killed, which loses no
// committed row. A second call waits for the first and returns its result.
func (s *Stack) Stop(ctx context.Context) error {
	s.stop.Do(func() {
		var errs []error
		for i := len(s.children) - 1; i >= 0; i-- {
			errs = append(errs, s.children[i].stop(ctx))
		}
		if s.home != nil {
			s.home.close()
		}
		s.err = errors.Join(errs...)
		close(s.done)
	})
	return s.err
}

// Wait blocks until Stop is over and returns its result.
func (s *Stack) Wait() error {
	<-s.done
	return s.err
}
