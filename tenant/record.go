package tenant

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/google/uuid"

	"gonghui/app/kit/chain"
)

// Event is a fact that others may want to know: the roll-up, search, notices, other cells.
type Event struct {
	Kind    string // "member.admitted"
	Subject uuid.UUID
	Data    any              // marshalled as JSON; no personal data
	Counts  map[string]int64 // changes of the tenant's own figures, by metric name
}

// Emit writes an event into the outbox, in the tenant's transaction. The database takes the tenant from the role.
func Emit(db DBTX, e Event) error {
	data, err := json.Marshal(e.Data)
	if err != nil {
		return fmt.Errorf("event %s: %w", e.Kind, err)
	}
	counts, err := json.Marshal(e.Counts)
	if err != nil {
		return fmt.Errorf("event %s: %w", e.Kind, err)
	}
	db.Later("select cell.emit($1, $2, $3, $4)", e.Kind, e.Subject, string(data), string(counts))
	return nil
}

// Enqueue hands a job to the workers, in the tenant's transaction.
func Enqueue(db DBTX, kind string, args any) error {
	data, err := json.Marshal(args)
	if err != nil {
		return fmt.Errorf("job %s: %w", kind, err)
	}
	db.Later("select cell.enqueue($1, $2)", kind, string(data))
	return nil
}

// EnqueueIn is Enqueue for a job that is due after a while.
func EnqueueIn(db DBTX, after time.Duration, kind string, args any) error {
	data, err := json.Marshal(args)
	if err != nil {
		return fmt.Errorf("job %s: %w", kind, err)
	}
	db.Later("select cell.enqueue_at($1, $2, now() + $3)", kind, string(data), after)
	return nil
}

// EnqueueFor is Enqueue for bodies by their codes, in the platform's door: one job a code, with the arguments in its place.
func EnqueueFor(db DBTX, kind string, codes []string, args []any) error {
	if trail, _ := db.trail(); trail != "" || len(codes) != len(args) {
		return fmt.Errorf("job %s: %d jobs for %d bodies, from the door of %q", kind, len(args), len(codes), trail)
	}
	texts := make([]string, len(args))
	for i, a := range args {
		data, err := json.Marshal(a)
		if err != nil {
			return fmt.Errorf("job %s: %w", kind, err)
		}
		texts[i] = string(data)
	}
	db.Later(`insert into cell.river_job (kind, args, max_attempts, metadata, queue)
		select 'tenant_job', jsonb_build_object('name', $1::text, 'tenant', code, 'args', args::jsonb), 8, '{}', 'default'
		from unnest($2::text[], $3::text[]) with ordinality job(code, args, n) order by n`, kind, codes, texts)
	db.Later(`select pg_notify('cell.river_insert', '{"queue": "default"}')`)
	return nil
}

// Act is one row of the audit log: a write, a sensitive read, or either of them refused. Its words stand in tenant/audit/words.
type Act struct {
	Act     string // "member.create"
	Kind    string // kind of the object: "member"
	Object  string // id of the object
	Reason  string
	Changed []string // names of changed fields; never their values
	// Before and After are the state of the object around the act, a row or a message; nil where there is none. Only keyed
	// digests of them are kept: who holds a state can prove that it was this one. A [Noun] reads them from its table.
	Before, After any
	Refused       bool // the act was not done; Reason says why
	// As is who acts, where the context does not know yet: at the sign-in itself.
	As *Subject
}

const (
	auditColumns = " (id, at, account_id, identity_id, who, role, anchor, act, object_kind, object_id, result, reason, changed, before, after, source, request_id"
	auditValues  = " values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17"
)

// Audit records an act of the tenant, in the act's own transaction. The row waits there to be sealed, see tenant/audit.
func Audit(ctx context.Context, db DBTX, a Act) {
	trail, key := db.trail()
	r := row(ctx, key, a)
	db.Later("insert into audit_log"+auditColumns+")"+auditValues+")", values(&r)...)
	digest := key.Row(trail, &r)
	db.Later("select cell.audited($1, $2)", r.ID, digest[:])
}

// AuditPlatform records an act on what stands above tenants, in the platform's door.
func AuditPlatform(ctx context.Context, db DBTX, a Act) {
	_, key := db.trail()
	r := row(ctx, key, a)
	if t := From(ctx); t != nil {
		r.Body = t.Code
	} else {
		r.Body = r.Anchor
	}
	db.Later("insert into platform.audit_log"+auditColumns+", body)"+auditValues+", $18)", append(values(&r), r.Body)...)
	digest := key.Row("", &r)
	db.Later("insert into cell.audit_pending (trail, row_id, digest) values ('', $1, $2)", r.ID, digest[:])
}

func row(ctx context.Context, key chain.Key, a Act) chain.Row {
	c := CallFrom(ctx)
	changed, _ := json.Marshal(a.Changed)
	r := chain.Row{
		ID: NewID(), At: time.Now().UTC().Truncate(time.Microsecond), Who: "system",
		Act: a.Act, Kind: a.Kind, Object: cut(a.Object, 80), Result: "ok", Reason: cut(a.Reason, 200), Changed: cut(string(changed), 400),
		Before: key.State(a.Kind, a.Object, a.Before), After: key.State(a.Kind, a.Object, a.After),
		Source: cut(c.Source, 45), Request: cut(c.Request, 40),
	}
	if a.Refused {
		r.Result = "refused"
	}
	s := SubjectFrom(ctx)
	if a.As != nil {
		s = a.As
	}
	if s != nil {
		r.Who, r.Role, r.Anchor, r.Account, r.Identity = cut(s.Name, 60), cut(s.Role, 24), cut(s.BodyCode, 24), &s.Account, &s.Identity
		if s.App != uuid.Nil {
			r.Account, r.Identity = nil, &s.App // a program that acts for nobody is named in the place of a person
		}
	} else if c.Source != "" {
		r.Who = "" // a stranger, not the product itself
	}
	return r
}

func values(r *chain.Row) []any {
	return []any{
		r.ID, r.At, r.Account, r.Identity, r.Who, r.Role, r.Anchor, r.Act, r.Kind, r.Object, r.Result, r.Reason, r.Changed,
		r.Before, r.After, r.Source, r.Request,
	}
}

func cut(s string, runes int) string {
	r := []rune(s)
	if len(r) > runes {
		return string(r[:runes])
	}
	return s
}

// NewID is a new UUIDv7.
func NewID() uuid.UUID { return uuid.Must(uuid.NewV7()) }
