package e2e_test

import (
	"bytes"
	"fmt"
	"testing"
)

// Another row of titles is another set of columns: without a choice they are recognised anew, and nothing is checked while one of
// them is in doubt.
func TestImportColumnsAnew(t *testing.T) {
	r := product(t)
	c := r.signedIn(t, "officer", watching)
	var csv bytes.Buffer
	csv.WriteString("某某厂会员花名册,,,\r\n姓名,身份证号码,联系电话,民族\r\n")
	for i := range 20 {
		fmt.Fprintf(&csv, "改%s,%s,136 %04d %04d,汉族\r\n", string(rune('一'+i)), idNumber(), next()%10_000, i)
	}
	imp := upload(t, c, "花名册.csv", csv.Bytes())
	if imp.State != "checking" || imp.HeaderRow != 2 {
		t.Fatalf("%+v", imp)
	}
	reach(t, c, imp.ID, "ready")

	again := func(header int) (out imported) {
		c.Must(t, "POST", "/v1/imports/"+imp.ID+":map", map[string]any{"headerRow": header, "policy": "skip", "sheet": imp.Sheet}, &out)
		return out
	}
	if got := again(5); got.State != "mapping" || got.HeaderRow != 5 || got.Columns[1].Field != "idNumber" || got.Columns[1].Sure {
		t.Errorf("below row 5 the numbers alone say what a column is: %+v", got)
	}
	if got := again(2); got.State != "checking" || got.HeaderRow != 2 {
		t.Errorf("below the titles all is sure: %+v", got)
	}
	if got := reach(t, c, imp.ID, "ready"); got.Counts.Admitted != "20" || got.Counts.Faulty != "0" {
		t.Errorf("%+v", got.Counts)
	}
	c.Must(t, "POST", "/v1/imports/"+imp.ID+":cancel", map[string]any{}, nil)
}
