package load

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/pion/webrtc/v4"

	"gonghui/media/sfu"
	"gonghui/media/sfu/client"
)

// Shape is a meeting: who sends, and who receives all of it.
type Shape struct {
	Senders, Receivers int
	Sound              bool // instead of pictures
}

// Of what is sent: a picture of four packets thirty times a second, about a megabit; or sound fifty times a second.
const (
	pictures   = 30
	packets    = 4
	sounds     = 50
	soundBytes = 100
)

// Meeting is a meeting on one server.
type Meeting struct {
	shape     Shape
	base      string // "http://127.0.0.1:1234"
	room      string
	product   bool // it has signalling
	senders   []*seat
	receivers []*seat
	round     int // goes on over the times of play

	mu   sync.Mutex
	took []time.Duration
	on   bool
}

// seat is a client, and its signalling where there is some.
type seat struct {
	*client.Client
	line *Line
}

func (s *seat) close() {
	_ = s.Client.Close()
	if s.line != nil {
		s.line.Close()
	}
}

// Open joins everybody to a meeting on a server of a kind at an address, all receivers at once, and returns how long the receivers took from
// their first word until media can flow; what a browser does before it joins is not counted.
func Open(ctx context.Context, kind, address, room string, shape Shape) (m *Meeting, joined time.Duration, err error) {
	m = &Meeting{shape: shape, base: "http://" + address, room: room, product: kind == Product}
	defer func() {
		if err != nil {
			m.Close()
		}
	}()
	for i := range shape.Senders {
		opt := client.Options{Layers: []string{""}}
		if shape.Sound {
			opt = client.Options{Sound: true}
		}
		c, err := client.New(opt)
		if err != nil {
			return m, 0, err
		}
		s := &seat{Client: c}
		m.senders = append(m.senders, s)
		if err := m.join(ctx, sender(i), s); err != nil {
			return m, 0, err
		}
	}
	for range shape.Receivers {
		opt := client.Options{See: shape.Senders, OnPacket: m.arrived}
		if shape.Sound {
			opt = client.Options{Hear: shape.Senders, OnPacket: m.arrived}
		}
		c, err := client.New(opt)
		if err != nil {
			return m, 0, err
		}
		m.receivers = append(m.receivers, &seat{Client: c})
	}
	begin := time.Now()
	errs := make(chan error, shape.Receivers)
	for i, s := range m.receivers {
		go func() { errs <- m.join(ctx, receiver(i), s) }()
	}
	for range m.receivers {
		if e := <-errs; e != nil && err == nil {
			err = e
		}
	}
	joined = time.Since(begin)
	if err != nil || shape.Sound || !m.product {
		return m, joined, err
	}
	for _, s := range m.receivers {
		places := map[string]sfu.View{}
		for k, mid := range s.Places(webrtc.RTPCodecTypeVideo) {
			places[mid] = sfu.View{Participant: sender(k), Source: sfu.Camera, Height: 720}
		}
		if err := s.line.Show(ctx, places); err != nil {
			return m, joined, err
		}
	}
	return m, joined, nil
}

func sender(i int) string   { return fmt.Sprintf("sender-%d", i) }
func receiver(i int) string { return fmt.Sprintf("receiver-%d", i) }

// join takes a seat and connects.
func (m *Meeting) join(ctx context.Context, id string, s *seat) error {
	err := error(nil)
	if m.product {
		err = m.sign(ctx, id, s)
	}
	if err == nil {
		err = s.Connect(ctx, func(ctx context.Context, offer string) (string, error) {
			if s.line != nil {
				return s.line.Offer(ctx, offer, true)
			}
			var answer strings.Builder
			err := call(ctx, m.base+"/join?"+m.query(id), offer, &answer)
			return answer.String(), err
		})
	}
	if err != nil {
		return fmt.Errorf("load: %s: %w", id, err)
	}
	return nil
}

// sign opens the signalling.
func (m *Meeting) sign(ctx context.Context, id string, s *seat) error {
	var token strings.Builder
	err := call(ctx, m.base+"/token?"+m.query(id), "", &token)
	if err != nil {
		return err
	}
	s.line, err = dial(ctx, strings.TrimPrefix(m.base, "http://"), m.room, id, token.String())
	return err
}

func (m *Meeting) query(id string) string { return url.Values{"room": {m.room}, "id": {id}}.Encode() }

