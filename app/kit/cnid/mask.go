package cnid

import (
	"strings"
	"unicode/utf8"
)

// Mask hides an ID number but for its first three and last four characters: 110***********002X.
func Mask(number string) string { return mask(number, 3, 4) }

// MaskPhone hides the middle of a mobile number: 138****8000.
func MaskPhone(phone string) string { return mask(phone, 3, 4) }

// MaskPassport hides a passport or travel permit but for its first character and last three: E*****678.
func MaskPassport(number string) string { return mask(number, 1, 3) }

// MaskPaper masks the number of a paper of a kind, see ParsePaper.
func MaskPaper(kind, number string) string {
	if kind == CitizenID || len(number) >= 15 {
		return Mask(number)
	}
	return MaskPassport(number)
}

// mask keeps head and tail characters when at least as many are hidden, else a quarter at the end: a short number must not
// show through.
func mask(s string, head, tail int) string {
	if n := utf8.RuneCountInString(s); n < len(s) {
		runes := []rune(s)
		head, tail = kept(n, head, tail)
		return string(runes[:head]) + strings.Repeat("*", n-head-tail) + string(runes[n-tail:])
	}
	head, tail = kept(len(s), head, tail)
	out := []byte(s)
	for i := head; i < len(out)-tail; i++ {
		out[i] = '*'
	}
	return string(out)
}

func kept(n, head, tail int) (int, int) {
	if n < head+tail+min(4, head+tail) {
		return 0, n / 4
	}
	return head, tail
}
