package axml_test

import (
	"bytes"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"gonghui/builder/apk/axml"
	"gonghui/builder/apk/chunk"
	"gonghui/builder/internal/frugal"
)

const name = 0x01010003

func document() axml.Node {
	return axml.Node{
		Name: "manifest",
		Attrs: []axml.Attr{
			{Name: "versionCode", ID: 0x0101021b, Value: chunk.Int(7)},
			{Name: "package", Value: chunk.Str("cn.example")},
			{Name: "split", Value: chunk.Str("@string/none")},
		},
		Kids: []axml.Node{
			{Name: "uses-permission", Attrs: []axml.Attr{{Name: "name", ID: name, Value: chunk.Str(`\"工会\" 💪`)}}},
			// The same name without an id is another attribute.
			{Name: "name", Attrs: []axml.Attr{{Name: "name", ID: name, Value: chunk.Ref(0x7f010000)}, {Name: "name", Value: chunk.Bool(true)}}},
		},
	}
}

func TestRoundTrip(t *testing.T) {
	want := document()
	b, err := axml.Encode(want)
	if err != nil {
		t.Fatal(err)
	}
	got, err := axml.Decode(b)
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%+v, %v", got, err)
	}
	if v, ok := got.Find("name")[0].Attr("name"); !ok || v != chunk.Ref(0x7f010000) {
		t.Errorf("found %+v", v)
	}
	if _, ok := got.Attr("other"); ok {
		t.Error("found an attribute that is not there")
	}
	shuffled := document()
	a := shuffled.Attrs
	a[0], a[2] = a[2], a[0]
	a[0], a[1] = a[1], a[0]
	if b2, err := axml.Encode(shuffled); err != nil || !bytes.Equal(b, b2) {
		t.Error("the order of attributes changes the bytes", err)
	}
}

func TestRefused(t *testing.T) {
	deep := axml.Node{Name: "a"}
	for range 40 {
		deep = axml.Node{Name: "a", Kids: []axml.Node{deep}}
	}
	for what, n := range map[string]axml.Node{
		"no name":          {},
		"deep":             deep,
		"twice":            {Name: "a", Attrs: []axml.Attr{{Name: "b"}, {Name: "b"}}},
		"two names":        {Name: "a", Attrs: []axml.Attr{{Name: "b", ID: 1}, {Name: "c", ID: 1}}},
		"not UTF-8":        {Name: "a", Attrs: []axml.Attr{{Name: "b", Value: chunk.Str("\xff")}}},
		"long":             {Name: "a", Attrs: []axml.Attr{{Name: "b", Value: chunk.Str(strings.Repeat("x", chunk.MaxString+1))}}},
		"attribute's name": {Name: "a", Attrs: []axml.Attr{{Value: chunk.Int(1)}}},
	} {
		if b, err := axml.Encode(n); err == nil {
			t.Errorf("%s: %d bytes", what, len(b))
		}
	}
}

// Whatever a byte becomes, the reader says that it is wrong or reads another document; it never falls over.
func TestFlipped(t *testing.T) {
	b, err := axml.Encode(document())
	if err != nil {
		t.Fatal(err)
	}
	for i := range b {
		for _, x := range []byte{1, 0x80, 0xff} {
			c := bytes.Clone(b)
			c[i] ^= x
			if _, err := axml.Decode(c); err != nil && !errors.Is(err, chunk.ErrMalformed) {
				t.Fatal(err)
			}
		}
		if _, err := axml.Decode(b[:i]); !errors.Is(err, chunk.ErrMalformed) {
			t.Fatalf("the first %d bytes: %v", i, err)
		}
	}
}

func FuzzDecode(f *testing.F) {
	b, err := axml.Encode(document())
	if err != nil {
		f.Fatal(err)
	}
	f.Add(b)
	f.Fuzz(func(t *testing.T, b []byte) {
		var n axml.Node
		var err error
		frugal.Check(t, len(b), 16, func() { n, err = axml.Decode(b) })
		if err != nil {
			if !errors.Is(err, chunk.ErrMalformed) {
				t.Fatal(err)
			}
			return
		}
		// What can be read can be written and is read the same; only names that clash are beyond the writer.
		out, err := axml.Encode(n)
		if err != nil {
			return
		}
		again, err := axml.Decode(out)
		if err != nil || fmt.Sprint(again) != fmt.Sprint(n) {
			t.Fatalf("%v became %v, %v", n, again, err)
		}
	})
}
