package cnid

import (
	"strings"
	"unicode"
)

// ErrPhone is the one reason why a phone number is refused.
var ErrPhone = &Error{"请输入11位中国大陆手机号码", "enter a mainland mobile number of 11 digits"}

// NormalizePhone returns the 11 digits of a mainland mobile number. Full-width digits, blanks, dashes and the country code (+86,
// 0086, 86) are accepted.
func NormalizePhone(s string) (string, error) {
	s = strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Pd, r) {
			return -1
		}
		return r
	}, Normalize(s))
	for _, country := range []string{"+86", "0086", "86"} {
		if rest, ok := strings.CutPrefix(s, country); ok && len(rest) == 11 {
			s = rest
			break
		}
	}
	if len(s) != 11 || !digits(s) || s[0] != '1' || s[1] < '3' {
		return "", ErrPhone
	}
	return s, nil
}
