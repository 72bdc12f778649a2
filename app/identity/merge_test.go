package identity

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	identityv1 "gonghui/app/identity/v1"
	"gonghui/tenant"
	"gonghui/tenant/pgtest"
)

// province makes a body that may merge, above the bodies of the stage, and an administrator of it on the supervision host.
func (s *stage) province(t *testing.T) context.Context {
	t.Helper()
	top := s.env.Body(t, nil)
	s.sql(t, "update platform.body set level = 'province' where id = $1", top.ID)
	for _, b := range []*pgtest.Body{s.body, s.other} {
		s.sql(t, "insert into platform.closure (line, ancestor_id, descendant_id, depth) values ('primary', $1, $2, 1) on conflict do nothing", top.ID, b.ID)
	}
	s.sql(t, "insert into platform.closure (line, ancestor_id, descendant_id, depth) values ('primary', $1, $1, 0) on conflict do nothing", top.ID)
	phone := mobile()
	s.enrol(t, top, "admin", "省管理员", phone, nil)
	ctx := visit(nil)
	if _, err := s.SignIn(ctx, &identityv1.SignInRequest{Phone: phone, Password: password}); err != nil {
		t.Fatal(err)
	}
	return s.as(t, ctx)
}

func (s *stage) sql(t *testing.T, query string, args ...any) {
	t.Helper()
	err := s.env.DB.Platform(context.Background(), func(ctx context.Context, tx tenant.DBTX) error {
		_, err := tx.Exec(ctx, query, args...)
		return err
	})
	if err != nil {
		t.Fatalf("%s: %v", query, err)
	}
}

