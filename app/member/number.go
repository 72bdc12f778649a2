package member

import (
	"fmt"
	"strings"
)

// maxSerial is the last serial of a year in a body.
const maxSerial = 9_999_999

// number is a member number of 16 digits: division of the body, year of admission, serial in the body and year, check
// digit by Luhn (ISO/IEC 7812-1).
func number(bodyCode string, year, serial int) (string, error) {
	if serial < 1 || serial > maxSerial {
		return "", fmt.Errorf("member: serial %d of year %d does not fit a member number", serial, year)
	}
	head := fmt.Sprintf("%s%02d%07d", division(bodyCode), year%100, serial)
	return head + string(luhn(head)), nil
}

// division is the code of a body that is the union of an administrative division; other bodies have none.
func division(bodyCode string) string {
	if len(bodyCode) == 6 && digits(bodyCode) {
		return bodyCode
	}
	return "000000"
}

func digits(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }

// luhn returns the digit that makes the sum of head and digit a multiple of ten.
func luhn(head string) byte { return byte('0' + (10-luhnSum(head)%10)%10) }

// luhnSum is the sum of a number's head, of which every other digit from the end counts twice.
func luhnSum(head string) int {
	sum := 0
	for i := range len(head) {
		d := int(head[len(head)-1-i] - '0')
		if i%2 == 0 {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum += d
	}
	return sum
}
