package cluster

import (
	"context"
	"slices"
	"sync"
	"testing"
	"time"
)

// alone is a process that runs until it is stopped.
func (f *field) alone(name string) (a *Alone, stop func()) {
	f.t.Helper()
	a = NewAlone(f.redis, f.prefix, name)
	a.life = 600 * time.Millisecond
	ctx, cancel := context.WithCancel(context.Background())
	var wg sync.WaitGroup
	a.beat(ctx) // what it finds is known before anybody asks
	wg.Go(func() { a.Run(ctx) })
	stop = func() { cancel(); wg.Wait() }
	f.t.Cleanup(stop)
	return a, stop
}

// told are the processes that take no rooms, as an operator sees them.
func (f *field) told() []string {
	f.t.Helper()
	rivals, _, err := Rivals(f.t.Context(), f.redis, f.prefix)
	if err != nil {
		f.t.Fatal(err)
	}
	return rivals
}

// Of processes that know nothing of each other one has rooms, and another one when that is gone.
func TestProcessesAlone(t *testing.T) {
	t.Parallel()
	f := ground(t)
	first, stop := f.alone("first")
	second, _ := f.alone("second")
	if first.Rival() || !second.Rival() {
		t.Fatalf("the first is kept from it: %v, the second: %v", first.Rival(), second.Rival())
	}
	if got := f.told(); !slices.Equal(got, []string{"second"}) {
		t.Errorf("the operator is told of %v", got)
	}
	// A node that others know of finds it, too.
	n := f.node("node", nil)
	f.until("the node knows", n.Rival)
	f.until("the operator as well", func() bool { return slices.Contains(f.told(), "node") })
	n.stop()
	stop()
	f.until("the second takes over", func() bool { return !second.Rival() })
	if second.beat(t.Context()); second.Rival() {
		t.Error("it is its own rival")
	}
}

// A process alone takes no rooms where there are nodes.
func TestAloneAmongNodes(t *testing.T) {
	t.Parallel()
	f := ground(t)
	n := f.node("node", nil)
	f.until("the node has its lease", n.Holds)
	a, _ := f.alone("alone")
	if !a.Rival() || n.Rival() {
		t.Errorf("the process alone is kept from it: %v, the node: %v", a.Rival(), n.Rival())
	}
	n.stop()
	f.until("the nodes are gone", func() bool { return !a.Rival() })
}
