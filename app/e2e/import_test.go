package e2e_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"gonghui/app/e2e/stack"
)

// imported is an import as the API tells it.
type imported struct {
	ID, State, FileName, FaultZh string
	Progress                     int
	HeaderRow                    int
	Sheet                        string
	Columns                      []struct {
		Index   int
		Title   string
		Field   string
		Sure    bool
		Samples []string
	}
	Counts struct {
		Rows, Admitted, Known, Faulty string
		Faults                        []struct {
			Kind  string
			Count string
		}
	}
}

func upload(t *testing.T, c *stack.Client, name string, file []byte) imported {
	t.Helper()
	status, raw, err := tryUpload(c, name, file)
	if err != nil || status != http.StatusOK {
		t.Fatalf("upload of %s: %d %s %v", name, status, short(string(raw)), err)
	}
	var imp imported
	if err := json.Unmarshal(raw, &imp); err != nil {
		t.Fatal(err)
	}
	return imp
}

func tryUpload(c *stack.Client, name string, file []byte) (int, []byte, error) {
	return c.Do("POST", "/v1/imports?name="+url.QueryEscape(name), file, "Content-Type", "application/octet-stream")
}

func reach(t *testing.T, c *stack.Client, id, state string) imported {
	t.Helper()
	var imp imported
	stack.Eventually(t, 60*time.Second, "import "+id+" is "+state, func() bool {
		imp = imported{}
		c.Must(t, "GET", "/v1/imports/"+id, nil, &imp)
		if imp.State == "failed" {
			t.Fatalf("the import failed: %+v", imp)
		}
		return imp.State == state
	})
	return imp
}

// A csv file becomes members.
func TestImportCSV(t *testing.T) {
	r := product(t)
	c := r.signedIn(t, "officer", watching)
	var csv bytes.Buffer
	csv.WriteString("序号,姓名,性别,身份证号码,联系电话,民族,学历,入会时间\r\n")
	for i := range 100 {
		fmt.Fprintf(&csv, "%d,导入%s,,%s,136 %04d %04d,汉族,本科,2019.5.%d\r\n", i+1, string(rune('一'+i)), idNumber(), next()%10_000, i, i%28+1)
	}
	r.settle(t)
	before := r.signedIn(t, "supervisor", nation).Subtree(t, nation, "member.active")
	imp := upload(t, c, "名册.csv", csv.Bytes())
	if imp.State != "checking" {
		t.Fatalf("%+v", imp)
	}
	imp = reach(t, c, imp.ID, "ready")
	if imp.Counts.Admitted != "100" || imp.Counts.Faulty != "0" {
		var rows json.RawMessage
		c.Must(t, "GET", "/v1/imports/"+imp.ID+"/rows?pageSize=3", nil, &rows)
		t.Fatalf("%+v %s", imp.Counts, rows)
	}
	c.Must(t, "POST", "/v1/imports/"+imp.ID+":commit", map[string]any{}, nil)
	imp = reach(t, c, imp.ID, "done")
	stack.Eventually(t, 2*time.Second, "the nation counts them", func() bool {
		return r.signedIn(t, "supervisor", nation).Subtree(t, nation, "member.active") == before+100
	})
	var list struct{ Members []struct{ MemberNo string } }
	c.Must(t, "GET", "/v1/members?query="+url.QueryEscape("导入一"), nil, &list)
	if len(list.Members) != 1 || !strings.HasPrefix(list.Members[0].MemberNo, watching) {
		t.Errorf("%+v", list)
	}
}
