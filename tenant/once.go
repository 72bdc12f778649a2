package tenant

import (
	"context"
	"crypto/sha256"
	"errors"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"google.golang.org/protobuf/proto"

	"gonghui/app/kit/fault"
)

// OncePlatform is [Once] for what stands above tenants, in the platform's door. A second call with the same key waits for the
// first.
func OncePlatform(ctx context.Context, db DBTX, request, reply proto.Message, act func() error) error {
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
	if _, err := db.Exec(ctx, "select pg_advisory_xact_lock(hashtextextended($1, 0))", "once "+account.String()+" "+key); err != nil {
		return err
	}
	var digest, answer []byte
	err = db.QueryRow(ctx, "select digest, answer from cell.idempotency where tenant = '' and account = $1 and key = $2", account, key).
		Scan(&digest, &answer)
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
	if answer, err = proto.Marshal(reply); err != nil {
		return err
	}
	db.Later("insert into cell.idempotency (tenant, account, key, digest, answer) values ('', $1, $2, $3, $4)", account, key, sum[:], answer)
	return nil
}
