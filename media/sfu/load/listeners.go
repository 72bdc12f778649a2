package load

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"encoding/binary"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/pion/dtls/v3"
	"github.com/pion/dtls/v3/pkg/crypto/selfsign"
	"github.com/pion/ice/v4"
	"github.com/pion/srtp/v3"
	"github.com/pion/stun/v3"

	"gonghui/media/sfu/client"
	"gonghui/media/sfu/twcc"
	"gonghui/media/sfu/wire"
)

// How listeners behave: as browsers do, but one packet in fifty alone is decrypted.
const (
	lookEvery   = 50
	tellEvery   = 180 * time.Millisecond  // transport-wide feedback and a receiver report
	checkEvery  = 2500 * time.Millisecond // ICE
	handshaking = 20 * time.Second
)

// Listeners hear one talk, each from an address of its own. Pion sets up ICE and DTLS for them; after that one loop reads all their
// sockets, so that thousands fit beside the server that is measured.
type Listeners struct {
	address, room string
	cert          tls.Certificate
	print         string // of cert
	talker        *seat
	round         int
	poll          *poll
	done          chan struct{}
	ended         sync.WaitGroup

	mu  sync.Mutex // what the loop knows
	all []*listener

	came, broken, told atomic.Uint64
	late               struct {
		sync.Mutex
		on   bool
		took []time.Duration
	}
}

// listener is one of them. What stands behind live belongs to the loop.
type listener struct {
	fd     int
	at     netip.AddrPort
	server *net.UDPAddr
	ufrag  string
	pwd    string
	check  []byte      // a binding request
	bound  chan bool   // it was answered
	dtls   chan []byte // what came of DTLS
	live   atomic.Bool

	in, out  *srtp.Context
	started  bool
	ssrc     uint32
	highest  uint32
	twcc     twcc.Came
	nextTell time.Duration
	nextAsk  time.Duration
}

// Listen begins a talk on a server of the product's.
func Listen(ctx context.Context, address, room string) (_ *Listeners, err error) {
	l := &Listeners{address: address, room: room, done: make(chan struct{})}
	if l.cert, err = selfsign.GenerateSelfSigned(); err != nil {
		return nil, err
	}
	l.print = fingerprint(l.cert.Certificate[0])
	if l.poll, err = newPoll(); err != nil {
		return nil, err
	}
	l.ended.Go(l.loop)
	defer func() {
		if err != nil {
			l.Close()
		}
	}()
	c, err := client.New(client.Options{Sound: true})
	if err != nil {
		return nil, err
	}
	l.talker = &seat{Client: c}
	m := &Meeting{base: "http://" + address, room: room, product: true}
	return l, m.join(ctx, sender(0), l.talker)
}

// Len is how many listen.
func (l *Listeners) Len() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.all)
}

// atOnce is how many listeners join at a time: two thousand handshakes on one machine take their turns.
const atOnce = 16

// Join has so many listen in all.
func (l *Listeners) Join(ctx context.Context, n int) error {
	gate, errs := make(chan struct{}, atOnce), make(chan error)
	more := n - l.Len()
	for i := range more {
		go func() {
			gate <- struct{}{}
			defer func() { <-gate }()
			errs <- l.join(ctx, receiver(n-more+i))
		}()
	}
	var err error
	for range more {
		err = errors.Join(err, <-errs)
	}
	return err
}

func (l *Listeners) join(ctx context.Context, id string) error {
	ctx, cancel := context.WithTimeout(ctx, handshaking)
	defer cancel()
	k := &listener{bound: make(chan bool, 1), dtls: make(chan []byte, 32)}
	k.ufrag, k.pwd = random(8), random(26)
	var err error
	if k.fd, k.at, err = l.poll.open(k); err != nil {
		return err
	}
	l.mu.Lock()
	l.all = append(l.all, k)
	l.mu.Unlock()
	m := &Meeting{room: l.room}
	var answer strings.Builder
	if err := call(ctx, "http://"+l.address+"/join?"+m.query(id), k.offer(l.print), &answer); err != nil {
		return err
	}
	if err := k.dial(ctx, answer.String()); err != nil {
		return fmt.Errorf("load: %s: %w", id, err)
	}
	return k.shake(ctx, l.cert)
}

// offer is what a browser would send that hears one voice.
func (k *listener) offer(print string) string {
	return "v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=group:BUNDLE 0\r\na=fingerprint:sha-256 " + print + "\r\n" +
		"m=audio 9 UDP/TLS/RTP/SAVPF 111\r\nc=IN IP4 0.0.0.0\r\na=setup:actpass\r\na=mid:0\r\na=ice-ufrag:" + k.ufrag + "\r\na=ice-pwd:" + k.pwd + "\r\n" +
		"a=rtcp-mux\r\na=recvonly\r\na=rtpmap:111 opus/48000/2\r\na=fmtp:111 minptime=10;useinbandfec=1\r\na=rtcp-fb:111 transport-cc\r\n" +
		"a=extmap:" + fmt.Sprint(transportID) + " http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01\r\n"
}

// transportID is the id of the transport-wide number.
const transportID = 5

