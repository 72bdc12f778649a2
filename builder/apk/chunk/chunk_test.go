package chunk_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"gonghui/builder/apk/chunk"
)

func TestPool(t *testing.T) {
	words := []string{"", "a", "工会", "💪", strings.Repeat("会", 127), strings.Repeat("x", 128), strings.Repeat("💪", 5000), "\u202e", "a\x00b"}
	var p chunk.Pool
	for i, w := range words {
		if got := p.Index(w); got != uint32(i) {
			t.Errorf("%q is number %d, wanted %d", w, got, i)
		}
	}
	if p.Index("工会") != 2 {
		t.Error("a string has two numbers")
	}
	if p.Add("工会") != uint32(len(words)) {
		t.Error("Add gave no number of its own")
	}
	words = append(words, "工会")
	for name, write := range map[string]func([]byte) []byte{"UTF-8": p.AppendUTF8, "UTF-16": p.AppendUTF16} {
		c, rest, err := chunk.Next(write(nil))
		if err != nil || len(rest) > 0 {
			t.Fatal(name, err, len(rest))
		}
		got, err := chunk.ReadPool(c)
		if err != nil || !slices.Equal(got, words) {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
}

func TestValues(t *testing.T) {
	var p chunk.Pool
	values := []chunk.Value{
		chunk.Str("@string/x"), chunk.Ref(0x7f010002), chunk.Int(-5), chunk.Flags(0x10), chunk.Color(0xffc8161d), chunk.Bool(true), chunk.Bool(false),
	}
	for _, v := range values {
		got, err := chunk.ReadValue(v.Append(nil, &p), []string{"@string/x"})
		if err != nil || got != v {
			t.Errorf("%+v became %+v, %v", v, got, err)
		}
	}
	for name, b := range map[string][]byte{
		"short":          {8, 0, 0, 1, 0, 0, 0},
		"unknown type":   {8, 0, 0, 0x42, 0, 0, 0, 0},
		"half a boolean": {8, 0, 0, 0x12, 1, 0, 0, 0},
		"no such string": {8, 0, 0, 3, 9, 0, 0, 0},
		"size":           {9, 0, 0, 1, 0, 0, 0, 0},
	} {
		if _, err := chunk.ReadValue(b, []string{"a"}); !errors.Is(err, chunk.ErrMalformed) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
