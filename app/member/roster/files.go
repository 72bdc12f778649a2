package roster

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/xuri/excelize/v2"

	"gonghui/app/kit/day"
	"gonghui/app/kit/fault"
	"gonghui/app/kit/field"
	"gonghui/app/member/internal/db"
	"gonghui/app/member/roster/column"
	"gonghui/app/member/roster/sheet"
	memberv1 "gonghui/app/member/v1"
	"gonghui/app/module/mask"
	"gonghui/tenant"
	"gonghui/tenant/access"
)

var types = map[string]string{
	sheet.CSV:  "text/csv; charset=utf-8",
	sheet.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}

// attach says what the answer is, and under which name it is to be kept.
func attach(w http.ResponseWriter, kind, name string) {
	w.Header().Set("Content-Type", types[kind])
	w.Header().Set("Content-Disposition", "attachment; filename*=UTF-8''"+url.PathEscape(name))
}

// corrections writes the rows with faults in the layout of the file they came in, with the reasons in a column more:
// GET /v1/imports/{id}/corrections.
func (s *Service) corrections(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	id, err := field.ID("id", strings.TrimSuffix(strings.TrimPrefix(r.URL.Path, "/v1/imports/"), "/corrections"))
	if err != nil {
		return err
	}
	row, err := s.get(ctx, id)
	if err != nil {
		return err
	}
	if row.State != ready && row.State != done {
		return errState
	}
	faults, err := s.faultsAfter(ctx, id, 0)
	if err != nil {
		return err
	}
	if len(faults) == 0 && row.Faulty > 0 {
		return errForgotten
	}
	plain, err := s.keys.Open(headColumn, row.Head)
	if err != nil {
		return err
	}
	err = s.db.Tx(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		tenant.Audit(ctx, tx, tenant.Act{Act: "member.import.corrections", Kind: "import", Object: id.String()})
		return nil
	})
	if err != nil {
		return err
	}
	name := row.FileName
	if i := strings.LastIndexByte(name, '.'); i > 0 {
		name = name[:i]
	}
	attach(w, row.Kind, name+"-更正."+row.Kind)
	out, err := sheet.NewWriter(row.Kind, w, cmpOr(row.Sheet, "Sheet1"))
	if err != nil {
		return err
	}
	columns := decode[[]column.Column](row.Layout)
	at := len(columns)
	if at > 0 && columns[at-1].Title == column.Reason {
		at-- // the reasons of an earlier round give way
	}
	head := decode[[][]string](plain)
	for i, cells := range head {
		if i == len(head)-1 {
			cells = with(cells, at, column.Reason)
		}
		if err := out.Row(cells); err != nil {
			return err
		}
	}
	for len(faults) > 0 {
		for _, f := range faults {
			plain, err := s.keys.Open(cellsColumn, f.Cells)
			if err != nil {
				return err
			}
			if err := out.Row(with(decode[[]string](plain), at, reason(decode[[]Fault](f.Faults)))); err != nil {
				return err
			}
		}
		if faults, err = s.faultsAfter(ctx, id, faults[len(faults)-1].Number); err != nil {
			return err
		}
	}
	return out.Close()
}

func cmpOr(a, b string) string {
	if a == "" {
		return b
	}
	return a
}

func (s *Service) faultsAfter(ctx context.Context, id uuid.UUID, after int64) (rows []db.ListFaultsRow, err error) {
	err = s.db.Tx(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		rows, err = s.sql.ListFaults(ctx, tx, db.ListFaultsParams{ImportID: id, After: after, Size: 500})
		return err
	})
	return rows, err
}

// with puts a text into a column, the last one.
func with(cells []string, at int, text string) []string {
	out := make([]string, at+1)
	copy(out, cells)
	out[at] = text
	return out
}

// reason words the faults of a row for the person who sent it.
func reason(faults []Fault) string {
	var zh, en []string
	for _, f := range faults {
		title := labels[f.Field]
		zh = append(zh, title.zh+"："+f.Zh)
		en = append(en, title.en+": "+f.En)
	}
	return strings.Join(zh, "；") + " / " + strings.Join(en, "; ")
}

type label struct{ zh, en string }

// labels are the titles of the fields in files that the product writes; both are recognised when they come back.
var labels = map[string]label{
	"name": {"姓名", "name"}, "idKind": {"证件类型", "kind of paper"}, "idNumber": {"证件号码", "ID number"}, "phone": {"手机号码", "phone"},
	"sex": {"性别", "sex"}, "birth": {"出生日期", "date of birth"}, "nation": {"民族", "nation"}, "education": {"学历", "education"},
	"politicalStatus": {"政治面貌", "political status"}, "employer": {"工作单位", "employer"}, "job": {"职务", "job"},
	"employment": {"就业形式", "employment"}, "migrant": {"是否农民工", "migrant worker"}, "address": {"住址", "address"},
	"joinedOn": {"入会日期", "joining date"},
}

// titleRow are the titles of a file that the product writes.
func titleRow(before ...string) []string {
	out := before
	for _, f := range column.Fields {
		out = append(out, labels[f].zh)
	}
	return out
}

