// Package creditcode checks and makes unified social credit codes, GB 32100-2015.
//
// A code has 18 characters: the registering department, the kind of body, six digits of the registrar's division, the nine of
// the organisation code (GB 11714-1997, with its own check digit), and a check digit over all.
package creditcode

import (
	"fmt"
	"strings"
	"unicode"

	"golang.org/x/text/width"
)

// Parts of the codes of union bodies.
const (
	DeptUnion      = "8"
	KindGrassroots = "1"
	KindOther      = "9"
)

// Error is a reason why a code is refused, worded for the person who typed it. Compare with errors.Is.
type Error struct{ Zh, En string }

func (e *Error) Error() string { return e.En }

var (
	ErrLength     = &Error{"统一社会信用代码应为18位", "a credit code has 18 characters"}
	ErrCharacters = &Error{
		"统一社会信用代码由数字和大写字母组成，不含I、O、S、V、Z",
		"a credit code has digits and capital letters except I, O, S, V and Z",
	}
	ErrDepartment = &Error{"第1位不是登记管理部门代码", "the first character is not the code of a registering department"}
	ErrDivision   = &Error{"第3至8位应为6位行政区划代码", "characters 3 to 8 are the six digits of a division code"}
	ErrOrgDigit   = &Error{
		"第17位（组织机构代码校验位）不符，请核对第9至17位",
		"character 17, the check digit of the organisation code, does not match; compare characters 9 to 17",
	}
	ErrCheckDigit = &Error{"第18位（校验位）不符，请核对每一位", "character 18, the check digit, does not match; compare each character"}
)

const (
	alphabet    = "0123456789ABCDEFGHJKLMNPQRTUWXY"
	departments = "123456789ANY" // table 1 of the standard and what was added to it since
)

// Normalize brings a code into the form that Validate takes and that is stored: ASCII, no blanks, upper case.
func Normalize(s string) string {
	return strings.ToUpper(strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || unicode.Is(unicode.Cf, r) {
			return -1
		}
		return r
	}, width.Fold.String(s)))
}

// Validate checks a normalised code with both its check digits. The error is one of this package's.
func Validate(s string) error {
	switch {
	case len([]rune(s)) != 18:
		return ErrLength
	case !within(s, alphabet):
		return ErrCharacters
	case !within(s[:1], departments):
		return ErrDepartment
	case !within(s[2:8], "0123456789"):
		return ErrDivision
	case s[16] != orgDigit(s[8:16]):
		return ErrOrgDigit
	case s[17] != checkDigit(s[:17]):
		return ErrCheckDigit
	}
	return nil
}

// Make completes a code with both check digits from the registering department, the kind, the six digits of the division and
// the first eight characters of the organisation code. It panics when a part is malformed: parts are the program's own.
func Make(dept, kind, division, org8 string) string {
	head := dept + kind + division + org8
	if len(dept) != 1 || len(kind) != 1 || len(division) != 6 || len(org8) != 8 || !within(head, alphabet) {
		panic(fmt.Sprintf("creditcode: malformed parts %q %q %q %q", dept, kind, division, org8))
	}
	head += string(orgDigit(org8))
	return head + string(checkDigit(head))
}

// orgDigit is the ninth character of an organisation code, GB 11714-1997.
func orgDigit(org8 string) byte {
	weights := [8]int{3, 7, 9, 10, 5, 8, 4, 2}
	sum := 0
	for i, weight := range weights {
		sum += weight * strings.IndexByte("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", org8[i])
	}
	return "0X987654321"[sum%11]
}

// checkDigit is the 18th character, GB 32100-2015: weights are the powers of 3 modulo 31.
func checkDigit(first17 string) byte {
	sum, weight := 0, 1
	for i := range len(first17) {
		sum += weight * strings.IndexByte(alphabet, first17[i])
		weight = weight * 3 % 31
	}
	return alphabet[(31-sum%31)%31]
}

func within(s, set string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return !strings.ContainsRune(set, r) })
}
