package db

import (
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// QueueMember is GetMember in a batch; no rows when there is none.
func QueueMember(b *pgx.Batch, id uuid.UUID, into *[]Member) { queue(b, into, getMember, id) }

// QueueMembers is ListMembers in a batch.
func QueueMembers(b *pgx.Batch, arg ListMembersParams, into *[]Member) {
	queue(b, into, listMembers, arg.Before, arg.State, arg.Whole, arg.Self, arg.Own, arg.Departments, arg.Size)
}

// QueueHistory is ListHistory in a batch.
func QueueHistory(b *pgx.Batch, arg ListHistoryParams, into *[]MemberHistory) {
	queue(b, into, listHistory, arg.MemberID, arg.Before, arg.Size)
}

// QueueDuplicates is ListDuplicates in a batch.
func QueueDuplicates(b *pgx.Batch, arg ListDuplicatesParams, into *[]MemberDuplicate) {
	queue(b, into, listDuplicates, arg.Before, arg.Whole, arg.Own, arg.Departments, arg.Size)
}

// QueueCount is CountMembers in a batch.
func QueueCount(b *pgx.Batch, arg CountMembersParams, into *int64) {
	b.Queue(countMembers, arg.Self, arg.Own, arg.Departments).QueryRow(func(row pgx.Row) error { return row.Scan(into) })
}

// QueueFigure is the tenant's own value of a metric, exact in the snapshot of the statement.
func QueueFigure(b *pgx.Batch, metric string, into *int64) {
	b.Queue("select cell.figure($1)", metric).QueryRow(func(row pgx.Row) error { return row.Scan(into) })
}

func queue[T any](b *pgx.Batch, into *[]T, sql string, args ...any) {
	b.Queue(sql, args...).Query(func(rows pgx.Rows) (err error) {
		*into, err = pgx.CollectRows(rows, pgx.RowToStructByPos[T])
		return err
	})
}
