// Package cnid reads the numbers of identity papers and mobile phones as people type them, and masks them.
//
// Citizen IDs follow GB 11643-1999, as do the residence permits of Hong Kong, Macao and Taiwan residents and, since December
// 2023, the permanent residence cards of foreigners.
package cnid

import (
	"strings"
	"time"
	"unicode"

	"golang.org/x/text/width"
)

// Sex as the number tells it, in the words of the member API.
type Sex string

const (
	Male   Sex = "male"
	Female Sex = "female"
)

// ID is what an 18-character number tells.
type ID struct {
	Division string    // of the first registration, GB/T 2260, six digits; it may have been abolished since
	Birth    time.Time // midnight UTC
	Sex      Sex
}

// Error is a reason why a number is refused, worded for the person who typed it. Compare with errors.Is.
type Error struct{ Zh, En string }

func (e *Error) Error() string { return e.En }

var (
	ErrLength     = &Error{"身份证号码应为18位", "an ID number has 18 characters"}
	ErrCharacters = &Error{"身份证号码前17位应为数字，末位为数字或X", "the first 17 characters are digits, the last is a digit or X"}
	ErrDivision   = &Error{"身份证号码前两位不是省级行政区划代码", "the first two digits are not the code of a province"}
	ErrOtherPaper = &Error{"这个号码属于另一种证件，请改选证件种类", "this number is of another kind of paper; choose that kind"}
	ErrDate       = &Error{"身份证号码中的出生日期不存在", "the date of birth in the number does not exist"}
	ErrFuture     = &Error{"身份证号码中的出生日期晚于今天", "the date of birth in the number lies in the future"}
	ErrCheckDigit = &Error{"身份证号码校验位不符，请核对每一位数字", "the check digit does not match; compare each digit"}
)

// provinces are the first two digits of the numbers of citizens; place 7 and 8 are of other papers.
const provinces = " 11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65 "

// Parse reads a citizen's ID number; full-width characters, blanks and a lower-case x are accepted.
func Parse(s string) (ID, error) { return ParseAt(s, time.Now()) }

// ParseAt is Parse as of a moment: a birth after that day in China is refused.
func ParseAt(s string, now time.Time) (ID, error) {
	s = Normalize(s)
	if err := form(s); err != nil {
		return ID{}, err
	}
	switch {
	case s[0] == '9' || isResidencePermit(s):
		return ID{}, ErrOtherPaper
	case !strings.Contains(provinces, " "+s[:2]+" "):
		return ID{}, ErrDivision
	}
	return read(s, now)
}

// CheckDigit returns the 18th character of a number from its first 17 digits (ISO 7064 MOD 11-2), or 0 when these are not
// 17 digits.
func CheckDigit(first17 string) byte {
	if len(first17) != 17 || !digits(first17) {
		return 0
	}
	weights := [17]int{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2}
	sum := 0
	for i, weight := range weights {
		sum += int(first17[i]-'0') * weight
	}
	return "10X98765432"[sum%11]
}

// Normalize brings a number of a paper into its stored form: ASCII, no blanks, upper case.
func Normalize(s string) string {
	return strings.ToUpper(strings.Map(dropBlank, width.Fold.String(s)))
}

func dropBlank(r rune) rune {
	if unicode.IsSpace(r) || unicode.Is(unicode.Cf, r) {
		return -1
	}
	return r
}

func form(s string) error {
	switch {
	case len([]rune(s)) != 18:
		return ErrLength
	case len(s) != 18, !digits(s[:17]), s[17] != 'X' && !digits(s[17:]):
		return ErrCharacters
	}
	return nil
}

// read takes a number of the right form apart.
func read(s string, now time.Time) (ID, error) {
	birth, err := time.Parse("20060102", s[6:14])
	if err != nil || birth.Year() < 1850 { // nobody older can be a member; such a year is a slip of the keys
		return ID{}, ErrDate
	}
	if CheckDigit(s[:17]) != s[17] {
		return ID{}, ErrCheckDigit
	}
	if birth.After(today(now)) {
		return ID{}, ErrFuture
	}
	sex := Female
	if (s[16]-'0')%2 == 1 {
		sex = Male
	}
	return ID{Division: s[:6], Birth: birth, Sex: sex}, nil
}

// today is the date in China, which keeps one time zone, as midnight UTC.
func today(now time.Time) time.Time {
	y, m, d := now.In(time.FixedZone("CST", 8*60*60)).Date()
	return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
}

func digits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

func letters(s string) bool {
	for i := range len(s) {
		if s[i] < 'A' || s[i] > 'Z' {
			return false
		}
	}
	return s != ""
}
