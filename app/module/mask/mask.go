// Package mask takes out of a message what the one who asked may not see. Which fields tell of a person is said in the protos; the
// gate before every RPC masks replies by it, so that no handler can forget.
package mask

import (
	"sync"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	modulev1 "gonghui/app/module/v1"
)

// Depth is how much is taken out.
type Depth int

// Depths, each taking out more than the one before.
const (
	Nothing Depth = iota
	// Home hides numbers: for who works in the body whose people these are.
	Home
	// Abroad hides names, addresses and birthdays too: for who looks on from another body.
	Abroad
	// All empties every marked field.
	All
)

// from is the least depth at which a kind is masked.
func from(kind modulev1.Sensitive) Depth {
	switch kind {
	case modulev1.Sensitive_SENSITIVE_NAME, modulev1.Sensitive_SENSITIVE_ADDRESS, modulev1.Sensitive_SENSITIVE_BIRTHDAY:
		return Abroad
	default:
		return Home
	}
}

// Plan is what is to be looked at in messages of one kind: marked fields, and the way to them. It is made once.
type Plan struct{ steps []step }

// step is one field of a message: a marked one, or one that leads to marked ones.
type step struct {
	field protoreflect.FieldDescriptor
	kind  modulev1.Sensitive
	by    protoreflect.FieldDescriptor // the sibling that names the field whose value this is
	into  *Plan                        // nil for a marked field
}

var plans sync.Map // protoreflect.FullName → *Plan

// Of returns the plan of a kind of message, nil when nothing in it is marked.
func Of(d protoreflect.MessageDescriptor) *Plan {
	if p, ok := plans.Load(d.FullName()); ok {
		return p.(*Plan)
	}
	var p *Plan
	if marked(d, map[protoreflect.FullName]bool{}) {
		p = compile(d, map[protoreflect.FullName]*Plan{})
	}
	kept, _ := plans.LoadOrStore(d.FullName(), p)
	return kept.(*Plan)
}

// Kind returns how a field is marked, and the sibling that says it otherwise.
func Kind(f protoreflect.FieldDescriptor) (kind modulev1.Sensitive, by string) {
	o := f.Options()
	return proto.GetExtension(o, modulev1.E_Sensitive).(modulev1.Sensitive), proto.GetExtension(o, modulev1.E_SensitiveBy).(string)
}

// below is the kind of message that a field holds, alone, in a list or as the values of a map.
func below(f protoreflect.FieldDescriptor) protoreflect.MessageDescriptor {
	if f.IsMap() {
		return f.MapValue().Message()
	}
	return f.Message()
}

// marked reports whether a message has a marked field, at whatever depth.
func marked(d protoreflect.MessageDescriptor, seen map[protoreflect.FullName]bool) bool {
	if seen[d.FullName()] {
		return false
	}
	seen[d.FullName()] = true
	for i := range d.Fields().Len() {
		f := d.Fields().Get(i)
		if kind, by := Kind(f); kind != 0 || by != "" {
			return true
		}
		if m := below(f); m != nil && marked(m, seen) {
			return true
		}
	}
	return false
}

// compile makes the plans of a message and of those below it; a message may hold its own kind.
func compile(d protoreflect.MessageDescriptor, made map[protoreflect.FullName]*Plan) *Plan {
	if p, ok := made[d.FullName()]; ok {
		return p
	}
	p := &Plan{}
	made[d.FullName()] = p
	for i := range d.Fields().Len() {
		f := d.Fields().Get(i)
		kind, by := Kind(f)
		switch m := below(f); {
		case by != "":
			p.steps = append(p.steps, step{field: f, by: d.Fields().ByName(protoreflect.Name(by))})
		case kind != 0:
			p.steps = append(p.steps, step{field: f, kind: kind})
		case m != nil && marked(m, map[protoreflect.FullName]bool{}):
			p.steps = append(p.steps, step{field: f, into: compile(m, made)})
		}
	}
	return p
}

// Reply masks a message in place.
func Reply(m proto.Message, depth Depth) {
	if r := m.ProtoReflect(); r.IsValid() {
		Of(r.Descriptor()).Apply(r, depth)
	}
}

// Apply masks a message of the plan's kind in place. Nothing is done without a plan.
func (p *Plan) Apply(m protoreflect.Message, depth Depth) {
	if p == nil || depth == Nothing {
		return
	}
	for i := range p.steps {
		s := &p.steps[i]
		if !m.Has(s.field) {
			continue
		}
		switch {
		case s.into != nil:
			s.descend(m, depth)
		case s.by != nil:
			s.hide(m, known[m.Get(s.by).String()], depth)
		default:
			s.hide(m, s.kind, depth)
		}
	}
}

func (s *step) descend(m protoreflect.Message, depth Depth) {
	switch v := m.Get(s.field); {
	case s.field.IsMap():
		v.Map().Range(func(_ protoreflect.MapKey, v protoreflect.Value) bool {
			s.into.Apply(v.Message(), depth)
			return true
		})
	case s.field.IsList():
		for i, l := 0, v.List(); i < l.Len(); i++ {
			s.into.Apply(l.Get(i).Message(), depth)
		}
	default:
		s.into.Apply(v.Message(), depth)
	}
}

// hide masks a marked field. One that is no text cannot be shown in part.
func (s *step) hide(m protoreflect.Message, kind modulev1.Sensitive, depth Depth) {
	if kind == modulev1.Sensitive_SENSITIVE_NONE && depth != All || depth < from(kind) {
		return
	}
	value := s.field
	if value.IsMap() {
		value = value.MapValue()
	}
	if depth == All || value.Kind() != protoreflect.StringKind {
		m.Clear(s.field)
		return
	}
	switch v := m.Get(s.field); {
	case s.field.IsMap():
		texts := v.Map()
		texts.Range(func(k protoreflect.MapKey, v protoreflect.Value) bool {
			texts.Set(k, protoreflect.ValueOfString(Text(kind, v.String())))
			return true
		})
	case s.field.IsList():
		for i, l := 0, v.List(); i < l.Len(); i++ {
			l.Set(i, protoreflect.ValueOfString(Text(kind, l.Get(i).String())))
		}
	default:
		m.Set(s.field, protoreflect.ValueOfString(Text(kind, v.String())))
	}
}

// known are the fields that others name, see sensitive_by.
var known = map[string]modulev1.Sensitive{
	"idNumber": modulev1.Sensitive_SENSITIVE_ID_NUMBER,
	"phone":    modulev1.Sensitive_SENSITIVE_PHONE,
	"bankCard": modulev1.Sensitive_SENSITIVE_BANK_CARD,
	"email":    modulev1.Sensitive_SENSITIVE_EMAIL,
	"name":     modulev1.Sensitive_SENSITIVE_NAME,
	"address":  modulev1.Sensitive_SENSITIVE_ADDRESS,
	"birth":    modulev1.Sensitive_SENSITIVE_BIRTHDAY,
}