// dial has ICE find the server.
func (k *listener) dial(ctx context.Context, answer string) error {
	ufrag, pwd := line(answer, "a=ice-ufrag:"), line(answer, "a=ice-pwd:")
	for l := range strings.Lines(answer) {
		f := strings.Fields(l)
		if len(f) > 5 && strings.HasPrefix(l, "a=candidate:") && strings.EqualFold(f[2], "udp") && k.server == nil {
			at, err := netip.ParseAddrPort(net.JoinHostPort(f[4], f[5]))
			if err != nil {
				return err
			}
			k.server = net.UDPAddrFromAddrPort(at)
		}
	}
	if k.server == nil || ufrag == "" || pwd == "" {
		return errors.New("the answer names no address")
	}
	m, err := stun.Build(stun.BindingRequest, stun.TransactionID, stun.NewUsername(ufrag+":"+k.ufrag), ice.UseCandidate(), ice.AttrControlling(7),
		ice.PriorityAttr(1<<24), stun.NewShortTermIntegrity(pwd), stun.Fingerprint)
	if err != nil {
		return err
	}
	k.check = m.Raw
	t := time.NewTicker(100 * time.Millisecond)
	defer t.Stop()
	for {
		if err := send(k.fd, k.server.AddrPort(), k.check); err != nil {
			return err
		}
		select {
		case <-k.bound:
			return nil
		case <-t.C:
		case <-ctx.Done():
			return fmt.Errorf("ICE: %w", ctx.Err())
		}
	}
}

// shake makes the keys.
func (k *listener) shake(ctx context.Context, cert tls.Certificate) error {
	conn, err := dtls.ClientWithOptions(k, k.server, dtls.WithCertificates(cert), dtls.WithInsecureSkipVerify(true),
		dtls.WithSRTPProtectionProfiles(dtls.SRTP_AEAD_AES_128_GCM), dtls.WithExtendedMasterSecret(dtls.RequireExtendedMasterSecret))
	if err != nil {
		return fmt.Errorf("DTLS: %w", err)
	}
	if err := conn.HandshakeContext(ctx); err != nil {
		return fmt.Errorf("DTLS: %w", err)
	}
	state, ok := conn.ConnectionState()
	if !ok {
		return errors.New("DTLS: not connected")
	}
	const key, salt = 16, 12
	keys, err := state.ExportKeyingMaterial("EXTRACTOR-dtls_srtp", nil, 2*(key+salt))
	if err != nil {
		return fmt.Errorf("DTLS: %w", err)
	}
	mine, theirs, salts := keys[:key], keys[key:2*key], keys[2*key:]
	if k.out, err = srtp.CreateContext(mine, salts[:salt], srtp.ProtectionProfileAeadAes128Gcm); err != nil {
		return err
	}
	if k.in, err = srtp.CreateContext(theirs, salts[salt:], srtp.ProtectionProfileAeadAes128Gcm); err != nil {
		return err
	}
	k.live.Store(true)
	return nil
}

// random is a word of n letters.
func random(n int) string { return rand.Text()[:min(n, 26)] }

// fingerprint is a certificate's, as SDP has it.
func fingerprint(cert []byte) string {
	sum := sha256.Sum256(cert)
	return strings.ToUpper(strings.ReplaceAll(fmt.Sprintf("% x", sum[:]), " ", ":"))
}

func line(text, name string) string {
	for l := range strings.Lines(text) {
		if v, ok := strings.CutPrefix(l, name); ok {
			return strings.TrimSpace(v)
		}
	}
	return ""
}

// A listener is the packet connection of its handshake; nothing is read or written by it afterwards.
var _ net.PacketConn = (*listener)(nil)

// ReadFrom is net.PacketConn's.
func (k *listener) ReadFrom(b []byte) (int, net.Addr, error) {
	d, ok := <-k.dtls
	if !ok {
		return 0, nil, net.ErrClosed
	}
	return copy(b, d), k.server, nil
}

// WriteTo is net.PacketConn's.
func (k *listener) WriteTo(b []byte, _ net.Addr) (int, error) {
	return len(b), send(k.fd, k.server.AddrPort(), b)
}

// Close is net.PacketConn's. The socket is the loop's.
func (k *listener) Close() error { return nil }

// LocalAddr is net.PacketConn's.
func (k *listener) LocalAddr() net.Addr { return net.UDPAddrFromAddrPort(k.at) }

// SetDeadline, SetReadDeadline and SetWriteDeadline are net.PacketConn's; the handshake is bounded by its context.
func (k *listener) SetDeadline(time.Time) error { return nil }

// SetReadDeadline is net.PacketConn's.
func (k *listener) SetReadDeadline(time.Time) error { return nil }

// SetWriteDeadline is net.PacketConn's.
func (k *listener) SetWriteDeadline(time.Time) error { return nil }

