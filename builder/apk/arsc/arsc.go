// Package arsc writes and reads resources.arsc, the table that tells which value a resource has for which device.
package arsc

import (
	"cmp"
	"fmt"
	"slices"
	"unicode/utf16"
	"unicode/utf8"

	"gonghui/builder/apk/chunk"
)

// PackageID is the highest byte of the ids of a package's own resources.
const PackageID = 0x7f

// Table is the resources of one package.
type Table struct {
	Package string
	Types   []Type
}

// Type is a kind of resource: "string", "mipmap", "color". Its place in the table, from one, is the second byte of its ids.
type Type struct {
	Name    string
	Entries []Entry
}

// Entry is one resource; its place in its type, from zero, is the lower half of its id.
type Entry struct {
	Name     string
	Variants []Variant
}

// Variant is what the resource is on devices of that configuration: a value, or for a style a bag of values.
type Variant struct {
	Config Config
	Value  chunk.Value
	Style  *Style
}

// Style is a set of attributes of the system over those of its parent.
type Style struct {
	Parent uint32
	Items  []Item
}

// Item is one attribute of a style, by the system's id.
type Item struct {
	Attr  uint32
	Value chunk.Value
}

// Config is the devices that a variant is for. The zero value is for all.
type Config struct {
	Language string // of two letters, ISO 639-1
	Density  uint16 // dots an inch; AnyDensity for drawings that scale
	SDK      uint16 // the least API level
	Night    bool
}

// AnyDensity is for drawings that scale.
const AnyDensity = 0xfffe

// ID is the number of a resource by its type's and its own place in the table.
func ID(typ, entry int) uint32 {
	return PackageID<<24 | uint32(typ+1)<<16 | uint32(entry)
}

const (
	headTable   = 12
	headPackage = 288
	headSpec    = 16
	configSize  = 64
	headType    = 20 + configSize
	nameUnits   = 128

	night      = 0x20     // UI_MODE_NIGHT_YES
	complexFlg = 1        // a bag of values
	perLocale  = 1 << 2   // ACONFIGURATION_LOCALE: the value changes with it
	perDensity = 1 << 8   // ACONFIGURATION_DENSITY
	perVersion = 1 << 10  // ACONFIGURATION_VERSION
	perUIMode  = 1 << 12  // ACONFIGURATION_UI_MODE
	maxEntries = 1 << 16  // of a type
	maxTypes   = 1<<8 - 1 // of a package
	maxConfigs = 1 << 8   // of an entry; those of the product have seven
)

// Encode writes the table. The variants of an entry may come in any order, each configuration once.
func Encode(t Table) ([]byte, error) {
	if err := t.check(); err != nil {
		return nil, fmt.Errorf("arsc: %w", err)
	}
	var values, kinds, keys chunk.Pool
	for _, typ := range t.Types {
		kinds.Add(typ.Name)
		for _, e := range typ.Entries {
			keys.Index(e.Name)
			for _, v := range e.Variants {
				v.strings(&values)
			}
		}
	}
	out, start := chunk.Begin(nil, chunk.Table, headTable)
	out = chunk.U32(out, 1)
	out = values.AppendUTF8(out)

	out, pkg := chunk.Begin(out, chunk.TablePackage, headPackage)
	out = chunk.U32(out, PackageID)
	name := make([]uint16, nameUnits)
	copy(name, utf16.Encode([]rune(t.Package)))
	for _, u := range name {
		out = chunk.U16(out, u)
	}
	kindPool := kinds.AppendUTF8(nil)
	out = chunk.U32(out, headPackage, 0, uint32(headPackage+len(kindPool)), 0, 0)
	out = append(out, kindPool...)
	out = keys.AppendUTF8(out)
	for i, typ := range t.Types {
		out = typ.append(out, uint8(i+1), &values, &keys)
	}
	out = chunk.End(out, pkg)
	return chunk.End(out, start), nil
}

func (t Table) check() error {
	if len(utf16.Encode([]rune(t.Package))) >= nameUnits || t.Package == "" {
		return fmt.Errorf("the package name %q is empty or too long", t.Package)
	}
	if len(t.Types) > maxTypes {
		return fmt.Errorf("%d types", len(t.Types))
	}
	for _, typ := range t.Types {
		if typ.Name == "" || len(typ.Entries) > maxEntries {
			return fmt.Errorf("type %q with %d entries", typ.Name, len(typ.Entries))
		}
		names := map[string]bool{}
		for _, e := range typ.Entries {
			if names[e.Name] || e.Name == "" {
				return fmt.Errorf("%s/%s stands twice or without a name", typ.Name, e.Name)
			}
			names[e.Name] = true
			if err := e.check(); err != nil {
				return fmt.Errorf("%s/%s: %w", typ.Name, e.Name, err)
			}
		}
	}
	return nil
}

