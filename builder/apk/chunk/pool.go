package chunk

import (
	"slices"
	"unicode/utf16"
	"unicode/utf8"
)

// Pool collects strings and gives each a number. The zero value is empty.
type Pool struct {
	list []string
	at   map[string]uint32
}

// Index is the number of a string, which is added if it is new.
func (p *Pool) Index(s string) uint32 {
	if i, ok := p.at[s]; ok {
		return i
	}
	i := p.Add(s)
	if p.at == nil {
		p.at = map[string]uint32{}
	}
	p.at[s] = i
	return i
}

// Add gives a string a number of its own, even if the same string has one: the names of attributes with an id of the system
// stand apart from equal names without.
func (p *Pool) Add(s string) uint32 {
	p.list = append(p.list, s)
	return uint32(len(p.list) - 1)
}

// MaxString is the longest string that a pool holds, in bytes as UTF-8: what fits both ways of writing a length.
const MaxString = 0x7fff

const (
	poolHead = 28
	utf8Flag = 1 << 8
)

// AppendUTF8 writes the pool as resource tables have it. Strings are valid UTF-8 of at most MaxString bytes.
func (p *Pool) AppendUTF8(b []byte) []byte {
	return p.append(b, utf8Flag, func(b []byte, s string) []byte {
		b = length8(b, len(utf16.Encode([]rune(s))))
		b = length8(b, len(s))
		return append(append(b, s...), 0)
	})
}

// AppendUTF16 writes the pool as binary XML has it.
func (p *Pool) AppendUTF16(b []byte) []byte {
	return p.append(b, 0, func(b []byte, s string) []byte {
		units := utf16.Encode([]rune(s))
		b = U16(b, uint16(len(units)))
		for _, u := range units {
			b = U16(b, u)
		}
		return U16(b, 0)
	})
}

func (p *Pool) append(b []byte, flags uint32, each func([]byte, string) []byte) []byte {
	b, start := Begin(b, StringPool, poolHead)
	b = U32(b, uint32(len(p.list)), 0, flags, uint32(poolHead+4*len(p.list)), 0)
	var data []byte
	for _, s := range p.list {
		b = U32(b, uint32(len(data)))
		data = each(data, s)
	}
	for len(data)%4 != 0 {
		data = append(data, 0)
	}
	return End(append(b, data...), start)
}

func length8(b []byte, n int) []byte {
	if n >= 0x80 {
		b = append(b, byte(n>>8)|0x80)
	}
	return append(b, byte(n))
}

// ReadPool reads the strings of a pool in either form.
func ReadPool(c Chunk) ([]string, error) {
	if err := c.Want(StringPool, poolHead); err != nil {
		return nil, err
	}
	count, styles, flags := Get32(c.Head, 8), Get32(c.Head, 12), Get32(c.Head, 16)
	if styles != 0 || flags&^utf8Flag != 0 || uint64(count)*4 > uint64(len(c.Body)) || Get32(c.Head, 20) != poolHead+4*count {
		return nil, Malformed("string pool of %d strings", count)
	}
	data := c.Body[4*count:]
	out := make([]string, 0, count)
	read := readUTF16
	if flags != 0 {
		read = readUTF8
	}
	next := 0
	for i := range int(count) {
		// One after the other: strings that share their bytes could unfold to far more than the file.
		if uint64(Get32(c.Body, 4*i)) != uint64(next) {
			return nil, Malformed("string %d is not where the one before it ends", i)
		}
		s, rest, ok := read(data[next:])
		if !ok {
			return nil, Malformed("string %d", i)
		}
		next = len(data) - len(rest)
		out = append(out, s)
	}
	return out, nil
}

func readUTF8(b []byte) (s string, rest []byte, ok bool) {
	units, b, ok := readLength8(b)
	if !ok {
		return "", nil, false
	}
	n, b, ok := readLength8(b)
	if !ok || n >= len(b) || b[n] != 0 {
		return "", nil, false
	}
	s = string(b[:n])
	return s, b[n+1:], utf8.ValidString(s) && len(utf16.Encode([]rune(s))) == units
}

func readLength8(b []byte) (int, []byte, bool) {
	switch {
	case len(b) < 1 || b[0]&0x80 != 0 && len(b) < 2:
		return 0, nil, false
	case b[0]&0x80 != 0:
		return int(b[0]&0x7f)<<8 | int(b[1]), b[2:], true
	}
	return int(b[0]), b[1:], true
}

func readUTF16(b []byte) (s string, rest []byte, ok bool) {
	if len(b) < 2 {
		return "", nil, false
	}
	n := int(Get16(b, 0))
	if n > MaxString || 2*n+4 > len(b) || Get16(b, 2+2*n) != 0 {
		return "", nil, false
	}
	units := make([]uint16, n)
	for i := range units {
		units[i] = Get16(b, 2+2*i)
	}
	s = string(utf16.Decode(units))
	return s, b[4+2*n:], slices.Equal(utf16.Encode([]rune(s)), units)
}

// At is the string of that number.
func At(pool []string, i uint32) (string, error) {
	if uint64(i) >= uint64(len(pool)) {
		return "", Malformed("string %d of %d", i, len(pool))
	}
	return pool[i], nil
}
