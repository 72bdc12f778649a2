package filing_test

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"math/big"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"gonghui/app/kit/creditcode"
	"gonghui/builder/filing"
	"gonghui/builder/input"
	"gonghui/builder/internal/readers"
	"gonghui/builder/sign"
)

var day = time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC)

var identity = sync.OnceValue(func() sign.Identity {
	id, _, err := sign.NewIdentity("浙江省总工会", day)
	if err != nil {
		panic(err)
	}
	return id
})

func sample(t testing.TB) filing.Input {
	t.Helper()
	return filing.Input{
		Name: readers.Name, Body: input.Text{ZH: "浙江省总工会", EN: "Zhejiang Federation of Trade Unions"}, CreditCode: creditcode.Make("8", "1", "330000", "12345678"), Start: "https://zj.example.cn/?from=app",
		Hosts: []string{"union.example.cn", "zj.example.cn"}, Policy: "https://zj.example.cn/privacy", Icon: readers.Icons(t, filing.Side).Whole, Day: day,
		Android: filing.Android{App: filing.App{ID: "cn.example.union", Version: "1.2.0"}, Certificate: identity().Certificate},
		IOS:     filing.App{ID: "cn.example.union.ios", Version: "1.2.0"}, Harmony: filing.App{ID: "cn.example.union.ohos", Version: "1.2.0"}, MiniProgram: "wx0123456789abcdef",
	}
}

// both are the two forms of a sheet.
func both(t testing.TB, in filing.Input) (table, page []byte) {
	t.Helper()
	table, err := filing.Table(in)
	if err != nil {
		t.Fatal(err)
	}
	if page, err = filing.Page(in); err != nil {
		t.Fatal(err)
	}
	return table, page
}

func TestSameInputSameBytes(t *testing.T) {
	a, b := both(t, sample(t))
	c, d := both(t, sample(t))
	if !bytes.Equal(a, c) || !bytes.Equal(b, d) {
		t.Error("the same input gave other bytes")
	}
}

// values are the cells of the last column of both forms, each by its item, as Python reads them.
func values(t *testing.T, in filing.Input) (table, page map[string][]string) {
	t.Helper()
	tables, pages := all(t, in)
	return tables[0], pages[0]
}

// all is values for several sheets.
func all(t *testing.T, sheets ...filing.Input) (tables, pages []map[string][]string) {
	t.Helper()
	var csv, html [][]byte
	for _, in := range sheets {
		a, b := both(t, in)
		csv, html = append(csv, a), append(html, b)
	}
	for _, raw := range readers.Tables(t, csv...) {
		var rows [][]string
		if err := json.Unmarshal(raw, &rows); err != nil {
			t.Fatal(err)
		}
		table := map[string][]string{}
		for i, r := range rows {
			if len(r) != 3 {
				t.Fatalf("row %d has %d cells", i, len(r))
			}
			item, _, _ := strings.Cut(r[1], " ")
			table[item] = append(table[item], r[2])
		}
		tables = append(tables, table)
	}
	for _, raw := range readers.Pages(t, html...) {
		var cells []struct{ Tag, Text string }
		if err := json.Unmarshal(raw, &cells); err != nil {
			t.Fatal(err)
		}
		page, item := map[string][]string{}, ""
		for _, c := range cells {
			switch c.Tag {
			case "th":
				item = c.Text
			case "td":
				page[item] = append(page[item], c.Text)
			}
		}
		pages = append(pages, page)
	}
	return tables, pages
}

// What openssl says of the certificate stands in both forms.
func TestFingerprints(t *testing.T) {
	readers.Need(t, "openssl")
	file := filepath.Join(t.TempDir(), "c.pem")
	if err := os.WriteFile(file, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: identity().Certificate.Raw}), 0o600); err != nil {
		t.Fatal(err)
	}
	table, page := values(t, sample(t))
	for item, args := range map[string][]string{
		"证书MD5": {"-fingerprint", "-md5"}, "证书SHA-1": {"-fingerprint", "-sha1"}, "证书SHA-256": {"-fingerprint", "-sha256"}, "公钥模数（十六进制）": {"-modulus"},
	} {
		out, err := exec.Command("openssl", append([]string{"x509", "-noout", "-in", file}, args...)...).Output()
		if err != nil {
			t.Fatal(err)
		}
		_, want, _ := strings.Cut(strings.TrimSpace(string(out)), "=")
		found := func(all map[string][]string) bool {
			for name, v := range all {
				if strings.HasPrefix(strings.ReplaceAll(name, " ", ""), item) && slices.Contains(v, want) {
					return true
				}
			}
			return false
		}
		if want == "" || !found(page) || !strings.Contains(joined(table), want) {
			t.Errorf("%s: %q stands in neither or in one only: %v", item, want, page)
		}
	}
}

