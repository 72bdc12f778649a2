package recent

import (
	"testing"
	"time"
)

func TestCache(t *testing.T) {
	fresh := 3 * time.Second
	now := time.Now()
	c := New[int, string](func() time.Duration { return fresh }, 2)
	c.now = func() time.Time { return now }
	put := func(k int, v string) { c.Put(k, v, c.Ask()) }
	want := func(when string, k int, v string) {
		t.Helper()
		got, ok := c.Get(k)
		if ok != (v != "") || ok && got != v {
			t.Errorf("%s: %d is %q, %v; want %q", when, k, got, ok, v)
		}
	}
	put(1, "a")
	want("at once", 1, "a")
	now = now.Add(fresh - 1)
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
	if n := len(c.young) + len(c.old); n > 4 {
		t.Errorf("%d answers are kept", n)
	}

	c.Forget(3)
	want("forgotten", 3, "")
	asked := c.Ask()
	c.Forget(5)
	c.Put(5, "what was read before", asked)
	want("read before it was forgotten", 5, "")
	asked = c.Ask()
	now = now.Add(fresh / 2)
	c.Put(6, "slow", asked)
	now = now.Add(fresh / 2)
	want("fresh from when it was asked", 6, "")

	put(7, "x")
	put(8, "y")
	c.ForgetAll(func(v string) bool { return v == "x" })
	want("forgotten by what it is", 7, "")
	want("not what was meant", 8, "y")
	c.Clear()
	want("all", 8, "")

	fresh *= 100
	put(9, "z")
	now = now.Add(fresh - 1)
	want("as long as it was to live when it came", 9, "z")
}
