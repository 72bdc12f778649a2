// Package cell reads what people write into the cells of a roster: full-width digits, stray blanks, dates in ten forms,
// codes and their names. It never guesses: what could mean two things is refused.
package cell

import (
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/width"

	"gonghui/app/kit/day"
)

// Error says why a cell is refused, worded for the person who wrote it.
type Error struct{ Zh, En string }

func (e *Error) Error() string { return e.En }

// Why a cell is refused.
var (
	ErrLost       = &Error{"号码被存成了数字，后几位已丢失，请改为文本格式重新填写", "the number was stored as a numeral and lost its last digits; format the column as text and write it again"}
	ErrDay        = &Error{"日期无法识别，请写成 1990-01-02 的形式", "the date is not understood; write it as 1990-01-02"}
	ErrSex        = &Error{"性别应为男或女", "the sex is male or female"}
	ErrYes        = &Error{"应填是或否", "write yes or no"}
	ErrKind       = &Error{"证件类型无法识别", "the kind of paper is not known"}
	ErrEmployment = &Error{"就业形式应为劳动合同、劳务派遣、灵活就业或新就业形态", "the kind of employment is contract, dispatched, flexible or new_form"}
)

// Text is a cell without what cannot be seen: no control characters, no invisible ones, single blanks, letters and digits
// in their narrow form. An apostrophe at the beginning is how spreadsheets mark a text.
func Text(s string) string {
	if plainASCII(s) {
		return strings.TrimSpace(s)
	}
	var out strings.Builder
	out.Grow(len(s))
	blank := false
	for _, r := range strings.TrimPrefix(strings.TrimSpace(s), "'") {
		switch {
		case unicode.IsSpace(r), unicode.IsControl(r):
			blank = true
			continue
		case unicode.Is(unicode.Cf, r), unicode.Is(unicode.Co, r), r == utf8.RuneError:
			continue
		case r >= '！' && r <= '～' && alphanumeric(r-0xfee0):
			r -= 0xfee0
		}
		if blank && out.Len() > 0 {
			out.WriteByte(' ')
		}
		blank = false
		out.WriteRune(r)
	}
	return out.String()
}

// plainASCII reports whether Text has nothing to do but to cut blanks at the ends.
func plainASCII(s string) bool {
	before := byte(0)
	for i := range len(s) {
		c := s[i]
		if c < ' ' || c > '~' || c == '\'' && i == 0 || c == ' ' && before == ' ' {
			return false
		}
		before = c
	}
	return true
}

func alphanumeric(r rune) bool {
	return r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z'
}

// Name is the name of a person: 张　三 is 张三, and the dots of names are one kind of dot.
func Name(s string) string {
	s = Text(s)
	if !strings.ContainsAny(s, " •・‧.．●") {
		return s
	}
	runes := []rune(s)
	out := runes[:0:0]
	for i, r := range runes {
		between := i > 0 && i < len(runes)-1 && unicode.Is(unicode.Han, runes[i-1]) && unicode.Is(unicode.Han, runes[i+1])
		switch {
		case r == ' ' && between:
			continue
		case strings.ContainsRune("•・‧.．●", r) && between:
			r = '·'
		}
		out = append(out, r)
	}
	return string(out)
}

// Narrow is a cell that holds a number or a code: narrow, without any blanks.
func Narrow(s string) string {
	ascii := true
	for i := range len(s) {
		if c := s[i]; c <= ' ' || c > '~' || c == '\'' {
			ascii = false
			break
		}
	}
	if ascii {
		return s
	}
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || r == '\'' || r == '‘' || r == '’' || r == '`' {
			return -1
		}
		return r
	}, width.Fold.String(s))
}

// ID is the number of a paper. One that a spreadsheet kept as a numeral has lost what is beyond its 15 digits.
func ID(s string) (string, error) {
	s = Narrow(s)
	if scientific(s) {
		return s, ErrLost
	}
	if whole, zero, ok := strings.Cut(s, "."); ok && strings.Trim(zero, "0") == "" && digits(whole) {
		s = whole
	}
	return strings.ToUpper(s), nil
}

// Phone is a phone number. A numeral with an exponent is exact when it has more digits than a spreadsheet shows.
func Phone(s string) (string, error) {
	s = Narrow(s)
	if scientific(s) {
		mantissa, exponent, _ := strings.Cut(strings.ToUpper(s), "E")
		figures := strings.Replace(mantissa, ".", "", 1)
		n, err := strconv.Atoi(exponent)
		if err != nil || len(figures) < 7 || n != 10 || len(figures) > 11 {
			return s, ErrLost
		}
		return figures + strings.Repeat("0", 11-len(figures)), nil
	}
	if whole, zero, ok := strings.Cut(s, "."); ok && strings.Trim(zero, "0") == "" && digits(whole) {
		s = whole
	}
	return s, nil
}

// scientific tells 4.40103E+17.
func scientific(s string) bool {
	i := strings.IndexAny(s, "eE")
	if i < 1 || i == len(s)-1 {
		return false
	}
	mantissa := strings.Replace(s[:i], ".", "", 1)
	exponent := s[i+1:]
	signed := exponent[0] == '+' || exponent[0] == '-'
	if signed {
		exponent = exponent[1:]
	}
	// Without sign and point it may as well be the number of a passport.
	return digits(mantissa) && digits(exponent) && (signed || strings.Contains(s[:i], "."))
}

func digits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