func joined(all map[string][]string) string {
	var b strings.Builder
	for _, v := range all {
		b.WriteString(strings.Join(v, "\n") + "\n")
	}
	return b.String()
}

func TestSheetSaysWhatTheBodySays(t *testing.T) {
	in := sample(t)
	csv, html := both(t, in)
	if !bytes.HasPrefix(csv, []byte("\xef\xbb\xbf")) {
		t.Error("the table has no mark: Excel would take it for another encoding")
	}
	table, page := values(t, in)
	for _, want := range []string{in.Name.ZH, in.Name.EN, in.Body.ZH, in.Body.EN, in.CreditCode, in.Start, in.Policy, in.Android.ID, in.IOS.ID, in.Harmony.ID, in.MiniProgram, "union.example.cn、zj.example.cn", "2076-11-22"} {
		if !strings.Contains(joined(table), want) {
			t.Errorf("the table does not say %s", want)
		}
		if !strings.Contains(joined(page), want) {
			t.Errorf("the page does not say %s", want)
		}
	}
	if !strings.Contains(string(html), base64.StdEncoding.EncodeToString(in.Icon)) || !strings.Contains(string(html), "2026-11-22") {
		t.Error("the icon or the day is missing")
	}
	in.IOS, in.Harmony, in.MiniProgram, in.CreditCode = filing.App{}, filing.App{}, "", ""
	table, page = values(t, in)
	if got := joined(table); strings.Contains(got, "cn.example.union.ios") || strings.Contains(joined(page), "wx0123") || !slices.Contains(page["统一社会信用代码Credit code"], "（请填写）") {
		t.Errorf("what is not there is told of: %s, %v", got, page)
	}
}

func TestHostileNames(t *testing.T) {
	var sheets []filing.Input
	for _, name := range readers.Hostile {
		in := sample(t)
		in.Name, in.Body = input.Text{ZH: name, EN: name}, input.Text{ZH: name, EN: name}
		sheets = append(sheets, in)
	}
	tables, pages := all(t, sheets...)
	for i, name := range readers.Hostile {
		want := name
		if strings.HasPrefix(name, "=") {
			want = "'" + name
		}
		if got := tables[i]["应用名称"]; len(got) != 1 || got[0] != want {
			t.Errorf("%q became %q in the table", name, got)
		}
		// White space is told as HTML tells it.
		if got := pages[i]["应用名称Name"]; len(got) != 1 || got[0] != strings.Join(strings.Fields(name), " ") {
			t.Errorf("%q became %q on the page", name, got)
		}
	}
}

func TestWrongFieldsAreNamed(t *testing.T) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "x"}, NotAfter: day}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	curve, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	type row struct {
		field string
		spoil func(*filing.Input)
	}
	rows := []row{
		{"body.zh", func(in *filing.Input) { in.Body.ZH = strings.Repeat("会", 201) }},
		{"creditCode", func(in *filing.Input) { in.CreditCode = in.CreditCode[:17] + "I" }},
		{"start", func(in *filing.Input) { in.Start = "zj.example.cn" }},
		{"hosts[0]", func(in *filing.Input) { in.Hosts = []string{"<b>"} }},
		{"policy", func(in *filing.Input) { in.Policy = "" }},
		{"icon", func(in *filing.Input) { in.Icon = nil }},
		{"day", func(in *filing.Input) { in.Day = time.Time{} }},
		{"android.id", func(in *filing.Input) { in.Android.ID = "A" }},
		{"android.version", func(in *filing.Input) { in.Android.Version = "" }},
		{"android.certificate", func(in *filing.Input) { in.Android.Certificate = nil }},
		{"android.certificate", func(in *filing.Input) { in.Android.Certificate = curve }},
		{"ios.id", func(in *filing.Input) { in.IOS.ID = "" }},
		{"harmony.version", func(in *filing.Input) { in.Harmony.Version = "<" }},
		{"miniProgram", func(in *filing.Input) { in.MiniProgram = "a\nb" }},
		{"android.id", func(in *filing.Input) {
			in.Android, in.IOS, in.Harmony, in.MiniProgram = filing.Android{}, filing.App{}, filing.App{}, ""
		}},
	}
	for _, name := range readers.Refused {
		rows = append(rows, row{"name.zh", func(in *filing.Input) { in.Name.ZH = name }}, row{"name.en", func(in *filing.Input) { in.Name.EN = name }})
	}
	good := sample(t)
	for _, r := range rows {
		in := good
		r.spoil(&in)
		_, err := filing.Table(in)
		readers.Wrong(t, err, r.field)
		_, err = filing.Page(in)
		readers.Wrong(t, err, r.field)
	}
}
