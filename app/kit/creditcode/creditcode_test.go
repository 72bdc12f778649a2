package creditcode

import (
	"errors"
	"testing"
)

func TestValidate(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]error{
		"91350100M000100Y43": nil, // the standard's example
		"81110000MC0000012X": nil,
		"81310000MC00000206": nil,
		"81440100MC00ABCD1X": nil,
		"81100000MC0000004Y": nil,
		"81650000MCX0001Y9W": nil,
		"89110000MC00000125": nil,

		"":                    ErrLength,
		"91350100M000100Y4":   ErrLength,
		"91350100M000100Y433": ErrLength,
		"总工会总工会总工会总工会总工会总工会": ErrCharacters,
		"91350100M000100Y4Z":      ErrCharacters,
		"91350100M000100y43":      ErrCharacters,
		"9135O100M000100Y43":      ErrCharacters,
		"91350100 000100Y43":      ErrCharacters,
		"B1350100M000100Y43":      ErrDepartment,
		"913501A0M000100Y43":      ErrDivision,
		"91350100M000101Y43":      ErrOrgDigit,
		"91350100M000100Y44":      ErrCheckDigit,
		"91350200M000100Y43":      ErrCheckDigit,
		"\xff1350100M000100Y43":   ErrCharacters,
		"81110000MC0000012X\x00":  ErrLength,
		"８１110000MC0000012X":      ErrCharacters,
		"81110000MC0000012X总":     ErrLength,
		"89110000MC0000012X":      ErrCheckDigit,
		"811 10000MC0000012X":     ErrLength,
		"81110000MC0000012\u200b": ErrCharacters,
	} {
		if got := Validate(in); !errors.Is(got, want) {
			t.Errorf("Validate(%q) = %v, want %v", in, got, want)
		}
	}
}

func TestNormalize(t *testing.T) {
	t.Parallel()
	for _, in := range []string{"８１110000mc0000012x", " 8111 0000 MC00 0001 2X\n", "\u200b81110000MC0000012X"} {
		if err := Validate(Normalize(in)); err != nil {
			t.Errorf("%q: %v", in, err)
		}
	}
}

func TestMake(t *testing.T) {
	t.Parallel()
	for _, row := range []struct{ dept, kind, division, org8, want string }{
		{"9", "1", "350100", "M000100Y", "91350100M000100Y43"},
		{DeptUnion, KindGrassroots, "110000", "MC000001", "81110000MC0000012X"},
		{DeptUnion, KindGrassroots, "440100", "MC00ABCD", "81440100MC00ABCD1X"},
		{DeptUnion, KindOther, "110000", "MC000001", "89110000MC00000125"},
	} {
		if got := Make(row.dept, row.kind, row.division, row.org8); got != row.want {
			t.Errorf("Make(%q, %q, %q, %q) = %s, want %s", row.dept, row.kind, row.division, row.org8, got, row.want)
		}
	}
}

func TestMakeRefusesMalformedParts(t *testing.T) {
	t.Parallel()
	defer func() {
		if recover() == nil {
			t.Error("no panic")
		}
	}()
	Make(DeptUnion, KindGrassroots, "44010", "MC00ABCD")
}

func TestEverySlipOfOneCharacterIsFound(t *testing.T) {
	t.Parallel()
	const good = "81440100MC00ABCD1X"
	for i := range len(good) {
		for j := range len(alphabet) {
			slip := []byte(good)
			slip[i] = alphabet[j]
			if string(slip) != good && Validate(string(slip)) == nil {
				t.Errorf("%s passes", slip)
			}
		}
	}
}

func FuzzValidate(f *testing.F) {
	f.Add("91350100M000100Y43")
	f.Fuzz(func(t *testing.T, s string) {
		if s = Normalize(s); Validate(s) == nil && Make(s[:1], s[1:2], s[2:8], s[8:16]) != s {
			t.Fatalf("%q is valid but made otherwise", s)
		}
	})
}
