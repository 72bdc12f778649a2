package readers

import "strings"

// Hostile are names that a person may give to a body's app and that mean something to one format or another. All of them are
// taken as they are.
var Hostile = []string{
	`"quoted" 'name'`,
	`</string><key>x</key>`,
	`a & b < c > d`,
	`${PRODUCT_NAME} $(USER) %@ {{x}}`,
	`back\slash \u0022 \n`,
	`*/ // <!-- --> ]]>`,
	"工会 👷🏽‍♀️ 🏳️‍🌈",
	"نقابة العمال",
	"=HYPERLINK(1)",
	"`tick` [a](b) # *c*",
	strings.Repeat("长", 40),
}

// Refused are names that no channel takes.
var Refused = []string{
	"", " ", " 工会", "工会\n", "工\x00会", "a\u202eb", "a\u2066b", "\xff\xfe", "a\u2028b", "——", strings.Repeat("长", 200),
}