func (e Entry) check() error {
	if len(e.Variants) == 0 {
		return fmt.Errorf("it has no value")
	}
	if len(e.Variants) > maxConfigs {
		return fmt.Errorf("it has %d values", len(e.Variants))
	}
	seen := map[Config]bool{}
	for _, v := range e.Variants {
		if seen[v.Config] {
			return fmt.Errorf("it has two values for %+v", v.Config)
		}
		seen[v.Config] = true
		if l := v.Config.Language; l != "" && (len(l) != 2 || l[0] < 'a' || l[0] > 'z' || l[1] < 'a' || l[1] > 'z') {
			return fmt.Errorf("language %q", l)
		}
		pool := []chunk.Value{v.Value}
		if v.Style != nil {
			pool = nil
			for _, i := range v.Style.Items {
				pool = append(pool, i.Value)
			}
		}
		for _, value := range pool {
			if value.Type == chunk.String && (len(value.Text) > chunk.MaxString || !utf8.ValidString(value.Text)) {
				return fmt.Errorf("its text is too long or not UTF-8")
			}
		}
	}
	return nil
}

func (v Variant) strings(p *chunk.Pool) {
	if v.Style == nil {
		if v.Value.Type == chunk.String {
			p.Index(v.Value.Text)
		}
		return
	}
	for _, i := range v.Style.Items {
		if i.Value.Type == chunk.String {
			p.Index(i.Value.Text)
		}
	}
}

// configs are those that any entry of the type has, the general before the special.
func (t Type) configs() []Config {
	var out []Config
	for _, e := range t.Entries {
		for _, v := range e.Variants {
			out = append(out, v.Config)
		}
	}
	slices.SortFunc(out, func(a, b Config) int {
		return cmp.Or(cmp.Compare(a.Language, b.Language), cmp.Compare(night01(a), night01(b)),
			cmp.Compare(a.Density, b.Density), cmp.Compare(a.SDK, b.SDK))
	})
	return slices.Compact(out)
}

func night01(c Config) int {
	if c.Night {
		return 1
	}
	return 0
}

func (t Type) append(b []byte, id uint8, values, keys *chunk.Pool) []byte {
	n := uint32(len(t.Entries))
	b, spec := chunk.Begin(b, chunk.TableSpec, headSpec)
	b = chunk.U32(b, uint32(id), n)
	for _, e := range t.Entries {
		b = chunk.U32(b, e.varies())
	}
	b = chunk.End(b, spec)
	for _, config := range t.configs() {
		var offsets, body []byte
		for _, e := range t.Entries {
			i := slices.IndexFunc(e.Variants, func(v Variant) bool { return v.Config == config })
			if i < 0 {
				offsets = chunk.U32(offsets, chunk.None)
				continue
			}
			offsets = chunk.U32(offsets, uint32(len(body)))
			body = e.Variants[i].append(body, keys.Index(e.Name), values)
		}
		var start int
		b, start = chunk.Begin(b, chunk.TableType, headType)
		b = chunk.U32(b, uint32(id), n, headType+4*n)
		b = config.append(b)
		b = chunk.End(append(append(b, offsets...), body...), start)
	}
	return b
}

// varies tells the system on which changes of the device the value must be looked up again.
func (e Entry) varies() uint32 {
	var flags uint32
	for _, v := range e.Variants {
		if v.Config.Language != "" {
			flags |= perLocale
		}
		if v.Config.Density != 0 {
			flags |= perDensity
		}
		if v.Config.SDK != 0 {
			flags |= perVersion
		}
		if v.Config.Night {
			flags |= perUIMode
		}
	}
	return flags
}

func (v Variant) append(b []byte, key uint32, values *chunk.Pool) []byte {
	if v.Style == nil {
		b = chunk.U16(b, 8)
		b = chunk.U16(b, 0)
		b = chunk.U32(b, key)
		return v.Value.Append(b, values)
	}
	items := slices.Clone(v.Style.Items)
	slices.SortFunc(items, func(a, b Item) int { return cmp.Compare(a.Attr, b.Attr) })
	b = chunk.U16(b, 16)
	b = chunk.U16(b, complexFlg)
	b = chunk.U32(b, key, v.Style.Parent, uint32(len(items)))
	for _, i := range items {
		b = chunk.U32(b, i.Attr)
		b = i.Value.Append(b, values)
	}
	return b
}

// Places in a configuration (ResTable_config of ResourceTypes.h).
const (
	atLanguage = 8
	atDensity  = 14
	atSDK      = 24
	atUIMode   = 29
)

func (c Config) append(b []byte) []byte {
	raw := make([]byte, configSize)
	raw[0] = configSize
	copy(raw[atLanguage:], c.Language)
	raw[atDensity], raw[atDensity+1] = byte(c.Density), byte(c.Density>>8)
	raw[atSDK], raw[atSDK+1] = byte(c.SDK), byte(c.SDK>>8)
	if c.Night {
		raw[atUIMode] = night
	}
	return append(b, raw...)
}
