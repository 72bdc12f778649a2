package cnid

import (
	"strings"
	"time"
)

// Kinds of papers, in the words of the member API.
const (
	CitizenID     = "citizen_id"     // 居民身份证
	Passport      = "passport"       // 护照
	HMTPermit     = "hmt_permit"     // 港澳台居民居住证, 来往内地（大陆）通行证
	ForeignPermit = "foreign_permit" // 外国人永久居留身份证
)

// Paper is what the number of an identity paper tells. Birth and Sex are zero where the number does not tell them.
type Paper struct {
	Kind   string
	Number string // as stored, see Normalize
	Birth  time.Time
	Sex    Sex
}

var (
	ErrKind     = &Error{"请选择证件种类", "choose the kind of paper"}
	ErrPassport = &Error{
		"护照号码应为5至20位字母和数字，且至少有一位数字",
		"a passport number has 5 to 20 letters and digits, at least one of them a digit",
	}
	ErrHMTPermit = &Error{
		"应为18位居住证号码（81、82、83开头）、H或M加8至10位数字、或8位数字",
		"an 18-character residence permit beginning with 81, 82 or 83, or H or M and 8 to 10 digits, or 8 digits",
	}
	ErrForeignPermit = &Error{
		"应为9开头的18位号码，或3位字母加12位数字",
		"an 18-character number beginning with 9, or 3 letters and 12 digits",
	}
)

// ParsePaper reads the number of a paper of a kind. The error is one of this package's.
func ParsePaper(kind, number string) (Paper, error) { return ParsePaperAt(kind, number, time.Now()) }

// ParsePaperAt is ParsePaper as of a moment.
func ParsePaperAt(kind, number string, now time.Time) (Paper, error) {
	paper := Paper{Kind: kind, Number: Normalize(number)}
	switch kind {
	case CitizenID:
		return paper.told(ParseAt(paper.Number, now))
	case Passport:
		return paper, passport(paper.Number)
	case HMTPermit:
		if isResidencePermit(paper.Number) && form(paper.Number) == nil {
			return paper.told(read(paper.Number, now))
		}
		return paper, travelPermit(paper.Number)
	case ForeignPermit:
		if strings.HasPrefix(paper.Number, "9") && form(paper.Number) == nil {
			return paper.told(read(paper.Number, now))
		}
		return paper, oldForeignPermit(paper.Number)
	}
	return paper, ErrKind
}

func (p Paper) told(id ID, err error) (Paper, error) {
	p.Birth, p.Sex = id.Birth, id.Sex
	return p, err
}

// isResidencePermit tells the permits of residents of Hong Kong (81), Macao (82) and Taiwan (83).
func isResidencePermit(s string) bool {
	return strings.HasPrefix(s, "81") || strings.HasPrefix(s, "82") || strings.HasPrefix(s, "83")
}

func passport(s string) error {
	digit := false
	for i := range len(s) {
		switch {
		case digits(s[i : i+1]):
			digit = true
		case !letters(s[i : i+1]):
			return ErrPassport
		}
	}
	if !digit || len(s) < 5 || len(s) > 20 {
		return ErrPassport
	}
	return nil
}

// travelPermit checks a 来往内地通行证: of Hong Kong and Macao H or M, eight digits and, on the cards before 2013, the count of
// renewals; of Taiwan eight digits.
func travelPermit(s string) error {
	if len(s) == 8 && digits(s) {
		return nil
	}
	if len(s) >= 9 && len(s) <= 11 && (s[0] == 'H' || s[0] == 'M') && digits(s[1:]) {
		return nil
	}
	return ErrHMTPermit
}

// oldForeignPermit checks a card issued before December 2023: nationality (3 letters), place (4 digits), birth (YYMMDD),
// serial and check digit.
func oldForeignPermit(s string) error {
	if len(s) != 15 || !letters(s[:3]) || !digits(s[3:]) {
		return ErrForeignPermit
	}
	if _, err := time.Parse("060102", s[7:13]); err != nil {
		return ErrDate
	}
	return nil
}
