// Package axml writes and reads Android's binary XML: the manifest of a package and the small files beside it.
package axml

import (
	"cmp"
	"fmt"
	"slices"
	"unicode/utf8"

	"gonghui/builder/apk/chunk"
)

// Android is the name space of the system's attributes.
const Android = "http://schemas.android.com/apk/res/android"

// Node is an element. Text between elements is not part of what the product writes.
type Node struct {
	Name  string
	Attrs []Attr
	Kids  []Node
}

// Attr is an attribute. One with an id is the system's and in its name space; one without is plain, as `package` is.
// The system goes by the id; the name is for people and tools.
type Attr struct {
	Name  string
	ID    uint32
	Value chunk.Value
}

const (
	maxDepth = 32
	nodeHead = 16
	attrSize = 20
)

// Encode writes a document. Attributes are sorted by id as the system's reader expects, those without at the end, so the
// order that the caller gives does not matter. A string too long for the format, or not UTF-8, is an error.
func Encode(root Node) ([]byte, error) {
	w := writer{names: map[uint32]uint32{}}
	ids := map[uint32]string{}
	if err := collect(root, ids, 0); err != nil {
		return nil, err
	}
	// The names of attributes with ids come first, in the order of the ids: the map of ids is a list that runs beside the pool.
	var order []uint32
	for id := range ids {
		order = append(order, id)
	}
	slices.Sort(order)
	for _, id := range order {
		w.names[id] = w.pool.Add(ids[id])
	}
	prefix, uri := w.pool.Index("android"), w.pool.Index(Android)
	w.uri = uri

	var body []byte
	namespace := func(kind uint16) {
		var start int
		body, start = chunk.Begin(body, kind, nodeHead)
		body = chunk.End(chunk.U32(body, 1, chunk.None, prefix, uri), start)
	}
	namespace(chunk.XMLStartNS)
	body = w.node(body, root)
	namespace(chunk.XMLEndNS)

	out, start := chunk.Begin(nil, chunk.XML, 8)
	out = w.pool.AppendUTF16(out)
	out, m := chunk.Begin(out, chunk.XMLMap, 8)
	out = chunk.End(chunk.U32(out, order...), m)
	return chunk.End(append(out, body...), start), nil
}

func collect(n Node, ids map[uint32]string, depth int) error {
	if depth > maxDepth {
		return fmt.Errorf("axml: more than %d elements inside one another", maxDepth)
	}
	if n.Name == "" {
		return fmt.Errorf("axml: an element without a name")
	}
	seen := map[Attr]bool{}
	for _, a := range n.Attrs {
		key := Attr{Name: a.Name, ID: a.ID}
		if seen[key] || a.Name == "" {
			return fmt.Errorf("axml: <%s> has the attribute %q twice or without a name", n.Name, a.Name)
		}
		seen[key] = true
		if other, ok := ids[a.ID]; ok && a.ID != 0 && other != a.Name {
			return fmt.Errorf("axml: attribute %#x is called %q and %q", a.ID, other, a.Name)
		}
		if a.ID != 0 {
			ids[a.ID] = a.Name
		}
		if a.Value.Type == chunk.String && (len(a.Value.Text) > chunk.MaxString || !utf8.ValidString(a.Value.Text)) {
			return fmt.Errorf("axml: the value of %s in <%s> is too long or not UTF-8", a.Name, n.Name)
		}
	}
	for _, k := range n.Kids {
		if err := collect(k, ids, depth+1); err != nil {
			return err
		}
	}
	return nil
}

type writer struct {
	pool  chunk.Pool
	names map[uint32]uint32
	uri   uint32
}

func (w *writer) node(b []byte, n Node) []byte {
	attrs := slices.Clone(n.Attrs)
	slices.SortStableFunc(attrs, func(a, b Attr) int {
		// Without an id is the highest: subtracting one makes it so.
		return cmp.Or(cmp.Compare(a.ID-1, b.ID-1), cmp.Compare(a.Name, b.Name))
	})
	name := w.pool.Index(n.Name)
	b, start := chunk.Begin(b, chunk.XMLStart, nodeHead)
	b = chunk.U32(b, 1, chunk.None, chunk.None, name)
	b = chunk.U16(b, attrSize)
	b = chunk.U16(b, attrSize)
	b = chunk.U16(b, uint16(len(attrs)))
	b = append(b, make([]byte, 6)...) // no attribute is an id, a class or a style
	for _, a := range attrs {
		space, key, raw := uint32(chunk.None), uint32(0), uint32(chunk.None)
		if a.ID != 0 {
			space, key = w.uri, w.names[a.ID]
		} else {
			key = w.pool.Index(a.Name)
		}
		if a.Value.Type == chunk.String {
			raw = w.pool.Index(a.Value.Text)
		}
		b = chunk.U32(b, space, key, raw)
		b = a.Value.Append(b, &w.pool)
	}
	b = chunk.End(b, start)
	for _, k := range n.Kids {
		b = w.node(b, k)
	}
	b, start = chunk.Begin(b, chunk.XMLEnd, nodeHead)
	return chunk.End(chunk.U32(b, 1, chunk.None, chunk.None, name), start)
}
