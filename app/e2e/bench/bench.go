// Package bench measures the product beside what the machine can do at best. It starts a private stack with a disk that is
// waited for, drives the real program from outside, and takes product and floor in turn, so that a noisy machine disturbs
// both: trust the ratios. CPU is that of the serving process and of all Postgres processes together; the driver's own is
// left out.
package bench

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
)

// Options say what is measured and how.
type Options struct {
	Binary   string   // the program
	Names    []string // benches to run; empty for all
	Profiles string   // a directory for where the time of servers of sound and pictures goes, in pprof's form; empty: not wanted
	Small    bool     // sizes for a look at whether all works, not for figures
	Progress io.Writer
	Each     func(Figure) // gets every figure as soon as it is there
}

// sizes of a run.
type sizes struct {
	bodies   int           // active at most; 0 for all
	few      int           // bodies of a narrow load
	floor    int           // schemas that the floor of activation makes, in each of two turns
	trips    int           // bodies that do a round trip after activation
	members  int           // in each body
	requests int           // a turn
	rounds   int           // turns of product and floor
	pages    int           // figure pages a turn
	rate     int           // changes a second
	seconds  int           // of changes
	crowd    int           // members of the body that is searched
	searches int           // a turn
	tx       int           // transactions a turn
	nation   int           // people of the registry
	roster   int           // rows of an import
	rosters  int           // rows of a large one
	plays    int           // turns of sound and pictures
	play     time.Duration // a turn of them
	apps     int           // bodies with apps of their own

	listeners []int // of one talk, ever more
}

var (
	full = sizes{
		few: 16, floor: 150, trips: 50, members: 5, requests: 2000, rounds: 15, pages: 250, rate: 1000, seconds: 15,
		crowd: 200_000, searches: 400, tx: 1200, nation: 10_000_000, roster: 100_000, rosters: 1_000_000, apps: 1000, plays: 5, play: 2 * time.Second,
		listeners: []int{250, 500, 1000, 1500, 2000},
	}
	small = sizes{
		bodies: 24, few: 4, floor: 4, trips: 5, members: 3, requests: 200, rounds: 2, pages: 30, rate: 200, seconds: 2,
		crowd: 2000, searches: 60, tx: 200, nation: 20_000, roster: 2000, rosters: 6000, apps: 8, plays: 1, play: time.Second,
		listeners: []int{3, 6},
	}
)

// bench is a group of figures.
type bench struct {
	name, about string
	run         func(ctx context.Context, w *world) error
	alone       bool // it needs no product beside it
}

// benches in the order in which they run: activation finds no body active.
var benches = []bench{
	{"activation", "bodies made ready by the provisioner's two workers, its CPU included, against the same tables made in one bare transaction each on two connections", activation, false},
	{"get", "GET of one member through the whole stack, against a bare handler that sends BEGIN, the role, the SELECT of the same row and COMMIT as one batch", get, false},
	{"spread", "the same GET over all active bodies, against the same over a few", spread, false},
	{"figures", "the two requests of the national page as a client on the same machine sees them, one at a time, against one rolled-up row", figures, false},
	{"tx", "one statement through the door of a tenant, against BEGIN, SET LOCAL ROLE, statement and COMMIT one after the other", transactions, false},
	{"fresh", "age of a change when the nation's figure shows it, under a steady load of many bodies", fresh, false},
	{"signin", "two hundred people who sign in by password at the same moment, none of whom is turned away: the server's peak memory beside that of an idle one, and the time beside the mere checking of as many passwords", signin, false},
	{"search", "searches for names, initials, phone tails and numbers in one large body, against a row by its key from the bare handler", search, false},
	{"import", "a roster from its upload to its members in the register, all rows valid and all checks on; the server's resident memory for a large one against a small one; reading of xlsx against excelize alone", imports, false},
	{"access", "the check before every call, for one person with ten thousand grants, and casbin's own answers to the same questions; ns a check", accesses, false},
	{"builder", "Android packages of bodies with looks of their own through queue, signer, database and store, their keys made ahead, from a worker's taking a build up to its end; the processor time of one, server, signer and database together, against that of the SDK's tools for the same contents", apps, false},
	{"registry", "the question whether a person is a member anywhere, asked by an officer over the API, half of them about people who are, against a row by its key from the bare handler", registry, false},
	{"sfu", "packets of sound and pictures that reach receivers who report and ask again as browsers do, all CPU of the server by packets delivered, against a forwarder of Pion's with its default interceptors (one PeerConnection a receiver, as here) and, where it says so, against mere sending of as many bytes by as many calls to sockets at which somebody sleeps; memory is what is held after a collection; listeners are connected by Pion's ICE and DTLS, read by one loop that decrypts one packet in fifty, and report five times a second", forwarding, true},
}

// Names are the benches there are.
func Names() []string {
	var names []string
	for _, b := range benches {
		names = append(names, b.name)
	}
	return names
}

// Run measures.
func Run(ctx context.Context, opt Options) (*Report, error) {
	for _, name := range opt.Names {
		if !slices.Contains(Names(), name) {
			return nil, fmt.Errorf("there is no bench %q: %s", name, strings.Join(Names(), ", "))
		}
	}
	if opt.Progress == nil {
		opt.Progress = io.Discard
	}
	report := &Report{Small: opt.Small}
	each := opt.Each
	opt.Each = func(f Figure) {
		report.Figures = append(report.Figures, f)
		if each != nil {
			each(f)
		}
	}
	w, err := newWorld(opt)
	if err == nil && !alone(opt.Names) {
		err = w.start(ctx)
	}
	if err != nil {
		return nil, errors.Join(err, w.close())
	}
	err = w.measure(ctx, report)
	return report, errors.Join(err, w.close())
}

// alone tells whether all benches that are to run need no product beside them.
func alone(names []string) bool {
	return len(names) > 0 && !slices.ContainsFunc(benches, func(b bench) bool { return !b.alone && slices.Contains(names, b.name) })
}

func (w *world) measure(ctx context.Context, report *Report) error {
	var err error
	if report.Machine, err = machine(ctx, w.root); err != nil {
		return err
	}
	for _, b := range benches {
		if len(w.opt.Names) > 0 && !slices.Contains(w.opt.Names, b.name) {
			continue
		}
		begin := time.Now()
		fmt.Fprintf(w.opt.Progress, "bench: %s\n", b.name)
		if err := b.run(ctx, w); err != nil {
			return fmt.Errorf("bench %s: %w", b.name, err)
		}
		report.Benches = append(report.Benches, b)
		fmt.Fprintf(w.opt.Progress, "bench: %s took %s\n", b.name, time.Since(begin).Round(time.Second))
	}
	return nil
}

// report tells a figure.
func (w *world) report(f Figure) { w.opt.Each(f) }

// turns runs product and floor one after the other, as often as there are rounds; the one that goes first changes.
func (w *world) turns(product, floor func(round int) error) error {
	return take(w.sizes.rounds, product, floor)
}

// take runs so many turns.
func take(rounds int, product, floor func(round int) error) error {
	for round := range rounds {
		order := []func(int) error{product, floor}
		if round%2 == 1 {
			slices.Reverse(order)
		}
		for _, turn := range order {
			if err := turn(round); err != nil {
				return err
			}
		}
	}
	return nil
}
