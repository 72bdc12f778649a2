package directory

import (
	"testing"
	"time"
)

func TestRecent(t *testing.T) {
	now := time.Now()
	r := newRecent[int, string](2)
	r.now = func() time.Time { return now }
	put := func(k int, v string) {
		asked, forgotten := r.begin()
		r.put(k, v, asked, forgotten)
	}
	want := func(when string, k int, v string) {
		t.Helper()
		got, ok := r.get(k)
		if ok != (v != "") || ok && got != v {
			t.Errorf("%s: %d is %q, %v; want %q", when, k, got, ok, v)
		}
	}
	put(1, "a")
	want("at once", 1, "a")
	now = now.Add(freshness - 1)
	want("still fresh", 1, "a")
	now = now.Add(1)
	want("stale", 1, "")

	put(1, "a")
	put(2, "b")
	put(3, "c")
	want("in the old half", 1, "a")
	put(4, "d")
	put(5, "e")
	want("thrown away", 1, "")
	want("kept", 3, "c")
	if n := len(r.young) + len(r.old); n > 4 {
		t.Errorf("%d answers are kept", n)
	}

	r.forget(3)
	want("forgotten", 3, "")
	asked, forgotten := r.begin()
	r.forget(5)
	r.put(5, "what was read before", asked, forgotten)
	want("read before it was forgotten", 5, "")
	asked, forgotten = r.begin()
	now = now.Add(freshness / 2)
	r.put(6, "slow", asked, forgotten)
	now = now.Add(freshness / 2)
	want("fresh from when it was asked", 6, "")
}
