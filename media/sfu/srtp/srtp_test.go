package srtp

import (
	"bytes"
	"encoding/hex"
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/pion/rtp"
	pion "github.com/pion/srtp/v3"

	"gonghui/media/sfu/wire"
)

var profiles = map[string]Profile{"AES-128-GCM": AES128GCM, "AES-256-GCM": AES256GCM, "AES-CM-SHA1-80": AES128CMSHA}

func material(t testing.TB, p Profile) (key, salt []byte) {
	t.Helper()
	k, s, err := p.lengths()
	if err != nil {
		t.Fatal(err)
	}
	rng := rand.NewChaCha8([32]byte{byte(p)})
	key, salt = make([]byte, k), make([]byte, s)
	rng.Read(key)
	rng.Read(salt)
	return key, salt
}

func packet(seq uint16, ssrc uint32, n int) []byte {
	p := rtp.Packet{Header: rtp.Header{Version: 2, SequenceNumber: seq, SSRC: ssrc, PayloadType: 96, Extension: true, ExtensionProfile: 0xBEDE}, Payload: make([]byte, n)}
	_ = p.Header.SetExtension(3, []byte{1, 2})
	for i := range p.Payload {
		p.Payload[i] = byte(i) + byte(seq)
	}
	b, _ := p.Marshal()
	return b
}

func seal(o *Out, s *Stream, plain []byte) ([]byte, error) {
	var h wire.Header
	if err := h.Parse(plain); err != nil {
		return nil, err
	}
	dst := append(make([]byte, 0, len(plain)+Overhead), plain[:h.Payload]...)
	return o.Seal(s, dst, plain[h.Payload:])
}

// What is sealed here Pion opens, and the other way round, over two wraps and out of order.
func TestWithPion(t *testing.T) {
	for name, p := range profiles {
		t.Run(name, func(t *testing.T) {
			key, salt := material(t, p)
			theirs, err := pion.CreateContext(key, salt, pion.ProtectionProfile(p))
			if err != nil {
				t.Fatal(err)
			}
			their2, _ := pion.CreateContext(key, salt, pion.ProtectionProfile(p))
			out, err := NewOut(p, key, salt)
			if err != nil {
				t.Fatal(err)
			}
			in, _ := NewIn(p, key, salt)
			var s Stream
			for i := range 3000 {
				n := i ^ 1 // each two change places
				plain := packet(uint16(1000+n*50), 0xCAFE, n%1300)
				sealed, err := seal(out, &s, plain)
				if err != nil {
					t.Fatalf("packet %d: %v", n, err)
				}
				got, err := theirs.DecryptRTP(nil, sealed, nil)
				if err != nil || !bytes.Equal(got, plain) {
					t.Fatalf("packet %d: Pion opens it to something else: %v", n, err)
				}
				sealed, err = their2.EncryptRTP(nil, plain, nil)
				if err != nil {
					t.Fatal(err)
				}
				var h wire.Header
				if got, err = in.Open(sealed, &h); err != nil || !bytes.Equal(got, plain) || h.SSRC != 0xCAFE {
					t.Fatalf("packet %d: %v", n, err)
				}
			}
			for i := range 50 {
				plain := wire.AppendNACK(nil, uint32(i), 7, []uint16{1, 2, 3})
				sealed, err := out.SealRTCP(nil, plain)
				if err != nil {
					t.Fatal(err)
				}
				if got, err := theirs.DecryptRTCP(nil, sealed, nil); err != nil || !bytes.Equal(got, plain) {
					t.Fatalf("report %d: %v", i, err)
				}
				if sealed, err = their2.EncryptRTCP(nil, plain, nil); err != nil {
					t.Fatal(err)
				}
				if got, err := in.OpenRTCP(sealed); err != nil || !bytes.Equal(got, plain) {
					t.Fatalf("report %d: %v", i, err)
				}
			}
		})
	}
}

func TestNoNumberTwice(t *testing.T) {
	for name, p := range profiles {
		key, salt := material(t, p)
		out, _ := NewOut(p, key, salt)
		var s Stream
		for _, c := range []struct {
			seq uint16
			ok  bool
		}{{100, true}, {100, false}, {102, true}, {101, true}, {101, false}, {99, true}, {2000, true}, {977, true}, {976, false}, {1500, true}, {1500, false}, {2000, false}} {
			_, err := seal(out, &s, packet(c.seq, 1, 10))
			if c.ok != (err == nil) || err != nil && !errors.Is(err, ErrReplayed) {
				t.Errorf("%s: %d: %v", name, c.seq, err)
			}
		}
		var low Stream
		if _, err := seal(out, &low, packet(0, 2, 10)); err != nil {
			t.Errorf("%s: the first: %v", name, err)
		}
		if _, err := seal(out, &low, packet(65535, 2, 10)); !errors.Is(err, ErrReplayed) {
			t.Errorf("%s: before the beginning: %v", name, err)
		}
	}
}

