// Package badnet is a bad network for tests: a relay of datagrams in user space that loses, delays, reorders and slows down what goes through
// it, by a seed, so that a run can be had again. It stands between a participant, of whatever make, and the SFU: the participant is told
// the relay's address as the server's candidate. Who can change the kernel's queues needs it no less: containers cannot.
package badnet

import (
	"container/heap"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"
)

// Path is what one direction does to packets. The zero value lets all pass at once.
type Path struct {
	Loss    float64       // part of the packets that is lost, each by itself
	Delay   time.Duration // that each takes
	Jitter  time.Duration // more, at most: evenly spread, without overtaking
	Reorder float64       // part of the packets that is held back by Hold, and overtaken
	Hold    time.Duration // 0: 20 ms
	Rate    int           // bits a second; 0: as they come
	Queue   time.Duration // how much may wait for Rate; what comes on top is lost. 0: 300 ms
}

// Counts are what became of packets in one direction.
type Counts struct{ Passed, Lost, Overflowed, Held uint64 }

// Relay is a path to one address. Each who comes to it is seen there under an address of their own.
type Relay struct {
	conn *net.UDPConn
	to   netip.AddrPort
	seed uint64
	off  atomic.Bool
	up   direction
	down direction

	mu     sync.Mutex
	flows  map[netip.AddrPort]*flow
	closed bool
	wg     sync.WaitGroup
}

// direction is what all flows share in one direction: the way itself.
type direction struct {
	mu     sync.Mutex
	path   Path
	free   time.Time // when the way is free again
	counts Counts
}

// flow is one who came.
type flow struct {
	relay    *Relay
	from     netip.AddrPort
	conn     *net.UDPConn // towards the address
	up, down *lane
}

// Listen opens a relay at an address of this machine, such as 127.0.0.1:0.
func Listen(address string, to netip.AddrPort, seed uint64, up, down Path) (*Relay, error) {
	at, err := net.ResolveUDPAddr("udp", address)
	if err != nil {
		return nil, fmt.Errorf("badnet: %w", err)
	}
	conn, err := net.ListenUDP("udp", at)
	if err != nil {
		return nil, fmt.Errorf("badnet: %w", err)
	}
	r := &Relay{conn: conn, to: to, seed: seed, flows: map[netip.AddrPort]*flow{}}
	r.up.path, r.down.path = up, down
	r.wg.Go(r.read)
	return r, nil
}

// Addr is where it listens.
func (r *Relay) Addr() netip.AddrPort { return r.conn.LocalAddr().(*net.UDPAddr).AddrPort() }

// Set changes what the directions do, for packets that come from now on.
func (r *Relay) Set(up, down Path) {
	for d, p := range map[*direction]Path{&r.up: up, &r.down: down} {
		d.mu.Lock()
		d.path = p
		d.mu.Unlock()
	}
}

// Off lets nothing through while it is on.
func (r *Relay) Off(off bool) { r.off.Store(off) }

// Counts are what became of the packets until now.
func (r *Relay) Counts() (up, down Counts) {
	for d, c := range map[*direction]*Counts{&r.up: &up, &r.down: &down} {
		d.mu.Lock()
		*c = d.counts
		d.mu.Unlock()
	}
	return up, down
}

// Close ends it, and drops what is on its way.
func (r *Relay) Close() error {
	r.mu.Lock()
	r.closed = true
	err := r.conn.Close()
	for _, f := range r.flows {
		err = errors.Join(err, f.conn.Close())
		f.up.close()
		f.down.close()
	}
	r.mu.Unlock()
	r.wg.Wait()
	return err
}

const longest = 2048

func (r *Relay) read() {
	b := make([]byte, longest)
	for {
		n, from, err := r.conn.ReadFromUDPAddrPort(b)
		if errors.Is(err, net.ErrClosed) {
			return
		}
		if err != nil {
			continue // an answer that nobody was there for
		}
		if f := r.flow(from); f != nil {
			f.up.take(b[:n], time.Now())
		}
	}
}

