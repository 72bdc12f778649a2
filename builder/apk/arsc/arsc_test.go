package arsc_test

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"

	"gonghui/builder/apk/arsc"
	"gonghui/builder/apk/chunk"
	"gonghui/builder/internal/frugal"
)

func table() arsc.Table {
	return arsc.Table{Package: "cn.example", Types: []arsc.Type{
		{Name: "string", Entries: []arsc.Entry{{Name: "app_name", Variants: []arsc.Variant{
			{Value: chunk.Str("工会")},
			{Config: arsc.Config{Language: "en"}, Value: chunk.Str("Union 💪")},
		}}}},
		{Name: "mipmap", Entries: []arsc.Entry{
			{Name: "icon", Variants: []arsc.Variant{
				{Config: arsc.Config{Density: 240}, Value: chunk.Str("res/a.png")},
				{Config: arsc.Config{Density: arsc.AnyDensity, SDK: 26}, Value: chunk.Str("res/a.xml")},
			}},
			{Name: "front", Variants: []arsc.Variant{{Config: arsc.Config{Density: 240}, Value: chunk.Str("res/b.png")}}},
		}},
		{Name: "style", Entries: []arsc.Entry{{Name: "Shell", Variants: []arsc.Variant{
			{Style: &arsc.Style{Parent: 0x01030241, Items: []arsc.Item{{Attr: 0x01010054, Value: chunk.Color(0xffffffff)}, {Attr: 0x01010433, Value: chunk.Str("x")}}}},
			{Config: arsc.Config{Night: true}, Style: &arsc.Style{Parent: 0x0103022e}},
		}}}},
	}}
}

func TestRoundTrip(t *testing.T) {
	b, err := arsc.Encode(table())
	if err != nil {
		t.Fatal(err)
	}
	got, err := arsc.Decode(b)
	if err != nil || !reflect.DeepEqual(got, table()) {
		t.Errorf("%+v, %v", got, err)
	}
	other := table()
	slices.Reverse(other.Types[1].Entries[0].Variants)
	slices.Reverse(other.Types[2].Entries[0].Variants[0].Style.Items)
	if b2, err := arsc.Encode(other); err != nil {
		t.Error(err)
	} else if got, err := arsc.Decode(b2); err != nil || !reflect.DeepEqual(got, table()) {
		t.Errorf("in another order: %+v, %v", got, err)
	}
	if e, ok := got.Lookup(arsc.ID(1, 1)); !ok || e.Name != "front" {
		t.Errorf("0x7f020001 is %+v", e)
	}
	for _, id := range []uint32{0, 0x7f000000, 0x7f010001, 0x7f040000, 0x01010000} {
		if _, ok := got.Lookup(id); ok {
			t.Errorf("%#x is there", id)
		}
	}
}

func TestRefused(t *testing.T) {
	entry := func(v ...arsc.Variant) arsc.Table {
		return arsc.Table{Package: "a", Types: []arsc.Type{{Name: "string", Entries: []arsc.Entry{{Name: "x", Variants: v}}}}}
	}
	for what, tab := range map[string]arsc.Table{
		"no package":   {},
		"long package": {Package: strings.Repeat("a", 128)},
		"no value":     entry(),
		"twice":        entry(arsc.Variant{Value: chunk.Int(1)}, arsc.Variant{Value: chunk.Int(2)}),
		"language":     entry(arsc.Variant{Config: arsc.Config{Language: "zho"}}),
		"not UTF-8":    entry(arsc.Variant{Value: chunk.Str("\xff")}),
		"long":         entry(arsc.Variant{Value: chunk.Str(strings.Repeat("x", chunk.MaxString+1))}),
		"same name":    {Package: "a", Types: []arsc.Type{{Name: "string", Entries: []arsc.Entry{{Name: "x", Variants: []arsc.Variant{{}}}, {Name: "x", Variants: []arsc.Variant{{}}}}}}},
	} {
		if b, err := arsc.Encode(tab); err == nil {
			t.Errorf("%s: %d bytes", what, len(b))
		}
	}
}

