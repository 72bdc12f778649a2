package identity

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"gonghui/app/identity/internal/db"
	"gonghui/app/identity/internal/noun"
	identityv1 "gonghui/app/identity/v1"
	"gonghui/tenant"
)

// A helper from another body acts under the own identity, in a session that is bound to the body that is helped and ends with the
// grant: at its time by expires_at, before it because the grant's end deletes the session (see tenant/supervise).

// OpenAssistance makes the address by which the caller comes into the body that is helped.
func (s *Service) OpenAssistance(ctx context.Context, in *identityv1.OpenAssistanceRequest) (*identityv1.CreateHandoffReply, error) {
	me := tenant.SubjectFrom(ctx)
	body := uuid.MustParse(in.BodyId)
	code, digest := newToken()
	var host string
	err := s.host.DB().Platform(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		if err := tx.QueryRow(ctx, "select code from platform.body where id = $1", body).Scan(&host); err != nil {
			return err
		}
		err := s.q.CreateHandoff(ctx, tx, db.CreateHandoffParams{
			CodeDigest: digest, AccountID: me.Account, IdentityID: me.Identity, ExpiresAt: time.Now().Add(handoffLife),
		})
		if err != nil {
			return err
		}
		err = s.q.BindHandoff(ctx, tx, db.BindHandoffParams{
			CodeDigest: digest, GrantID: uuid.MustParse(in.GrantId), BodyID: body, Role: in.Role, Until: in.Until.AsTime(),
		})
		if err != nil {
			return err
		}
		return noun.Handoff("body").Made(ctx, tx, tenant.Act{Act: "session.handoff", Object: host, Reason: in.GrantId}, digest)
	})
	if err != nil {
		return nil, err
	}
	return &identityv1.CreateHandoffReply{Url: s.handoffURL(host, code)}, nil
}

// assistanceOf is the help for which a hand-off was made, or nil.
func (s *Service) assistanceOf(ctx context.Context, tx tenant.DBTX, code []byte) (*db.AssistanceOfHandoffRow, error) {
	row, err := s.q.AssistanceOfHandoff(ctx, tx, code)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, nil
	}
	return &row, err
}

// helping makes the subject of a session the helper that its session is bound to be. Whatever keeps the subject's name says by it
// that this was a helper's act, and whose.
func (s *Service) helping(ctx context.Context, tx tenant.DBTX, me *tenant.Subject) error {
	row, err := s.q.AssistanceOfSession(ctx, tx, me.Session)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil
	}
	if err != nil {
		return err
	}
	me.Assist = &tenant.Assist{Grant: row.GrantID, Body: row.HomeID, BodyName: row.HomeName, Until: row.ExpiresAt}
	me.Name = helperName(me.Name, row.HomeName)
	me.Role, me.Body, me.BodyCode, me.Ref = row.Role, row.BodyID, row.BodyCode, uuid.Nil
	return nil
}

// helperName is how a helper is called wherever it is written down, in at most the 60 characters that are kept of a name.
func helperName(name, home string) string {
	cut := func(s string, most int) string {
		r := []rune(s)
		return string(r[:min(len(r), most)])
	}
	return cut(name, 20) + "（" + cut(home, 33) + " 远程协助）"
}
