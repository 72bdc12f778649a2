package member

import (
	"slices"
	"strings"
	"testing"
	"time"

	kerrors "github.com/go-kratos/kratos/v2/errors"

	memberv1 "gonghui/app/member/v1"
)

func TestNumber(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		code         string
		year, serial int
		want         string
	}{
		{"440106", 2026, 1, "4401062600000019"},
		{"440106", 2026, 9_999_999, "440106269999999"},
		{"province", 2030, 42, "000000300000042"},
		{"44010", 2030, 42, "000000300000042"},
		{"4401ab", 2005, 42, "000000050000042"},
	} {
		got, err := number(tt.code, tt.year, tt.serial)
		if err != nil || !strings.HasPrefix(got, tt.want) || len(got) != 16 || !luhnOK(got) {
			t.Errorf("%+v: %s, %v", tt, got, err)
		}
	}
	for _, serial := range []int{0, -1, 10_000_000} {
		if no, err := number("440106", 2026, serial); err == nil {
			t.Errorf("serial %d became %s", serial, no)
		}
	}
	if luhn("7992739871") != '3' {
		t.Error("the printed example of Luhn's rule fails")
	}
}

// luhnOK checks a number from the other side: the sum over all digits.
func luhnOK(no string) bool {
	sum := 0
	for i, r := range no {
		d := int(r - '0')
		if i%2 == 0 {
			d = d*2/10 + d*2%10
		}
		sum += d
	}
	return sum%10 == 0
}

func TestKeys(t *testing.T) {
	t.Parallel()
	initials, full := spellings("单张三")
	f := found{"单张三", initials, full, "8000", "4401062600000019", false}
	want := []string{"n:单张三", "n:张三", "n:三", "p:szs", "f:shanzhangsan", "t:8000", "m:4401062600000019"}
	if got := f.all(); !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
	f.ended = true
	if got := f.of(byName); got != nil {
		t.Errorf("an ended member has %v", got)
	}
	if got := strings.Join(f.all(), " "); got != "N:单张三 N:张三 N:三 P:szs F:shanzhangsan T:8000 M:4401062600000019" {
		t.Errorf("an ended member has %v", got)
	}
	for _, tt := range []struct {
		name string
		want []string
	}{
		{"买买提·吐", []string{"n:买买提·吐", "n:买提·吐", "n:提·吐", "n:吐"}},
		{"Ａnn Lee", []string{"n:annlee", "n:nnlee", "n:nlee", "n:lee", "n:ee", "n:e"}},
		{"张张", []string{"n:张张", "n:张"}},
	} {
		if got := (found{name: tt.name}).all(); !slices.Equal(got, tt.want) {
			t.Errorf("%s: %v, want %v", tt.name, got, tt.want)
		}
	}
	long := strings.Repeat("张", 60)
	initials, full = spellings(long)
	for _, key := range (found{long, initials, full, "", "", false}).all() {
		if len([]rune(key)) > 64 {
			t.Errorf("key of %d characters", len([]rune(key)))
		}
	}
}

func TestKindsOf(t *testing.T) {
	t.Parallel()
	for query, want := range map[string]string{
		"8000": "tm", "800": "m", "440106": "m", "zs": "pfn", "张三": "n", "张s": "n", "z3": "n", "·": "n",
	} {
		if got := strings.Join(kindsOf(query, stateActive), ""); got != want {
			t.Errorf("%s: %s, want %s", query, got, want)
		}
		if got := strings.Join(kindsOf(query, "deceased"), ""); got != strings.ToUpper(want) {
			t.Errorf("%s among the ended: %s", query, got)
		}
		if got := strings.Join(kindsOf(query, stateAll), ""); got != want+strings.ToUpper(want) {
			t.Errorf("%s among all: %s", query, got)
		}
	}
}

var today = time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC)

