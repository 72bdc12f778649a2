package directory

import (
	"sync"
	"time"
)

// freshness bounds how old an answer from memory may be.
const freshness = 3 * time.Second

// recent remembers answers for as long as they are fresh, and at most 2×limit of them: when the young half is full, the
// old one is thrown away.
type recent[K comparable, V any] struct {
	limit int
	now   func() time.Time

	mu         sync.RWMutex
	young, old map[K]answer[V]
	forgotten  int
}

type answer[V any] struct {
	v     V
	until time.Time
}

func newRecent[K comparable, V any](limit int) *recent[K, V] {
	return &recent[K, V]{limit: limit, now: time.Now, young: map[K]answer[V]{}}
}

func (r *recent[K, V]) get(k K) (V, bool) {
	r.mu.RLock()
	a, ok := r.young[k]
	if !ok {
		a, ok = r.old[k]
	}
	r.mu.RUnlock()
	return a.v, ok && r.now().Before(a.until)
}

// begin is called before a question is asked; what it returns goes with the answer to put.
func (r *recent[K, V]) begin() (asked time.Time, forgotten int) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return r.now(), r.forgotten
}

// put remembers an answer, unless something was forgotten since the question was asked: it may be the very thing.
func (r *recent[K, V]) put(k K, v V, asked time.Time, forgotten int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.forgotten != forgotten {
		return
	}
	if len(r.young) >= r.limit {
		r.young, r.old = map[K]answer[V]{}, r.young
	}
	r.young[k] = answer[V]{v, asked.Add(freshness)}
}

func (r *recent[K, V]) forget(k K) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.forgotten++
	delete(r.young, k)
	delete(r.old, k)
}
