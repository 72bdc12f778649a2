package factor

import (
	"crypto/subtle"
	"time"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/hotp"
	"github.com/pquerna/otp/totp"
)

// period is the time step of RFC 6238, section 5.2.
const period = 30 * time.Second

// newSecret returns a secret of 160 bits (RFC 4226, section 4) in base32, and the address that authenticator apps read from
// a QR code. issuer and account are what the app shows.
func newSecret(issuer, account string) (secret, url string, err error) {
	key, err := totp.Generate(totp.GenerateOpts{Issuer: issuer, AccountName: account, SecretSize: 20})
	if err != nil {
		return "", "", err
	}
	return key.Secret(), key.URL(), nil
}

// stepOf returns the time step that the code belongs to: that of now, or the one before or after it, for clocks that differ
// (RFC 6238, section 6). It is 0 for a wrong code.
func stepOf(secret, code string, now time.Time) int64 {
	current := now.Unix() / int64(period/time.Second)
	var found int64
	for _, step := range []int64{current, current - 1, current + 1} {
		right, err := hotp.GenerateCodeCustom(secret, uint64(step), hotp.ValidateOpts{Digits: otp.DigitsSix, Algorithm: otp.AlgorithmSHA1})
		if err == nil && subtle.ConstantTimeCompare([]byte(right), []byte(code)) == 1 {
			found = step
		}
	}
	return found
}
