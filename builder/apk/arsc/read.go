package arsc

import (
	"bytes"
	"slices"
	"unicode/utf16"

	"gonghui/builder/apk/chunk"
)

// Decode reads a table of the form that Encode writes. What is not of that form is an error that wraps chunk.ErrMalformed.
func Decode(b []byte) (Table, error) {
	whole, err := chunk.Only(b, chunk.Table, headTable)
	if err != nil {
		return Table{}, err
	}
	c, rest, err := chunk.Next(whole.Body)
	if err != nil {
		return Table{}, err
	}
	var r reader
	if r.values, err = chunk.ReadPool(c); err != nil {
		return Table{}, err
	}
	if chunk.Get32(whole.Head, 8) != 1 {
		return Table{}, chunk.Malformed("%d packages", chunk.Get32(whole.Head, 8))
	}
	pkg, err := chunk.Only(rest, chunk.TablePackage, headPackage)
	if err != nil {
		return Table{}, err
	}
	if chunk.Get32(pkg.Head, 8) != PackageID {
		return Table{}, chunk.Malformed("package %#x", chunk.Get32(pkg.Head, 8))
	}
	var units []uint16
	for at := 12; at < 12+2*nameUnits && chunk.Get16(pkg.Head, at) != 0; at += 2 {
		units = append(units, chunk.Get16(pkg.Head, at))
	}
	r.table.Package = string(utf16.Decode(units))
	if err := r.types(pkg); err != nil {
		return Table{}, err
	}
	return r.table, nil
}

type reader struct {
	values, kinds, keys []string
	table               Table
}

func (r *reader) types(pkg chunk.Chunk) error {
	c, rest, err := chunk.Next(pkg.Body)
	if err != nil {
		return err
	}
	if r.kinds, err = chunk.ReadPool(c); err != nil {
		return err
	}
	if c, rest, err = chunk.Next(rest); err != nil {
		return err
	}
	if r.keys, err = chunk.ReadPool(c); err != nil {
		return err
	}
	for len(rest) > 0 {
		if c, rest, err = chunk.Next(rest); err != nil {
			return err
		}
		switch c.Kind {
		case chunk.TableSpec:
			err = r.spec(c)
		case chunk.TableType:
			err = r.variants(c)
		default:
			err = chunk.Malformed("chunk %#x in a package", c.Kind)
		}
		if err != nil {
			return err
		}
	}
	if len(r.table.Types) != len(r.kinds) {
		return chunk.Malformed("%d types of %d", len(r.table.Types), len(r.kinds))
	}
	for _, t := range r.table.Types {
		for i, e := range t.Entries {
			if len(e.Variants) == 0 {
				return chunk.Malformed("entry %d of %s has no value", i, t.Name)
			}
		}
	}
	return nil
}

func (r *reader) spec(c chunk.Chunk) error {
	if err := c.Want(chunk.TableSpec, headSpec); err != nil {
		return err
	}
	i := len(r.table.Types)
	if chunk.Get32(c.Head, 8) != uint32(i+1) || i >= len(r.kinds) || i >= maxTypes || chunk.Get32(c.Head, 12) > maxEntries || uint64(len(c.Body)) != 4*uint64(chunk.Get32(c.Head, 12)) {
		return chunk.Malformed("specification %d", i+1)
	}
	r.table.Types = append(r.table.Types, Type{Name: r.kinds[i], Entries: make([]Entry, len(c.Body)/4)})
	return nil
}

func (r *reader) variants(c chunk.Chunk) error {
	if err := c.Want(chunk.TableType, headType); err != nil {
		return err
	}
	last := len(r.table.Types)
	if last == 0 || chunk.Get32(c.Head, 8) != uint32(last) {
		return chunk.Malformed("values of type %d after specification %d", chunk.Get32(c.Head, 8), last)
	}
	entries := r.table.Types[last-1].Entries
	n := len(entries)
	if chunk.Get32(c.Head, 12) != uint32(n) || chunk.Get32(c.Head, 16) != uint32(headType+4*n) || len(c.Body) < 4*n {
		return chunk.Malformed("%d values for %d entries", chunk.Get32(c.Head, 12), n)
	}
	config, err := readConfig(c.Head[20:])
	if err != nil {
		return err
	}
	data := c.Body[4*n:]
	next := uint32(0)
	for i := range entries {
		at := chunk.Get32(c.Body, 4*i)
		if at == chunk.None {
			continue
		}
		// One after the other, as strings in their pool.
		if at != next {
			return chunk.Malformed("entry %d is not where the one before it ends", i)
		}
		key, v, err := r.variant(data[at:])
		if err != nil {
			return err
		}
		next += v.size()
		v.Config = config
		e := &entries[i]
		if len(e.Variants) == maxConfigs {
			return chunk.Malformed("entry %d has more than %d values", i, maxConfigs)
		}
		if e.Name != "" && e.Name != key || key == "" || slices.ContainsFunc(e.Variants, func(o Variant) bool { return o.Config == config }) {
			return chunk.Malformed("entry %d is %q and %q, or twice the same", i, e.Name, key)
		}
		e.Name = key
		e.Variants = append(e.Variants, v)
	}
	if uint64(next) != uint64(len(data)) {
		return chunk.Malformed("%d bytes after the last entry", len(data)-int(next))
	}
	return nil
}

// size is what a variant takes in the table, in bytes.
func (v Variant) size() uint32 {
	if v.Style == nil {
		return 8 + chunk.ValueSize
	}
	return 16 + uint32(len(v.Style.Items))*(4+chunk.ValueSize)
}

func (r *reader) variant(b []byte) (key string, v Variant, err error) {
	if len(b) < 8 {
		return "", v, chunk.Malformed("an entry of %d bytes", len(b))
	}
	size, flags := chunk.Get16(b, 0), chunk.Get16(b, 2)
	if key, err = chunk.At(r.keys, chunk.Get32(b, 4)); err != nil {
		return "", v, err
	}
	if size == 8 && flags == 0 {
		v.Value, err = chunk.ReadValue(b[8:], r.values)
		return key, v, err
	}
	if size != 16 || flags != complexFlg || len(b) < 16 || uint64(len(b)-16) < 12*uint64(chunk.Get32(b, 12)) {
		return "", v, chunk.Malformed("an entry of size %d with flags %#x", size, flags)
	}
	v.Style = &Style{Parent: chunk.Get32(b, 8)}
	for i := range int(chunk.Get32(b, 12)) {
		at := 16 + 12*i
		value, err := chunk.ReadValue(b[at+4:], r.values)
		if err != nil {
			return "", v, err
		}
		v.Style.Items = append(v.Style.Items, Item{Attr: chunk.Get32(b, at), Value: value})
	}
	return key, v, nil
}

func readConfig(b []byte) (Config, error) {
	c := Config{Density: chunk.Get16(b, atDensity), SDK: chunk.Get16(b, atSDK), Night: b[atUIMode] == night}
	if b[atLanguage] != 0 {
		c.Language = string(b[atLanguage : atLanguage+2])
	}
	if !bytes.Equal(c.append(nil), b[:configSize]) {
		return c, chunk.Malformed("a configuration of other kinds")
	}
	return c, nil
}

// Lookup is the resource with that id.
func (t Table) Lookup(id uint32) (Entry, bool) {
	typ, entry := int(id>>16&0xff)-1, int(id&0xffff)
	if id>>24 != PackageID || typ < 0 || typ >= len(t.Types) || entry >= len(t.Types[typ].Entries) {
		return Entry{}, false
	}
	return t.Types[typ].Entries[entry], true
}
