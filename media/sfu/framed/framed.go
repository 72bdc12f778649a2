// Package framed carries packets over TCP (RFC 4571: two bytes of length before each), for those whose network lets no UDP through.
// Packets of media are taken out of what is read and put between what is written, so that Pion, which owns the connection, sees only
// ICE and DTLS.
package framed

import (
	"encoding/binary"
	"errors"
	"io"
	"net"
	"sync"
	"time"

	"gonghui/media/sfu/wire"
)

// Of a connection.
const (
	longest = 1600             // of a packet that comes, in bytes
	waiting = 256 << 10        // bytes that may wait to be written: about a second of pictures
	stalled = 10 * time.Second // after so long without progress a connection is given up
)

// Errors of sending and reading.
var (
	ErrFull = errors.New("framed: the connection does not keep up")
	ErrLong = errors.New("framed: packet is too long")
)

// Listener accepts connections.
type Listener struct {
	net.Listener
	take func(*Conn, []byte)
	come func(*Conn)
	gone func(*Conn)
}

// Listen wraps a listener. take gets each packet of media, in a buffer that is used again; come and gone are told of connections.
func Listen(l net.Listener, take func(*Conn, []byte), come, gone func(*Conn)) *Listener {
	return &Listener{l, take, come, gone}
}

// Accept is net.Listener's; what it returns is a *Conn.
func (l *Listener) Accept() (net.Conn, error) {
	raw, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	c := &Conn{Conn: raw, listener: l, wake: make(chan struct{}, 1), done: make(chan struct{})}
	l.come(c)
	go c.write()
	return c, nil
}

// Conn is a connection. It may be written to by many at a time, and is read by one.
type Conn struct {
	net.Conn
	listener *Listener
	frame    [2 + longest]byte
	rest     []byte // of a frame that is not media and was not read to its end

	mu    sync.Mutex
	out   []byte
	spare []byte
	wake  chan struct{}
	done  chan struct{}
	once  sync.Once
}

// Read is net.Conn's: what it gives are frames that are not media.
func (c *Conn) Read(b []byte) (int, error) {
	for len(c.rest) == 0 {
		if _, err := io.ReadFull(c.Conn, c.frame[:2]); err != nil {
			return 0, err
		}
		n := int(binary.BigEndian.Uint16(c.frame[:]))
		if n > longest {
			return 0, ErrLong
		}
		if _, err := io.ReadFull(c.Conn, c.frame[2:2+n]); err != nil {
			return 0, err
		}
		if packet := c.frame[2 : 2+n]; wire.IsMedia(packet) {
			c.listener.take(c, packet)
			continue
		}
		c.rest = c.frame[:2+n]
	}
	n := copy(b, c.rest)
	c.rest = c.rest[n:]
	return n, nil
}

// Write is net.Conn's; b is whole frames. It returns before they are written.
func (c *Conn) Write(b []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.out)+len(b) > 2*waiting {
		return 0, ErrFull
	}
	c.out = append(c.out, b...)
	c.call()
	return len(b), nil
}

// Send sends b, cut into packets of size bytes, of which only the last may be shorter. What does not fit is dropped, as on any
// network that is full.
func (c *Conn) Send(b []byte, size int) error {
	if size <= 0 || size > longest {
		return ErrLong
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	for len(b) > 0 {
		n := min(size, len(b))
		if len(c.out)+2+n > waiting {
			return ErrFull
		}
		c.out = binary.BigEndian.AppendUint16(c.out, uint16(n))
		c.out = append(c.out, b[:n]...)
		b = b[n:]
	}
	c.call()
	return nil
}

// call wakes the writer.
func (c *Conn) call() {
	select {
	case c.wake <- struct{}{}:
	default:
	}
}

// write writes what was gathered, until the connection ends.
func (c *Conn) write() {
	for {
		select {
		case <-c.done:
			return
		case <-c.wake:
		}
		c.mu.Lock()
		b := c.out
		c.out, c.spare = c.spare[:0], nil
		c.mu.Unlock()
		err := c.Conn.SetWriteDeadline(time.Now().Add(stalled))
		if err == nil {
			_, err = c.Conn.Write(b)
		}
		c.mu.Lock()
		c.spare = b[:0]
		c.mu.Unlock()
		if err != nil {
			_ = c.Close()
			return
		}
	}
}

// SetWriteDeadline has no meaning here: nobody waits for what is written.
func (c *Conn) SetWriteDeadline(time.Time) error { return nil }

// SetDeadline bounds reading.
func (c *Conn) SetDeadline(t time.Time) error { return c.Conn.SetReadDeadline(t) }

// Close closes the connection; what waits is not written.
func (c *Conn) Close() error {
	err := net.ErrClosed
	c.once.Do(func() {
		close(c.done)
		c.listener.gone(c)
		err = c.Conn.Close()
	})
	return err
}
