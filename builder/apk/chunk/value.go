package chunk

// Type is how the four bytes of a value are meant (Res_value of ResourceTypes.h).
type Type uint8

// The types that the product writes; the readers refuse others.
const (
	Reference Type = 0x01 // of a resource: 0x7f of the package, 0x01 of the system
	String    Type = 0x03
	Decimal   Type = 0x10
	Hex       Type = 0x11
	Boolean   Type = 0x12
	ARGB      Type = 0x1c
)

// Value is one value of an attribute or of a resource. Text counts for String alone, Data for all others.
type Value struct {
	Type Type
	Data uint32
	Text string
}

// Str is a string as it stands; it is never read as a reference, whatever it begins with.
func Str(s string) Value { return Value{Type: String, Text: s} }

// Ref is a reference to a resource by its id.
func Ref(id uint32) Value { return Value{Type: Reference, Data: id} }

// Int is a whole number.
func Int(n int32) Value { return Value{Type: Decimal, Data: uint32(n)} }

// Flags are bits.
func Flags(n uint32) Value { return Value{Type: Hex, Data: n} }

// Color is alpha, red, green and blue, the highest byte first.
func Color(argb uint32) Value { return Value{Type: ARGB, Data: argb} }

// Bool is true as all bits, as Android has it.
func Bool(b bool) Value {
	if b {
		return Value{Type: Boolean, Data: None}
	}
	return Value{Type: Boolean}
}

// ValueSize is what a value takes, in bytes.
const ValueSize = 8

// Append writes the value; its string must be in the pool.
func (v Value) Append(b []byte, p *Pool) []byte {
	data := v.Data
	if v.Type == String {
		data = p.Index(v.Text)
	}
	b = U16(b, ValueSize)
	b = append(b, 0, byte(v.Type))
	return U32(b, data)
}

// ReadValue reads a value from the first ValueSize bytes of b.
func ReadValue(b []byte, pool []string) (Value, error) {
	if len(b) < ValueSize || Get16(b, 0) != ValueSize || b[2] != 0 {
		return Value{}, Malformed("no value")
	}
	v := Value{Type: Type(b[3]), Data: Get32(b, 4)}
	switch v.Type {
	case Reference, Decimal, Hex, ARGB:
	case Boolean:
		if v.Data != 0 && v.Data != None {
			return Value{}, Malformed("a yes or no of %#x", v.Data)
		}
	case String:
		var err error
		if v.Text, err = At(pool, v.Data); err != nil {
			return Value{}, err
		}
		v.Data = 0
	default:
		return Value{}, Malformed("value of type %#x", b[3])
	}
	return v, nil
}
