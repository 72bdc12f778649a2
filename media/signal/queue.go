package signal

import "sync"

// Queue holds what waits to be sent to one browser. It takes no more room than what waits: thousands listen, and hardly anything waits
// for any of them.
type Queue struct {
	most int
	wake chan struct{}

	mu      sync.Mutex
	waiting [][]byte
}

// NewQueue holds so many messages at most.
func NewQueue(most int) *Queue { return &Queue{most: most, wake: make(chan struct{}, 1)} }

// Push adds a message; false when there are too many. It does not block and may be called by many.
func (q *Queue) Push(m []byte) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.waiting) >= q.most {
		return false
	}
	q.waiting = append(q.waiting, m)
	select {
	case q.wake <- struct{}{}:
	default:
	}
	return true
}

// Wake gets something when a message was added after the last call of Take.
func (q *Queue) Wake() <-chan struct{} { return q.wake }

// Take returns all that waits, in the order in which it was added.
func (q *Queue) Take() [][]byte {
	q.mu.Lock()
	defer q.mu.Unlock()
	all := q.waiting
	q.waiting = nil
	return all
}
