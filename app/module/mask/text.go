package mask

import (
	"strings"

	"gonghui/app/kit/cnid"
	modulev1 "gonghui/app/module/v1"
)

// hidden stands for a text of which nothing is shown, whatever its length.
const hidden = "****"

// Text masks a text of a kind. What is masked already stays as it is.
func Text(kind modulev1.Sensitive, s string) string {
	if s == "" {
		return ""
	}
	switch kind {
	case modulev1.Sensitive_SENSITIVE_NONE:
		return s
	case modulev1.Sensitive_SENSITIVE_ID_NUMBER:
		// Longer numbers are those of citizen IDs and of papers that are numbered like them.
		return cnid.MaskPaper("", s)
	case modulev1.Sensitive_SENSITIVE_PHONE:
		return cnid.MaskPhone(s)
	case modulev1.Sensitive_SENSITIVE_BANK_CARD:
		return bankCard(s)
	case modulev1.Sensitive_SENSITIVE_EMAIL:
		return email(s)
	case modulev1.Sensitive_SENSITIVE_NAME:
		return name(s)
	case modulev1.Sensitive_SENSITIVE_ADDRESS:
		return address(s)
	case modulev1.Sensitive_SENSITIVE_BIRTHDAY:
		return birthday(s)
	default:
		return hidden
	}
}

// bankCard shows the last four digits of a card number, where they are not most of it.
func bankCard(s string) string {
	runes := []rune(s)
	shown := 4
	if len(runes) < 12 {
		shown = 0
	}
	return strings.Repeat("*", len(runes)-shown) + string(runes[len(runes)-shown:])
}

// email shows the first character and where the mailbox is.
func email(s string) string {
	at := strings.LastIndexByte(s, '@')
	if at < 1 {
		return hidden
	}
	return string([]rune(s)[:1]) + hidden + s[at:]
}

// name shows the first and the last character, of two the first, of one none.
func name(s string) string {
	runes := []rune(s)
	switch n := len(runes); n {
	case 1:
		return "*"
	case 2:
		return string(runes[:1]) + "*"
	default:
		return string(runes[:1]) + strings.Repeat("*", n-2) + string(runes[n-1:])
	}
}

// districts end the names of divisions down to the county level.
const districts = "省市区县旗州盟"

// mostDistrict is how many characters the divisions of an address take: 内蒙古自治区呼伦贝尔市莫力达瓦达斡尔族自治旗 are 22.
const mostDistrict = 24

// address shows an address as far as the county: to the last end of a division before the first street, village or digit.
func address(s string) string {
	runes := []rune(s)
	end := 0
	for i, r := range runes[:min(len(runes), mostDistrict)] {
		if r >= '0' && r <= '9' || strings.ContainsRune("路街巷道号村镇乡", r) {
			break
		}
		if strings.ContainsRune(districts, r) {
			end = i + 1
		}
	}
	return string(runes[:end]) + hidden
}

// birthday shows the year.
func birthday(s string) string {
	if len(s) != len("2006-01-02") || s[4] != '-' {
		return hidden
	}
	return s[:4] + "-**-**"
}
