package cnid

import (
	"errors"
	"testing"
	"time"
)

var now = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

func date(y int, m time.Month, d int) time.Time { return time.Date(y, m, d, 0, 0, 0, 0, time.UTC) }

// withCheck completes 17 digits.
func withCheck(first17 string) string { return first17 + string(CheckDigit(first17)) }

func TestParse(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		in   string
		want ID
		err  error
	}{
		{in: "11010519491231002X", want: ID{"110105", date(1949, 12, 31), Female}},
		{in: "440524188001010014", want: ID{"440524", date(1880, 1, 1), Male}},
		{in: " 110105 19491231 002x\t", want: ID{"110105", date(1949, 12, 31), Female}},
		{in: "１１０１０５１９４９１２３１００２ｘ", want: ID{"110105", date(1949, 12, 31), Female}},
		{in: "\u200b110105　19491231002X\ufeff", want: ID{"110105", date(1949, 12, 31), Female}},
		{in: withCheck("65010220000229120"), want: ID{"650102", date(2000, 2, 29), Female}},
		{in: withCheck("11010520260301001"), want: ID{"110105", date(2026, 3, 1), Male}},
		{in: "", err: ErrLength},
		{in: "110105491231002", err: ErrLength},
		{in: "11010519491231002X1", err: ErrLength},
		{in: "1101051949123100AX", err: ErrCharacters},
		{in: "11010519491231002Y", err: ErrCharacters},
		{in: "X1010519491231002X", err: ErrCharacters},
		{in: "一二三四五六七八九一二三四五六七八九", err: ErrCharacters},
		{in: "110105194912310021", err: ErrCheckDigit},
		{in: "11010519491231012X", err: ErrCheckDigit},
		{in: withCheck("00010519491231002"), err: ErrDivision},
		{in: withCheck("66010519491231002"), err: ErrDivision},
		{in: withCheck("81000019940823002"), err: ErrOtherPaper},
		{in: "911124198108030024", err: ErrOtherPaper},
		{in: withCheck("11010519990229002"), err: ErrDate},
		{in: withCheck("11010519991301002"), err: ErrDate},
		{in: withCheck("11010519990100002"), err: ErrDate},
		{in: withCheck("11010500010101002"), err: ErrDate},
		{in: withCheck("11010520260302001"), err: ErrFuture},
		{in: withCheck("11010590000101001"), err: ErrFuture},
	} {
		got, err := ParseAt(row.in, now)
		if !errors.Is(err, row.err) || (row.err == nil && err != nil) || got != row.want {
			t.Errorf("ParseAt(%q) = %v, %v; want %v, %v", row.in, got, err, row.want, row.err)
		}
	}
}

func TestTodayIsChinas(t *testing.T) {
	t.Parallel()
	born := withCheck("11010520260302001")
	evening := time.Date(2026, 3, 1, 15, 59, 0, 0, time.UTC)
	if _, err := ParseAt(born, evening); !errors.Is(err, ErrFuture) {
		t.Errorf("at 23:59 in China: %v", err)
	}
	if _, err := ParseAt(born, evening.Add(time.Minute)); err != nil {
		t.Errorf("at midnight in China: %v", err)
	}
}

func TestEverySlipOfOneDigitIsFound(t *testing.T) {
	t.Parallel()
	const good = "11010519491231002X"
	for i := range 17 {
		for d := byte('0'); d <= '9'; d++ {
			slip := []byte(good)
			slip[i] = d
			if _, err := ParseAt(string(slip), now); d != good[i] && err == nil {
				t.Errorf("%s passes", slip)
			}
		}
	}
}

