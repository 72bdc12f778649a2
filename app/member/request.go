package member

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"google.golang.org/protobuf/types/known/timestamppb"

	"gonghui/app/kit/day"
	"gonghui/app/kit/fault"
	"gonghui/app/kit/field"
	"gonghui/app/kit/page"
	"gonghui/app/member/internal/db"
	memberv1 "gonghui/app/member/v1"
	"gonghui/tenant"
	"gonghui/tenant/access"
)

const changesColumn = "member_request.changes"

// States of a request.
const (
	requestOpen      = "open"
	requestApproved  = "approved"
	requestRefused   = "refused"
	requestWithdrawn = "withdrawn"
)

var (
	errNoRequest = fault.New(http.StatusNotFound, memberv1.Reason_REQUEST_NOT_FOUND, "申请不存在", "there is no such request")
	errDecided   = fault.New(http.StatusConflict, memberv1.Reason_REQUEST_STATE, "申请已处理或已撤回", "the request was decided or withdrawn already")
	errNothing   = fault.Field("fields", "没有要变更的内容", "nothing would change")
)

// open to change by the member: everything that is proved by no paper.
var changeable = []string{"phone", "nation", "education", "politicalStatus", "employer", "job", "employment", "migrant", "address"}

// change is a field as it was when the request was made, and as it should be.
type change struct {
	Field  string `json:"field"`
	Before string `json:"before"`
	After  string `json:"after"`
}

// values are the changeable fields of a file as texts.
func (n *file) values() map[string]string {
	migrant := "false"
	if n.migrant {
		migrant = "true"
	}
	return map[string]string{
		"phone": n.phone, "nation": n.nation, "education": n.education, "politicalStatus": n.political, "employer": n.employer,
		"job": n.job, "employment": n.employment, "migrant": migrant, "address": n.address,
	}
}

// with is the file after changes.
func (n *file) with(changes []change) *file {
	f := *n
	for _, c := range changes {
		switch c.Field {
		case "phone":
			f.phone = c.After
		case "nation":
			f.nation = c.After
		case "education":
			f.education = c.After
		case "politicalStatus":
			f.political = c.After
		case "employer":
			f.employer = c.After
		case "job":
			f.job = c.After
		case "employment":
			f.employment = c.After
		case "migrant":
			f.migrant = c.After == "true"
		case "address":
			f.address = c.After
		}
	}
	return &f
}

// CreateOwnRequest asks for changes of the caller's file.
func (s *Service) CreateOwnRequest(ctx context.Context, req *memberv1.CreateOwnRequestRequest) (*memberv1.ChangeRequest, error) {
	member, err := ownMember(ctx)
	if err != nil {
		return nil, err
	}
	note, err := field.Line("note", req.GetNote())
	if err != nil {
		return nil, err
	}
	reply := &memberv1.ChangeRequest{}
	err = s.db.Tx(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		return tenant.Once(ctx, tx, req, reply, func() error {
			row, err := s.lock(ctx, tx, member, only(member))
			if err != nil {
				return err
			}
			if row.State != stateActive {
				return errEnded
			}
			changes, err := s.asked(&row, req.GetFields())
			if err != nil {
				return err
			}
			if err := s.sql.WithdrawRequests(ctx, tx, member); err != nil {
				return err
			}
			made, err := s.sql.AddRequest(ctx, tx, db.AddRequestParams{ID: tenant.NewID(), MemberID: member, Changes: s.sealChanges(changes), Note: note})
			if err != nil {
				return err
			}
			if err := requestNoun.Made(ctx, tx, tenant.Act{Act: "member.request", Changed: fieldsOf(changes)}, made.ID); err != nil {
				return err
			}
			return s.answerRequest(reply, &made, &row)
		})
	})
	return reply, err
}

// asked is what a request would change of a file, checked like any change.
func (s *Service) asked(row *db.Member, fields *memberv1.MemberFields) ([]change, error) {
	old, err := s.open(row)
	if err != nil {
		return nil, err
	}
	// What no member may change is as it was.
	own := &memberv1.MemberFields{
		Name: old.name, IdKind: old.idKind, Sex: old.sex, Birth: day.Format(old.birth), JoinedOn: day.Format(old.joined),
		Phone: fields.GetPhone(), Nation: fields.GetNation(), Education: fields.GetEducation(), PoliticalStatus: fields.GetPoliticalStatus(),
		Employer: fields.GetEmployer(), Job: fields.GetJob(), Employment: fields.GetEmployment(), Migrant: fields.GetMigrant(),
		Address: fields.GetAddress(),
	}
	young, err := read(own, old, day.Today())
	if err != nil {
		return nil, err
	}
	before, after := old.values(), young.values()
	var changes []change
	for _, name := range changeable {
		if before[name] != after[name] {
			changes = append(changes, change{name, before[name], after[name]})
		}
	}
	if len(changes) == 0 {
		return nil, errNothing
	}
	return changes, nil
}