// request is what an export asks for.
type request struct {
	Reason string `json:"reason"`
	Format string `json:"format"`
	State  string `json:"state"`
	Full   bool   `json:"full"`
}

var errMay = fault.Plain(http.StatusForbidden, "FORBIDDEN", "没有查看完整号码的权限", "you may not see numbers in full")

// exportPage is how many members are read at a time.
const exportPage = 1000

// export streams the members: POST /v1/members:export.
func (s *Service) export(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	if err := access.Fresh(ctx); err != nil {
		return err
	}
	q, err := s.asked(r)
	if err != nil {
		return err
	}
	if q.Full {
		if err := access.Check(ctx, "member.reveal"); err != nil {
			return errMay
		}
	}
	level, depth := "masked", mask.Home
	if q.Full {
		level, depth = "full", mask.Nothing
	}
	err = s.db.Tx(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		tenant.Audit(ctx, tx, tenant.Act{Act: "member.export", Kind: "member", Object: q.State + " " + level, Reason: q.Reason})
		return nil
	})
	if err != nil {
		return err
	}
	body := tenant.From(ctx)
	attach(w, q.Format, body.Name+"-会员-"+day.Format(day.Today())+"."+q.Format)
	out, err := sheet.NewWriter(q.Format, w, "会员")
	if err != nil {
		return err
	}
	now := time.Now().In(time.FixedZone("Asia/Shanghai", 8*60*60)).Format("2006-01-02 15:04:05")
	mark := fmt.Sprintf("%s（%s）由 %s 于 %s 导出，用途：%s", body.Name, body.Code, actorOf(ctx).name, now, q.Reason)
	for _, row := range [][]string{{mark}, titleRow("会员证号")} {
		if err := out.Row(row); err != nil {
			return err
		}
	}
	for before := uuid.Max; ; {
		reach, err := within(ctx, q.Full)
		if err != nil {
			return err
		}
		var rows []db.Member
		err = s.db.Tx(ctx, func(ctx context.Context, tx tenant.DBTX) (err error) {
			rows, err = s.sql.ListMembers(ctx, tx, db.ListMembersParams{
				Before: before, State: q.State, Size: exportPage,
				Whole: reach.All, Self: reach.Self, Own: reach.Own, Departments: reach.Departments,
			})
			return err
		})
		if err != nil {
			return err
		}
		if len(rows) == 0 {
			return out.Close()
		}
		for i := range rows {
			before = rows[i].ID
			f, err := s.rules.Fields(&rows[i])
			if err != nil {
				return err
			}
			mask.Reply(f, depth)
			if err := out.Row(exported(rows[i].MemberNo, f)); err != nil {
				return err
			}
		}
	}
}

// within is what an export takes in: files that the right to export reaches, and in full those that may be seen so.
func within(ctx context.Context, full bool) (access.Reach, error) {
	reach, err := access.Within(ctx, "member.export")
	if err != nil || !full {
		return reach, err
	}
	seen, err := access.Within(ctx, "member.reveal")
	return reach.And(seen), err
}

// asked reads and checks the request of an export.
func (s *Service) asked(r *http.Request) (*request, error) {
	q := &request{}
	d := json.NewDecoder(r.Body)
	d.DisallowUnknownFields()
	if err := d.Decode(q); err != nil {
		return nil, fault.Field("body", "请求不是有效的 JSON", "the request is not the JSON that is asked for")
	}
	var err error
	if q.Reason, err = field.Required("reason", q.Reason); err != nil {
		return nil, err
	}
	if n := len([]rune(q.Reason)); n < 2 || n > 200 {
		return nil, fault.Field("reason", "请填写 2 至 200 个字", "write 2 to 200 characters")
	}
	if types[q.Format] == "" {
		return nil, fault.Field("format", "应为 xlsx 或 csv", "xlsx or csv")
	}
	switch q.State {
	case "":
		q.State = "active"
	case "active", "withdrawn", "deceased", "all":
	default:
		return nil, fault.Field("state", "应为 active、withdrawn、deceased 或 all", "active, withdrawn, deceased or all")
	}
	return q, nil
}

func exported(no string, f *memberv1.MemberFields) []string {
	migrant := "否"
	if f.Migrant {
		migrant = "是"
	}
	return []string{
		no, f.Name, kindNames[f.IdKind], f.IdNumber, f.Phone, sexNames[f.Sex], f.Birth, nameOf("nation", f.Nation), nameOf("education", f.Education),
		nameOf("politicalStatus", f.PoliticalStatus), f.Employer, f.Job, employmentNames[f.Employment], migrant, f.Address, f.JoinedOn,
	}
}

// template writes an empty file to fill in, with lists to choose from and an explanation: GET /v1/imports:template.
func (s *Service) template(w http.ResponseWriter, _ *http.Request) error {
	f := excelize.NewFile()
	defer f.Close()
	if err := fillTemplate(f); err != nil {
		return err
	}
	attach(w, sheet.XLSX, "会员导入模板.xlsx")
	return f.Write(w)
}