func TestCheckDigit(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]byte{
		"11010519491231002": 'X', "44052418800101001": '4', "": 0, "1101051949123100": 0, "1101051949123100X": 0,
	} {
		if got := CheckDigit(in); got != want {
			t.Errorf("CheckDigit(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestParsePaper(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		kind, in, number string
		birth            time.Time
		sex              Sex
		err              error
	}{
		{kind: CitizenID, in: "11010519491231002x", number: "11010519491231002X", birth: date(1949, 12, 31), sex: Female},
		{kind: CitizenID, in: "110105194912310021", err: ErrCheckDigit},
		{kind: Passport, in: "e 1234 5678", number: "E12345678"},
		{kind: Passport, in: "ＥＡ1234567", number: "EA1234567"},
		{kind: Passport, in: "E123", err: ErrPassport},
		{kind: Passport, in: "ABCDEFG", err: ErrPassport},
		{kind: Passport, in: "E1234567890123456789012", err: ErrPassport},
		{kind: Passport, in: "E1234-678", err: ErrPassport},
		{kind: Passport, in: "护照12345", err: ErrPassport},
		{kind: HMTPermit, in: "810000199408230021", number: "810000199408230021", birth: date(1994, 8, 23), sex: Female},
		{kind: HMTPermit, in: "830000199201300022", number: "830000199201300022", birth: date(1992, 1, 30), sex: Female},
		{kind: HMTPermit, in: "810000199408230022", err: ErrCheckDigit},
		{kind: HMTPermit, in: "810000199402300021", err: ErrDate},
		{kind: HMTPermit, in: "h12345678", number: "H12345678"},
		{kind: HMTPermit, in: "M1234567801", number: "M1234567801"},
		{kind: HMTPermit, in: "12345678", number: "12345678"},
		{kind: HMTPermit, in: "81234567", number: "81234567"},
		{kind: HMTPermit, in: "H1234567", err: ErrHMTPermit},
		{kind: HMTPermit, in: "T12345678", err: ErrHMTPermit},
		{kind: HMTPermit, in: "123456789", err: ErrHMTPermit},
		{kind: HMTPermit, in: "11010519491231002X", err: ErrHMTPermit},
		{kind: ForeignPermit, in: "911124198108030024", number: "911124198108030024", birth: date(1981, 8, 3), sex: Female},
		{kind: ForeignPermit, in: "911124198108030025", err: ErrCheckDigit},
		{kind: ForeignPermit, in: "can110081133112", err: ErrDate},
		{kind: ForeignPermit, in: "can110081080312", number: "CAN110081080312"},
		{kind: ForeignPermit, in: "CA1110081080312", err: ErrForeignPermit},
		{kind: ForeignPermit, in: "91112419810803", err: ErrForeignPermit},
		{kind: "", in: "E12345678", err: ErrKind},
	} {
		got, err := ParsePaperAt(row.kind, row.in, now)
		if row.err != nil {
			if !errors.Is(err, row.err) {
				t.Errorf("%s %q: error %v, want %v", row.kind, row.in, err, row.err)
			}
			continue
		}
		if want := (Paper{row.kind, row.number, row.birth, row.sex}); err != nil || got != want {
			t.Errorf("%s %q = %v, %v; want %v", row.kind, row.in, got, err, want)
		}
	}
}

func TestNormalizePhone(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"13800138000":         "13800138000",
		"+86 138-0013-8000":   "13800138000",
		"0086 13800138000":    "13800138000",
		"8613800138000":       "13800138000",
		"１３８ ００１３ ８０００":       "13800138000",
		"＋86—138—0013—8000":   "13800138000",
		"86138001380":         "",
		"12800138000":         "",
		"1380013800":          "",
		"138001380000":        "",
		"+852 5123 4567":      "",
		"1380013800x":         "",
		"":                    "",
		"13800138000;drop":    "",
		"+86+86 138001380000": "",
	} {
		got, err := NormalizePhone(in)
		if got != want || (err == nil) != (want != "") || (err != nil && !errors.Is(err, ErrPhone)) {
			t.Errorf("NormalizePhone(%q) = %q, %v; want %q", in, got, err, want)
		}
	}
}

func TestMask(t *testing.T) {
	t.Parallel()
	for _, row := range []struct{ got, want string }{
		{Mask("11010519491231002X"), "110***********002X"},
		{MaskPhone("13800138000"), "138****8000"},
		{MaskPassport("E12345678"), "E*****678"},
		{MaskPassport("12345678"), "1****678"},
		{MaskPassport("E1234"), "****4"},
		{MaskPaper(CitizenID, "11010519491231002X"), "110***********002X"},
		{MaskPaper(HMTPermit, "810000199408230021"), "810***********0021"},
		{MaskPaper(ForeignPermit, "CAN110081080312"), "CAN********0312"},
		{MaskPaper(HMTPermit, "H12345678"), "H*****678"},
		{MaskPaper(Passport, "E12345678"), "E*****678"},
		{MaskPhone("12345"), "****5"},
		{Mask("12"), "**"},
		{Mask(""), ""},
	} {
		if row.got != row.want {
			t.Errorf("got %q, want %q", row.got, row.want)
		}
	}
}

func FuzzPaper(f *testing.F) {
	f.Add(CitizenID, "11010519491231002X")
	f.Add(HMTPermit, "Ｈ12345678")
	f.Add(Passport, "\xff")
	f.Fuzz(func(t *testing.T, kind, s string) {
		paper, err := ParsePaperAt(kind, s, now)
		if err == nil && (len(paper.Number) < 5 || len(paper.Number) > 20) {
			t.Fatalf("%s %q was taken as %q", kind, s, paper.Number)
		}
		MaskPaper(kind, s)
		if phone, err := NormalizePhone(s); err == nil && len(phone) != 11 {
			t.Fatalf("phone %q became %q", s, phone)
		}
	})
}