// ListOwnRequests pages through the caller's requests, newest first.
func (s *Service) ListOwnRequests(ctx context.Context, req *memberv1.ListOwnRequestsRequest) (*memberv1.ListRequestsReply, error) {
	member, err := ownMember(ctx)
	if err != nil {
		return nil, err
	}
	from := uuid.Max
	if _, err := page.Parse(req.GetPageToken(), &from); err != nil {
		return nil, err
	}
	size := page.Size(req.GetPageSize(), 20)
	var rows []requestRow
	err = s.db.Tx(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		found, err := s.sql.OwnRequests(ctx, tx, db.OwnRequestsParams{MemberID: member, Before: from, Size: size + 1})
		rows = convert(found, func(r db.OwnRequestsRow) requestRow { return requestRow(r) })
		return err
	})
	if err != nil {
		return nil, err
	}
	return s.requests(rows, size, 0)
}

// WithdrawOwnRequest takes back the caller's open request.
func (s *Service) WithdrawOwnRequest(ctx context.Context, req *memberv1.WithdrawOwnRequestRequest) (*memberv1.ChangeRequest, error) {
	member, err := ownMember(ctx)
	if err != nil {
		return nil, err
	}
	return s.decide(ctx, req.GetId(), only(member), func(ctx context.Context, tx tenant.DBTX, r *db.MemberRequest, row *db.Member) (db.DecideRequestParams, error) {
		if r.MemberID != member {
			return db.DecideRequestParams{}, errNoRequest
		}
		return db.DecideRequestParams{State: requestWithdrawn}, nil
	})
}

// ListRequests pages through the requests of the body's members.
func (s *Service) ListRequests(ctx context.Context, req *memberv1.ListRequestsRequest) (*memberv1.ListRequestsReply, error) {
	state := req.GetState()
	from := uuid.Max
	if state == "" || state == requestOpen {
		state, from = requestOpen, uuid.Nil
	}
	if _, err := page.Parse(req.GetPageToken(), &from); err != nil {
		return nil, err
	}
	size := page.Size(req.GetPageSize(), 50)
	reach, err := access.Within(ctx, mayRead)
	if err != nil {
		return nil, err
	}
	var rows []requestRow
	var open int64
	err = s.db.Tx(ctx, func(ctx context.Context, tx tenant.DBTX) (err error) {
		if open, err = s.sql.CountRequests(ctx, tx, db.CountRequestsParams{Whole: reach.All, Self: reach.Self, Own: reach.Own, Departments: reach.Departments}); err != nil {
			return err
		}
		if state == requestOpen {
			found, err := s.sql.PendingRequests(ctx, tx, db.PendingRequestsParams{
				After: from, Size: size + 1, Whole: reach.All, Self: reach.Self, Own: reach.Own, Departments: reach.Departments,
			})
			rows = convert(found, func(r db.PendingRequestsRow) requestRow { return requestRow(r) })
			return err
		}
		found, err := s.sql.DecidedRequests(ctx, tx, db.DecidedRequestsParams{
			State: state, Before: from, Size: size + 1, Whole: reach.All, Self: reach.Self, Own: reach.Own, Departments: reach.Departments,
		})
		rows = convert(found, func(r db.DecidedRequestsRow) requestRow { return requestRow(r) })
		return err
	})
	if err != nil {
		return nil, err
	}
	return s.requests(rows, size, open)
}

// DecideRequest applies the changes to the file as it is now, or refuses them.
func (s *Service) DecideRequest(ctx context.Context, req *memberv1.DecideRequestRequest) (*memberv1.ChangeRequest, error) {
	reason, err := field.Line("reason", req.GetReason())
	if err != nil {
		return nil, err
	}
	if !req.GetApprove() && reason == "" {
		return nil, fault.Field("reason", "请填写不同意的理由", "say why the request is refused")
	}
	name, _ := actor(ctx)
	return s.decide(ctx, req.GetId(), by(mayWrite), func(ctx context.Context, tx tenant.DBTX, r *db.MemberRequest, row *db.Member) (db.DecideRequestParams, error) {
		out := db.DecideRequestParams{State: requestRefused, Reason: reason, DecidedBy: name}
		if !req.GetApprove() {
			return out, nil
		}
		if row.State != stateActive {
			return out, errEnded
		}
		changes, err := s.openChanges(r)
		if err != nil {
			return out, err
		}
		if r.Claimant != "" {
			if f, err := s.open(row); err != nil || f.phone != "" {
				return out, errors.Join(err, errOvertaken)
			}
		}
		out.State = requestApproved
		after, err := s.change(ctx, tx, row, nil, "request", r.Note, func(old *file) (*file, error) { return old.with(changes), nil })
		if err == nil {
			*row = *after
		}
		return out, err
	})
}

