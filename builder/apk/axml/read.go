package axml

import "gonghui/builder/apk/chunk"

// Decode reads a document of the form that Encode writes. What is not of that form is an error that wraps
// chunk.ErrMalformed.
func Decode(b []byte) (Node, error) {
	doc, err := chunk.Only(b, chunk.XML, 8)
	if err != nil {
		return Node{}, err
	}
	c, rest, err := chunk.Next(doc.Body)
	if err != nil {
		return Node{}, err
	}
	r := reader{}
	if r.pool, err = chunk.ReadPool(c); err != nil {
		return Node{}, err
	}
	if c, rest, err = chunk.Next(rest); err != nil {
		return Node{}, err
	}
	if err := c.Want(chunk.XMLMap, 8); err != nil {
		return Node{}, err
	}
	for i := 0; i < len(c.Body); i += 4 {
		r.ids = append(r.ids, chunk.Get32(c.Body, i))
	}
	return r.document(rest)
}

type reader struct {
	pool []string
	ids  []uint32
}

func (r *reader) document(rest []byte) (Node, error) {
	// A stack of open elements above one that holds the root.
	open := []Node{{}}
	spaces := 0
	for len(rest) > 0 {
		c, after, err := chunk.Next(rest)
		if err != nil {
			return Node{}, err
		}
		rest = after
		if len(c.Head) != nodeHead {
			return Node{}, chunk.Malformed("a node's header of %d bytes", len(c.Head))
		}
		top := len(open) - 1
		switch c.Kind {
		case chunk.XMLStartNS, chunk.XMLEndNS:
			if err := r.namespace(c); err != nil {
				return Node{}, err
			}
			want := 0
			if c.Kind == chunk.XMLEndNS {
				want = 1
			}
			if spaces != want || top != 0 {
				return Node{}, chunk.Malformed("a name space in the wrong place")
			}
			spaces++
		case chunk.XMLStart:
			n, err := r.start(c)
			if err != nil {
				return Node{}, err
			}
			if spaces != 1 || top > maxDepth || top == 0 && len(open[0].Kids) > 0 {
				return Node{}, chunk.Malformed("<%s> in the wrong place", n.Name)
			}
			open = append(open, n)
		case chunk.XMLEnd:
			if len(c.Body) != 8 || chunk.Get32(c.Body, 0) != chunk.None {
				return Node{}, chunk.Malformed("an element's end of %d bytes", len(c.Body))
			}
			name, err := chunk.At(r.pool, chunk.Get32(c.Body, 4))
			if err != nil {
				return Node{}, err
			}
			if top == 0 || open[top].Name != name {
				return Node{}, chunk.Malformed("</%s> in the wrong place", name)
			}
			open[top-1].Kids = append(open[top-1].Kids, open[top])
			open = open[:top]
		default:
			return Node{}, chunk.Malformed("chunk %#x in a document", c.Kind)
		}
	}
	if len(open) != 1 || len(open[0].Kids) != 1 || spaces != 2 {
		return Node{}, chunk.Malformed("the document does not end")
	}
	return open[0].Kids[0], nil
}

func (r *reader) namespace(c chunk.Chunk) error {
	if len(c.Body) != 8 {
		return chunk.Malformed("a name space of %d bytes", len(c.Body))
	}
	uri, err := chunk.At(r.pool, chunk.Get32(c.Body, 4))
	if err != nil {
		return err
	}
	if uri != Android {
		return chunk.Malformed("name space %q", uri)
	}
	return nil
}

func (r *reader) start(c chunk.Chunk) (Node, error) {
	const head = 20
	if len(c.Body) < head || chunk.Get16(c.Body, 8) != head || chunk.Get16(c.Body, 10) != attrSize ||
		len(c.Body) != head+attrSize*int(chunk.Get16(c.Body, 12)) || chunk.Get32(c.Body, 0) != chunk.None {
		return Node{}, chunk.Malformed("an element of %d bytes", len(c.Body))
	}
	name, err := chunk.At(r.pool, chunk.Get32(c.Body, 4))
	if err != nil {
		return Node{}, err
	}
	if name == "" {
		return Node{}, chunk.Malformed("an element without a name")
	}
	n := Node{Name: name}
	for b := c.Body[head:]; len(b) > 0; b = b[attrSize:] {
		a, err := r.attr(b)
		if err != nil {
			return Node{}, err
		}
		if len(n.Attrs) > 0 && !before(n.Attrs[len(n.Attrs)-1], a) {
			return Node{}, chunk.Malformed("attribute %s of <%s> is out of order or stands twice", a.Name, name)
		}
		n.Attrs = append(n.Attrs, a)
	}
	return n, nil
}

// before is the order of attributes: ids rise, those without one follow by name.
func before(a, b Attr) bool {
	if a.ID == 0 && b.ID == 0 {
		return a.Name < b.Name
	}
	return a.ID-1 < b.ID-1
}

func (r *reader) attr(b []byte) (Attr, error) {
	space, key, raw := chunk.Get32(b, 0), chunk.Get32(b, 4), chunk.Get32(b, 8)
	name, err := chunk.At(r.pool, key)
	if err != nil {
		return Attr{}, err
	}
	a := Attr{Name: name}
	if uint64(key) < uint64(len(r.ids)) {
		a.ID = r.ids[key]
	}
	uri := ""
	if space != chunk.None {
		if uri, err = chunk.At(r.pool, space); err != nil {
			return Attr{}, err
		}
	}
	if (a.ID != 0) != (uri == Android) || name == "" {
		return Attr{}, chunk.Malformed("attribute %q with id %#x in name space %q", name, a.ID, uri)
	}
	if a.Value, err = chunk.ReadValue(b[12:], r.pool); err != nil {
		return Attr{}, err
	}
	if a.Value.Type == chunk.String {
		s, err := chunk.At(r.pool, raw)
		if err != nil || s != a.Value.Text {
			return Attr{}, chunk.Malformed("attribute %s has two values", name)
		}
	} else if raw != chunk.None {
		return Attr{}, chunk.Malformed("attribute %s has two values", name)
	}
	return a, nil
}

// Attr is the value of an attribute by its name.
func (n Node) Attr(name string) (chunk.Value, bool) {
	for _, a := range n.Attrs {
		if a.Name == name {
			return a.Value, true
		}
	}
	return chunk.Value{}, false
}

// Find are the elements with that path of names below n, in the order of the document.
func (n Node) Find(path ...string) []Node {
	if len(path) == 0 {
		return []Node{n}
	}
	var out []Node
	for _, k := range n.Kids {
		if k.Name == path[0] {
			out = append(out, k.Find(path[1:]...)...)
		}
	}
	return out
}
