package twcc

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/pion/rtcp"

	"gonghui/media/sfu/wire"
)

const ms = time.Millisecond

// What is told here is read here, and Pion reads the same: whatever was lost, late, out of order, over the wraps.
func TestToldIsRead(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 8))
	var c Came
	now := 3 * time.Hour
	seq := uint16(65000)
	came := map[uint16]time.Duration{}
	read := 0
	for round := range 200 {
		for range rng.IntN(200) {
			seq++
			if rng.IntN(5) == 0 {
				continue
			}
			now += time.Duration(rng.IntN(3)) * ms
			if rng.IntN(50) == 0 {
				now += time.Duration(rng.IntN(300)) * ms
			}
			c.Note(seq, now)
			came[seq] = now
			if rng.IntN(20) == 0 && seq > 2 {
				if _, there := came[seq-1]; !there && c.next < c.seq.Peek(seq-1) {
					c.Note(seq-1, now+ms)
					came[seq-1] = now + ms
				}
			}
		}
		for c.Pending() > 0 {
			b := c.Append(nil, 1, 2)
			if b == nil {
				break
			}
			p, rest, err := wire.Next(b)
			if err != nil || len(rest) != 0 {
				t.Fatalf("round %d: %v", round, err)
			}
			var theirs rtcp.TransportLayerCC
			if err := theirs.Unmarshal(b); err != nil {
				t.Fatalf("round %d: Pion does not read it: %v", round, err)
			}
			got, err := Read(p.Body, nil)
			if err != nil {
				t.Fatalf("round %d: %v", round, err)
			}
			received := 0
			for _, a := range got {
				if !a.Received {
					continue
				}
				received++
				if d := a.At - came[a.Sequence]; d > tick || d < -tick {
					t.Fatalf("round %d: %d came at %s, not %s", round, a.Sequence, a.At, came[a.Sequence])
				}
			}
			if received != len(theirs.RecvDeltas) || len(got) != int(theirs.PacketStatusCount) {
				t.Fatalf("round %d: %d of %d, Pion says %d of %d", round, received, len(got), len(theirs.RecvDeltas), theirs.PacketStatusCount)
			}
			read += received
		}
		clear(came)
	}
	if read < 10000 {
		t.Errorf("only %d packets were told of", read)
	}
}

// What Pion writes is read: chunks of all kinds.
func TestAsPionWritesIt(t *testing.T) {
	cc := rtcp.TransportLayerCC{
		Header:     rtcp.Header{Count: rtcp.FormatTCC, Type: rtcp.TypeTransportSpecificFeedback, Length: 7},
		SenderSSRC: 1, MediaSSRC: 2, BaseSequenceNumber: 65533, PacketStatusCount: 3 + 14 + 2, ReferenceTime: 10,
		PacketChunks: []rtcp.PacketStatusChunk{
			&rtcp.RunLengthChunk{Type: rtcp.TypeTCCRunLengthChunk, PacketStatusSymbol: rtcp.TypeTCCPacketReceivedSmallDelta, RunLength: 3},
			&rtcp.StatusVectorChunk{Type: rtcp.TypeTCCStatusVectorChunk, SymbolSize: rtcp.TypeTCCSymbolSizeOneBit, SymbolList: []uint16{0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}},
			&rtcp.StatusVectorChunk{Type: rtcp.TypeTCCStatusVectorChunk, SymbolSize: rtcp.TypeTCCSymbolSizeTwoBit, SymbolList: []uint16{2, 0, 0, 0, 0, 0, 0}},
		},
		RecvDeltas: []*rtcp.RecvDelta{
			{Type: rtcp.TypeTCCPacketReceivedSmallDelta, Delta: 1000},
			{Type: rtcp.TypeTCCPacketReceivedSmallDelta, Delta: 0},
			{Type: rtcp.TypeTCCPacketReceivedSmallDelta, Delta: 250},
			{Type: rtcp.TypeTCCPacketReceivedSmallDelta, Delta: 500},
			{Type: rtcp.TypeTCCPacketReceivedLargeDelta, Delta: -2000},
		},
	}
	b, err := cc.Marshal()
	if err != nil {
		t.Fatal(err)
	}
	p, _, err := wire.Next(b)
	if err != nil {
		t.Fatal(err)
	}
	got, err := Read(p.Body, nil)
	if err != nil {
		t.Fatal(err)
	}
	base := 640 * ms
	want := map[uint16]time.Duration{65533: base + ms, 65534: base + ms, 65535: base + ms + 250*time.Microsecond, 1: base + ms + 750*time.Microsecond, 14: base + ms - 1250*time.Microsecond}
	for _, a := range got {
		at, there := want[a.Sequence]
		if there != a.Received || at != a.At {
			t.Errorf("%+v, not %s", a, at)
		}
	}
	if len(got) != 19 {
		t.Errorf("%d packets", len(got))
	}
}

