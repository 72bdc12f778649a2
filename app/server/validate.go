package server

import (
	stderrors "errors"
	"fmt"
	"strings"
	"sync"
	"unicode/utf8"

	"buf.build/go/protovalidate"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	"gonghui/app/kit/fault"
)

// validator reads the rules of the protos, once each message kind.
var validator = sync.OnceValues(func() (protovalidate.Validator, error) { return protovalidate.New(protovalidate.WithFailFast()) })

// validate checks a request against the rules of its proto and names the first field that breaks one.
func validate(m proto.Message) error {
	if field := dirty(m.ProtoReflect(), ""); field != "" {
		return fault.Field(field, "含有不可见的控制字符", "holds control characters")
	}
	v, err := validator()
	if err != nil {
		return err
	}
	err = v.Validate(m)
	var broken *protovalidate.ValidationError
	if !stderrors.As(err, &broken) {
		return err
	}
	first := broken.Violations[0]
	field := jsonPath(protovalidate.FieldPathString(first.Proto.GetField()))
	zh, en := wording(first)
	return fault.Field(field, zh, en)
}

// dirty returns the first string field with a control character that no form would send; Postgres refuses NUL.
func dirty(m protoreflect.Message, prefix string) (field string) {
	m.Range(func(fd protoreflect.FieldDescriptor, v protoreflect.Value) bool {
		name := prefix + fd.JSONName()
		switch {
		case fd.IsMap():
		case fd.IsList():
			for i := range v.List().Len() {
				item := v.List().Get(i)
				if fd.Kind() == protoreflect.StringKind && bad(item.String()) {
					field = fmt.Sprintf("%s[%d]", name, i)
				} else if fd.Kind() == protoreflect.MessageKind {
					field = dirty(item.Message(), fmt.Sprintf("%s[%d].", name, i))
				}
				if field != "" {
					break
				}
			}
		case fd.Kind() == protoreflect.StringKind:
			if bad(v.String()) {
				field = name
			}
		case fd.Kind() == protoreflect.MessageKind:
			field = dirty(v.Message(), name+".")
		}
		return field == ""
	})
	return field
}

func bad(s string) bool {
	return !utf8.ValidString(s) || strings.ContainsFunc(s, func(r rune) bool {
		return r < ' ' && r != '\n' && r != '\r' && r != '\t' || r == 0x7f || r == '\u2028' || r == '\u2029' || r == '\ufeff'
	})
}

// jsonPath turns "fields.id_number" into "fields.idNumber".
func jsonPath(path string) string {
	var b strings.Builder
	up := false
	for _, r := range path {
		switch {
		case r == '_':
			up = true
		case up:
			b.WriteString(strings.ToUpper(string(r)))
			up = false
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// wording says in both languages what a rule asks for.
func wording(v *protovalidate.Violation) (zh, en string) {
	n := v.RuleValue.Interface()
	switch rule := v.Proto.GetRuleId(); rule {
	case "required":
		return "必填", "is required"
	case "string.min_len":
		if n == uint64(1) {
			return "必填", "is required"
		}
		return fmt.Sprintf("至少 %v 个字符", n), fmt.Sprintf("needs at least %v characters", n)
	case "string.max_len":
		return fmt.Sprintf("最多 %v 个字符", n), fmt.Sprintf("takes at most %v characters", n)
	case "string.uuid", "string.uuid_empty":
		return "编号无效", "is not a valid id"
	case "string.in":
		return "不在可选范围内", "is not one of the choices"
	case "string.pattern":
		return "格式不正确", "has the wrong form"
	default:
		if strings.HasPrefix(rule, "int32.") || strings.HasPrefix(rule, "int64.") {
			return "数值超出允许范围", "is out of range"
		}
		return "不符合要求", v.Proto.GetMessage()
	}
}
