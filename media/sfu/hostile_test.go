package sfu

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"gonghui/media/sfu/bwe"
	"gonghui/media/sfu/client"
	"gonghui/media/sfu/codec"
	"gonghui/media/sfu/packetcache"
	"gonghui/media/sfu/twcc"
	"gonghui/media/sfu/wire"
)

// storming is a receiver of pictures that has been sent some, and where it stands.
func storming(t testing.TB, packets int) (*forwarding, *slot) {
	f := newForwarding(t, 1, false)
	f.stream.cache = packetcache.New(2<<20, 2048)
	s := (*f.stream.track.viewers.slots[0].Load())[0]
	s.repeat, s.repeats = 7, payloadTypes{codec.VP8: 97}
	s.peer.down.bySSRC = map[uint32]*slot{s.ssrc: s}
	for range packets {
		f.send(t)
	}
	return f, s
}

func lack(t testing.TB, ssrc uint32, lost ...uint16) wire.Block {
	b, _, err := wire.Next(wire.AppendNACK(nil, 1, ssrc, lost))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// Whoever asks for everything again and again is not sent more than as much again as was sent.
func TestAStormOfQuestionsIsNotAnswered(t *testing.T) {
	const packets = 600
	f, s := storming(t, packets)
	sent, _, _ := f.server.conn.Count()
	now := f.server.now()
	for range 500 {
		now += everyTick
		for back := range uint16(packets / 2) {
			// Two at a distance at which they share a place in what is remembered of questions.
			s.peer.asked(lack(t, s.ssrc, s.newest-back-256, s.newest-back), now)
		}
	}
	all, _, failed := f.server.conn.Count()
	if again := all - sent; again == 0 || again > sent+sent/20 || failed > 0 {
		t.Errorf("%d packets were sent, and %d again (%d failed)", sent, again, failed)
	}
}

// Questions about packets that are not there cost time, too.
func TestQuestionsAreLookedIntoSoOftenATick(t *testing.T) {
	f, s := storming(t, 8)
	now := f.server.now()
	lost := make([]uint16, wire.NackMax)
	for i := range lost {
		lost[i] = uint16(20_000 + i*20)
	}
	for range 100 {
		s.peer.asked(lack(t, s.ssrc, lost...), now)
	}
	if n := s.peer.down.looked; n > mostLooks {
		t.Errorf("%d were looked for in one tick", n)
	}
	s.peer.asked(lack(t, s.ssrc, s.newest), now+2*everyTick)
	if s.peer.down.repeats != 1 {
		t.Error("the next tick has none left")
	}
}

// A repeated packet that has to wait goes when it may, though nothing else is sent.
func TestAPacedRepeatIsSentByItself(t *testing.T) {
	f, s := storming(t, 40)
	now := f.server.now()
	c := s.peer
	c.down.pace.SetRate(2_000_000)
	c.down.pace.Pass(0, 60_000, 0, now) // all that may go has gone
	before, _, _ := f.server.conn.Count()
	c.asked(lack(t, s.ssrc, s.newest), now)
	if n, _, _ := f.server.conn.Count(); n != before {
		t.Fatal("it did not wait")
	}
	f.shard.mu.Lock()
	queue := f.shard.queue
	f.shard.queue = nil
	f.shard.mu.Unlock()
	for _, i := range queue {
		f.shard.forward([]item{i}, now)
	}
	f.shard.settle(now + time.Second)
	if n, _, _ := f.server.conn.Count(); n != before+1 {
		t.Errorf("%d packets were sent when they might be", n-before)
	}
}

// Offers that name ever other streams, and looks at ever other places, leave nothing behind.
func TestWhatIsRememberedOfOffersIsBounded(t *testing.T) {
	f := newForwarding(t, 1, false)
	c := f.from
	c.who.room.people["from"] = c.who
	c.up.sections, c.up.known = map[string]*published{}, map[uint32]incoming{}
	for i := range 50 {
		o := section{mid: "0", kind: "video", direction: "sendonly"}
		for k := range uint32(16) {
			o.ssrcs = append(o.ssrcs, uint32(i)<<8|k)
		}
		a := o
		a.direction = "recvonly"
		c.agree([]section{o}, []section{a}, nil)
	}
	if n := len(c.up.declared); n > 16 {
		t.Errorf("%d streams are remembered", n)
	}
	var many strings.Builder
	many.WriteString("v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\nm=video 9 UDP/TLS/RTP/SAVPF 96\r\na=mid:0\r\n")
	for i := range 5000 {
		fmt.Fprintf(&many, "a=ssrc:%d cname:x\r\n", i+1)
	}
	all, err := sections(many.String())
	if err != nil {
		t.Fatal(err)
	}
	if n := len(all[0].ssrcs); n > 64 {
		t.Errorf("%d streams of one line are read", n)
	}
	p := &Participant{id: "p", room: c.who.room, shows: map[string]View{}}
	p.peer = &peer{who: p, server: f.server, shard: f.shard}
	for i := range 2000 {
		p.shows[fmt.Sprint("mid", i)] = View{Participant: "x"}
		p.restore(p.peer)
	}
	if n := len(p.shows); n > 2*mostSections {
		t.Errorf("%d places of connections that are gone are remembered", n)
	}
}

// Reports are read so often a second, however many come.
func TestAFloodOfReportsIsCutShort(t *testing.T) {
	var u up
	now, read := time.Hour, 0
	for range 10_000 {
		now += 100 * time.Microsecond
		if u.hears(now) {
			read++
		}
	}
	if read < mostReports/2 || read > 2*mostReports {
		t.Errorf("%d of 10,000 in a second were read", read)
	}
	if now += time.Second; !u.hears(now) {
		t.Error("none is read afterwards")
	}
}

// A negotiation that takes its time is nobody else's concern.
func TestWhoNegotiatesHoldsNobodyUp(t *testing.T) {
	room := serve(t).Room("room")
	a := join(t, room, "a", client.Options{Sound: true, Layers: []string{""}})
	b := join(t, room, "b", client.Options{Hear: 1})
	b.seat.mu.Lock()
	defer b.seat.mu.Unlock()
	a.play(t, true, 20)
	before := a.Feedback.Load()
	until(t, "the other goes on being told what came", func() bool { return a.Feedback.Load() > before+10 })
}

// Who was sent much, and then says nothing of it any more, is sent little.
func TestWhoGoesSilentIsSentLittle(t *testing.T) {
	f, s := storming(t, 4)
	c := s.peer
	o, now := &f.server.opt, f.server.now()
	if got := c.down.budget(o, now); got != o.Start {
		t.Errorf("before anything was told: %d", got)
	}
	high := 4 * o.Start
	c.down.est = bwe.New(bwe.Options{Start: high, Min: 60_000, Max: o.Bitrate})
	c.down.waiting = 0
	if got := c.down.budget(o, now+time.Hour); got != high {
		t.Errorf("nothing is sent, and nothing told: %d", got)
	}
	f.send(t)
	f.send(t)
	f.send(t)
	f.send(t)
	for after, want := range map[time.Duration]int{unheard / 2: high, unheard + time.Second: o.Start / 4} {
		if got := c.down.budget(o, f.server.now()+after); got != want {
			t.Errorf("%s after it was sent something: %d, want %d", after, got, want)
		}
	}
	var came twcc.Came
	came.Note(1, time.Hour)
	k, _, err := wire.Next(came.Append(nil, 1, s.ssrc))
	if err != nil {
		t.Fatal(err)
	}
	c.feedback(k, f.server.now())
	if got := c.down.budget(o, f.server.now()+unheard+time.Second); got < o.Start {
		t.Errorf("after it was heard again: %d", got)
	}
}
