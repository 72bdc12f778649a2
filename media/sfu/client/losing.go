package client

import (
	"math/rand/v2"
	"sync"

	"github.com/pion/interceptor"
	"github.com/pion/rtp"
)

// losing throws packets away, nearest to the network.
type losing struct {
	interceptor.NoOp
	mu      sync.Mutex
	in, out float64
	rng     *rand.Rand
}

// NewInterceptor is interceptor.Factory's.
func (l *losing) NewInterceptor(string) (interceptor.Interceptor, error) { return l, nil }

func (l *losing) set(in, out float64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.in, l.out = in, out
}

func (l *losing) lost(out bool) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.rng == nil {
		l.rng = rand.New(rand.NewPCG(1, 2))
	}
	p := l.in
	if out {
		p = l.out
	}
	return p > 0 && l.rng.Float64() < p
}

// BindRemoteStream loses what comes, retransmissions excepted: they are what is tried.
func (l *losing) BindRemoteStream(info *interceptor.StreamInfo, next interceptor.RTPReader) interceptor.RTPReader {
	if info.MimeType == "video/rtx" {
		return next
	}
	return interceptor.RTPReaderFunc(func(b []byte, a interceptor.Attributes) (int, interceptor.Attributes, error) {
		for {
			n, at, err := next.Read(b, a)
			if err != nil || !l.lost(false) {
				return n, at, err
			}
		}
	})
}

// BindLocalStream loses what goes.
func (l *losing) BindLocalStream(_ *interceptor.StreamInfo, next interceptor.RTPWriter) interceptor.RTPWriter {
	return interceptor.RTPWriterFunc(func(h *rtp.Header, payload []byte, a interceptor.Attributes) (int, error) {
		if l.lost(true) {
			return len(payload), nil
		}
		return next.Write(h, payload, a)
	})
}
