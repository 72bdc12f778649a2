package e2e_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
)

// The members go out as a file with a mark of who asked; numbers in full are for those who may see them.
func TestExport(t *testing.T) {
	r := product(t)
	admin, officer := r.freshly(t, "admin", watching), r.signedIn(t, "officer", watching)
	file := fields("=导出,人")
	admin.Must(t, "POST", "/v1/members", map[string]any{"fields": file}, nil, "Idempotency-Key", token(8))
	if f := refused(t, officer, "POST", "/v1/members:export", map[string]any{"reason": "统计", "format": "csv"}); f.Code != http.StatusForbidden {
		t.Errorf("an officer: %+v", f)
	}
	for _, wrong := range []map[string]any{{"format": "csv"}, {"reason": "统计", "format": "pdf"}, {"reason": "统计", "format": "csv", "state": "x"}, {"reason": "统计", "format": "csv", "more": 1}} {
		if f := refused(t, admin, "POST", "/v1/members:export", wrong); f.Code != http.StatusBadRequest || f.Metadata["field"] == "" || !bilingual(f) {
			t.Errorf("%v: %+v", wrong, f)
		}
	}
	export := func(full bool, format string) string {
		raw, err := json.Marshal(map[string]any{"reason": "年度统计", "format": format, "full": full})
		if err != nil {
			t.Fatal(err)
		}
		status, out, err := admin.Do("POST", "/v1/members:export", raw)
		if err != nil || status != http.StatusOK {
			t.Fatalf("export: %d %s %v", status, short(string(out)), err)
		}
		return string(out)
	}
	number := file["idNumber"].(string)
	masked := export(false, "csv")
	if strings.Contains(masked, number) || !strings.Contains(masked, number[:3]+"***********"+number[14:]) || !strings.Contains(masked, "\"'=导出,人\"") {
		t.Errorf("masked: %s", short(masked))
	}
	if first, _, _ := strings.Cut(masked, "\r\n"); !strings.Contains(first, "admin某"+watching) || !strings.Contains(first, "年度统计") {
		t.Errorf("the mark is %q", first)
	}
	if full := export(true, "csv"); !strings.Contains(full, number) {
		t.Errorf("in full: %s", short(full))
	}
	f, err := excelize.OpenReader(strings.NewReader(export(false, "xlsx")))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := f.GetRows(f.GetSheetName(0))
	if err != nil || len(rows) < 3 || rows[1][1] != "姓名" || rows[2][1] != "=导出,人" {
		t.Errorf("as xlsx: %d rows, %v", len(rows), err)
	}
	var acts int64
	sql := fmt.Sprintf("select count(*) from %s_t_%s.audit_log where act = 'member.export' and reason = '年度统计'", r.Prefix, watching)
	if err := r.SQL(t).QueryRow(context.Background(), sql).Scan(&acts); err != nil || acts != 3 {
		t.Errorf("%d exports were audited, want 3 (%v)", acts, err)
	}

	// The template is filled in and taken.
	status, raw, err := officer.Do("GET", "/v1/imports:template", nil)
	if err != nil || status != http.StatusOK {
		t.Fatalf("template: %d %v", status, err)
	}
	sheet, err := excelize.OpenReader(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	defer sheet.Close()
	if lists, err := sheet.GetDataValidations("会员"); err != nil || len(lists) != 7 {
		t.Errorf("%d lists to choose from, %v", len(lists), err)
	}
	if err := sheet.SetSheetRow("会员", "A2", &[]any{"张三", "居民身份证", idNumber(), "13600000003"}); err != nil {
		t.Fatal(err)
	}
	var filled bytes.Buffer
	if err := sheet.Write(&filled); err != nil {
		t.Fatal(err)
	}
	imp := reach(t, officer, upload(t, officer, "模板.xlsx", filled.Bytes()).ID, "ready")
	if imp.Counts.Admitted != "1" || imp.Sheet != "会员" {
		t.Errorf("the template filled in: %+v", imp)
	}
}
