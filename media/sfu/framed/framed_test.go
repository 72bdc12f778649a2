package framed

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"sync/atomic"
	"testing"
	"time"
)

// pair is a connection as both sides have it, and the packets of media that came on it.
func pair(t *testing.T) (c *Conn, peer net.Conn, media chan []byte, gone *atomic.Int32) {
	t.Helper()
	raw, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	media, gone = make(chan []byte, 100), new(atomic.Int32)
	l := Listen(raw, func(_ *Conn, b []byte) { media <- bytes.Clone(b) }, func(*Conn) {}, func(*Conn) { gone.Add(1) })
	if peer, err = net.Dial("tcp", raw.Addr().String()); err != nil {
		t.Fatal(err)
	}
	accepted, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { accepted.Close(); peer.Close(); l.Close() })
	return accepted.(*Conn), peer, media, gone
}

func frame(b ...byte) []byte { return append(binary.BigEndian.AppendUint16(nil, uint16(len(b))), b...) }

func TestMediaIsTakenOut(t *testing.T) {
	c, peer, media, _ := pair(t)
	stun, dtls := frame(0, 1, 7), frame(22, 254, 9)
	go func() {
		// As the network likes it: one byte at a time.
		for _, b := range bytes.Join([][]byte{frame(0x80, 96, 1), stun, frame(0x81, 200, 2), frame(), frame(0xBF, 3), dtls}, nil) {
			if _, err := peer.Write([]byte{b}); err != nil {
				return
			}
		}
	}()
	got := make([]byte, len(stun)+2+len(dtls))
	if _, err := io.ReadFull(c, got); err != nil {
		t.Fatal(err)
	}
	if want := bytes.Join([][]byte{stun, frame(), dtls}, nil); !bytes.Equal(got, want) {
		t.Errorf("read %x, not %x", got, want)
	}
	for _, want := range [][]byte{{0x80, 96, 1}, {0x81, 200, 2}, {0xBF, 3}} {
		if got := <-media; !bytes.Equal(got, want) {
			t.Errorf("media %x, not %x", got, want)
		}
	}
}

func TestMediaIsPutBetween(t *testing.T) {
	c, peer, _, _ := pair(t)
	if _, err := c.Write(frame(1, 2)); err != nil {
		t.Fatal(err)
	}
	if err := c.Send([]byte{0x80, 1, 0x80, 2, 0x80}, 2); err != nil {
		t.Fatal(err)
	}
	want := bytes.Join([][]byte{frame(1, 2), frame(0x80, 1), frame(0x80, 2), frame(0x80)}, nil)
	got := make([]byte, len(want))
	if err := peer.SetReadDeadline(time.Now().Add(5 * time.Second)); err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadFull(peer, got); err != nil || !bytes.Equal(got, want) {
		t.Errorf("%x, not %x: %v", got, want, err)
	}
}

// Who does not read is sent no more than fits, and holds nobody up.
func TestWhoDoesNotKeepUp(t *testing.T) {
	c, _, _, _ := pair(t)
	var err error
	for range 100_000 {
		if err = c.Send(make([]byte, 1200), 1200); err != nil {
			break
		}
	}
	if !errors.Is(err, ErrFull) {
		t.Errorf("a hundred megabytes went to who does not read: %v", err)
	}
	if err := c.Send(make([]byte, 10), longest+1); !errors.Is(err, ErrLong) {
		t.Errorf("too long: %v", err)
	}
}

func TestEnds(t *testing.T) {
	c, peer, _, gone := pair(t)
	if _, err := peer.Write([]byte{0xFF, 0xFF, 1}); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Read(make([]byte, 10)); !errors.Is(err, ErrLong) {
		t.Errorf("a frame of 65,535 bytes: %v", err)
	}
	if err := c.Close(); err != nil {
		t.Error(err)
	}
	if err := c.Close(); !errors.Is(err, net.ErrClosed) || gone.Load() != 1 {
		t.Errorf("closed again: %v, told %d times", err, gone.Load())
	}
}
