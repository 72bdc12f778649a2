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

	"gonghui/app/kit/fault"
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

// Act is one row of the audit log: a write, or a sensitive read.
type Act struct {
	Act     string // "member.create"
	Kind    string // kind of the object: "member"
	Object  string // id of the object
	Reason  string
	Changed []string // names of changed fields; never their values
}

const auditSQL = ` (id, account_id, identity_id, who, act, object_kind, object_id, reason, changed, source, request_id)
	values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`

// Audit records an act of the tenant, in the act's own transaction.
func Audit(ctx context.Context, db DBTX, a Act) { audit(ctx, db, "insert into audit_log", a) }

// AuditPlatform records an act on what stands above tenants.
func AuditPlatform(ctx context.Context, db DBTX, a Act) {
	audit(ctx, db, "insert into platform.audit_log", a)
}

func audit(ctx context.Context, db DBTX, insert string, a Act) {
	who := "system"
	var account, identity *uuid.UUID
	if s := SubjectFrom(ctx); s != nil {
		who, account, identity = s.Name, &s.Account, &s.Identity
	}
	c := CallFrom(ctx)
	changed, _ := json.Marshal(a.Changed)
	db.Later(insert+auditSQL, NewID(), account, identity, cut(who, 60), a.Act, a.Kind, cut(a.Object, 80),
		cut(a.Reason, 200), cut(string(changed), 400), cut(c.Source, 45), cut(c.Request, 40))
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
// refused.
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
	answer, err = proto.Marshal(reply)
	if err != nil {
		return err
	}
	db.Later("select cell.remember($1, $2, $3, $4)", account, key, sum[:], answer)
	return nil
}
