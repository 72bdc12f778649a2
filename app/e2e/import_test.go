package e2e_test

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"

	"gonghui/app/e2e/stack"
	"gonghui/app/kit/cnid"
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

// Files that are none, or would cost too much, end in a clear refusal; other encodings are read.
func TestImportHostileFiles(t *testing.T) {
	r := product(t)
	c := r.freshly(t, "admin", watching)
	plain := fmt.Sprintf("姓名,身份证号码\n张三,%s\n", idNumber())
	gbk, err := simplifiedchinese.GBK.NewEncoder().String(plain)
	if err != nil {
		t.Fatal(err)
	}
	wide, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String(plain)
	if err != nil {
		t.Fatal(err)
	}
	packed := func(parts map[string][]byte) []byte {
		var out bytes.Buffer
		z := zip.NewWriter(&out)
		for name, data := range parts {
			w, err := z.Create(name)
			if err == nil {
				_, err = w.Write(data)
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		if err := z.Close(); err != nil {
			t.Fatal(err)
		}
		return out.Bytes()
	}
	book := map[string][]byte{"xl/workbook.xml": []byte("<workbook/>")}
	with := func(name string, data []byte) []byte {
		parts := map[string][]byte{name: data}
		for k, v := range book {
			parts[k] = v
		}
		return packed(parts)
	}
	for name, row := range map[string]struct {
		file   []byte
		status int
		says   string
	}{
		"nothing":            {[]byte{}, 400, "文件是空的"},
		"blanks":             {[]byte(" \r\n \r\n"), 400, "文件是空的"},
		"a picture":          {append([]byte("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"), bytes.Repeat([]byte{0, 1, 2, 250}, 500)...), 400, "不是 xlsx 或 csv"},
		"an old workbook":    {append([]byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), make([]byte, 600)...), 400, "旧版 xls 文件或加密"},
		"a zip of something": {packed(map[string][]byte{"a.txt": []byte("a")}), 400, "不是 xlsx 或 csv"},
		"half a workbook":    {with("xl/styles.xml", []byte("<x>"))[:120], 400, "已损坏"},
		"no sheets":          {with("xl/styles.xml", []byte("<x/>")), 400, "已损坏"},
		"macros":             {with("xl/vbaProject.bin", []byte("x")), 400, "含有宏"},
		"a bomb":             {with("xl/worksheets/sheet1.xml", bytes.Repeat([]byte("0"), 200<<20)), 400, "解压后过大"},
		"empty rows":         {append([]byte(plain), bytes.Repeat([]byte("\n"), 10_000_000)...), 400, "大量空行"},
		"an open quote":      {[]byte("姓名,身份证号码\n\"张三," + strings.Repeat("x,y\n", 100_000)), 400, "引号没有成对"},
		"a huge cell":        {[]byte("姓名,身份证号码\n" + strings.Repeat("长", 60_000) + ",1\n"), 400, "内容过长"},
		"GBK":                {[]byte(gbk), 200, `"checking"`},
		"UTF-16":             {[]byte(wide), 200, `"checking"`},
		"no titles":          {[]byte("张三," + idNumber() + "\n李四," + idNumber() + "\n"), 200, `"mapping"`},
	} {
		status, raw, err := tryUpload(c, name, row.file)
		if err != nil || status != row.status || !strings.Contains(string(raw), row.says) {
			t.Errorf("%s: %d %s %v, want %d %q", name, status, short(string(raw)), err, row.status, row.says)
		}
		if status == http.StatusBadRequest && !strings.Contains(string(raw), "IMPORT_FILE") {
			t.Errorf("%s: %s", name, short(string(raw)))
		}
	}
	status, _, err := tryUpload(c, "too large", make([]byte, 201<<20))
	if err == nil && status != http.StatusRequestEntityTooLarge {
		t.Errorf("201 MB: %d", status)
	}
	if status, raw, _ := c.Do("POST", "/v1/imports", []byte("x")); status != 400 || !strings.Contains(string(raw), `"field":"name"`) {
		t.Errorf("without a name: %d %s", status, raw)
	}
}

// beset is a product whose imports are killed.
var beset = begin()

// fate is where an import stands.
type fate struct {
	code, id, state string
	progress        int
}

// Servers and databases that are killed during imports leave none lying: each goes on where it was, and enters all or
// nothing, once.
func TestImportKills(t *testing.T) {
	r, err := beset()
	if err != nil {
		t.Fatal(err)
	}
	r.MustRun(t, "seed", "divisions")
	r.Provision(t)
	codes := []string{"440103", "440104", "440105", "440106", "440111", "440112", "440113", "440114"}
	r.MustRun(t, append([]string{"tenant", "activate"}, codes...)...)
	r.Serve(t)
	k := &killer{run: r, t: t, clients: map[string]*stack.Client{}, uploads: map[string]int{}}
	for i, code := range codes {
		p := stack.Person{Body: code, Role: "admin", Name: "管理员", Phone: fmt.Sprintf("1370001%04d", i)}
		r.Enrol(t, p)
		k.clients[code] = r.SignIn(t, code, p.Phone, stack.Password)
	}
	each := 3
	if testing.Short() {
		each = 1
	}
	kills := 0
	for began := time.Now(); ; {
		goal := k.rarest(each)
		if goal < 0 {
			break
		}
		if time.Since(began) > 80*time.Second {
			t.Errorf("after 80 s these points of the way were hit so often: %v", k.hits)
			break
		}
		if k.await(goal) {
			t.Logf("%.1f s: %v", time.Since(began).Seconds(), k.hits)
			// Every fourth time it is the database.
			if kills++; kills%4 == 0 {
				if err := r.KillPostgres(); err != nil {
					t.Fatal(err)
				}
			} else {
				r.Kill()
			}
			k.count(kills%4 == 0)
			if kills%4 != 0 {
				if err := r.TryServe(); err != nil {
					t.Fatal(err)
				}
			} else if err := r.Ready(30 * time.Second); err != nil {
				t.Fatal(err)
			}
		}
	}
	t.Logf("%d kills; imports hit by tenth of the check, and in the commit: %v", kills, k.hits)
	k.finish()
	for _, code := range codes {
		schema, want := r.Prefix+"_t_"+code, int64(k.uploads[code])
		for what, sql := range map[string]string{
			"imports":              "select count(*) from " + schema + ".import where state = 'done'",
			"events":               "select count(*) from cell.event_log where kind = 'member.imported' and tenant = '" + code + "'",
			"acts":                 "select count(*) from " + schema + ".audit_log where act = 'member.import'",
			"thousands of members": fmt.Sprintf("select count(*) / %d from %s.member", killRows, schema),
			"thousands with keys":  fmt.Sprintf("select count(distinct member_id) / %d from %s.member_search", killRows, schema),
			"thousands claimed":    fmt.Sprintf("select count(*) / %d from platform.membership m join platform.body b on b.id = m.body_id where m.live and b.code = '%s'", killRows, code),
			"thousands in hq":      fmt.Sprintf("select f.own / %d from platform.figure f join platform.body b on b.id = f.body_id where f.metric = 'member.active' and b.code = '%s'", killRows, code),
		} {
			stack.Eventually(t, 20*time.Second, fmt.Sprintf("%s has %d %s", code, want, what), func() bool {
				var n int64
				err := k.sql().QueryRow(context.Background(), sql).Scan(&n)
				return want == 0 || err == nil && n == want
			})
		}
		var odd int64
		if err := k.sql().QueryRow(context.Background(), fmt.Sprintf("select count(*) %% %d from %s.member", killRows, schema)).Scan(&odd); err != nil || odd != 0 {
			t.Errorf("%s: half an import came in: %d members too many (%v)", code, odd, err)
		}
	}
}

// killRows is how many rows the imports have that are killed.
const killRows = 12_000

// killer keeps imports going and knows where they were hit.
type killer struct {
	*run
	t       *testing.T
	clients map[string]*stack.Client
	uploads map[string]int
	hits    [11]int // tenths of the check, and the commit
	conn    *pgx.Conn
}

// sql is a connection that outlives the database.
func (k *killer) sql() *pgx.Conn {
	k.t.Helper()
	ctx := context.Background()
	if k.conn == nil || k.conn.IsClosed() || k.conn.Ping(ctx) != nil {
		err := stack.Wait(30*time.Second, func() (ok bool) {
			conn, err := pgx.Connect(ctx, k.PGDSN)
			if err == nil {
				k.conn = conn
			}
			return err == nil
		})
		if err != nil {
			k.t.Fatal(err)
		}
	}
	return k.conn
}

// fates are where the unfinished imports stand.
func (k *killer) fates() []fate {
	var union []string
	for code := range k.clients {
		union = append(union, fmt.Sprintf("select '%s', id::text, state, progress from %s_t_%s.import where state not in ('done')", code, k.Prefix, code))
	}
	rows, err := k.sql().Query(context.Background(), strings.Join(union, " union all "))
	if err != nil {
		return nil
	}
	all, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (f fate, err error) {
		err = row.Scan(&f.code, &f.id, &f.state, &f.progress)
		return f, err
	})
	if err != nil {
		return nil
	}
	return all
}