func TestRead(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name  string
		set   func(*memberv1.MemberFields)
		field string // of the refusal
	}{
		{"good", func(*memberv1.MemberFields) {}, ""},
		{"bare", func(f *memberv1.MemberFields) {
			*f = memberv1.MemberFields{Name: "张三", IdKind: "citizen_id", IdNumber: "11010519491231002X"}
		}, ""},
		{"passport", func(f *memberv1.MemberFields) {
			f.IdKind, f.IdNumber, f.Birth, f.Sex = "passport", "E12345678", "1980-02-29", "male"
		}, ""},
		{"passport alone", func(f *memberv1.MemberFields) { f.IdKind, f.IdNumber, f.Birth, f.Sex = "passport", "E12345678", "", "" }, ""},
		{"blank name", func(f *memberv1.MemberFields) { f.Name = " \u3000" }, "fields.name"},
		{"zero byte in the name", func(f *memberv1.MemberFields) { f.Name = "张\x00三" }, "fields.name"},
		{"broken name", func(f *memberv1.MemberFields) { f.Name = "张\xff" }, "fields.name"},
		{"broken employer", func(f *memberv1.MemberFields) { f.Employer = "\xc3\x28" }, "fields.employer"},
		{"two lines in the job", func(f *memberv1.MemberFields) { f.Job = "a\nb" }, "fields.job"},
		{"zero byte in the address", func(f *memberv1.MemberFields) { f.Address = "\x00" }, "fields.address"},
		{"no number", func(f *memberv1.MemberFields) { f.IdNumber = "" }, "fields.idNumber"},
		{"broken number", func(f *memberv1.MemberFields) { f.IdNumber = "\xff" }, "fields.idNumber"},
		{"check digit", func(f *memberv1.MemberFields) { f.IdNumber = "110105194912310021" }, "fields.idNumber"},
		{"no such day", func(f *memberv1.MemberFields) { f.IdNumber = "11010519490230002X" }, "fields.idNumber"},
		{"masked number", func(f *memberv1.MemberFields) { f.IdNumber = "110***********002X" }, "fields.idNumber"},
		{"passport as citizen ID", func(f *memberv1.MemberFields) { f.IdNumber = "E12345678" }, "fields.idNumber"},
		{"wrong sex", func(f *memberv1.MemberFields) { f.Sex = "male" }, "fields.sex"},
		{"wrong birth", func(f *memberv1.MemberFields) { f.Birth = "1949-12-30" }, "fields.birth"},
		{"no such birth", func(f *memberv1.MemberFields) { f.Birth = "1949-02-30" }, "fields.birth"},
		{"birth to come", func(f *memberv1.MemberFields) {
			f.IdKind, f.IdNumber, f.Sex, f.Birth = "passport", "E12345678", "", "2026-11-23"
		}, "fields.birth"},
		{"phone", func(f *memberv1.MemberFields) { f.Phone = "12800138000" }, "fields.phone"},
		{"landline", func(f *memberv1.MemberFields) { f.Phone = "010-88888888" }, "fields.phone"},
		{"broken phone", func(f *memberv1.MemberFields) { f.Phone = "1380013\xff" }, "fields.phone"},
		{"nation", func(f *memberv1.MemberFields) { f.Nation = "57" }, "fields.nation"},
		{"education", func(f *memberv1.MemberFields) { f.Education = "99" }, "fields.education"},
		{"politics", func(f *memberv1.MemberFields) { f.PoliticalStatus = "00" }, "fields.politicalStatus"},
		{"no such joining date", func(f *memberv1.MemberFields) { f.JoinedOn = "2023-02-29" }, "fields.joinedOn"},
		{"joined tomorrow", func(f *memberv1.MemberFields) { f.JoinedOn = "2026-11-23" }, "fields.joinedOn"},
		{"joined before birth", func(f *memberv1.MemberFields) { f.JoinedOn = "1949-12-30" }, "fields.joinedOn"},
	} {
		f := fields("张三", "11010519491231002X", "13800138000")
		tt.set(f)
		got, err := read(f, nil, today)
		if tt.field == "" {
			if err != nil {
				t.Errorf("%s: %v", tt.name, err)
			}
			continue
		}
		e := kerrors.FromError(err)
		if err == nil || e.Code != 400 || e.Metadata["field"] != tt.field || e.Metadata["zh"] == "" || e.Metadata["en"] == "" {
			t.Errorf("%s: %+v, %v %v", tt.name, got, err, e.Metadata)
		}
	}
}

func TestReadDerivesAndKeeps(t *testing.T) {
	t.Parallel()
	old, err := read(fields(" 张三 ", "１１０１０５１９４９１２３１００２ｘ", "+86 138-0013-8000"), nil, today)
	if err != nil {
		t.Fatal(err)
	}
	if old.name != "张三" || old.idNumber != "11010519491231002X" || old.phone != "13800138000" || old.sex != "female" ||
		old.birth.Format("20060102") != "19491231" || old.phoneTail() != "8000" {
		t.Errorf("%+v", old)
	}
	f := fields("张三", "", "")
	f.JoinedOn = ""
	f.Employer = "二厂"
	young, err := read(f, old, today)
	if err != nil {
		t.Fatal(err)
	}
	if got := young.changed(old); !slices.Equal(got, []string{"employer"}) {
		t.Errorf("changed: %v", got)
	}
	// The kept number must suit a new kind of paper.
	f.IdKind = "hmt_permit"
	if _, err := read(f, old, today); kerrors.FromError(err).Metadata["field"] != "fields.idNumber" {
		t.Errorf("kept number under another kind: %v", err)
	}
	if p := old.proto(); p.IdNumber != "11010519491231002X" || p.Phone != "13800138000" {
		t.Errorf("numbers: %s %s", p.IdNumber, p.Phone)
	}
	if joined, _ := read(&memberv1.MemberFields{Name: "张", IdKind: "passport", IdNumber: "E12345678"}, nil, today); !joined.joined.Equal(today) {
		t.Errorf("joined %v", joined.joined)
	}
}

// fields are those of a good request.
func fields(name, idNumber, phone string) *memberv1.MemberFields {
	return &memberv1.MemberFields{
		Name: name, IdKind: "citizen_id", IdNumber: idNumber, Phone: phone, Nation: "01", Education: "21", PoliticalStatus: "13",
		Employer: "一厂", Job: "钳工", Employment: "contract", Address: "东城区", JoinedOn: "2020-05-01",
	}
}