// call posts text as it is and anything else as JSON.
func call(ctx context.Context, address string, body any, into io.Writer) error {
	raw, ok := body.(string)
	if !ok {
		b, err := json.Marshal(body)
		if err != nil {
			return err
		}
		raw = string(b)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, address, strings.NewReader(raw))
	if err != nil {
		return err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		return err
	}
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("load: %s: %s: %s", address, resp.Status, text)
	}
	if into != nil {
		_, err = into.Write(text)
	}
	return err
}

// Stats are the server's.
func Stats(ctx context.Context, address string) (st sfu.Stats, err error) {
	return st, get(ctx, "http://"+address+"/stats", &st)
}

// Look takes the vitals of a server.
func Look(ctx context.Context, address string) (v Vitals, err error) {
	return v, get(ctx, "http://"+address+"/vitals", &v)
}

func get(ctx context.Context, address string, into any) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	return json.NewDecoder(resp.Body).Decode(into)
}

// Collect has a server give back what memory nobody uses.
func Collect(ctx context.Context, address string) error {
	return call(ctx, "http://"+address+"/collect", "", nil)
}

// arrived notes how long a picture or a word took: of a picture the last packet counts.
func (m *Meeting) arrived(p client.Packet) {
	if !m.shape.Sound && !p.Header.Marker {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.on {
		m.took = append(m.took, p.Took())
	}
}

// Played is what came of a time of play.
type Played struct {
	Delivered uint64 // packets, to all receivers together
	Expected  uint64
	P50, P99  time.Duration // on the way, of whole pictures or single sounds
}

// Lost is what did not come, in hundredths.
func (p Played) Lost() float64 {
	return 100 - 100*min(float64(p.Delivered)/float64(max(p.Expected, 1)), 1)
}

// quantiles takes the times of packets on the way.
func (p *Played) quantiles(took []time.Duration) {
	slices.Sort(took)
	if n := len(took); n > 0 {
		p.P50, p.P99 = took[n/2], took[n*99/100]
	}
}

// Play sends for a time.
func (m *Meeting) Play(ctx context.Context, long time.Duration) (Played, error) {
	before := m.count()
	m.mu.Lock()
	m.took, m.on = m.took[:0], true
	m.mu.Unlock()
	each := time.Second / pictures
	if m.shape.Sound {
		each = time.Second / sounds
	}
	begin := time.Now()
	rounds := int(long / each)
	tick := time.NewTicker(each)
	defer tick.Stop()
	for range rounds {
		select {
		case <-ctx.Done():
			return Played{}, ctx.Err()
		case <-tick.C:
		}
		m.round++
		for _, c := range m.senders {
			var err error
			if m.shape.Sound {
				err = c.Speak(m.round, soundBytes, 20)
			} else {
				err = c.Show(0, uint32(m.round*90_000/pictures), packets)
			}
			if err != nil {
				return Played{}, err
			}
		}
	}
	// What is still on its way.
	select {
	case <-ctx.Done():
	case <-time.After(min(time.Since(begin)/4, 300*time.Millisecond)):
	}
	p := Played{Delivered: m.count() - before, Expected: uint64(rounds * len(m.senders) * len(m.receivers))}
	if !m.shape.Sound {
		p.Expected *= packets
	}
	m.mu.Lock()
	m.on = false
	p.quantiles(m.took)
	m.mu.Unlock()
	return p, nil
}

// Warm plays until all that is sent comes through: estimates of paths rise with what they carry.
func (m *Meeting) Warm(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	for {
		p, err := m.Play(ctx, time.Second)
		if err != nil {
			return fmt.Errorf("load: until all comes through: %w", err)
		}
		if p.Delivered*100 >= p.Expected*99 {
			return nil
		}
	}
}

func (m *Meeting) count() (n uint64) {
	for _, c := range m.receivers {
		for _, kind := range []webrtc.RTPCodecType{webrtc.RTPCodecTypeAudio, webrtc.RTPCodecTypeVideo} {
			for _, mid := range c.Places(kind) {
				n += c.Count(mid).Packets
			}
		}
	}
	return n
}

// Close ends the meeting.
func (m *Meeting) Close() {
	for _, c := range slices.Concat(m.senders, m.receivers) {
		c.close()
	}
}