func TestForgedAndReplayed(t *testing.T) {
	for name, p := range profiles {
		key, salt := material(t, p)
		out, _ := NewOut(p, key, salt)
		in, _ := NewIn(p, key, salt)
		var s Stream
		var h wire.Header
		good, _ := seal(out, &s, packet(5, 9, 100))
		for at := range good {
			bad := bytes.Clone(good)
			bad[at] ^= 0x40
			if _, err := in.Open(bad, &h); err == nil {
				t.Fatalf("%s: byte %d was changed unseen", name, at)
			}
		}
		if len(in.streams) != 0 {
			t.Errorf("%s: %d streams remembered of forged packets", name, len(in.streams))
		}
		if _, err := in.Open(good[:20], &h); err == nil {
			t.Errorf("%s: a part of a packet", name)
		}
		if _, err := in.Open(bytes.Clone(good), &h); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if _, err := in.Open(bytes.Clone(good), &h); !errors.Is(err, ErrReplayed) {
			t.Errorf("%s: replayed: %v", name, err)
		}
		report, _ := out.SealRTCP(nil, wire.AppendPLI(nil, 1, 2))
		for at := range report {
			bad := bytes.Clone(report)
			bad[at] ^= 0x40
			if _, err := in.OpenRTCP(bad); err == nil {
				t.Fatalf("%s: byte %d of a report was changed unseen", name, at)
			}
		}
		if _, err := in.OpenRTCP(bytes.Clone(report)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if _, err := in.OpenRTCP(bytes.Clone(report)); !errors.Is(err, ErrReplayed) {
			t.Errorf("%s: report replayed: %v", name, err)
		}
	}
}

func TestBounds(t *testing.T) {
	key, salt := material(t, AES128GCM)
	out, _ := NewOut(AES128GCM, key, salt)
	in, _ := NewIn(AES128GCM, key, salt)
	var h wire.Header
	for ssrc := range uint32(maxStreams + 1) {
		var s Stream
		b, _ := seal(out, &s, packet(1, ssrc, 10))
		if _, err := in.Open(b, &h); (ssrc < maxStreams) != (err == nil) {
			t.Errorf("stream %d: %v", ssrc, err)
		}
	}
	in.Forget(3)
	var s Stream
	b, _ := seal(out, &s, packet(1, 999, 10))
	if _, err := in.Open(b, &h); err != nil {
		t.Errorf("after one has ended: %v", err)
	}
	for _, c := range []struct {
		p         Profile
		key, salt []byte
	}{{3, key, salt}, {AES128GCM, key[:15], salt}, {AES128GCM, key, salt[:11]}} {
		if _, err := NewIn(c.p, c.key, c.salt); err == nil {
			t.Errorf("profile %d with %d and %d bytes", c.p, len(c.key), len(c.salt))
		}
	}
	if _, err := AES128GCM.Split(make([]byte, 55)); err == nil {
		t.Error("55 bytes of keys")
	}
	if _, err := out.Seal(&s, make([]byte, 11), nil); err == nil {
		t.Error("a header of 11 bytes")
	}
	if _, err := out.SealRTCP(nil, make([]byte, 7)); err == nil {
		t.Error("a report of 7 bytes")
	}
}

// The key log alone, or the hello alone, gives no keys; a line of something else is passed over.
func TestExporter(t *testing.T) {
	var e Exporter
	if _, _, err := e.Keys(); err == nil {
		t.Error("keys of nothing")
	}
	fmt.Fprintf(&e, "SERVER_X %s %s\n", hex.EncodeToString(make([]byte, 32)), hex.EncodeToString(make([]byte, 48)))
	e.Hello([32]byte{1}, AES128GCM)
	if _, _, err := e.Keys(); err == nil {
		t.Error("keys without a master secret")
	}
	fmt.Fprintf(&e, "CLIENT_RANDOM %s %s\n", hex.EncodeToString(make([]byte, 32)), hex.EncodeToString(make([]byte, 48)))
	p, k, err := e.Keys()
	if err != nil || p != AES128GCM || len(k.ClientKey) != 16 || len(k.ServerSalt) != 12 || bytes.Equal(k.ClientKey, k.ServerKey) {
		t.Errorf("%v %+v %v", p, k, err)
	}
	if _, _, err := e.Keys(); err == nil {
		t.Error("keys are kept")
	}
}

func FuzzOpen(f *testing.F) {
	key, salt := material(f, AES128CMSHA)
	out, _ := NewOut(AES128CMSHA, key, salt)
	var s Stream
	b, _ := seal(out, &s, packet(5, 9, 30))
	f.Add(b)
	b, _ = out.SealRTCP(nil, wire.AppendPLI(nil, 1, 2))
	f.Add(b)
	f.Fuzz(func(t *testing.T, b []byte) {
		for _, p := range profiles {
			key, salt := material(t, p)
			in, err := NewIn(p, key, salt)
			if err != nil {
				t.Fatal(err)
			}
			var h wire.Header
			_, _ = in.Open(bytes.Clone(b), &h)
			_, _ = in.OpenRTCP(bytes.Clone(b))
		}
	})
}

func TestNoAllocation(t *testing.T) {
	for name, p := range profiles {
		key, salt := material(t, p)
		out, _ := NewOut(p, key, salt)
		var s Stream
		buf := make([]byte, 1500)
		payload := make([]byte, 1000)
		seq := uint16(0)
		if n := testing.AllocsPerRun(500, func() {
			seq++
			n := wire.Put(buf, true, false, 96, seq, 1, 2, nil)
			if _, err := out.Seal(&s, buf[:n], payload); err != nil {
				t.Fatal(err)
			}
		}); n != 0 {
			t.Errorf("%s: %v allocations a packet", name, n)
		}
	}
}

func BenchmarkSeal(b *testing.B) {
	for name, p := range profiles {
		b.Run(name, func(b *testing.B) {
			key, salt := material(b, p)
			out, _ := NewOut(p, key, salt)
			var s Stream
			buf := make([]byte, 1500)
			payload := make([]byte, 1040)
			b.ReportAllocs()
			for i := range b.N {
				n := wire.Put(buf, true, false, 96, uint16(i), 1, 2, nil)
				if _, err := out.Seal(&s, buf[:n], payload); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
