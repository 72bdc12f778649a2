package e2e_test

import (
	"encoding/binary"
	"fmt"
	"slices"
	"strings"
	"testing"
)

// headSize is how many bytes of a word are looked for before the rest is compared: every word has as many.
const headSize = 8

// needles are words that are looked for all at once: a text is read through one time, however many there are.
type needles struct {
	byHead map[uint64][]string
	maybe  [1 << 14]uint64 // bits of heads, by their digest: most places of a text end here
}

func (n *needles) add(word string) {
	if len(word) < headSize {
		panic(fmt.Sprintf("%q is shorter than %d bytes", word, headSize))
	}
	if n.byHead == nil {
		n.byHead = map[uint64][]string{}
	}
	head := binary.BigEndian.Uint64([]byte(word[:headSize]))
	n.byHead[head] = append(n.byHead[head], word)
	bit := digest(head)
	n.maybe[bit/64] |= 1 << (bit % 64)
}

// digest is of 20 bits (Fibonacci hashing).
func digest(head uint64) uint64 { return head * 0x9e3779b97f4a7c15 >> 44 }

// in are the words that stand in a text, wherever they begin.
func (n *needles) in(text string) (found []string) {
	var head uint64
	for i := range len(text) {
		head = head<<8 | uint64(text[i])
		begin := i - headSize + 1
		if bit := digest(head); begin < 0 || n.maybe[bit/64]&(1<<(bit%64)) == 0 {
			continue
		}
		for _, word := range n.byHead[head] {
			if strings.HasPrefix(text[begin:], word) {
				found = append(found, word)
			}
		}
	}
	return found
}

// What is found is what would be found by looking for each word by itself.
func TestNeedles(t *testing.T) {
	t.Parallel()
	r := random(t, 77)
	letters := func(n int) string {
		raw := make([]byte, n)
		for i := range raw {
			raw[i] = "ab\x00\xff"[r.IntN(4)]
		}
		return string(raw)
	}
	for range 300 {
		text := letters(400)
		var n needles
		var words []string
		for range 40 {
			word := letters(headSize + r.IntN(4))
			if at := r.IntN(len(text) - 16); r.IntN(2) == 0 {
				word = text[at : at+headSize+r.IntN(8)] // there for sure, at the beginning and the end as well
			}
			words = append(words, word)
			n.add(word)
		}
		words = append(words, text[:headSize], text[len(text)-headSize:])
		n.add(text[:headSize])
		n.add(text[len(text)-headSize:])
		found := n.in(text)
		for _, word := range words {
			if slices.Contains(found, word) != strings.Contains(text, word) {
				t.Fatalf("%q in %q: found %v", word, text, !strings.Contains(text, word))
			}
		}
	}
	var n needles
	n.add("12345678")
	if got := n.in("1234567"); len(got) != 0 {
		t.Errorf("found in a text that is too short: %q", got)
	}
}
