package e2e_test

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"gonghui/app/e2e/stack"
	"gonghui/app/kit/cnid"
)

// planted are the faults of the large roster: how many rows of each kind, and what their reason says.
var faults = []struct {
	kind, says string
	n          int
}{
	{"id_digit", "校验位不符", 20},
	{"id_date", "出生日期不存在", 15},
	{"twice_in_file", "行证件号码相同", 16},
	{"member_elsewhere", "其他工会的会员", 14},
	{"phone", "11位中国大陆手机号码", 17},
	{"name_missing", "请填写此项", 13},
	{"code", "不在国家标准代码表中", 15},
	{"day_order", "入会日期不能", 14},
	{"too_long", "最多 120 个字", 13},
}

// Columns of the large roster.
const (
	colNo = iota
	colName
	colSex
	colID
	colPhone
	colAddress
	colNation
	colEducation
	colPolitics
	colEmployer
	colJob
	colJoined
	columns
)

// rosterRow is the n-th row of the large roster, as untidy as people write.
func rosterRow(rnd *rand.Rand, n int) []any {
	id := idNumber()
	row := make([]any, columns)
	row[colNo] = n
	row[colName] = []string{"张　伟", "李 娜", "王建国", "欧阳 修远", "买买提•吐尔逊"}[n%5]
	row[colSex] = map[bool][]any{true: {"男", 1, "M"}, false: {"女", 2, "F"}}[(id[16]-'0')%2 == 1][n%3]
	row[colID] = []string{id, " " + id + " ", strings.ToLower(id), wideDigits(id)}[n%4]
	phone := 13_600_000_000 + next()
	row[colPhone] = []any{phone, fmt.Sprint(phone), fmt.Sprintf("+86 %d", phone), fmt.Sprintf("%d-%08d", phone/100_000_000, phone%100_000_000), ""}[n%5]
	row[colAddress] = "荔湾区中山七路 50 号"
	row[colNation] = []any{"汉", "汉族", "01", "壮族", 1}[n%5]
	row[colEducation] = []string{"本科", "大学专科", "初中", "研究生", ""}[n%5]
	row[colPolitics] = []string{"党员", "群众", "共青团员"}[n%3]
	row[colEmployer] = "广州市第一机械厂"
	row[colJob] = "钳工"
	day := time.Date(2000+rnd.IntN(20), time.Month(1+rnd.IntN(12)), 1+rnd.IntN(28), 0, 0, 0, 0, time.UTC)
	serial := int(day.Sub(time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)).Hours() / 24)
	row[colJoined] = []any{day.Format("2006.1.2"), day.Format("2006年1月2日"), day.Format("2006-01-02"), day.Format("20060102"), serial}[n%5]
	return row
}

func wideDigits(s string) string {
	return strings.Map(func(r rune) rune { return r + 0xfee0 }, s)
}

// spoil plants a fault of a kind into a row.
func spoil(row []any, kind string, twin []any, held string) {
	id := cnid.Normalize(fmt.Sprint(row[colID]))
	switch kind {
	case "id_digit":
		row[colID] = id[:17] + string("10X98765432"[(strings.IndexByte("10X98765432", id[17])+1)%11])
	case "id_date":
		head := id[:6] + "19900231" + id[14:17]
		row[colID] = head + string(cnid.CheckDigit(head))
	case "twice_in_file":
		row[colID], row[colSex] = twin[colID], twin[colSex]
	case "member_elsewhere":
		row[colID], row[colSex] = held, ""
	case "phone":
		row[colPhone] = "8100-1234"
	case "name_missing":
		row[colName] = " \u3000"
	case "code":
		row[colNation] = "火星族"
	case "day_order":
		row[colJoined] = "1949-10-01"
	case "too_long":
		row[colEmployer] = strings.Repeat("长", 121)
	}
}

