// Package field checks and cleans the fields of a request. Each function takes the name of the field as in the JSON of the
// request, for the error.
package field

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/google/uuid"

	"gonghui/app/kit/day"
	"gonghui/app/kit/fault"
)

// Line returns a text of one line without space around it. Broken UTF-8 and control characters are refused: the database
// would, or a list would look broken.
func Line(name, s string) (string, error) { return clean(name, s, "") }

// Text is Line for a text that may have several lines.
func Text(name, s string) (string, error) {
	return clean(name, strings.ReplaceAll(s, "\r\n", "\n"), "\n\t")
}

func clean(name, s, allowed string) (string, error) {
	if !utf8.ValidString(s) {
		return "", fault.Field(name, "文字编码有误，请重新输入", "the text is not valid UTF-8; type it again")
	}
	for _, r := range s {
		if forbidden(r) && !strings.ContainsRune(allowed, r) {
			return "", fault.Field(name, "含有不可见的控制字符，请删除后重试", "the text has an invisible control character; remove it")
		}
	}
	return strings.TrimSpace(s), nil
}

// forbidden are control characters, and those that turn the direction of what follows.
func forbidden(r rune) bool {
	return unicode.IsControl(r) || r == '\u2028' || r == '\u2029' ||
		r >= '\u202a' && r <= '\u202e' || r >= '\u2066' && r <= '\u2069'
}

// Required is Line for a field that must not be empty.
func Required(name, s string) (string, error) {
	s, err := Line(name, s)
	if err == nil && s == "" {
		return "", fault.Field(name, "请填写此项", "this field is required")
	}
	return s, err
}

// Day reads YYYY-MM-DD; "" is the zero time.
func Day(name, s string) (time.Time, error) {
	if s == "" {
		return time.Time{}, nil
	}
	d, ok := day.Parse(s)
	if !ok {
		return time.Time{}, fault.Field(name, "日期不存在，请按 年-月-日 填写", "there is no such date; write YYYY-MM-DD")
	}
	return d, nil
}

// ID reads the id of an object.
func ID(name, s string) (uuid.UUID, error) {
	id, err := uuid.Parse(s)
	if err != nil || len(s) != 36 {
		return uuid.Nil, fault.Field(name, "编号格式不对", "this is not an id")
	}
	return id, nil
}