// loop reads what comes for all, and says of each in its turn what came.
func (l *Listeners) loop() {
	begin := time.Now()
	var all []*listener
	next := 0
	buf := make([]byte, 2048)
	report := make([]byte, 0, 1500)
	for {
		select {
		case <-l.done:
			return
		default:
		}
		l.poll.wait(func(k *listener) {
			for range 4 { // then the others
				n, ok := receive(k.fd, buf)
				if !ok {
					return
				}
				l.take(k, buf[:n], begin)
			}
		})
		if l.mu.TryLock() {
			all = append(all[:0], l.all...)
			l.mu.Unlock()
		}
		now := time.Since(begin) + time.Second
		// Each is looked at often enough, and not all at one moment.
		for range min(len(all), 200) {
			if next++; next >= len(all) {
				next = 0
			}
			l.tend(all[next], now, report)
		}
	}
}

// take takes a datagram.
func (l *Listeners) take(k *listener, b []byte, begin time.Time) {
	switch {
	case len(b) == 0:
	case b[0] < 4:
		select {
		case k.bound <- true:
		default:
		}
	case b[0] >= 20 && b[0] <= 63:
		select {
		case k.dtls <- slices.Clone(b):
		default:
		}
	case wire.IsMedia(b) && !wire.IsRTCP(b) && k.live.Load():
		l.hear(k, b, begin)
	}
}

// hear takes a packet of the talk.
func (l *Listeners) hear(k *listener, b []byte, begin time.Time) {
	var h wire.Header
	if h.ParseSealed(b) != nil {
		l.broken.Add(1)
		return
	}
	at := time.Now()
	count := l.came.Add(1)
	k.ssrc = h.SSRC
	if !k.started || int16(h.Sequence-uint16(k.highest)) > 0 {
		if k.started && h.Sequence < uint16(k.highest) {
			k.highest += 1 << 16
		}
		k.highest, k.started = k.highest&^0xFFFF|uint32(h.Sequence), true
	}
	if x := h.Extension(b, transportID); len(x) == 2 {
		k.twcc.Note(binary.BigEndian.Uint16(x), at.Sub(begin)+time.Second)
	}
	if count%lookEvery != 0 {
		return
	}
	plain, err := k.in.DecryptRTP(nil, b, nil)
	if err != nil || len(plain) < h.Payload {
		l.broken.Add(1)
		return
	}
	took := client.Packet{Payload: plain[h.Payload:], At: at}.Took()
	l.late.Lock()
	if l.late.on {
		l.late.took = append(l.late.took, took)
	}
	l.late.Unlock()
}

// tend checks that the server is there, and tells it what came.
func (l *Listeners) tend(k *listener, now time.Duration, report []byte) {
	if !k.live.Load() {
		return
	}
	if now >= k.nextAsk {
		k.nextAsk = now + checkEvery
		_ = send(k.fd, k.server.AddrPort(), k.check)
	}
	if now < k.nextTell || k.twcc.Pending() == 0 {
		return
	}
	k.nextTell = now + tellEvery
	report = wire.AppendRR(report[:0], 1, []wire.Report{{SSRC: k.ssrc, Highest: k.highest}})
	report = k.twcc.Append(report, 1, k.ssrc)
	sealed, err := k.out.EncryptRTCP(nil, report, nil)
	if err == nil && send(k.fd, k.server.AddrPort(), sealed) == nil {
		l.told.Add(1)
	}
}

// Heard is what came of a talk.
type Heard struct {
	Played
	Broken uint64 // packets that could not be decrypted, of those that were looked at
	Told   uint64 // reports that went to the server
}

// Play talks for a time, in packets of so many milliseconds.
func (l *Listeners) Play(ctx context.Context, ptime, long time.Duration) (Heard, error) {
	came, broken, told := l.came.Load(), l.broken.Load(), l.told.Load()
	l.late.Lock()
	l.late.on, l.late.took = true, l.late.took[:0]
	l.late.Unlock()
	tick := time.NewTicker(ptime)
	defer tick.Stop()
	rounds := int(long / ptime)
	// An encoder of a voice at 24 to 40 kbit/s.
	size := soundBytes + int(ptime/time.Millisecond-20)*2
	for range rounds {
		select {
		case <-ctx.Done():
			return Heard{}, ctx.Err()
		case <-tick.C:
		}
		l.round++
		if err := l.talker.Talk(l.round, ptime, size, 20); err != nil {
			return Heard{}, err
		}
	}
	expected := uint64(rounds * l.Len())
	// What is on its way may take its time on a machine that is busy.
	for range 40 {
		if l.came.Load()-came >= expected {
			break
		}
		select {
		case <-ctx.Done():
			return Heard{}, ctx.Err()
		case <-time.After(50 * time.Millisecond):
		}
	}
	h := Heard{Played: Played{Delivered: l.came.Load() - came, Expected: expected}, Broken: l.broken.Load() - broken, Told: l.told.Load() - told}
	l.late.Lock()
	defer l.late.Unlock()
	l.late.on = false
	h.quantiles(l.late.took)
	return h, nil
}

// Close ends them.
func (l *Listeners) Close() {
	close(l.done)
	l.ended.Wait()
	if l.talker != nil {
		l.talker.close()
	}
	for _, k := range l.all {
		close(k.dtls)
	}
	l.poll.close()
}
