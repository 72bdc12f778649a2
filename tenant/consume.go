package tenant

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// Logged is an event as the log keeps it.
type Logged struct {
	Seq     int64
	Tenant  string // code of the body
	Kind    string
	Subject *uuid.UUID
	Data    json.RawMessage
	At      time.Time
}

// Consumer reads the event log in order and takes every event up once: its place in the log advances in the transaction of
// the effect. Of any number of processes one works at a time.
type Consumer struct {
	Name  string // unique in the product
	Kinds []string
	// Take has the effect of some events, in the platform's door. An error leaves them for another try.
	Take func(ctx context.Context, db DBTX, events []Logged) error
}

const (
	consumed = 1000                   // events at most in one transaction
	calm     = time.Second            // between looks when no news comes
	sick     = 2 * time.Second        // after an error
	pressed  = 100 * time.Millisecond // while another process holds the place
)

// Consume runs a consumer until ctx ends. News of the log wakes it.
func (db *DB) Consume(ctx context.Context, c Consumer) error {
	news := make(chan struct{}, 1)
	db.News.On("log", func(string) {
		select {
		case news <- struct{}{}:
		default:
		}
	})
	for {
		pause := calm
		more, err := db.consume(ctx, c)
		switch {
		case ctx.Err() != nil:
			return nil
		case errors.Is(err, errTaken):
			pause = pressed
		case err != nil:
			slog.ErrorContext(ctx, "consumer", "name", c.Name, "error", err)
			pause = sick
		case more:
			continue
		}
		select {
		case <-ctx.Done():
			return nil
		case <-news:
		case <-time.After(pause):
		}
	}
}

var errTaken = errors.New("tenant: another process reads for this consumer")

func (db *DB) consume(ctx context.Context, c Consumer) (more bool, err error) {
	err = db.Platform(ctx, func(ctx context.Context, tx DBTX) error {
		more = false
		if _, err := tx.Exec(ctx, "insert into cell.consumer (name) values ($1) on conflict do nothing", c.Name); err != nil {
			return err
		}
		var from, to int64
		err := tx.QueryRow(ctx, `select c.seq, coalesce((select max(seq) from cell.event_log), 0)
			from cell.consumer c where c.name = $1 for update of c skip locked`, c.Name).Scan(&from, &to)
		if errors.Is(err, pgx.ErrNoRows) {
			return errTaken
		}
		if err != nil || to <= from {
			return err
		}
		rows, err := tx.Query(ctx, `select seq, tenant, kind, subject, data, at from cell.event_log
			where seq > $1 and seq <= $2 and kind = any($3) order by seq limit $4`, from, to, c.Kinds, consumed)
		if err != nil {
			return err
		}
		events, err := pgx.CollectRows(rows, pgx.RowToStructByPos[Logged])
		if err != nil {
			return err
		}
		if len(events) == consumed {
			to, more = events[len(events)-1].Seq, true
		}
		if len(events) > 0 {
			if err := c.Take(ctx, tx, events); err != nil {
				return err
			}
		}
		tx.Later("update cell.consumer set seq = $2 where name = $1", c.Name, to)
		return nil
	})
	return more, err
}
