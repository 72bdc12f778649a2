package merge

import (
	"context"
	"fmt"
	"slices"

	"gonghui/app/identity/internal/db"
)

var byID = []string{"id"}

// belongings are the rows that follow a person or an account, besides identities.
var belongings = []struct {
	table, column string
	key           []string
	person        bool   // the column names a person; an account otherwise
	only          string // a further condition on o, the row that moves
	unless        string // keeps it back when the one who is kept has such a row n
}{
	{table: "platform.session", column: "account_id", key: byID},
	{table: "platform.handoff", column: "account_id", key: []string{"code_digest"}},
	{table: "platform.consent", column: "account_id", key: byID, unless: "n.version = o.version"},
	{table: "platform.oidc_consent", column: "account_id", key: []string{"account_id", "client_id"}, unless: "n.client_id = o.client_id"},
	{table: "platform.oidc_grant", column: "account_id", key: byID},
	{table: "platform.oidc_sign_in", column: "person_id", key: byID, person: true},
	{table: `platform."grant"`, column: "subject_id", key: byID, only: "o.subject_kind = 'account'"},
}

// carry moves everything of the one who goes to the one who is kept.
func (j *journal) carry(ctx context.Context, keep, gone db.LockPersonsRow, identities []db.LockIdentitiesRow) error {
	for _, mine := range identities {
		if mine.PersonID != gone.ID {
			continue
		}
		i := slices.IndexFunc(identities, func(o db.LockIdentitiesRow) bool {
			return o.PersonID == keep.ID && o.BodyID == mine.BodyID && o.Role == mine.Role
		})
		err := error(nil)
		if i < 0 {
			err = j.set(ctx, "platform.identity", byID, []assign{{"person_id", "uuid", "$1"}}, "o.id = $2", keep.ID, mine.ID)
		} else {
			err = j.fold(ctx, identities[i], mine)
		}
		if err != nil {
			return err
		}
	}
	for _, b := range belongings {
		from, to := gone.AccountID, keep.AccountID
		if b.person {
			from, to = gone.ID, keep.ID
		}
		where := "o." + b.column + " = $2"
		if b.only != "" {
			where += " and " + b.only
		}
		if b.unless != "" {
			where += fmt.Sprintf(" and not exists (select from %s n where n.%s = $1 and %s)", b.table, b.column, b.unless)
		}
		if err := j.set(ctx, b.table, b.key, []assign{{b.column, "uuid", "$1"}}, where, to, from); err != nil {
			return err
		}
	}
	return nil
}

// fold lays a place of the one who goes onto the same place of the one who is kept.
func (j *journal) fold(ctx context.Context, keep, gone db.LockIdentitiesRow) error {
	for table, key := range map[string][]string{"platform.session": byID, "platform.handoff": {"code_digest"}} {
		if err := j.set(ctx, table, key, []assign{{"identity_id", "uuid", "$1"}}, "o.identity_id = $2", keep.ID, gone.ID); err != nil {
			return err
		}
	}
	if !gone.InForce {
		return nil
	}
	// First the one goes, then the other comes: a file belongs to one person at a time.
	if err := j.set(ctx, "platform.identity", byID, []assign{{"valid_to", "date", "current_date - 1"}}, "o.id = $1", gone.ID); err != nil || keep.InForce {
		return err
	}
	return j.set(ctx, "platform.identity", byID, []assign{
		{"ref_id", "uuid", "$2"}, {"valid_from", "date", "$3"}, {"valid_to", "date", "$4"}, {"locked_at", "timestamptz", "$5"},
	}, "o.id = $1", keep.ID, gone.RefID, gone.ValidFrom, gone.ValidTo, gone.LockedAt)
}

// empty leaves of the one who goes a row without phone, number and password.
func (j *journal) empty(ctx context.Context, keep, gone db.LockPersonsRow) error {
	err := j.set(ctx, "platform.person", byID, []assign{{"phone_sealed", "varchar", "''"}, {"phone_digest", "varchar", "null"}}, "o.id = $1", gone.ID)
	if err != nil {
		return err
	}
	if gone.IDDigest.Valid && !keep.IDDigest.Valid {
		if err := j.set(ctx, "platform.person", byID, []assign{{"id_digest", "varchar", "null"}}, "o.id = $1", gone.ID); err != nil {
			return err
		}
		if err := j.set(ctx, "platform.person", byID, []assign{{"id_digest", "varchar", "$2"}}, "o.id = $1", keep.ID, gone.IDDigest.String); err != nil {
			return err
		}
	}
	return j.set(ctx, "platform.account", byID, []assign{
		{"password_hash", "varchar", "''"}, {"password_at", "timestamptz", "null"}, {"state", "varchar", "'closed'"},
	}, "o.id = $1", gone.AccountID)
}
