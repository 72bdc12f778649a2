package input

import "strings"

const punctuation = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"

// Markdown is a line that a README shows as it is (CommonMark 0.31, section 2.4).
func Markdown(s string) string {
	var b strings.Builder
	for _, r := range s {
		if r < 0x80 && strings.ContainsRune(punctuation, r) {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return b.String()
}