// point is the tenth of the check, or the commit.
func (f fate) point() int {
	switch f.state {
	case "checking":
		return min(9, f.progress/100)
	case "committing":
		return 10
	}
	return -1
}

// rarest is the point that was hit least, or -1 when all were hit often enough.
func (k *killer) rarest(each int) int {
	least := 0
	for i, n := range k.hits {
		if n < k.hits[least] {
			least = i
		}
	}
	if k.hits[least] >= each {
		return -1
	}
	return least
}

// await keeps four imports going until one is at a point.
func (k *killer) await(goal int) bool {
	err := stack.Wait(20*time.Second, func() bool {
		fates := k.fates()
		busy := map[string]bool{}
		for _, f := range fates {
			busy[f.code] = true
			if f.state == "ready" {
				k.clients[f.code].Do("POST", "/v1/imports/"+f.id+":commit", []byte("{}"))
			}
			if f.point() == goal {
				return true
			}
		}
		for code := range k.clients {
			if len(busy) < 5 && !busy[code] {
				busy[code] = true
				k.upload(code)
			}
		}
		return false
	})
	return err == nil
}

func (k *killer) upload(code string) {
	var csv bytes.Buffer
	csv.WriteString("姓名,身份证号码\n")
	for range killRows {
		csv.WriteString("张三," + idNumber() + "\n")
	}
	// Connections that died with the database are found dead one by one.
	err := stack.Wait(20*time.Second, func() bool {
		status, raw, err := tryUpload(k.clients[code], "名册.csv", csv.Bytes())
		if err != nil || status != http.StatusOK && status != http.StatusServiceUnavailable {
			k.t.Fatalf("upload: %d %s %v", status, short(string(raw)), err)
		}
		return status == http.StatusOK
	})
	if err != nil {
		k.t.Fatalf("upload: %v", err)
	}
	k.uploads[code]++
}

