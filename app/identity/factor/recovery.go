package factor

import (
	"crypto/rand"
	"strings"
)

// recoveryCodes are as many as an account gets at a time.
const recoveryCodes = 10

// letters are those of Crockford's base 32: none looks like another.
const letters = "0123456789abcdefghjkmnpqrstvwxyz"

// newRecoveryCodes returns ten codes of 50 bits, such as "7k2mq-x9p4d".
func newRecoveryCodes() []string {
	codes := make([]string, recoveryCodes)
	for i := range codes {
		var raw [10]byte
		_, _ = rand.Read(raw[:])
		for j, b := range raw {
			raw[j] = letters[b%32]
		}
		codes[i] = string(raw[:5]) + "-" + string(raw[5:])
	}
	return codes
}

// normalRecovery is a code as it is kept, however it was typed: capitals, blanks and hyphens do not matter, nor does a letter
// that was read as a digit.
func normalRecovery(typed string) string {
	return strings.NewReplacer(" ", "", "-", "", "o", "0", "i", "1", "l", "1").Replace(strings.ToLower(typed))
}