// flow is that of an address; nil when the relay is closed.
func (r *Relay) flow(from netip.AddrPort) *flow {
	r.mu.Lock()
	defer r.mu.Unlock()
	if f := r.flows[from]; f != nil || r.closed {
		return f
	}
	conn, err := net.DialUDP("udp", nil, net.UDPAddrFromAddrPort(r.to))
	if err != nil {
		return nil
	}
	f := &flow{relay: r, from: from, conn: conn}
	n := uint64(len(r.flows))
	f.up = newLane(r, &r.up, rand.New(rand.NewPCG(r.seed, 2*n)), func(b []byte) { _, _ = conn.Write(b) })
	f.down = newLane(r, &r.down, rand.New(rand.NewPCG(r.seed, 2*n+1)), func(b []byte) { _, _ = r.conn.WriteToUDPAddrPort(b, from) })
	r.flows[from] = f
	r.wg.Go(f.up.run)
	r.wg.Go(f.down.run)
	r.wg.Go(f.read)
	return f
}

// read takes what comes back.
func (f *flow) read() {
	b := make([]byte, longest)
	for {
		n, err := f.conn.Read(b)
		if errors.Is(err, net.ErrClosed) {
			return
		}
		if err == nil {
			f.down.take(b[:n], time.Now())
		}
	}
}

// fate decides what becomes of a packet of so many bytes that comes now: when it is through, or that it is lost. Each asks for the same
// number of random ones, so that the fate of the next does not hang on that of this one.
func (d *direction) fate(n int, rng *rand.Rand, last, now time.Time) (due time.Time, held, ok bool) {
	lost, spread, back := rng.Float64(), rng.Float64(), rng.Float64()
	d.mu.Lock()
	defer d.mu.Unlock()
	p := d.path
	if lost < p.Loss {
		d.counts.Lost++
		return due, false, false
	}
	due = now
	if p.Rate > 0 {
		queue := p.Queue
		if queue == 0 {
			queue = 300 * time.Millisecond
		}
		if d.free.Before(now) {
			d.free = now
		}
		if d.free.Sub(now) > queue {
			d.counts.Overflowed++
			return due, false, false
		}
		d.free = d.free.Add(time.Duration(n*8) * time.Second / time.Duration(p.Rate))
		due = d.free
	}
	due = due.Add(p.Delay + time.Duration(spread*float64(p.Jitter)))
	if due.Before(last) {
		due = last
	}
	if held = back < p.Reorder; held {
		d.counts.Held++
		hold := p.Hold
		if hold == 0 {
			hold = 20 * time.Millisecond
		}
		due = due.Add(hold)
	}
	d.counts.Passed++
	return due, held, true
}

// lane carries the packets of one flow in one direction.
type lane struct {
	relay *Relay
	way   *direction
	rng   *rand.Rand
	put   func([]byte)

	mu    sync.Mutex
	queue packets
	last  time.Time // when the newest that was not held back is through
	next  uint64
	wake  chan struct{}
	done  chan struct{}
}

func newLane(r *Relay, way *direction, rng *rand.Rand, put func([]byte)) *lane {
	return &lane{relay: r, way: way, rng: rng, put: put, wake: make(chan struct{}, 1), done: make(chan struct{})}
}

func (l *lane) close() { close(l.done) }

func (l *lane) take(b []byte, now time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	due, held, ok := l.way.fate(len(b), l.rng, l.last, now)
	if !ok || l.relay.off.Load() {
		return
	}
	if !held {
		l.last = due
	}
	l.next++
	heap.Push(&l.queue, packet{due, l.next, append([]byte(nil), b...)})
	select {
	case l.wake <- struct{}{}:
	default:
	}
}

func (l *lane) run() {
	timer := time.NewTimer(time.Hour)
	defer timer.Stop()
	for {
		l.mu.Lock()
		var b []byte
		wait := time.Hour
		if len(l.queue) > 0 {
			if wait = time.Until(l.queue[0].due); wait <= 0 {
				b = heap.Pop(&l.queue).(packet).bytes
			}
		}
		l.mu.Unlock()
		if b != nil {
			if !l.relay.off.Load() {
				l.put(b)
			}
			continue
		}
		timer.Reset(wait)
		select {
		case <-l.done:
			return
		case <-l.wake:
		case <-timer.C:
		}
	}
}

type packet struct {
	due   time.Time
	order uint64
	bytes []byte
}

// packets is a heap by time, and by order where times are the same.
type packets []packet

func (p packets) Len() int { return len(p) }
func (p packets) Less(i, j int) bool {
	if p[i].due.Equal(p[j].due) {
		return p[i].order < p[j].order
	}
	return p[i].due.Before(p[j].due)
}
func (p packets) Swap(i, j int) { p[i], p[j] = p[j], p[i] }
func (p *packets) Push(x any)   { *p = append(*p, x.(packet)) }
func (p *packets) Pop() any {
	old := *p
	x := old[len(old)-1]
	*p = old[:len(old)-1]
	return x
}
