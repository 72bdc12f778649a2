package directory

import (
	"errors"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"gonghui/app/kit/creditcode"
	"gonghui/app/kit/fault"
)

// text checks what is shown on one line: whole characters, none of them invisible, not blank.
func text(field, s string, blank bool) (string, error) {
	if !utf8.ValidString(s) || strings.ContainsFunc(s, func(r rune) bool { return !unicode.IsGraphic(r) }) {
		return "", fault.Field(field, "含有无法显示的字符，请重新输入", "it contains characters that cannot be shown; type it again")
	}
	s = strings.TrimSpace(s)
	if s == "" && !blank {
		return "", fault.Field(field, "请填写此项", "fill in this field")
	}
	return s, nil
}

// past reads a date that is not in the future, YYYY-MM-DD in Asia/Shanghai; "" is nil.
func past(field, s string) (*time.Time, error) {
	if s == "" {
		return nil, nil
	}
	t, err := time.Parse(time.DateOnly, s)
	if err != nil || t.Year() < 1900 {
		return nil, fault.Field(field, "日期不存在，请按 2025-01-31 的格式填写", "there is no such date; write it like 2025-01-31")
	}
	if t.Format(time.DateOnly) > time.Now().In(shanghai).Format(time.DateOnly) {
		return nil, fault.Field(field, "日期不能晚于今天", "the date cannot lie in the future")
	}
	return &t, nil
}

// shanghai is the zone of every date. China has one zone and no summer time.
var shanghai = time.FixedZone("Asia/Shanghai", 8*3600)

func checkCredit(code string) (string, error) {
	if code == "" {
		return "", nil
	}
	code = creditcode.Normalize(code)
	err := creditcode.Validate(code)
	var wrong *creditcode.Error
	if errors.As(err, &wrong) {
		return "", creditCode(wrong.Zh, wrong.En)
	}
	return code, err
}

// isCode reports whether s can be the code of a body.
func isCode(s string) bool {
	if len(s) < 2 || len(s) > 24 {
		return false
	}
	for i := range len(s) {
		if c := s[i]; (c < 'a' || c > 'z') && (c < '0' || c > '9') {
			return false
		}
	}
	return true
}