// months are how English writes them, by their first three letters.
var months = map[string]int{
	"jan": 1, "feb": 2, "mar": 3, "apr": 4, "may": 5, "jun": 6, "jul": 7, "aug": 8, "sep": 9, "oct": 10, "nov": 11, "dec": 12,
}

// Day reads a date; "" and dashes are none. date1904 says from when a workbook counts its days. Years of two digits, a month without a day, and
// days whose month may be either number are refused.
func Day(s string, date1904 bool) (string, error) {
	if canonical(s) {
		return s, nil
	}
	t := Text(width.Fold.String(s))
	switch t {
	case "", "-", "--", "/", "无":
		return "", nil
	}
	if serial, ok := serialDay(t, date1904); ok {
		return serial, nil
	}
	if len(t) == 8 && digits(t) {
		return calendar(t[:4], t[4:6], t[6:])
	}
	// A time of day behind the date says nothing.
	if i := strings.IndexAny(t, "T "); i >= 8 && strings.Contains(t[i:], ":") {
		t = t[:i]
	}
	parts := strings.FieldsFunc(t, func(r rune) bool { return strings.ContainsRune("-./年月日号,— ", r) })
	if len(parts) != 3 {
		return "", ErrDay
	}
	for i, p := range parts[:2] {
		if m := months[strings.ToLower(p[:min(3, len(p))])]; m > 0 {
			return calendar(parts[2], strconv.Itoa(m), parts[1-i])
		}
	}
	return calendar(parts[0], parts[1], parts[2])
}

// canonical tells what is as it should be.
func canonical(s string) bool {
	if len(s) != 10 || s[4] != '-' || s[7] != '-' {
		return false
	}
	_, ok := day.Parse(s)
	return ok
}

func calendar(y, m, d string) (string, error) {
	if len(y) != 4 || len(m) > 2 || len(d) > 2 || !digits(y) || !digits(m) || !digits(d) {
		return "", ErrDay
	}
	iso := y + "-" + ("0" + m)[len(m)-1:] + "-" + ("0" + d)[len(d)-1:]
	if _, ok := day.Parse(iso); !ok {
		return "", ErrDay
	}
	return iso, nil
}

// serialDay reads a day as spreadsheets count them: 1 is 1900-01-01, and a 29 February 1900 that never was is counted. A
// number that could be a year is none.
func serialDay(s string, date1904 bool) (string, bool) {
	whole, fraction, cut := strings.Cut(s, ".")
	if !digits(whole) || len(whole) > 5 || cut && !digits(fraction) {
		return "", false
	}
	n, err := strconv.Atoi(whole)
	if err != nil || n < 1 || n >= 1800 && n <= 2200 || n > 80_000 {
		return "", false
	}
	epoch := time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)
	switch {
	case date1904:
		epoch = time.Date(1904, 1, 1, 0, 0, 0, 0, time.UTC)
	case n < 60:
		epoch = epoch.AddDate(0, 0, 1)
	}
	return day.Format(epoch.AddDate(0, 0, n)), true
}

// Sex reads male and female; an unknown sex (GB/T 2261.1: 0, 9) is "".
func Sex(s string) (string, error) {
	switch strings.ToLower(Narrow(s)) {
	case "男", "男性", "1", "m", "male", "man":
		return "male", nil
	case "女", "女性", "2", "f", "female", "woman":
		return "female", nil
	case "", "0", "9", "-", "未知", "不详", "未说明":
		return "", nil
	}
	return "", ErrSex
}

// Yes reads yes and no; "" is no.
func Yes(s string) (bool, error) {
	switch strings.ToLower(Narrow(s)) {
	case "是", "有", "对", "y", "yes", "true", "t", "1", "√", "✓", "✔", "农民工":
		return true, nil
	case "", "否", "无", "不是", "非", "n", "no", "false", "f", "0", "×", "x", "-", "非农民工":
		return false, nil
	}
	return false, ErrYes
}

// Kind reads the kind of a paper; "" is a citizen's ID.
func Kind(s string) (string, error) {
	switch key := strings.ToLower(Narrow(s)); key {
	case "", "citizen_id", "身份证", "居民身份证", "二代身份证", "第二代居民身份证", "中国居民身份证", "idcard", "id":
		return "citizen_id", nil
	case "passport", "护照", "外国护照", "中国护照", "普通护照":
		return "passport", nil
	case "hmt_permit", "港澳台居民居住证", "港澳居民来往内地通行证", "台湾居民来往大陆通行证", "港澳通行证", "回乡证", "台胞证",
		"港澳居民居住证", "台湾居民居住证", "港澳台居住证", "居住证":
		return "hmt_permit", nil
	case "foreign_permit", "外国人永久居留身份证", "外国人永久居留证", "永久居留身份证":
		return "foreign_permit", nil
	}
	return "", ErrKind
}

// Employment reads the form of employment.
func Employment(s string) (string, error) {
	switch strings.ToLower(Narrow(s)) {
	case "", "-", "无":
		return "", nil
	case "contract", "合同", "劳动合同", "合同制", "劳动合同制", "合同工", "正式", "正式工", "签订劳动合同":
		return "contract", nil
	case "dispatched", "派遣", "劳务派遣", "派遣工", "劳务派遣工", "劳务":
		return "dispatched", nil
	case "flexible", "灵活", "灵活就业", "灵活就业人员":
		return "flexible", nil
	case "new_form", "newform", "新就业形态", "新就业形态劳动者", "新业态":
		return "new_form", nil
	}
	return "", ErrEmployment
}
