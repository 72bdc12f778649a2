package tenant

import (
	"testing"
	"time"
)

// TestRoom asks who may have one connection more, in a pool of three buckets, two connections a bucket and four in all.
func TestRoom(t *testing.T) {
	ago := func(d time.Duration) *pooled { return &pooled{idledAt: time.Now().Add(-d)} }
	for _, c := range []struct {
		name   string
		open   []int
		idle   [][]*pooled
		bucket int
		from   int
		ok     bool
	}{
		{"below the limit", []int{1, 1, 1}, [][]*pooled{nil, nil, nil}, 0, -1, true},
		{"bucket is full", []int{2, 1, 0}, [][]*pooled{nil, nil, nil}, 0, -1, false},
		{"first connection takes the place idle longest", []int{2, 2, 0}, [][]*pooled{{ago(time.Second)}, {ago(2 * time.Second)}, nil}, 2, 1, true},
		{"all are in use", []int{2, 2, 0}, [][]*pooled{nil, nil, nil}, 2, -1, false},
		{"a second one takes no place that is needed", []int{2, 1, 1}, [][]*pooled{{ago(spare / 2)}, nil, nil}, 1, -1, false},
		{"a second one takes a place that is not", []int{2, 1, 1}, [][]*pooled{{ago(2 * spare)}, nil, nil}, 1, 0, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := newPool(3, 2, 4, time.Hour, nil)
			p.open, p.idle = c.open, c.idle
			for _, n := range c.open {
				p.total += n
			}
			if from, ok := p.room(c.bucket); from != c.from || ok != c.ok {
				t.Errorf("from %d, %v, want %d, %v", from, ok, c.from, c.ok)
			}
		})
	}
}