// decide ends an open request in the way that f says.
func (s *Service) decide(ctx context.Context, rawID string, by right, f func(context.Context, tenant.DBTX, *db.MemberRequest, *db.Member) (db.DecideRequestParams, error)) (*memberv1.ChangeRequest, error) {
	id, err := field.ID("id", rawID)
	if err != nil {
		return nil, err
	}
	reply := &memberv1.ChangeRequest{}
	err = s.db.Tx(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		r, err := s.sql.LockRequest(ctx, tx, id)
		if errors.Is(err, pgx.ErrNoRows) {
			return errNoRequest
		}
		if err != nil {
			return err
		}
		row, err := s.lock(ctx, tx, r.MemberID, by)
		if errors.Is(err, errNotFound) {
			return errNoRequest
		}
		if err != nil {
			return err
		}
		was, err := requestNoun.See(ctx, tx, id)
		if err != nil {
			return err
		}
		how, err := f(ctx, tx, &r, &row)
		if err != nil {
			return err
		}
		if r.State != requestOpen {
			return errDecided
		}
		how.ID, how.Changes = id, r.Changes
		done, err := s.sql.DecideRequest(ctx, tx, how)
		if err != nil {
			return err
		}
		if err := was.Changed(ctx, tx, tenant.Act{Act: "member.request." + how.State, Reason: how.Reason}); err != nil {
			return err
		}
		if err := s.decided(ctx, tx, &done); err != nil {
			return err
		}
		return s.answerRequest(reply, &done, &row)
	})
	return reply, err
}

// requestRow is a request with its member.
type requestRow struct {
	MemberRequest db.MemberRequest
	Member        db.Member
}

func convert[A, B any](rows []A, f func(A) B) []B {
	out := make([]B, len(rows))
	for i, r := range rows {
		out[i] = f(r)
	}
	return out
}

func (s *Service) requests(rows []requestRow, size int32, open int64) (*memberv1.ListRequestsReply, error) {
	reply := &memberv1.ListRequestsReply{Open: open}
	rows, reply.NextPageToken = page.Cut(rows, size, func(r requestRow) any { return r.MemberRequest.ID })
	for i := range rows {
		r := &memberv1.ChangeRequest{}
		if err := s.answerRequest(r, &rows[i].MemberRequest, &rows[i].Member); err != nil {
			return nil, err
		}
		reply.Requests = append(reply.Requests, r)
	}
	return reply, nil
}

func (s *Service) answerRequest(reply *memberv1.ChangeRequest, r *db.MemberRequest, m *db.Member) error {
	changes, err := s.openChanges(r)
	if err != nil {
		return err
	}
	reply.Id, reply.MemberId, reply.MemberName, reply.MemberNo = r.ID.String(), m.ID.String(), m.Name, m.MemberNo
	reply.Note, reply.State, reply.Reason, reply.DecidedBy = r.Note, r.State, r.Reason, r.DecidedBy
	reply.CreatedAt, reply.Claim = timestamppb.New(r.CreatedAt), r.Claimant != ""
	if r.DecidedAt != nil {
		reply.DecidedAt = timestamppb.New(*r.DecidedAt)
	}
	reply.Changes = nil
	for _, c := range changes {
		reply.Changes = append(reply.Changes, &memberv1.FieldChange{Field: c.Field, Before: c.Before, After: c.After})
	}
	return nil
}

func (s *Service) sealChanges(changes []change) string {
	raw, _ := json.Marshal(changes)
	return s.keys.Seal(changesColumn, string(raw))
}

func (s *Service) openChanges(r *db.MemberRequest) (changes []change, err error) {
	raw, err := s.keys.Open(changesColumn, r.Changes)
	if err != nil {
		return nil, err
	}
	return changes, json.Unmarshal([]byte(raw), &changes)
}

func fieldsOf(changes []change) []string {
	return convert(changes, func(c change) string { return c.Field })
}

// ownMember is the row of the member who acts.
func ownMember(ctx context.Context) (uuid.UUID, error) {
	reach, err := access.Filter(ctx, "member.own")
	if err != nil {
		return uuid.Nil, err
	}
	id := reach.Self
	if reach.All {
		id = tenant.SubjectFrom(ctx).Ref
	}
	if id == uuid.Nil {
		return uuid.Nil, errNotFound
	}
	return id, nil
}
