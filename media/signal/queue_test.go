package signal

import (
	"fmt"
	"sync"
	"testing"
)

func TestQueue(t *testing.T) {
	q := NewQueue(100)
	if len(q.Take()) != 0 {
		t.Error("something waits in a new one")
	}
	for i := range 101 {
		if ok := q.Push([]byte(fmt.Sprint(i))); ok != (i < 100) {
			t.Errorf("message %d is taken: %v", i, ok)
		}
	}
	<-q.Wake()
	for i, m := range q.Take() {
		if string(m) != fmt.Sprint(i) {
			t.Errorf("message %d is %q", i, m)
		}
	}
	// Nothing is forgotten by who waits, takes all and waits again.
	const each, pushers = 500, 4
	q = NewQueue(each * pushers)
	var wg sync.WaitGroup
	for range pushers {
		wg.Go(func() {
			for range each {
				if !q.Push(nil) {
					t.Error("it is full before it is full")
				}
			}
		})
	}
	for n := 0; n < each*pushers; {
		<-q.Wake()
		n += len(q.Take())
	}
	wg.Wait()
}