func TestFlipped(t *testing.T) {
	b, err := arsc.Encode(table())
	if err != nil {
		t.Fatal(err)
	}
	for i := range b {
		for _, x := range []byte{1, 0x80, 0xff} {
			c := bytes.Clone(b)
			c[i] ^= x
			if _, err := arsc.Decode(c); err != nil && !errors.Is(err, chunk.ErrMalformed) {
				t.Fatal(err)
			}
		}
		if _, err := arsc.Decode(b[:i]); !errors.Is(err, chunk.ErrMalformed) {
			t.Fatalf("the first %d bytes: %v", i, err)
		}
	}
}

// Each value of an entry is compared with the others of it: their number is bounded.
func TestManyValues(t *testing.T) {
	many := func(n int) arsc.Table {
		e := arsc.Entry{Name: "a"}
		for i := range n {
			e.Variants = append(e.Variants, arsc.Variant{Config: arsc.Config{SDK: uint16(i)}, Value: chunk.Int(1)})
		}
		return arsc.Table{Package: "cn.a", Types: []arsc.Type{{Name: "x", Entries: []arsc.Entry{e}}}}
	}
	b, err := arsc.Encode(many(256))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := arsc.Decode(b); err != nil {
		t.Error(err)
	}
	if _, err := arsc.Encode(many(257)); err == nil {
		t.Error("257 values are written")
	}
	// One chunk of values more, as another would write it: 84 bytes of head, one place, one value.
	const size = 84 + 4 + 16
	more := bytes.Clone(b[len(b)-size:])
	more[20+24], more[20+25] = 0, 1
	for _, at := range []int{4, tableAt(b) + 4} {
		binary.LittleEndian.PutUint32(b[at:], binary.LittleEndian.Uint32(b[at:])+size)
	}
	if _, err := arsc.Decode(append(b, more...)); !errors.Is(err, chunk.ErrMalformed) || !strings.Contains(err.Error(), "256") {
		t.Error(err)
	}
}

// tableAt is where the package begins: after the head and the pool of values.
func tableAt(b []byte) int { return 12 + int(binary.LittleEndian.Uint32(b[16:])) }

func FuzzDecode(f *testing.F) {
	b, err := arsc.Encode(table())
	if err != nil {
		f.Fatal(err)
	}
	f.Add(b)
	f.Fuzz(func(t *testing.T, b []byte) {
		var got arsc.Table
		var err error
		frugal.Check(t, len(b), 32, func() { got, err = arsc.Decode(b) })
		if err != nil {
			if !errors.Is(err, chunk.ErrMalformed) {
				t.Fatal(err)
			}
			return
		}
		out, err := arsc.Encode(got)
		if err != nil {
			return // names that clash are beyond the writer
		}
		again, err := arsc.Decode(out)
		if err != nil || !reflect.DeepEqual(ordered(again), ordered(got)) {
			t.Fatalf("%+v became %+v, %v", got, again, err)
		}
	})
}

// ordered sorts what the writer sorts.
func ordered(t arsc.Table) arsc.Table {
	for _, typ := range t.Types {
		for _, e := range typ.Entries {
			slices.SortFunc(e.Variants, func(a, b arsc.Variant) int {
				n := func(c arsc.Config) int {
					if c.Night {
						return 1
					}
					return 0
				}
				return cmp.Or(cmp.Compare(a.Config.Language, b.Config.Language), cmp.Compare(n(a.Config), n(b.Config)),
					cmp.Compare(a.Config.Density, b.Config.Density), cmp.Compare(a.Config.SDK, b.Config.SDK))
			})
			for _, v := range e.Variants {
				if v.Style != nil {
					slices.SortStableFunc(v.Style.Items, func(a, b arsc.Item) int { return cmp.Compare(a.Attr, b.Attr) })
				}
			}
		}
	}
	return t
}
