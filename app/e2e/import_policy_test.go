package e2e_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
)

// Who is a member already is skipped or changed, as the policy says; what the roster does not say stays.
func TestImportPolicies(t *testing.T) {
	r := product(t)
	c := r.freshly(t, "admin", watching)
	file := fields("原名")
	var member struct {
		ID     string
		Fields map[string]any
	}
	c.Must(t, "POST", "/v1/members", map[string]any{"fields": file}, &member, "Idempotency-Key", token(8))
	csv := []byte(fmt.Sprintf("姓名,身份证号,岗位,备用号\n新名,%s,校长,13600000001\n新人,%s,教师,13600000002\n", file["idNumber"], idNumber()))
	imp := upload(t, c, "名册.csv", csv)
	if imp.State != "mapping" || imp.Columns[3].Field != "phone" || imp.Columns[3].Sure {
		t.Fatalf("a doubtful column: %+v", imp)
	}
	for _, column := range imp.Columns {
		for _, sample := range column.Samples {
			if sample == file["idNumber"] || sample == "13600000001" {
				t.Errorf("the samples show %s", sample)
			}
		}
	}
	path := "/v1/imports/" + imp.ID
	mapped := func(policy string, fields ...string) map[string]any {
		var columns []map[string]any
		for i, f := range fields {
			columns = append(columns, map[string]any{"index": i, "field": f})
		}
		return map[string]any{"headerRow": 1, "policy": policy, "columns": columns}
	}
	for _, wrong := range [][]string{{"name"}, {"name", "name", "idNumber"}, {"name", "idNumber", "salary"}} {
		if f := refused(t, c, "POST", path+":map", mapped("skip", wrong...)); f.Reason != "IMPORT_COLUMNS" || !bilingual(f) {
			t.Errorf("%v: %+v", wrong, f)
		}
	}
	if f := refused(t, c, "POST", path+":commit", map[string]any{}); f.Reason != "IMPORT_STATE" {
		t.Errorf("committed before it is checked: %+v", f)
	}
	c.Must(t, "POST", path+":map", mapped("skip", "name", "idNumber", "job"), nil)
	imp = reach(t, c, imp.ID, "ready")
	if imp.Counts.Known != "1" || imp.Counts.Admitted != "1" {
		t.Errorf("counts: %+v", imp.Counts)
	}
	var rows struct {
		Rows []struct{ Number, Name, IDNumber, Outcome string }
	}
	c.Must(t, "GET", path+"/rows", nil, &rows)
	if len(rows.Rows) != 2 || rows.Rows[0].Outcome != "skip" || rows.Rows[1].Outcome != "admit" || !strings.Contains(rows.Rows[0].IDNumber, "****") {
		t.Errorf("rows: %+v", rows)
	}
	c.Must(t, "POST", path+":map", mapped("update", "name", "idNumber", "job"), nil)
	reach(t, c, imp.ID, "ready")
	c.Must(t, "POST", path+":commit", map[string]any{}, nil)
	reach(t, c, imp.ID, "done")
	was := member.Fields
	c.Must(t, "GET", "/v1/members/"+member.ID, nil, &member)
	if member.Fields["name"] != "新名" || member.Fields["job"] != "校长" || member.Fields["employer"] != was["employer"] || member.Fields["phone"] != was["phone"] {
		t.Errorf("the member has become %v", member.Fields)
	}
	var history struct{ Events []struct{ Kind string } }
	c.Must(t, "GET", "/v1/members/"+member.ID+"/events", nil, &history)
	if len(history.Events) != 2 || history.Events[0].Kind != "import" {
		t.Errorf("history: %+v", history)
	}
	if f := refused(t, c, "POST", path+":cancel", map[string]any{}); f.Reason != "IMPORT_STATE" {
		t.Errorf("cancelled after it was done: %+v", f)
	}

	gone := upload(t, c, "再来.csv", csv)
	for range 2 {
		c.Must(t, "POST", "/v1/imports/"+gone.ID+":cancel", map[string]any{}, nil)
	}
	r.forgotten(t, r.Prefix+"_t_"+watching)
	for _, id := range []string{imp.ID, gone.ID} {
		var n int64
		sql := fmt.Sprintf("select count(*) from %s_t_%s.import_row where import_id = '%s'", r.Prefix, watching, id)
		if err := r.SQL(t).QueryRow(context.Background(), sql).Scan(&n); err != nil || n != 0 {
			t.Errorf("%d rows are kept of an import without faults (%v)", n, err)
		}
	}
}
