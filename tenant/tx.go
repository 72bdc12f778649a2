package tenant

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"gonghui/app/kit/chain"
)

// DBTX is what a door hands to its function: the tenant's (or the platform's) own transaction. It satisfies the
// interface of the same name that sqlc generates.
type DBTX interface {
	Exec(ctx context.Context, sql string, args ...any) (pgconn.CommandTag, error)
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
	QueryRow(ctx context.Context, sql string, args ...any) pgx.Row
	// Later queues a statement that travels with the commit. Its failure fails the transaction.
	Later(sql string, args ...any)
	// trail is the trail whose rows are written here, and its key.
	trail() (code string, key chain.Key)
}

// tx begins with its first statement: BEGIN, the role and the statement travel together, and what was queued with Later
// travels with COMMIT. A transaction of n statements takes n+1 round trips.
type tx struct {
	conn  *pgx.Conn
	begin string
	role  string // empty for the platform's door
	code  string // of the tenant
	key   chain.Key
	begun bool
	tail  []*pgx.QueuedQuery
}

// setRole is one prepared statement for all tenants, where SET LOCAL ROLE would be one a tenant.
const setRole = "select set_config('role', $1, true)"

// setReader is setRole for a batch of reads, which is one transaction without BEGIN and COMMIT: it lasts to the end of the
// batch. Plans are made once; a statement of one tenant's own would else be planned anew in each of its first five runs on
// a connection.
const setReader = "select set_config('role', $1, true), set_config('transaction_read_only', 'on', true), set_config('plan_cache_mode', 'force_generic_plan', true)"

// head queues what comes before the first statement and returns how many results that is.
func (t *tx) head(b *pgx.Batch) int {
	b.Queue(t.begin)
	if t.role == "" {
		return 1
	}
	b.Queue(setRole, t.role)
	return 2
}

func (t *tx) Later(sql string, args ...any) {
	t.tail = append(t.tail, &pgx.QueuedQuery{SQL: sql, Arguments: args})
}

func (t *tx) trail() (string, chain.Key) { return t.code, t.key }

// Exec runs one statement. Unlike pgx's it never uses the simple protocol, which accepts several statements at once.
func (t *tx) Exec(ctx context.Context, sql string, args ...any) (pgconn.CommandTag, error) {
	rows, err := t.Query(ctx, sql, args...)
	if err != nil {
		return pgconn.CommandTag{}, err
	}
	rows.Close()
	return rows.CommandTag(), rows.Err()
}

func (t *tx) Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error) {
	if t.begun {
		return t.conn.Query(ctx, sql, args...)
	}
	t.begun = true
	b := &pgx.Batch{}
	n := t.head(b)
	b.Queue(sql, args...)
	br := t.conn.SendBatch(ctx, b)
	for range n {
		if _, err := br.Exec(); err != nil {
			return nil, errors.Join(err, br.Close())
		}
	}
	rows, err := br.Query()
	if err != nil {
		br.Close()
		return nil, err
	}
	return &batchRows{Rows: rows, br: br}, nil
}

func (t *tx) QueryRow(ctx context.Context, sql string, args ...any) pgx.Row {
	rows, err := t.Query(ctx, sql, args...)
	return &oneRow{rows, err}
}

// commit sends the tail and COMMIT in one round trip.
func (t *tx) commit(ctx context.Context) error {
	if !t.begun && len(t.tail) == 0 {
		return nil
	}
	b := &pgx.Batch{}
	skip := 0
	if !t.begun {
		skip = t.head(b)
		t.begun = true
	}
	b.QueuedQueries = append(b.QueuedQueries, t.tail...)
	b.Queue("commit")
	br := t.conn.SendBatch(ctx, b)
	var tag pgconn.CommandTag
	var err error
	for range skip + len(t.tail) + 1 {
		if tag, err = br.Exec(); err != nil {
			break
		}
	}
	if cerr := br.Close(); err == nil {
		err = cerr
	}
	if err == nil && tag.String() != "COMMIT" {
		err = fmt.Errorf("tenant: commit answered %s", tag.String())
	}
	return err
}

func (t *tx) rollback() {
	if !t.begun || t.conn.IsClosed() || t.conn.PgConn().TxStatus() == 'I' {
		return
	}
	_, _ = t.conn.Exec(context.Background(), "rollback")
}

// batchRows ends the batch together with its last rows.
type batchRows struct {
	pgx.Rows
	br     pgx.BatchResults
	closed bool
	err    error
}

func (r *batchRows) Next() bool {
	if r.Rows.Next() {
		return true
	}
	r.Close()
	return false
}

func (r *batchRows) Close() {
	if r.closed {
		return
	}
	r.closed = true
	r.Rows.Close()
	r.err = r.br.Close()
}

func (r *batchRows) Err() error {
	if err := r.Rows.Err(); err != nil {
		return err
	}
	return r.err
}

type oneRow struct {
	rows pgx.Rows
	err  error
}

func (r *oneRow) Scan(dest ...any) error {
	if r.err != nil {
		return r.err
	}
	defer r.rows.Close()
	if !r.rows.Next() {
		r.rows.Close()
		if err := r.rows.Err(); err != nil {
			return err
		}
		return pgx.ErrNoRows
	}
	if err := r.rows.Scan(dest...); err != nil {
		return err
	}
	r.rows.Close()
	return r.rows.Err()
}