func TestMatch(t *testing.T) {
	var s Sent
	if got := s.Match([]Arrival{{Sequence: 1, Received: true}}, nil); len(got) != 0 {
		t.Errorf("matched before anything was sent: %v", got)
	}
	var seqs []uint16
	for i := range 3 {
		seqs = append(seqs, s.Next(time.Duration(i)*ms, 100+i, uint16(i)))
	}
	got := s.Match([]Arrival{{Sequence: seqs[2], Received: true, At: 9}, {Sequence: seqs[0]}, {Sequence: 999, Received: true}, {Sequence: seqs[2], Received: true}}, nil)
	if len(got) != 2 || got[0].Bytes != 102 || got[0].Probe != 2 || got[0].Sent != 2*ms || !got[0].Received || got[0].At != 9 || got[1].Received || got[1].Bytes != 100 {
		t.Errorf("%+v", got)
	}
	for range flight {
		s.Next(0, 1, 0)
	}
	if got := s.Match([]Arrival{{Sequence: seqs[1], Received: true}}, nil); len(got) != 0 {
		t.Errorf("forgotten but matched: %v", got)
	}
}

// Whatever is sent while feedback is on its way, up to the bound, is found when it comes: memory grows only as far as that needs.
func TestSentGrowsAsItNeeds(t *testing.T) {
	for _, c := range []struct {
		every time.Duration
		kept  int
	}{{20 * ms, 64}, {8 * ms, 100}, {ms, 1000}, {ms / 10, flight}} {
		var s Sent
		now := time.Hour
		var asked []Arrival
		for range 3000 {
			now += c.every
			asked = append(asked, Arrival{Sequence: s.Next(now, 1, 0), Received: true})
		}
		got := s.Match(asked[len(asked)-c.kept:], nil)
		if len(got) != c.kept {
			t.Errorf("every %s: %d of the last %d are known", c.every, len(got), c.kept)
		}
		for i, p := range got {
			if want := now - time.Duration(c.kept-1-i)*c.every; p.Sent != want {
				t.Fatalf("every %s: packet %d went at %s, not at %s", c.every, i, p.Sent, want)
			}
		}
		if len(s.ring) > flight {
			t.Errorf("every %s: %d are remembered", c.every, len(s.ring))
		}
	}
}

func TestMalformed(t *testing.T) {
	var c Came
	for i := range uint16(20) {
		c.Note(i*2, time.Hour+time.Duration(i)*30*ms)
	}
	good := c.Append(nil, 1, 2)[4:]
	for n := range 20 {
		if _, err := Read(good[:n], nil); err == nil {
			t.Errorf("%d bytes are read", n)
		}
	}
	zero := append(append([]byte{}, good[:16]...), 0, 0)
	if _, err := Read(zero, nil); err == nil {
		t.Error("a run of nothing is read")
	}
	many := append([]byte{}, good...)
	many[10] = 0xFF
	if _, err := Read(many, nil); err == nil {
		t.Error("65,000 packets are read")
	}
}

func TestPublisherThatJumps(t *testing.T) {
	var c Came
	c.Note(1, time.Hour)
	c.Note(30000, time.Hour+ms)
	c.Note(30001, time.Hour+2*ms)
	total := 0
	for range 10 {
		b := c.Append(nil, 1, 2)
		if b == nil {
			break
		}
		got, err := Read(b[4:], nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, a := range got {
			if a.Received {
				total++
			}
		}
	}
	if total != 2 || c.Pending() != 0 {
		t.Errorf("%d told of, %d pending", total, c.Pending())
	}
}

func FuzzRead(f *testing.F) {
	var c Came
	for i := range uint16(50) {
		c.Note(i*i, time.Hour+time.Duration(i)*30*ms)
	}
	f.Add(c.Append(nil, 1, 2)[4:])
	f.Fuzz(func(t *testing.T, b []byte) {
		got, err := Read(b, nil)
		if len(got) > most || err != nil && len(got) != 0 {
			t.Fatalf("%d packets, %v", len(got), err)
		}
	})
}

func TestNoAllocation(t *testing.T) {
	var c Came
	var s Sent
	buf := make([]byte, 0, 1500)
	arrivals := make([]Arrival, 0, 100)
	packets := make([]Packet, 0, 100)
	c.Note(0, time.Hour)
	seq := uint16(0)
	if n := testing.AllocsPerRun(100, func() {
		for range 20 {
			seq++
			c.Note(s.Next(time.Hour, 1000, 0), time.Hour+time.Duration(seq)*ms)
		}
		b := c.Append(buf, 1, 2)
		got, err := Read(b[4:], arrivals)
		if err != nil {
			t.Fatal(err)
		}
		s.Match(got, packets)
	}); n != 0 {
		t.Errorf("%v allocations for twenty packets", n)
	}
}