// count notes where the imports were when they were hit.
func (k *killer) count(database bool) {
	if database {
		if err := k.Ready(30 * time.Second); err != nil {
			k.t.Fatal(err)
		}
	}
	for _, f := range k.fates() {
		if p := f.point(); p >= 0 {
			k.hits[p]++
		}
	}
}

// finish waits until no import is under way.
func (k *killer) finish() {
	k.t.Helper()
	defer func() {
		for _, f := range k.fates() {
			var jobs string
			_ = k.sql().QueryRow(context.Background(), `select coalesce(string_agg(format('%s, due in %s s, tried %s times %s', state,
				round(extract(epoch from scheduled_at - now())), attempt, coalesce(errors[array_length(errors, 1)] ->> 'error', '')), '; '), 'no job')
				from cell.river_job where args -> 'args' ->> 'import' = $1 and state <> 'completed'`, f.id).Scan(&jobs)
			k.t.Logf("an import of %s lies at %s, %d of 1000: %s", f.code, f.state, f.progress, jobs)
		}
	}()
	stack.Eventually(k.t, 60*time.Second, "all imports come to an end", func() bool {
		fates := k.fates()
		for _, f := range fates {
			if f.state == "ready" {
				k.clients[f.code].Do("POST", "/v1/imports/"+f.id+":commit", []byte("{}"))
			}
		}
		return len(fates) == 0 && k.conn.Ping(context.Background()) == nil
	})
}

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
