package tenant

import (
	"context"
	"crypto/sha256"
	"errors"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"google.golang.org/protobuf/proto"

	"gonghui/app/kit/fault"
	"gonghui/app/module/mask"
)

// Once makes a create safe to retry: when the call carries an idempotency key that was used before by the same account
// for the same request, reply is filled with the first answer and act is not run. The same key with another request is
// refused. Numbers of persons do not rest in the clear: a retry is answered with masked ones.
func Once(ctx context.Context, db DBTX, request, reply proto.Message, act func() error) error {
	return once(ctx, request, reply, act, func(c *onceCall) (digest, answer []byte, err error) {
		err = db.QueryRow(ctx, "select digest, answer from cell.recall($1, $2, $3)", c.account, c.key, c.sum[:]).Scan(&digest, &answer)
		return digest, answer, err
	}, func(c *onceCall, answer []byte) {
		db.Later("select cell.remember($1, $2, $3, $4)", c.account, c.key, c.sum[:], answer)
	})
}

// OncePlatform is [Once] for what stands above tenants, in the platform's door. A second call with the same key waits for the
// first.
func OncePlatform(ctx context.Context, db DBTX, request, reply proto.Message, act func() error) error {
	return once(ctx, request, reply, act, func(c *onceCall) (digest, answer []byte, err error) {
		if _, err := db.Exec(ctx, "select pg_advisory_xact_lock(hashtextextended($1, 0))", "once "+c.account.String()+" "+c.key); err != nil {
			return nil, nil, err
		}
		err = db.QueryRow(ctx, "select digest, answer from cell.idempotency where tenant = '' and account = $1 and key = $2", c.account, c.key).
			Scan(&digest, &answer)
		return digest, answer, err
	}, func(c *onceCall, answer []byte) {
		db.Later("insert into cell.idempotency (tenant, account, key, digest, answer) values ('', $1, $2, $3, $4)", c.account, c.key, c.sum[:], answer)
	})
}

// onceCall is a call that is to be done once: by whom, under which key, and the digest of what was asked.
type onceCall struct {
	account uuid.UUID
	key     string
	sum     [sha256.Size]byte
}

func once(ctx context.Context, request, reply proto.Message, act func() error, recall func(*onceCall) (digest, answer []byte, err error), remember func(*onceCall, []byte)) error {
	c := &onceCall{key: CallFrom(ctx).IdempotencyKey}
	if c.key == "" {
		return act()
	}
	raw, err := proto.MarshalOptions{Deterministic: true}.Marshal(request)
	if err != nil {
		return err
	}
	c.sum = sha256.Sum256(append([]byte(request.ProtoReflect().Descriptor().FullName()+"\x00"), raw...))
	if s := SubjectFrom(ctx); s != nil {
		if c.account = s.Account; s.App != uuid.Nil {
			c.account = s.App
		}
	}
	digest, answer, err := recall(c)
	switch {
	case errors.Is(err, pgx.ErrNoRows):
	case err != nil:
		return err
	case string(digest) != string(c.sum[:]):
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
	if answer, err = proto.Marshal(kept); err == nil {
		remember(c, answer)
	}
	return err
}
