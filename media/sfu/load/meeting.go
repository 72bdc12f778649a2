package load

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
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
	base      string
	room      string
	senders   []*client.Client
	receivers []*client.Client
	round     int // goes on over the times of play

	mu   sync.Mutex
	took []time.Duration
	on   bool
}

// Open joins everybody to a meeting on the server at an address, some at a time, and returns how long the receivers took.
func Open(ctx context.Context, address, room string, shape Shape) (m *Meeting, joined time.Duration, err error) {
	m = &Meeting{shape: shape, base: "http://" + address, room: room}
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
		c, err := m.join(ctx, sender(i), opt)
		if err != nil {
			return nil, 0, err
		}
		m.senders = append(m.senders, c)
	}
	begin := time.Now()
	got := make([]*client.Client, shape.Receivers)
	errs := make(chan error, shape.Receivers)
	gate := make(chan struct{}, 16)
	for i := range shape.Receivers {
		go func() {
			gate <- struct{}{}
			defer func() { <-gate }()
			opt := client.Options{See: shape.Senders, OnPacket: m.arrived}
			if shape.Sound {
				opt = client.Options{Hear: shape.Senders, OnPacket: m.arrived}
			}
			var err error
			got[i], err = m.join(ctx, fmt.Sprintf("receiver-%d", i), opt)
			errs <- err
		}()
	}
	for range shape.Receivers {
		if e := <-errs; e != nil && err == nil {
			err = e
		}
	}
	joined = time.Since(begin)
	for _, c := range got {
		if c != nil {
			m.receivers = append(m.receivers, c)
		}
	}
	if err != nil || shape.Sound {
		return m, joined, err
	}
	for i, c := range m.receivers {
		places := map[string]sfu.View{}
		for k, mid := range c.Places(webrtc.RTPCodecTypeVideo) {
			places[mid] = sfu.View{Participant: sender(k), Source: sfu.Camera, Height: 720}
		}
		if err := m.post(ctx, "/show", fmt.Sprintf("receiver-%d", i), places, nil); err != nil {
			return m, joined, err
		}
	}
	return m, joined, nil
}

func sender(i int) string { return fmt.Sprintf("sender-%d", i) }

func (m *Meeting) join(ctx context.Context, id string, opt client.Options) (*client.Client, error) {
	c, err := client.New(opt)
	if err != nil {
		return nil, err
	}
	if err := c.Connect(ctx, func(ctx context.Context, offer string) (string, error) {
		var answer bytes.Buffer
		err := m.post(ctx, "/join", id, offer, &answer)
		return answer.String(), err
	}); err != nil {
		_ = c.Close()
		return nil, fmt.Errorf("load: %s: %w", id, err)
	}
	return c, nil
}

// post sends text as it is and anything else as JSON.
func (m *Meeting) post(ctx context.Context, path, id string, body any, into io.Writer) error {
	raw, ok := body.(string)
	if !ok {
		b, err := json.Marshal(body)
		if err != nil {
			return err
		}
		raw = string(b)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, m.base+path+"?room="+m.room+"&id="+id, bytes.NewReader([]byte(raw)))
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
		return fmt.Errorf("load: %s: %s: %s", path, resp.Status, text)
	}
	if into != nil {
		_, err = into.Write(text)
	}
	return err
}

// Stats are the server's.
func Stats(ctx context.Context, address string) (st sfu.Stats, err error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+address+"/stats", nil)
	if err != nil {
		return st, err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return st, err
	}
	defer resp.Body.Close()
	return st, json.NewDecoder(resp.Body).Decode(&st)
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
	slices.Sort(m.took)
	if n := len(m.took); n > 0 {
		p.P50, p.P99 = m.took[n/2], m.took[n*99/100]
	}
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
		_ = c.Close()
	}
}
