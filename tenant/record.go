package tenant

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"google.golang.org/protobuf/proto"

	"gonghui/app/kit/chain"
	"gonghui/app/kit/fault"
	"gonghui/app/module/mask"
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

// Act is one row of the audit log: a write, a sensitive read, or either of them refused. Its words stand in tenant/audit/words.
type Act struct {
	Act     string // "member.create"
	Kind    string // kind of the object: "member"
	Object  string // id of the object
	Reason  string
	Changed []string // names of changed fields; never their values
	// Before and After are the state of the object around the act, as JSON would show it; nil where there is none. Only keyed
	// digests of them are kept: who holds a state can prove that it was this one.
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

// Once makes a create safe to retry: when the call carries an idempotency key that was used before by the same account
// for the same request, reply is filled with the first answer and act is not run. The same key with another request is
// refused. Numbers of persons do not rest in the clear: a retry is answered with masked ones.
func Once(ctx context.Context, db DBTX, request, reply proto.Message, act func() error) error {
	key := CallFrom(ctx).IdempotencyKey
	if key == "" {
		return act()
	}
	raw, err := proto.MarshalOptions{Deterministic: true}.Marshal(request)
	if err != nil {
		return err
	}
	sum := sha256.Sum256(append([]byte(request.ProtoReflect().Descriptor().FullName()+"\x00"), raw...))
	account := uuid.Nil
	if s := SubjectFrom(ctx); s != nil {
		account = s.Account
	}
	var digest, answer []byte
	err = db.QueryRow(ctx, "select digest, answer from cell.recall($1, $2, $3)", account, key, sum[:]).Scan(&digest, &answer)
	switch {
	case errors.Is(err, pgx.ErrNoRows):
	case err != nil:
		return err
	case string(digest) != string(sum[:]):
		return fault.Field("Idempotency-Key", "这个幂等键已用于另一请求", "this key was used for another request")
	default:
		return proto.Unmarshal(answer, reply)
	}
	if err := act(); err != nil {
		return err
	}
	kept := reply
	if mask.Of(reply.ProtoReflect().Descriptor()) != nil {
		kept = proto.Clone(reply)
		mask.Reply(kept, mask.Home)
	}
	answer, err = proto.Marshal(kept)
	if err != nil {
		return err
	}
	db.Later("select cell.remember($1, $2, $3, $4)", account, key, sum[:], answer)
	return nil
}
