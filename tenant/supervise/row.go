package supervise

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"google.golang.org/protobuf/types/known/timestamppb"

	"gonghui/app/kit/fault"
	"gonghui/tenant"
	supervisev1 "gonghui/tenant/supervise/v1"
)

// Kinds of requests.
const (
	details = "details"
	assist  = "assist"
)

// States of a request. What was approved is running until its time is over, or it was ended before.
const (
	open      = "open"
	refused   = "refused"
	withdrawn = "withdrawn"
	running   = "running"
	ended     = "ended"
	past      = "past"
)

// Bounds of what can be asked for, in minutes.
const (
	mostDetails = 30 * 24 * 60
	mostAssist  = 8 * 60
)

// patience is how many days a request waits to be decided before it lapses.
const patience = "14 days"

var (
	errNone   = fault.New(http.StatusNotFound, supervisev1.Reason_SUPERVISION_NOT_FOUND, "没有这个申请", "there is no such request")
	errState  = fault.New(http.StatusConflict, supervisev1.Reason_SUPERVISION_STATE, "申请已处理、已撤回或已过期", "the request was decided, taken back or has lapsed")
	errOver   = fault.New(http.StatusForbidden, supervisev1.Reason_SUPERVISION_OVER, "授权已到期或已被终止，可重新申请", "the time that was granted is over or was ended; ask again")
	errOpen   = fault.Of(http.StatusConflict, supervisev1.Reason_SUPERVISION_OPEN, "bodyCode", "您对该工会已有一个待批或进行中的同类申请", "you have such a request to this body already, open or running")
	errIdle   = fault.Of(http.StatusConflict, supervisev1.Reason_SUPERVISION_NOT_ACTIVE, "bodyCode", "该工会尚未启用平台", "this body does not use the platform yet")
	errSelf   = fault.New(http.StatusForbidden, supervisev1.Reason_SUPERVISION_SELF, "申请人不能审批自己的申请", "who asked cannot be who consents")
	errVoid   = fault.New(http.StatusConflict, supervisev1.Reason_SUPERVISION_VOID, "申请人已离任，或本工会已不在其下级", "the one who asked has left, or this body does not lie below theirs any more")
	errNoRule = fault.New(http.StatusNotFound, supervisev1.Reason_RULE_NOT_FOUND, "没有这条规则", "there is no such rule")
	errTwice  = fault.Of(http.StatusConflict, supervisev1.Reason_RULE_DUPLICATE, "purposeKind", "已有这样一条规则", "there is such a rule already")
)

// request is a row of platform.supervise_request with what it leads to.
type request struct {
	id, asker, identity, person, body uuid.UUID
	bodyActive                        bool
	grant                             *uuid.UUID
	approval                          *tenant.Act // by a rule, in this very call
	*supervisev1.SupervisionRequest
}

// stateOf is what has become of a request r with its grant g.
const stateOf = `case
	when r.state = 'open' and r.created_at < now() - interval '` + patience + `' then 'lapsed'
	when r.state <> 'approved' then r.state
	when g.ended_at is not null then 'ended'
	when g.valid_to <= now() then 'past'
	else 'running' end`

const requestSQL = `select r.id, r.asker_id, r.identity_id, i.person_id, r.body_id, b.status = 'active', r.grant_id, r.kind, a.code, a.name, r.person_name,
		b.code, b.name, r.capability, r.role, r.purpose_kind, r.purpose, r.minutes, ` + stateOf + `, r.created_at,
		r.decided_name, r.rule_id is not null, r.reason, r.decided_at, g.valid_to, coalesce(g.ended_name, ''), g.ended_at, r.accesses
	from platform.supervise_request r
	join platform.body a on a.id = r.asker_id
	join platform.body b on b.id = r.body_id
	join platform.identity i on i.id = r.identity_id
	left join platform."grant" g on g.id = r.grant_id `

func scan(row pgx.CollectableRow) (*request, error) {
	r := &request{SupervisionRequest: &supervisev1.SupervisionRequest{}}
	p := r.SupervisionRequest
	var created time.Time
	var decided, until, over *time.Time
	err := row.Scan(&r.id, &r.asker, &r.identity, &r.person, &r.body, &r.bodyActive, &r.grant, &p.Kind, &p.AskerCode, &p.AskerName, &p.Person,
		&p.BodyCode, &p.BodyName, &p.Capability, &p.Role, &p.PurposeKind, &p.Purpose, &p.Minutes, &p.State, &created,
		&p.DecidedBy, &p.ByRule, &p.Reason, &decided, &until, &p.EndedBy, &over, &p.Accesses)
	if err != nil {
		return nil, err
	}
	p.Id, p.No, p.CreatedAt = r.id.String(), number(r.id, created), timestamppb.New(created)
	p.DecidedAt, p.ValidTo, p.EndedAt = stamp(decided), stamp(until), stamp(over)
	return r, nil
}

func stamp(t *time.Time) *timestamppb.Timestamp {
	if t == nil {
		return nil
	}
	return timestamppb.New(*t)
}

var shanghai = time.FixedZone("Asia/Shanghai", 8*60*60)

// number is what people call a request: the day and the end of its id.
func number(id uuid.UUID, created time.Time) string {
	tail := id.String()
	return "JD" + created.In(shanghai).Format("20060102") + "-" + strings.ToUpper(tail[len(tail)-6:])
}

// rows reads requests.
func rows(ctx context.Context, db tenant.DBTX, where string, args ...any) ([]*request, error) {
	found, err := db.Query(ctx, requestSQL+where, args...)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(found, scan)
}

// one reads the request that a condition names; errNone when there is none.
func one(ctx context.Context, db tenant.DBTX, where string, args ...any) (*request, error) {
	found, err := db.Query(ctx, requestSQL+where, args...)
	if err != nil {
		return nil, err
	}
	r, err := pgx.CollectExactlyOneRow(found, scan)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, errNone
	}
	return r, err
}

func protos(all []*request) []*supervisev1.SupervisionRequest {
	out := make([]*supervisev1.SupervisionRequest, len(all))
	for i, r := range all {
		out[i] = r.SupervisionRequest
	}
	return out
}

// named is a person with the body they come from, in at most the 60 characters that are kept of a name.
func named(person, body string) string {
	return cut(person, 20) + "（" + cut(body, 38) + "）"
}

func cut(s string, most int) string {
	r := []rune(s)
	return string(r[:min(len(r), most)])
}
