// Package roster imports members from files, and writes them out again.
//
// An import goes from upload to checked rows to members. Its file is kept sealed in parts, its checked rows beside them; the
// work is done by jobs that hold a lease, so that whoever is killed leaves nothing lying: see job.go.
package roster

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"time"

	"github.com/google/uuid"

	"gonghui/app/kit/fault"
	"gonghui/app/member/internal/db"
	"gonghui/app/member/roster/sheet"
	memberv1 "gonghui/app/member/v1"
	"gonghui/app/module"
	modulev1 "gonghui/app/module/v1"
	"gonghui/tenant"
)

// States of an import.
const (
	mapping    = "mapping"
	checking   = "checking"
	ready      = "ready"
	committing = "committing"
	done       = "done"
	cancelled  = "cancelled"
	failed     = "failed"
)

// Outcomes of a row.
const (
	admit    = "admit"
	update   = "update"
	skip     = "skip"
	faulty   = "fault"
	elsewhen = "member_elsewhere"
)

// Metric counts the members who came by imports.
const Metric = "member.imported"

var (
	errNotFound  = fault.New(http.StatusNotFound, memberv1.Reason_IMPORT_NOT_FOUND, "导入不存在", "the import does not exist")
	errState     = fault.New(http.StatusConflict, memberv1.Reason_IMPORT_STATE, "导入的当前状态不允许此操作", "the state of the import does not allow this")
	errForgotten = fault.New(http.StatusConflict, memberv1.Reason_IMPORT_STATE, "导入的数据已清除", "the rows of the import are no longer kept")
)

// Rules are what the register knows of a member's file. It hands them in, because it stands above this package.
type Rules interface {
	// Read checks a file by the rules of the forms and returns it as it is stored, or what is wrong with it.
	Read(f *memberv1.MemberFields, today time.Time) (*Record, []Fault)
	// Update changes a member, whose row is locked, to what a record says, and reports whether there was anything to
	// change, and by how much the number of complete files changed.
	Update(ctx context.Context, tx tenant.DBTX, before *db.Member, r *Record) (changed bool, complete int64, err error)
	// Head is what the member numbers of the body of the context begin with in a year, and its sum by Luhn as the serial follows.
	Head(ctx context.Context, year int) (head string, sum int)
	// Duplicate keeps a person who is a member elsewhere in the list of duplicates.
	Duplicate(ctx context.Context, tx tenant.DBTX, name, idKind, idNumber string) error
	// Imported tells that members were entered for an operation of claims.
	Imported(tx tenant.DBTX, operation uuid.UUID, members, complete int64) error
	// Fields is a row in the clear.
	Fields(row *db.Member) (*memberv1.MemberFields, error)
}

// Record is a member's file as it is stored. What the roster does not say is empty.
type Record struct {
	Name, Initials, Pinyin, IDKind string
	IDNumber, IDDigest             string // sealed
	Phone, PhoneTail               string // sealed
	Sex                            string
	Birth                          time.Time
	Nation, Education, Political   string
	Employer, Job, Employment      string
	Migrant                        *bool
	Address                        string
	Joined                         time.Time
	Keys                           []string // what the member is found by, but for the number
}

// Fault is what is wrong with a row.
type Fault struct {
	Kind  string `json:"kind"`
	Field string `json:"field"`
	Zh    string `json:"zh"`
	En    string `json:"en"`
}

// Columns whose texts are sealed.
const (
	partColumn     = "import_part.data"
	headColumn     = "import.head"
	cellsColumn    = "import_row.cells"
	idNumberColumn = "member.id_number"
	phoneColumn    = "member.phone"
)

// Service serves the imports of the body in the context.
type Service struct {
	memberv1.UnimplementedImportServiceServer
	host  module.Host
	db    *tenant.DB
	keys  module.Keys
	sql   *db.Queries
	rules Rules
}

// New makes the service.
func New(host module.Host, rules Rules) *Service {
	return &Service{host: host, db: host.DB(), keys: host.Keys(), sql: db.New(), rules: rules}
}

// Mount registers the service for gRPC and HTTP, and the routes of files.
func (s *Service) Mount(r module.Routes) {
	memberv1.RegisterImportServiceServer(r, s)
	memberv1.RegisterImportServiceHTTPServer(r.HTTP(), s)
	own := modulev1.Realm_REALM_TENANT
	r.Transfer(http.MethodPost, "/v1/imports", "member.import", own, MaxUpload, s.upload)
	r.Transfer(http.MethodGet, "/v1/imports/{id}/corrections", "member.import", own, 0, s.corrections)
	r.Transfer(http.MethodGet, "/v1/imports:template", "member.import", own, 0, s.template)
	r.Transfer(http.MethodPost, "/v1/members:export", "member.export", own, 0, s.export)
}

// named turns a refusal of the file into an error of the API.
func named(err error) error {
	var e *sheet.Error
	if errors.As(err, &e) {
		return fault.Of(http.StatusBadRequest, memberv1.Reason_IMPORT_FILE, "file", e.Zh, e.En)
	}
	return err
}

// decode reads what this package wrote into a column.
func decode[T any](s string) (out T) {
	_ = json.Unmarshal([]byte(s), &out)
	return out
}

func encode(v any) string {
	raw, err := json.Marshal(v)
	if err != nil {
		panic(err) // plain values of ours
	}
	return string(raw)
}