// everything is each row of platform that a merge of two persons could touch, as text.
func (s *stage) everything(t *testing.T, phones [2]string) string {
	t.Helper()
	var all []string
	err := s.env.DB.Platform(context.Background(), func(ctx context.Context, tx tenant.DBTX) error {
		all = nil
		rows, err := tx.Query(ctx, `select unnest(array[m.keep_id, m.gone_id, (select a.id from platform.account a where a.person_id = m.keep_id), (select a.id from platform.account a where a.person_id = m.gone_id)])::text
			from platform.person_merge m where m.reason = $1`, reasonOf(phones))
		if err != nil {
			return err
		}
		ids, err := pgx.CollectRows(rows, pgx.RowTo[string])
		if err != nil || len(ids) != 4 {
			return fmt.Errorf("persons and accounts are %v: %v", ids, err)
		}
		for _, table := range []string{"person", "account", "identity", "session", "handoff", "consent", "invitation", "oidc_consent", "oidc_grant", "oidc_token", "oidc_sign_in", `"grant"`} {
			rows, err := tx.Query(ctx, "select to_jsonb(x)::text from platform."+table+" x order by 1")
			if err != nil {
				return err
			}
			texts, err := pgx.CollectRows(rows, pgx.RowTo[string])
			if err != nil {
				return err
			}
			for _, text := range texts {
				if slices.ContainsFunc(ids, func(id string) bool { return strings.Contains(text, id) }) {
					all = append(all, table+" "+text)
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(all, "\n")
}

// difference is the lines that only one of two texts has.
func difference(a, b string) string {
	left, right := strings.Split(a, "\n"), strings.Split(b, "\n")
	var out []string
	for _, l := range left {
		if !slices.Contains(right, l) {
			out = append(out, "- "+l)
		}
	}
	for _, r := range right {
		if !slices.Contains(left, r) {
			out = append(out, "+ "+r)
		}
	}
	return strings.Join(out, "\n")
}

// reasonOf is why two are merged; a test finds its case by it.
func reasonOf(phones [2]string) string { return "本人换号 " + phones[0] + " " + phones[1] }

// proves opens a case and proves both phones.
func (s *stage) proves(t *testing.T, officer context.Context, keep, gone string) *identityv1.Merge {
	t.Helper()
	m, err := s.merges.AskMerge(officer, &identityv1.AskMergeRequest{KeepPhone: keep, GonePhone: gone, Reason: reasonOf([2]string{keep, gone})})
	if err != nil {
		t.Fatal(err)
	}
	for side, phone := range map[string]string{"keep": keep, "gone": gone} {
		if _, err := s.merges.SendMergeCode(officer, &identityv1.SendMergeCodeRequest{Id: m.Id, Side: side}); err != nil {
			t.Fatal(err)
		}
		code := s.phones.last["merge"+phone]
		if m, err = s.merges.ProveMergePhone(officer, &identityv1.ProveMergePhoneRequest{Id: m.Id, Side: side, Code: code}); err != nil {
			t.Fatal(err)
		}
	}
	return m
}

// Whatever two persons hold: merged and undone, every row is as it was.
func TestMergeAndUndo(t *testing.T) {
	t.Parallel()
	s := open(t)
	officer := s.province(t)
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	r := rand.New(rand.NewPCG(seed, 7))
	merged := 0
	for round := range 25 {
		phones := [2]string{mobile(), mobile()}
		roles := []string{"admin", "officer", "supervisor", "member"}
		for i, phone := range phones {
			s.enrol(t, []*pgtest.Body{s.body, s.other}[r.IntN(2)], "officer", fmt.Sprintf("合并%d", i), phone, nil)
			digest := s.env.Keys.Digest("phone", phone)
			for range r.IntN(5) {
				b := []*pgtest.Body{s.body, s.other}[r.IntN(2)]
				var ref *uuid.UUID
				role := roles[r.IntN(len(roles))]
				if role == "member" && r.IntN(2) == 0 {
					id := uuid.New()
					ref = &id
				}
				s.enrol(t, b, role, "某", phone, ref)
			}
			if r.IntN(3) == 0 {
				s.sql(t, "update platform.identity set valid_to = current_date - 3 where id = (select i.id from platform.identity i join platform.person p on p.id = i.person_id where p.phone_digest = $1 order by random() limit 1)", digest)
			}
			s.sql(t, `insert into platform.session (id, token_digest, account_id, identity_id, supervision, host, source, device, expires_at)
				select gen_random_uuid(), decode(md5(random()::text), 'hex'), a.id, i.id, false, 'h', 's', 'd', now() + interval '1 day'
				from platform.identity i join platform.person p on p.id = i.person_id join platform.account a on a.person_id = p.id where p.phone_digest = $1 and random() < 0.7`, digest)
			s.sql(t, `insert into platform.handoff (code_digest, account_id, identity_id, supervision, expires_at)
				select decode(md5(random()::text), 'hex'), a.id, i.id, false, now() + interval '1 day'
				from platform.identity i join platform.person p on p.id = i.person_id join platform.account a on a.person_id = p.id where p.phone_digest = $1 and random() < 0.3`, digest)
			for _, version := range []string{"2026-01-01", "2026-11-01"} {
				if r.IntN(2) == 0 {
					s.sql(t, "insert into platform.consent (id, account_id, version, source, device) select gen_random_uuid(), a.id, $2, '', '' from platform.account a join platform.person p on p.id = a.person_id where p.phone_digest = $1", digest, version)
				}
			}
			if i == r.IntN(3) {
				s.sql(t, "update platform.person set id_digest = $2 where phone_digest = $1", digest, uuid.NewString())
			}
			s.sql(t, `with c as (insert into platform.oidc_client (id, body_id, name, kind, own, redirects, logout_returns, scopes, sector)
					values (gen_random_uuid(), $2, 'app', 'public', false, '{https://a.example/b}', '{}', '{openid}', 'a.example') returning id),
				k as (insert into platform.oidc_consent (account_id, client_id, scopes) select a.id, c.id, '{openid}' from c, platform.account a join platform.person p on p.id = a.person_id where p.phone_digest = $1)
				insert into platform.oidc_sign_in (id, client_id, person_id, device) select gen_random_uuid(), c.id, p.id, 'd' from c, platform.person p where p.phone_digest = $1`, digest, s.body.ID)
			s.sql(t, `insert into platform.oidc_grant (id, client_id, session_id, account_id, scopes, auth_time)
				select gen_random_uuid(), (select id from platform.oidc_client order by random() limit 1), s.id, s.account_id, '{openid}', now()
				from platform.session s join platform.account a on a.id = s.account_id join platform.person p on p.id = a.person_id where p.phone_digest = $1`, digest)
		}
		m := s.proves(t, officer, phones[0], phones[1])
		before := s.everything(t, phones)
		done, err := s.merges.ConfirmMerge(officer, &identityv1.ConfirmMergeRequest{Id: m.Id})
		if reason(err) == "MERGE_REFUSED" {
			if m.Obstacle != "MERGE_REFUSED" || s.everything(t, phones) != before {
				t.Errorf("round %d: refused, announced as %q; changed:\n%s", round, m.Obstacle, difference(before, s.everything(t, phones)))
			}
			continue
		}
		if err != nil || done.State != "done" || m.Obstacle != "" {
			t.Fatalf("round %d: %v %v", round, done, err)
		}
		merged++
		// Nothing in force is left with the one who went.
		var left int
		err = s.env.DB.Platform(context.Background(), func(ctx context.Context, tx tenant.DBTX) error {
			return tx.QueryRow(ctx, `select (select count(*) from platform.identity i where i.person_id = m.gone_id and (i.valid_to is null or i.valid_to >= current_date))
				+ (select count(*) from platform.session s join platform.account a on a.id = s.account_id where a.person_id = m.gone_id)
				+ (select count(*) from platform.oidc_grant g join platform.account a on a.id = g.account_id where a.person_id = m.gone_id)
				+ (select count(*) from platform.person p where p.id = m.gone_id and (p.phone_digest is not null or p.id_digest is not null and exists (select from platform.person k where k.id = m.keep_id and k.id_digest is null)))
				from platform.person_merge m where m.id = $1`, m.Id).Scan(&left)
		})
		if err != nil || left != 0 {
			t.Errorf("round %d: %d rows are left with the one who went (%v)", round, left, err)
		}
		if _, err := s.SignIn(visit(s.body), &identityv1.SignInRequest{Phone: phones[1], Password: password}); reason(err) != "SIGN_IN_REFUSED" {
			t.Errorf("round %d: the phone that went still signs in: %v", round, err)
		}
		if _, err := s.merges.UndoMerge(officer, &identityv1.UndoMergeRequest{Id: m.Id, Reason: "认错了人"}); err != nil {
			t.Fatalf("round %d: %v", round, err)
		}
		if after := s.everything(t, phones); after != before {
			t.Errorf("round %d: merged and undone differs:\n%s", round, difference(before, after))
		}
	}
	if merged < 5 {
		t.Errorf("only %d of the rounds merged: nothing is shown", merged)
	}
}

func TestMergeIsRefused(t *testing.T) {
	t.Parallel()
	s := open(t)
	officer := s.province(t)
	pair := func(a, b string, bodyA, bodyB *pgtest.Body) (string, string) {
		p, q := mobile(), mobile()
		ref := uuid.New()
		s.enrol(t, bodyA, a, "同名", p, nil)
		s.enrol(t, bodyB, b, "同名", q, &ref)
		return p, q
	}
	// Members of two bodies, and duties that would meet.
	p, q := pair("member", "member", s.body, s.other)
	m := s.proves(t, officer, p, q)
	if _, err := s.merges.ConfirmMerge(officer, &identityv1.ConfirmMergeRequest{Id: m.Id}); reason(err) != "MERGE_REFUSED" || m.Obstacle != "MERGE_REFUSED" {
		t.Errorf("members of two bodies: %v, announced %q", err, m.Obstacle)
	}
	p, q = pair(SystemAdmin, AuditAdmin, s.body, s.body)
	m = s.proves(t, officer, p, q)
	if _, err := s.merges.ConfirmMerge(officer, &identityv1.ConfirmMergeRequest{Id: m.Id}); reason(err) != "DUTY_CONFLICT" || m.Obstacle != "DUTY_CONFLICT" {
		t.Errorf("two duties: %v, announced %q", err, m.Obstacle)
	}
	// Without both phones nothing moves, nor with a wrong code.
	p, q = pair("officer", "officer", s.body, s.other)
	open, err := s.merges.AskMerge(officer, &identityv1.AskMergeRequest{KeepPhone: p, GonePhone: q, Reason: "x"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.merges.ConfirmMerge(officer, &identityv1.ConfirmMergeRequest{Id: open.Id}); reason(err) != "MERGE_REFUSED" {
		t.Errorf("without proof: %v", err)
	}
	if _, err := s.merges.SendMergeCode(officer, &identityv1.SendMergeCodeRequest{Id: open.Id, Side: "gone"}); err != nil {
		t.Fatal(err)
	}
	if _, err := s.merges.ProveMergePhone(officer, &identityv1.ProveMergePhoneRequest{Id: open.Id, Side: "gone", Code: wrong(s.phones.last["merge"+q])}); reason(err) != "CODE_WRONG" {
		t.Errorf("a wrong code: %v", err)
	}
	call := tenant.CallFrom(officer)
	call.IdempotencyKey = "merge " + p
	keyed := tenant.WithCall(officer, call)
	for range 2 {
		if again, err := s.merges.AskMerge(keyed, &identityv1.AskMergeRequest{KeepPhone: p, GonePhone: q, Reason: "x"}); err != nil || again.Id != open.Id {
			t.Errorf("asked with a key: %v %v", again, err)
		}
	}
	if n := s.env.Count(t, "select count(*) from platform.audit_log where act = 'merge.ask' and object_id = $1", open.Id); n != 2 {
		t.Errorf("asked once without a key and twice with one, %d are on record", n)
	}
	if n := s.env.Count(t, "select count(*) from cell.idempotency where key = $1 and position($2::bytea in answer) > 0", "merge "+p, []byte(p)); n != 0 {
		t.Error("the kept answer holds a phone")
	}
	if _, err := s.merges.AskMerge(keyed, &identityv1.AskMergeRequest{KeepPhone: q, GonePhone: p, Reason: "x"}); field(err) != "Idempotency-Key" {
		t.Errorf("the key for another question: %v", err)
	}
	if again, err := s.merges.AskMerge(officer, &identityv1.AskMergeRequest{KeepPhone: q, GonePhone: p, Reason: "x"}); err != nil || again.Id != open.Id {
		t.Errorf("asked again the other way round: %v %v", again, err)
	}
	if open.Keep.Name != "同*" {
		t.Errorf("a side is shown as %v", open.Keep)
	}
	if _, err := s.merges.DropMerge(officer, &identityv1.DropMergeRequest{Id: open.Id, Reason: "不是一人"}); err != nil {
		t.Fatal(err)
	}
	if _, err := s.merges.ConfirmMerge(officer, &identityv1.ConfirmMergeRequest{Id: open.Id}); reason(err) != "MERGE_STATE" {
		t.Errorf("a dropped case: %v", err)
	}
	// Who is not below the officer's body is not known to be there.
	far := s.env.Body(t, nil)
	away := mobile()
	s.enrol(t, far, "officer", "远方", away, nil)
	for field_, in := range map[string]*identityv1.AskMergeRequest{
		"gonePhone": {KeepPhone: p, GonePhone: away, Reason: "x"},
		"keepPhone": {KeepPhone: mobile(), GonePhone: p, Reason: "x"},
	} {
		if _, err := s.merges.AskMerge(officer, in); field(err) != field_ {
			t.Errorf("asked for somebody far away: %v", err)
		}
	}
	// A county's administrator merges nobody.
	clerk := mobile()
	s.enrol(t, s.body, "admin", "县管理员", clerk, nil)
	ctx := visit(nil)
	if _, err := s.SignIn(ctx, &identityv1.SignInRequest{Phone: clerk, Password: password}); err != nil {
		t.Fatal(err)
	}
	if _, err := s.merges.ListMerges(s.as(t, ctx), &identityv1.ListMergesRequest{}); reason(err) != "FORBIDDEN" {
		t.Errorf("a county's administrator: %v", err)
	}
	// After thirty days, or once the phone is somebody else's, there is no way back.
	p, q = pair("officer", "officer", s.body, s.other)
	m = s.proves(t, officer, p, q)
	if _, err := s.merges.ConfirmMerge(officer, &identityv1.ConfirmMergeRequest{Id: m.Id}); err != nil {
		t.Fatal(err)
	}
	s.enrol(t, s.other, "officer", "新机主", q, nil)
	if _, err := s.merges.UndoMerge(officer, &identityv1.UndoMergeRequest{Id: m.Id, Reason: "x"}); reason(err) != "MERGE_STATE" {
		t.Errorf("undone although the phone is somebody else's: %v", err)
	}
	s.sql(t, "update platform.person_merge set done_at = now() - interval '31 days' where id = $1", m.Id)
	err = s.env.DB.Platform(context.Background(), func(ctx context.Context, tx tenant.DBTX) error { return s.merges.Sweep(ctx, tx) })
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.merges.UndoMerge(officer, &identityv1.UndoMergeRequest{Id: m.Id, Reason: "x"}); reason(err) != "MERGE_STATE" {
		t.Errorf("undone after 31 days: %v", err)
	}
	var log string
	err = s.env.DB.Platform(context.Background(), func(ctx context.Context, tx tenant.DBTX) error {
		return tx.QueryRow(ctx, "select log from platform.person_merge where id = $1", m.Id).Scan(&log)
	})
	if err != nil || log != "" {
		t.Errorf("the log of an old merge is kept (%v)", err)
	}
}

func TestTwinsAreNoted(t *testing.T) {
	t.Parallel()
	s := open(t)
	officer := s.province(t)
	old, fresh := mobile(), mobile()
	s.enrol(t, s.body, "officer", "一人", old, nil)
	s.enrol(t, s.other, "officer", "一人", fresh, nil)
	number := uuid.NewString()
	s.sql(t, "update platform.person set id_digest = $2 where phone_digest = $1", s.env.Keys.Digest("phone", old), number)
	in, ctx := s.byCode(t, s.body, fresh, "")
	if in.PhoneToken == "" {
		t.Fatal("no phone token")
	}
	claim := &identityv1.TakePlaceRequest{PhoneToken: in.PhoneToken, MemberId: uuid.NewString(), Name: "一人", IdDigest: number}
	if _, err := s.TakePlace(ctx, claim); reason(err) != "PLACE_CONFLICT" {
		t.Fatalf("claimed: %v", err)
	}
	list, err := s.merges.ListMerges(officer, &identityv1.ListMergesRequest{State: "open"})
	if err != nil || len(list.Merges) != 1 || list.Merges[0].Ground != "id_number" || !list.Merges[0].Keep.IdKnown {
		t.Fatalf("noted: %v %v", list, err)
	}
	if _, err := s.merges.ConfirmMerge(officer, &identityv1.ConfirmMergeRequest{Id: list.Merges[0].Id}); err != nil {
		t.Fatal(err)
	}
	// Both places are the old phone's now.
	s.signIn(t, s.body, old)
	s.signIn(t, s.other, old)
}