// book writes rows below two titles and a header of two rows with merged cells.
func book(t *testing.T, rows [][]any) []byte {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	head := [][]any{
		{"荔湾区总工会会员花名册"},
		{"填报单位（盖章）：", nil, nil, nil, nil, "填报时间：2026 年"},
		{"序号", "姓名*", "性别", "公民身份号码", "联系方式", nil, "民族", "文化程度", "政治面貌", "工作单位（全称）", "岗位", "入会时间"},
		{nil, nil, nil, nil, "手机号码", "家庭住址"},
	}
	for i, r := range append(head, rows...) {
		at, err := excelize.CoordinatesToCellName(1, i+1)
		if err != nil {
			t.Fatal(err)
		}
		if err := f.SetSheetRow("Sheet1", at, &r); err != nil {
			t.Fatal(err)
		}
	}
	for _, area := range [][2]string{{"A1", "L1"}, {"E3", "F3"}, {"A3", "A4"}, {"B3", "B4"}, {"D3", "D4"}, {"L3", "L4"}} {
		if err := f.MergeCell("Sheet1", area[0], area[1]); err != nil {
			t.Fatal(err)
		}
	}
	var out bytes.Buffer
	if err := f.Write(&out); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// Ten thousand people in a real roster, 137 of them with a planted fault: the others come in, the file of corrections has
// the 137 with their reasons, and when it is put right it makes the ten thousand whole.
func TestImportTenThousand(t *testing.T) {
	r := product(t)
	rnd := random(t, 11)
	c, hq := r.freshly(t, "officer", county), r.signedIn(t, "supervisor", nation)
	const total = 10_000
	rows, good, kinds := make([][]any, total), map[string][]any{}, map[string]string{}
	for i := range rows {
		rows[i] = rosterRow(rnd, i+1)
	}
	at := 1 + rnd.IntN(50)
	for _, f := range faults {
		for range f.n {
			key := strconv.Itoa(at + 1)
			good[key], kinds[key] = slices.Clone(rows[at]), f.kind
			held := ""
			if f.kind == "member_elsewhere" {
				fields := fields("别处会员")
				held = fields["idNumber"].(string)
				r.signedIn(t, "admin", sibling).Must(t, "POST", "/v1/members", map[string]any{"fields": fields}, nil, "Idempotency-Key", token(8))
			}
			spoil(rows[at], f.kind, rows[at-1], held)
			at += 2 + rnd.IntN(60)
		}
	}
	r.settle(t)
	before := hq.Subtree(t, nation, metric)
	imp := upload(t, c, "荔湾区花名册.xlsx", book(t, rows))
	if imp.State != "checking" || imp.HeaderRow != 4 {
		t.Fatalf("the columns were not recognised: %+v", imp)
	}
	imp = reach(t, c, imp.ID, "ready")
	if imp.Counts.Rows != "10000" || imp.Counts.Admitted != "9863" || imp.Counts.Faulty != "137" {
		t.Errorf("counts: %+v", imp.Counts)
	}
	counted := map[string]string{}
	for _, f := range imp.Counts.Faults {
		counted[f.Kind] = f.Count
	}
	for _, f := range faults {
		if counted[f.kind] != strconv.Itoa(f.n) {
			t.Errorf("%s rows with %s, want %d", counted[f.kind], f.kind, f.n)
		}
	}
	r.commitAndCount(t, c, imp.ID, before, 9863)

	fixed := r.correct(t, c, imp.ID, good, kinds)
	again := upload(t, c, "更正.xlsx", fixed)
	if again.State != "checking" {
		t.Fatalf("the columns of the corrected file were not recognised: %+v", again)
	}
	again = reach(t, c, again.ID, "ready")
	if again.Counts.Admitted != "137" || again.Counts.Rows != "137" {
		t.Errorf("counts of the corrected file: %+v", again.Counts)
	}
	r.commitAndCount(t, c, again.ID, before+9863, 137)

	schema, conn := r.Prefix+"_t_"+county, r.SQL(t)
	for what, sql := range map[string]string{
		"members":      "select count(*) from " + schema + ".member m join " + schema + ".member_history h on h.member_id = m.id and h.kind = 'import'",
		"found":        "select count(distinct s.member_id) from " + schema + ".member_search s join " + schema + ".member_history h on h.member_id = s.member_id where h.kind = 'import'",
		"numbers":      "select count(distinct m.member_no) from " + schema + ".member m join " + schema + ".member_history h on h.member_id = m.id and h.kind = 'import'",
		"in the event": "select sum((data ->> 'members')::int)::bigint from cell.event_log where kind = 'member.imported' and tenant = '" + county + "'",
		"claimed":      "select count(*) from platform.membership p join " + schema + ".member_history h on h.member_id = p.member_id and h.kind = 'import' where p.live",
	} {
		stack.Eventually(t, 10*time.Second, "10,000 "+what, func() bool {
			var n int64
			return conn.QueryRow(context.Background(), sql).Scan(&n) == nil && n == total
		})
	}
	r.forgotten(t, schema)
}

// commitAndCount enters an import; the nation has its members within two seconds.
func (r *run) commitAndCount(t *testing.T, c *stack.Client, id string, before, n int64) {
	t.Helper()
	for range 2 { // a second call does no harm
		c.Must(t, "POST", "/v1/imports/"+id+":commit", map[string]any{}, nil)
	}
	imp := reach(t, c, id, "done")
	end := time.Now()
	if imp.Counts.Admitted != strconv.FormatInt(n, 10) {
		t.Errorf("%s came in, want %d", imp.Counts.Admitted, n)
	}
	hq := r.signedIn(t, "supervisor", nation)
	stack.Eventually(t, 2*time.Second, "the nation counts them", func() bool { return hq.Subtree(t, nation, metric) == before+n })
	t.Logf("%d members came in; the nation had them after %d ms", n, time.Since(end).Milliseconds())
}

// correct reads the file of corrections, compares its reasons with what was planted, and puts the rows right.
func (r *run) correct(t *testing.T, c *stack.Client, id string, good map[string][]any, kinds map[string]string) []byte {
	t.Helper()
	status, raw, err := c.Do("GET", "/v1/imports/"+id+"/corrections", nil)
	if err != nil || status != http.StatusOK {
		t.Fatalf("corrections: %d %s %v", status, short(string(raw)), err)
	}
	f, err := excelize.OpenReader(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	sheet := f.GetSheetName(0)
	rows, err := f.GetRows(sheet)
	if err != nil {
		t.Fatal(err)
	}
	if len(rows) != 4+len(kinds) || rows[0][0] != "荔湾区总工会会员花名册" || rows[3][4] != "手机号码" {
		t.Fatalf("%d rows; the head is %v", len(rows), rows[:4])
	}
	says := map[string]string{}
	for _, f := range faults {
		says[f.kind] = f.says
	}
	for i, row := range rows[4:] {
		key, reason := row[colNo], row[len(row)-1]
		if len(row) != columns+1 || !strings.Contains(reason, says[kinds[key]]) || kinds[key] == "" {
			t.Errorf("row %s was planted with %s; the reason is %q", key, kinds[key], reason)
		}
		if strings.Contains(reason, "；") {
			t.Errorf("row %s has one fault; the reason is %q", key, reason)
		}
		at, err := excelize.CoordinatesToCellName(1, i+5)
		if err != nil {
			t.Fatal(err)
		}
		cells := good[key]
		if err := f.SetSheetRow(sheet, at, &cells); err != nil {
			t.Fatal(err)
		}
	}
	var out bytes.Buffer
	if err := f.Write(&out); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// forgotten waits until nothing is left of the ended imports of a body but what was refused.
func (r *run) forgotten(t *testing.T, schema string) {
	t.Helper()
	conn := r.SQL(t)
	stack.Eventually(t, 20*time.Second, "file and rows are forgotten", func() bool {
		var n int64
		err := conn.QueryRow(context.Background(), fmt.Sprintf("with ended as (select id from %[1]s.import where state in ('done', 'cancelled', 'failed')) select (select count(*) from %[1]s.import_part p join ended on ended.id = p.import_id) + (select count(*) from %[1]s.import_row r join ended on ended.id = r.import_id where outcome <> 'fault')", schema)).Scan(&n)
		return err == nil && n == 0
	})
}
