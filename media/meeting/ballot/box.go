package ballot

import (
	crand "crypto/rand"
	"errors"
	"math/rand/v2"
	"sync"

	"github.com/google/uuid"
)

// Errors of a box.
var (
	// ErrSpent: another choice was cast with the same token.
	ErrSpent = errors.New("ballot: the token was cast with another choice")
	// ErrShut: the box is being written, or has been.
	ErrShut = errors.New("ballot: the box is shut")
)

// Box holds the ballots that were cast until all of them are written at once. It knows neither when nor in which order they came. What
// it holds is lost with the process; the pages of those who cast keep their ballots until they are written, and cast them again.
type Box struct {
	mu   sync.Mutex
	cast map[string]int64 // choice by receipt
	shut bool
}

// Put takes a ballot in; the same one again changes nothing.
func (b *Box) Put(receipt string, choice int64) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.shut {
		return ErrShut
	}
	if before, ok := b.cast[receipt]; ok && before != choice {
		return ErrSpent
	}
	if b.cast == nil {
		b.cast = map[string]int64{}
	}
	b.cast[receipt] = choice
	return nil
}

// Len is how many it holds.
func (b *Box) Len() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return len(b.cast)
}

// Sheet is what is written: receipts and ballots, both in random orders that have nothing to do with each other.
type Sheet struct {
	Receipts []string
	IDs      []uuid.UUID
	Choices  []int64
}

// Empty hands everything to write; nothing comes in meanwhile. When write has written it the box is shut for good, otherwise all is as
// before.
func (b *Box) Empty(write func(Sheet) (written bool, err error)) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.shut {
		return ErrShut
	}
	written, err := write(shuffled(b.cast))
	if err == nil && written {
		b.shut, b.cast = true, nil
	}
	return err
}

// shuffled tears receipts and choices apart. The ids are random, not of the time.
func shuffled(cast map[string]int64) Sheet {
	var seed [32]byte
	_, _ = crand.Read(seed[:]) // it never fails
	r := rand.New(rand.NewChaCha8(seed))
	var s Sheet
	for receipt, choice := range cast {
		s.Receipts = append(s.Receipts, receipt)
		s.Choices = append(s.Choices, choice)
		s.IDs = append(s.IDs, uuid.New())
	}
	r.Shuffle(len(s.Receipts), func(i, j int) { s.Receipts[i], s.Receipts[j] = s.Receipts[j], s.Receipts[i] })
	r.Shuffle(len(s.Choices), func(i, j int) { s.Choices[i], s.Choices[j] = s.Choices[j], s.Choices[i] })
	return s
}
