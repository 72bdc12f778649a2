package align

import (
	"math/rand/v2"
	"testing"
	"time"
)

// Sound and pictures whose packets travel differently are put where they were sent, whatever the sender's clock says and does.
func TestAlign(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		length  time.Duration
		drift   float64       // of the sender's clock
		off     time.Duration // of the sender's clock
		within  time.Duration
		between time.Duration // sound and picture
	}{
		"a short one":                   {time.Minute, 0, 3 * time.Hour, 15 * time.Millisecond, 2 * time.Millisecond},
		"an hour with a drifting clock": {time.Hour, 100e-6, -time.Minute, 30 * time.Millisecond, 2 * time.Millisecond},
	} {
		r := rand.New(rand.NewPCG(1, 2))
		begin := time.UnixMicro(1_700_000_000_000_000)
		k := New()
		k.Stream(1, 48000)
		k.Stream(2, 90000)
		sender := func(t time.Duration) int64 {
			return begin.Add(c.off).UnixMicro() + int64(float64(t.Microseconds())*(1+c.drift))
		}
		stamp := func(clock int64, t time.Duration) int64 {
			return 1<<33 + int64(float64(clock)*t.Seconds()*(1+c.drift))
		}
		for at := time.Duration(0); at < c.length; at += 100 * time.Millisecond {
			k.Packet(1, stamp(48000, at), begin.Add(at+20*time.Millisecond+time.Duration(r.IntN(60))*time.Millisecond))
			k.Packet(2, stamp(90000, at), begin.Add(at+120*time.Millisecond+time.Duration(r.IntN(200))*time.Millisecond))
			if at%(5*time.Second) == time.Second {
				s := sender(at)
				ntp := uint64(s/1e6+2_208_988_800)<<32 | uint64(s%1e6)<<32/1e6
				k.Report(1, ntp, uint32(stamp(48000, at)))
				k.Report(2, ntp, uint32(stamp(90000, at)))
			}
		}
		for _, at := range []time.Duration{0, c.length / 2, c.length} {
			sound, picture := k.Time(1, stamp(48000, at)), k.Time(2, stamp(90000, at))
			if d := time.Duration(picture-sound) * time.Microsecond; d.Abs() > c.between {
				t.Errorf("%s: at %v the picture is %v behind the sound", name, at, d)
			}
			if d := time.Duration(sound-begin.Add(at+20*time.Millisecond).UnixMicro()) * time.Microsecond; d.Abs() > c.within {
				t.Errorf("%s: at %v off by %v", name, at, d)
			}
		}
	}
}

// Without reports a stream is laid where its packets came.
func TestWithoutReports(t *testing.T) {
	t.Parallel()
	begin := time.UnixMicro(1_700_000_000_000_000)
	k := New()
	k.Stream(1, 90000)
	for i := range int64(100) {
		k.Packet(1, i*9000, begin.Add(time.Duration(i*100+i%7*10)*time.Millisecond))
	}
	k.Report(1, 5, 9) // of another time altogether: alone it is believed, and does no harm
	if d := k.Time(1, 50*9000) - begin.Add(5*time.Second).UnixMicro(); d < -20_000 || d > 20_000 {
		t.Errorf("off by %d µs", d)
	}
}
