package audit

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"time"

	"github.com/google/uuid"

	"gonghui/app/kit/day"
	"gonghui/app/kit/fault"
	"gonghui/app/kit/field"
	"gonghui/tenant"
	auditv1 "gonghui/tenant/audit/v1"
	"gonghui/tenant/audit/words"
)

// exportPage is how many rows are read at a time, and maxExport how many a file has at most: a person can look through no more, and
// who needs all takes the archives.
const (
	exportPage = 1000
	maxExport  = 200_000
)

// request is what an export asks for: a reason, and a search.
type request struct {
	Reason string `json:"reason"`
	Locale string `json:"locale"` // zh | en
	From   string `json:"from"`
	To     string `json:"to"`
	Person string `json:"person"`
	Act    string `json:"act"`
	Kind   string `json:"kind"`
	Object string `json:"object"`
	Result string `json:"result"`
	Source string `json:"source"`
	Body   string `json:"body"`
}

var forms = []struct {
	name  string
	form  *regexp.Regexp
	value func(*request) string
}{
	{"act", regexp.MustCompile(`^[a-z_]*(\.[a-z_]*)*$`), func(q *request) string { return q.Act }},
	{"kind", regexp.MustCompile(`^[a-z_]*$`), func(q *request) string { return q.Kind }},
	{"result", regexp.MustCompile(`^(ok|refused)?$`), func(q *request) string { return q.Result }},
	{"source", regexp.MustCompile(`^[0-9A-Fa-f:.]*$`), func(q *request) string { return q.Source }},
	{"body", regexp.MustCompile(`^([a-z0-9]{2,24})?$`), func(q *request) string { return q.Body }},
}

func readRequest(r *http.Request) (*request, *filter, error) {
	q := &request{}
	d := json.NewDecoder(r.Body)
	d.DisallowUnknownFields()
	if err := d.Decode(q); err != nil {
		return nil, nil, fault.Field("body", "请求不是有效的 JSON", "the request is not the JSON that is asked for")
	}
	var err error
	if q.Reason, err = field.Required("reason", q.Reason); err != nil {
		return nil, nil, err
	}
	if n := len([]rune(q.Reason)); n < 2 || n > 100 {
		return nil, nil, fault.Field("reason", "请填写 2 至 100 个字", "write 2 to 100 characters")
	}
	if q.Locale != "" && q.Locale != "zh" && q.Locale != "en" {
		return nil, nil, fault.Field("locale", "应为 zh 或 en", "zh or en")
	}
	for _, f := range forms {
		if v := f.value(q); len(v) > 60 || !f.form.MatchString(v) {
			return nil, nil, fault.Field(f.name, "格式不正确", "has the wrong form")
		}
	}
	for _, f := range []struct {
		name string
		v    *string
	}{{"person", &q.Person}, {"object", &q.Object}} {
		if *f.v, err = field.Line(f.name, *f.v); err != nil {
			return nil, nil, err
		}
		if len([]rune(*f.v)) > 80 {
			return nil, nil, fault.Field(f.name, "最多 80 个字", "at most 80 characters")
		}
	}
	f, err := readFilter(&auditv1.ListActsRequest{
		From: q.From, To: q.To, Person: q.Person, Act: q.Act, Kind: q.Kind, Object: q.Object, Result: q.Result, Source: q.Source, Body: q.Body,
	})
	return q, f, err
}

var titles = map[bool][]string{
	true:  {"时间", "姓名", "角色", "所属工会", "操作", "对象类型", "对象", "结果", "说明", "来源地址", "账号", "身份", "变更字段", "变更前摘要", "变更后摘要", "请求编号", "编号"},
	false: {"time", "name", "role", "body", "act", "kind", "object", "result", "reason", "source", "account", "identity", "changed fields", "digest before", "digest after", "request", "id"},
}

// export streams what a search finds as CSV: POST /v1/audit/acts:export. Its first row says who took it, when and what for.
func (s *Service) export(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	q, f, err := readRequest(r)
	if err != nil {
		return err
	}
	size := int32(exportPage)
	own, above, err := s.queries(ctx, f)
	if err != nil {
		return err
	}
	rows, err := s.both(ctx, own, above, size, &tenant.Act{
		Act: "audit.export", Kind: "trail", Object: s.trailOf(ctx), Reason: strings.TrimSpace(q.Reason + " " + f.words()),
	})
	if err != nil {
		return err
	}
	zh := q.Locale != "en"
	name, code, who := tenant.From(ctx).Name, tenant.From(ctx).Code, tenant.SubjectFrom(ctx)
	now := time.Now().In(shanghai).Format(time.DateTime)
	file, mark := name+"-审计记录-", fmt.Sprintf("%s %s 由 %s（%s）于 %s 导出，用途：%s", name, code, who.Name, who.Account, now, q.Reason)
	if !zh {
		file, mark = name+"-audit-", fmt.Sprintf("%s %s exported by %s (%s) at %s, purpose: %s", name, code, who.Name, who.Account, now, q.Reason)
	}
	w.Header().Set("Content-Type", "text/csv; charset=utf-8")
	w.Header().Set("Content-Disposition", "attachment; filename*=UTF-8''"+url.PathEscape(file+day.Format(day.Today())+".csv"))
	if _, err := w.Write([]byte("\uFEFF")); err != nil { // by which spreadsheets know UTF-8
		return err
	}
	out := csv.NewWriter(w)
	for _, line := range [][]string{{plain(mark)}, titles[zh]} {
		if err := out.Write(line); err != nil {
			return err
		}
	}
	for n := 0; len(rows) > 0 && n < maxExport; n += len(rows) {
		for i := range rows {
			if err := out.Write(line(&rows[i], zh)); err != nil {
				return err
			}
		}
		if len(rows) < int(size) {
			break
		}
		before := rows[len(rows)-1].ID
		if own, above, err = s.queries(ctx, f); err != nil {
			return err
		}
		own.and("id < %s", before)
		above.and("id < %s", before)
		if rows, err = s.both(ctx, own, above, size, nil); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

func line(r *shown, zh bool) []string {
	act, kind, result := words.Act(r.Act), words.Kind(r.Kind), map[string]string{"ok": "成功", "refused": "被拒绝"}[r.Result]
	actWord, kindWord := act.Zh, kind.Zh
	if !zh {
		actWord, kindWord, result = act.En, kind.En, r.Result
	}
	var changed []string
	_ = json.Unmarshal([]byte(r.Changed), &changed) // null, or names that the product wrote
	cells := []string{
		r.At.In(shanghai).Format("2006-01-02 15:04:05.000"), r.Who, r.Role, r.Anchor, actWord, kindWord, r.Object, result, r.Reason, r.Source,
		text(r.Account), text(r.Identity), strings.Join(changed, " "), r.Before, r.After, r.Request, r.ID.String(),
	}
	for i := range cells {
		cells[i] = plain(cells[i])
	}
	return cells
}

func text(id *uuid.UUID) string {
	if id == nil {
		return ""
	}
	return id.String()
}

// plain keeps a spreadsheet from taking a text for a formula.
func plain(s string) string {
	if s != "" && strings.ContainsRune("=+-@\t\r", rune(s[0])) {
		return "'" + s
	}
	return s
}
