package quality

import (
	"testing"
	"time"

	signalv1 "gonghui/media/signal/v1"
)

func TestSum(t *testing.T) {
	var s Sum
	if _, any := s.Summary(); any {
		t.Error("something is known of nothing")
	}
	now := time.Unix(1000, 0)
	first := &signalv1.Report{LossUp: 120, LossDown: 4, Rtt: 80, Jitter: 5, Concealed: 30, Freezes: 2, Up: 1000, Down: 2000, HeightUp: 720, HeightDown: 360, Browser: "chrome", System: "windows"}
	if !s.Add(first, Came{Expected: 1000, Lost: 50, Jitter: 7 * time.Millisecond}, now) {
		t.Fatal("not taken")
	}
	if s.Add(first, Came{}, now.Add(time.Second)) {
		t.Error("taken a second later")
	}
	second := &signalv1.Report{LossUp: 20, Rtt: 41, Up: 500, Down: 1000, HeightUp: 360, Browser: "chrome", System: "windows"}
	// The connection is a new one by now.
	if !s.Add(second, Came{Expected: 500, Lost: 10}, now.Add(Every)) {
		t.Fatal("not taken")
	}
	got, _ := s.Summary()
	want := Summary{
		Samples: 2, LossUp: 70, LossUpMost: 120, LossDown: 2, LossDownMost: 4, Rtt: 61, RttMost: 80, Jitter: 3, Concealed: 15, Freezes: 2,
		KbitUp: 750, KbitDown: 1500, HeightUp: 720, HeightDown: 360, ServerLoss: 40, ServerJitter: 7, Browser: "chrome", System: "windows",
	}
	if got != want {
		t.Errorf("%+v\nwant %+v", got, want)
	}
}
