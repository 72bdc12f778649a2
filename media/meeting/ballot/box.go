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
	// ErrGone: the box has been given to the process where the meeting goes on; the ballot is to be cast again.
	ErrGone = errors.New("ballot: the box is in another process")
)

// Box holds the ballots that were cast until all of them are written at once. It knows neither when nor in which order they came. What
// it holds is lost with the process; the pages of those who cast keep their ballots until they are written, and cast them again. A box that
// saw the ballot open, or was given by one that did, is whole: nothing that it took in has been lost.
type Box struct {
	mu   sync.Mutex
	cast map[string]int64 // choice by receipt
	shut bool
	gone bool
	mark
}

// mark is the term of the meeting under which nothing can be missing.
type mark struct {
	whole bool
	term  int32
}

// Whole reports whether nothing of what was cast before a term, or under it, can be missing.
func (m mark) Whole(term int32) bool { return m.whole && m.term == term }

// Cargo is what a box gives to the process where the meeting goes on.
type Cargo struct {
	Cast  map[string]int64 `json:"cast"`
	Whole bool             `json:"whole"`
	Term  int32            `json:"term"`
}

// Begin notes that nothing has been cast before, by the term under which the meeting runs.
func (b *Box) Begin(term int32) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.mark = mark{true, term}
}

// Follow notes that the meeting goes on here under a term. What was whole under the one before still is: nobody had the meeting in between.
func (b *Box) Follow(term int32) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.gone = false
	if b.whole && b.term+1 == term {
		b.term = term
	}
}

// Whole is that of the box as it is now.
func (b *Box) Whole(term int32) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.mark.Whole(term)
}

// Give empties the box for another process. Nothing comes in from then on, until the meeting is here again.
func (b *Box) Give() (Cargo, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.shut || b.gone {
		return Cargo{}, ErrShut
	}
	c := Cargo{b.cast, b.whole, b.term}
	b.cast, b.gone, b.mark = nil, true, mark{}
	return c, nil
}

// Take takes in what another process has given. The meeting may run here under the next term already.
func (b *Box) Take(c Cargo, term int32) error {
	for receipt, choice := range c.Cast {
		if err := b.Put(receipt, choice); err != nil {
			return err
		}
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.mark = mark{c.Whole, c.Term}
	if term == c.Term+1 {
		b.term = term
	}
	return nil
}

// Put takes a ballot in; the same one again changes nothing.
func (b *Box) Put(receipt string, choice int64) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch {
	case b.shut:
		return ErrShut
	case b.gone:
		return ErrGone
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

	mark
}

// Empty hands everything to write; nothing comes in meanwhile. When write has written it the box is shut for good, otherwise all is as
// before.
func (b *Box) Empty(write func(Sheet) (written bool, err error)) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch {
	case b.shut:
		return ErrShut
	case b.gone:
		return ErrGone
	}
	all := shuffled(b.cast)
	all.mark = b.mark
	written, err := write(all)
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
