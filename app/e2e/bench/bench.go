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
}

var (
	full = sizes{
		few: 16, floor: 150, trips: 50, members: 5, requests: 2000, rounds: 15, pages: 250, rate: 1000, seconds: 15,
		crowd: 200_000, searches: 400, tx: 1200, nation: 10_000_000, roster: 100_000, rosters: 1_000_000, apps: 1000, plays: 7, play: 2 * time.Second,
	}
	small = sizes{
		bodies: 24, few: 4, floor: 4, trips: 5, members: 3, requests: 200, rounds: 2, pages: 30, rate: 200, seconds: 2,
		crowd: 2000, searches: 60, tx: 200, nation: 20_000, roster: 2000, rosters: 6000, apps: 8, plays: 1, play: time.Second,
	}
)

// bench is a group of figures.
type bench struct {
	name, about string
	run         func(ctx context.Context, w *world) error
}

// benches in the order in which they run: activation finds no body active.
var benches = []bench{
	{"activation", "bodies made ready by the provisioner's two workers, its CPU included, against the same tables made in one bare transaction each on two connections", activation},
	{"get", "GET of one member through the whole stack, against a bare handler that sends BEGIN, the role, the SELECT of the same row and COMMIT as one batch", get},
	{"spread", "the same GET over all active bodies, against the same over a few", spread},
	{"figures", "the two requests of the national page as a client on the same machine sees them, one at a time, against one rolled-up row", figures},
	{"tx", "one statement through the door of a tenant, against BEGIN, SET LOCAL ROLE, statement and COMMIT one after the other", transactions},
	{"fresh", "age of a change when the nation's figure shows it, under a steady load of many bodies", fresh},
	{"signin", "two hundred people who sign in by password at the same moment, none of whom is turned away: the server's peak memory beside that of an idle one, and the time beside the mere checking of as many passwords", signin},
	{"search", "searches for names, initials, phone tails and numbers in one large body, against a row by its key from the bare handler", search},
	{"import", "a roster from its upload to its members in the register, all rows valid and all checks on; the server's resident memory for a large one against a small one; reading of xlsx against excelize alone", imports},
	{"access", "the check before every call, for one person with ten thousand grants, and casbin's own answers to the same questions; ns a check", accesses},
	{"builder", "Android packages of bodies with looks of their own through queue, signer, database and store, their keys made ahead, from a worker's taking a build up to its end; the processor time of one, server, signer and database together, against that of the SDK's tools for the same contents", apps},
	{"registry", "the question whether a person is a member anywhere, asked by an officer over the API, half of them about people who are, against a row by its key from the bare handler", registry},
	{"sfu", "packets of sound and pictures that reach receivers who report and ask again as browsers do, against a forwarder of Pion's with its default interceptors; all CPU of the server by packets delivered, both being driven from the same machine", forwarding},
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
	fmt.Fprintln(opt.Progress, "bench: starting a product of its own")
	w, err := openWorld(ctx, opt)
	if err != nil {
		return nil, err
	}
	err = w.measure(ctx, report)
	return report, errors.Join(err, w.close())
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
