// Package merge makes one person of two rows that are one human being, and two of one again when that was a mistake.
package merge

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	"gonghui/app/identity/internal/db"
	"gonghui/app/identity/internal/noun"
	identityv1 "gonghui/app/identity/v1"
	"gonghui/app/kit/cnid"
	"gonghui/app/kit/fault"
	"gonghui/app/kit/field"
	"gonghui/app/kit/page"
	"gonghui/app/module"
	"gonghui/tenant"
)

// Window is how long a merge can be undone.
const Window = 30 * 24 * time.Hour

// proofLife is how long a proved phone counts for a merge.
const proofLife = 24 * time.Hour

// LogColumn is what the log of a merge is bound to.
const LogColumn = "person_merge.log"

// Phones proves that somebody holds a phone.
type Phones interface {
	// SendTo sends a code for a merge to the phone.
	SendTo(ctx context.Context, phone string) (*identityv1.SendCodeReply, error)
	// Proven uses up the code that was sent.
	Proven(ctx context.Context, phone, code string) error
}

// Service answers the RPCs of MergeService.
type Service struct {
	identityv1.UnimplementedMergeServiceServer
	host   module.Host
	q      *db.Queries
	phones Phones
}

// New makes the service.
func New(h module.Host, q *db.Queries, phones Phones) *Service {
	return &Service{host: h, q: q, phones: phones}
}

// Mount registers the service.
func (s *Service) Mount(r module.Routes) {
	identityv1.RegisterMergeServiceServer(r, s)
	identityv1.RegisterMergeServiceHTTPServer(r.HTTP(), s)
}

// Sweep forgets the logs of merges that can be undone no more.
func (s *Service) Sweep(ctx context.Context, tx tenant.DBTX) error {
	return s.q.ForgetMergeLogs(ctx, tx, Window)
}

var (
	errMerge = fault.New(http.StatusNotFound, identityv1.Reason_MERGE_NOT_FOUND, "没有这项合并，或不由您办理", "there is no such case, or it is not yours to decide")
	errState = fault.New(http.StatusConflict, identityv1.Reason_MERGE_STATE, "这项合并已不在这一步，请刷新后再看", "this case has moved on; reload it")
)

func refused(zh, en string) error {
	return fault.New(http.StatusConflict, identityv1.Reason_MERGE_REFUSED, zh, en)
}

// above is the body below which the caller may merge. Only national and provincial bodies may.
func (s *Service) above(ctx context.Context, tx tenant.DBTX) (uuid.UUID, error) {
	body := tenant.SubjectFrom(ctx).Body
	level, err := s.q.LevelOfBody(ctx, tx, body)
	if err != nil {
		return uuid.Nil, err
	}
	if level != "national" && level != "national_industrial" && level != "province" {
		return uuid.Nil, fault.Plain(http.StatusForbidden, "FORBIDDEN", "重复账号由全国和省级工会合并", "duplicate accounts are merged by national and provincial bodies")
	}
	return body, nil
}

// AskMerge opens a case.
func (s *Service) AskMerge(ctx context.Context, in *identityv1.AskMergeRequest) (*identityv1.Merge, error) {
	reason, err := field.Required("reason", in.Reason)
	if err != nil {
		return nil, err
	}
	digests := [2]string{}
	for i, f := range []struct{ name, phone string }{{"keepPhone", in.KeepPhone}, {"gonePhone", in.GonePhone}} {
		phone, err := cnid.NormalizePhone(f.phone)
		if err != nil {
			return nil, fault.Field(f.name, "请输入 11 位手机号", "enter a mobile number of 11 digits")
		}
		digests[i] = s.host.Keys().Digest("phone", phone)
	}
	if digests[0] == digests[1] {
		return nil, fault.Field("gonePhone", "两个手机号相同", "the two numbers are the same")
	}
	reply := &identityv1.Merge{}
	err = s.host.DB().Platform(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		return tenant.OncePlatform(ctx, tx, in, reply, func() error { return s.openCase(ctx, tx, digests, reason, reply) })
	})
	if err != nil {
		return nil, err
	}
	return reply, nil
}

// openCase opens a case of the persons with the digests of two phones, the one to be kept first.
func (s *Service) openCase(ctx context.Context, tx tenant.DBTX, digests [2]string, reason string, reply *identityv1.Merge) error {
	above, err := s.above(ctx, tx)
	if err != nil {
		return err
	}
	persons := [2]uuid.UUID{}
	for i, name := range []string{"keepPhone", "gonePhone"} {
		persons[i], err = s.q.PersonToMerge(ctx, tx, db.PersonToMergeParams{PhoneDigest: digests[i], Above: above})
		if errors.Is(err, pgx.ErrNoRows) {
			return fault.Field(name, "这个手机号没有可由您合并的账号", "this phone has no account that is yours to merge")
		}
		if err != nil {
			return err
		}
	}
	me := tenant.SubjectFrom(ctx)
	id, err := s.q.OpenMerge(ctx, tx, db.OpenMergeParams{ID: tenant.NewID(), KeepID: persons[0], GoneID: persons[1], Reason: reason, AskedBy: &me.Account})
	if err != nil {
		return err
	}
	if err := noun.Merge.Made(ctx, tx, tenant.Act{Act: "merge.ask", Reason: reason}, id); err != nil {
		return err
	}
	made, err := s.one(ctx, tx, id)
	if err == nil {
		proto.Reset(reply)
		proto.Merge(reply, made)
	}
	return err
}

// ListMerges pages through the cases that are the caller's to decide, newest first.
func (s *Service) ListMerges(ctx context.Context, in *identityv1.ListMergesRequest) (*identityv1.ListMergesReply, error) {
	before := uuid.Max
	if _, err := page.Parse(in.PageToken, &before); err != nil {
		return nil, err
	}
	size := page.Size(in.PageSize, 50)
	reply := &identityv1.ListMergesReply{}
	err := s.host.DB().Platform(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		above, err := s.above(ctx, tx)
		if err != nil {
			return err
		}
		rows, err := s.q.Merges(ctx, tx, db.MergesParams{Before: before, State: in.State, Above: above, Size: size + 1})
		if err != nil {
			return err
		}
		rows, reply.NextPageToken = page.Cut(rows, size, func(r db.MergesRow) any { return r.ID })
		reply.Merges, err = s.show(ctx, tx, rows)
		return err
	})
	return reply, err
}

// GetMerge returns one case, with what stands in its way.
func (s *Service) GetMerge(ctx context.Context, in *identityv1.GetMergeRequest) (*identityv1.Merge, error) {
	var reply *identityv1.Merge
	err := s.host.DB().Platform(ctx, func(ctx context.Context, tx tenant.DBTX) (err error) {
		reply, err = s.one(ctx, tx, uuid.MustParse(in.Id))
		return err
	})
	return reply, err
}

// one is a case of the caller's.
func (s *Service) one(ctx context.Context, tx tenant.DBTX, id uuid.UUID) (*identityv1.Merge, error) {
	above, err := s.above(ctx, tx)
	if err != nil {
		return nil, err
	}
	rows, err := s.q.Merges(ctx, tx, db.MergesParams{Before: uuid.Max, One: &id, Above: above, Size: 1})
	if err != nil {
		return nil, err
	}
	if len(rows) == 0 {
		return nil, errMerge
	}
	all, err := s.show(ctx, tx, rows)
	if err != nil {
		return nil, err
	}
	if rows[0].State == "open" {
		var named interface{ GetReason() string }
		keep, gone, identities, err := s.sides(ctx, tx, rows[0].KeepID, rows[0].GoneID)
		if err == nil {
			err = obstacle(keep, gone, identities)
		}
		if errors.As(err, &named) {
			all[0].Obstacle = named.GetReason()
		} else if err != nil {
			return nil, err
		}
	}
	return all[0], nil
}

// show masks the two persons of each case.
func (s *Service) show(ctx context.Context, tx tenant.DBTX, rows []db.MergesRow) ([]*identityv1.Merge, error) {
	persons := make([]uuid.UUID, 0, 2*len(rows))
	for _, r := range rows {
		persons = append(persons, r.KeepID, r.GoneID)
	}
	sides, err := s.q.SidesOfMerges(ctx, tx, persons)
	if err != nil {
		return nil, err
	}
	known := map[uuid.UUID]*identityv1.MergeSide{}
	for _, p := range sides {
		side := &identityv1.MergeSide{Name: maskName(p.Name), IdKnown: p.IDKnown, CreatedAt: timestamppb.New(p.CreatedAt)}
		if p.PhoneSealed != "" {
			phone, err := s.host.Keys().Open("person.phone", p.PhoneSealed)
			if err != nil {
				return nil, err
			}
			side.Phone = phone
		}
		if p.SeenAt.Unix() > 0 {
			side.SeenAt = timestamppb.New(p.SeenAt.Truncate(time.Second))
		}
		known[p.ID] = side
	}
	places, err := s.q.PlacesOfPersons(ctx, tx, persons)
	if err != nil {
		return nil, err
	}
	for _, p := range places {
		side := known[p.PersonID]
		side.Places = append(side.Places, &identityv1.Place{Role: p.Role, BodyCode: p.BodyCode, BodyName: p.BodyName})
	}
	all := make([]*identityv1.Merge, len(rows))
	for i, r := range rows {
		all[i] = &identityv1.Merge{
			Id: r.ID.String(), State: r.State, Ground: r.Ground, Reason: r.Reason, AskedAt: timestamppb.New(r.AskedAt),
			Keep: withProof(known[r.KeepID], r.KeepProvedAt), Gone: withProof(known[r.GoneID], r.GoneProvedAt),
		}
		if r.DoneAt != nil {
			all[i].DoneAt = timestamppb.New(*r.DoneAt)
			all[i].UndoUntil = timestamppb.New(r.DoneAt.Add(Window))
		}
		if r.UndoneAt != nil {
			all[i].UndoneAt = timestamppb.New(*r.UndoneAt)
		}
	}
	return all, nil
}

// withProof is a side with when its phone was proved for one case.
func withProof(side *identityv1.MergeSide, at *time.Time) *identityv1.MergeSide {
	out := &identityv1.MergeSide{Name: side.Name, Phone: side.Phone, IdKnown: side.IdKnown, Places: side.Places, CreatedAt: side.CreatedAt, SeenAt: side.SeenAt}
	if at != nil {
		out.ProvedAt = timestamppb.New(*at)
	}
	return out
}

// sides locks the two persons and all their places.
func (s *Service) sides(ctx context.Context, tx tenant.DBTX, keep, gone uuid.UUID) (k, g db.LockPersonsRow, identities []db.LockIdentitiesRow, err error) {
	both := []uuid.UUID{keep, gone}
	persons, err := s.q.LockPersons(ctx, tx, both)
	if err != nil {
		return k, g, nil, err
	}
	if len(persons) != 2 {
		return k, g, nil, errState
	}
	k, g = persons[0], persons[1]
	if k.ID != keep {
		k, g = g, k
	}
	identities, err = s.q.LockIdentities(ctx, tx, both)
	return k, g, identities, err
}

// obstacle says why two persons cannot be one.
func obstacle(keep, gone db.LockPersonsRow, identities []db.LockIdentitiesRow) error {
	if keep.State != "open" || gone.State != "open" || !keep.PhoneDigest.Valid || !gone.PhoneDigest.Valid {
		return refused("其中一个账号已注销或已锁定", "one of the two accounts is closed or locked")
	}
	if keep.IDDigest.Valid && gone.IDDigest.Valid {
		return refused("两个账号的证件号码不同，是两个人", "the two accounts have different ID numbers: they are two people")
	}
	var files []db.LockIdentitiesRow
	for _, i := range identities {
		if i.Role == "member" && i.InForce {
			files = append(files, i)
		}
	}
	for _, a := range files {
		for _, b := range files {
			if a.PersonID == b.PersonID {
				continue
			}
			if a.BodyID != b.BodyID {
				return refused("两个账号是不同工会的会员，一人只能有一个会籍；请先由其中一个工会办理退会或转出",
					"the two are members of different bodies, and nobody is on two rolls: one of the bodies has to end its membership first")
			}
			if a.RefID != nil && b.RefID != nil && *a.RefID != *b.RefID {
				return refused("两个账号在同一工会有两份会员档案，请先由该工会处理重复会籍", "the two have two files in one body, which has to settle the duplicate first")
			}
		}
	}
	for _, a := range identities {
		for _, b := range identities {
			if a.PersonID != b.PersonID && a.BodyID == b.BodyID && a.InForce && b.InForce && a.Role != b.Role &&
				a.Role != "member" && b.Role != "member" && (isDuty(a.Role) || isDuty(b.Role)) {
				return fault.New(http.StatusConflict, identityv1.Reason_DUTY_CONFLICT,
					"合并后同一人会兼任三员职责或业务角色，请先由该工会调整", "merged, one person would hold a duty beside another role; the body has to change that first")
			}
		}
	}
	return nil
}

func isDuty(role string) bool {
	return slices.Contains([]string{"system_admin", "security_admin", "audit_admin"}, role)
}

// on runs f on a case of the caller's in the given state, and records the act if f is one.
func (s *Service) on(ctx context.Context, id, state string, act *tenant.Act, f func(ctx context.Context, tx tenant.DBTX, row db.LockMergeRow) error) (*identityv1.Merge, error) {
	var reply *identityv1.Merge
	err := s.host.DB().Platform(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		if _, err := s.one(ctx, tx, uuid.MustParse(id)); err != nil {
			return err
		}
		row, err := s.q.LockMerge(ctx, tx, uuid.MustParse(id))
		if err != nil {
			return err
		}
		if row.State != state {
			return errState
		}
		if act == nil {
			return f(ctx, tx, row)
		}
		was, err := noun.Merge.See(ctx, tx, row.ID)
		if err != nil {
			return err
		}
		if err := f(ctx, tx, row); err != nil {
			return err
		}
		if err := was.Changed(ctx, tx, *act); err != nil {
			return err
		}
		reply, err = s.one(ctx, tx, row.ID)
		return err
	})
	if err != nil {
		return nil, err
	}
	return reply, nil
}

// phoneOf is the phone of a side of an open case.
func (s *Service) phoneOf(ctx context.Context, id, side string) (string, error) {
	phone := ""
	_, err := s.on(ctx, id, "open", nil, func(ctx context.Context, tx tenant.DBTX, row db.LockMergeRow) error {
		keep, gone, _, err := s.sides(ctx, tx, row.KeepID, row.GoneID)
		if err != nil {
			return err
		}
		sealed := keep.PhoneSealed
		if side == "gone" {
			sealed = gone.PhoneSealed
		}
		if sealed == "" {
			return errState
		}
		phone, err = s.host.Keys().Open("person.phone", sealed)
		return err
	})
	return phone, err
}

// SendMergeCode sends a code to the phone of a side.
func (s *Service) SendMergeCode(ctx context.Context, in *identityv1.SendMergeCodeRequest) (*identityv1.SendCodeReply, error) {
	phone, err := s.phoneOf(ctx, in.Id, in.Side)
	if err != nil {
		return nil, err
	}
	return s.phones.SendTo(ctx, phone)
}

// ProveMergePhone takes the code.
func (s *Service) ProveMergePhone(ctx context.Context, in *identityv1.ProveMergePhoneRequest) (*identityv1.Merge, error) {
	phone, err := s.phoneOf(ctx, in.Id, in.Side)
	if err != nil {
		return nil, err
	}
	if err := s.phones.Proven(ctx, phone, in.Code); err != nil {
		return nil, err
	}
	act := tenant.Act{Act: "merge.prove", Kind: "person_merge", Reason: in.Side}
	return s.on(ctx, in.Id, "open", &act, func(ctx context.Context, tx tenant.DBTX, row db.LockMergeRow) error {
		return s.q.ProveSide(ctx, tx, db.ProveSideParams{ID: row.ID, Keep: in.Side == "keep"})
	})
}

// proved reports whether what a case rests on is proved. Two who came with one ID number are one; all others prove both phones, within a day.
func proved(row db.LockMergeRow, keep db.LockPersonsRow, now time.Time) bool {
	if row.Ground == "id_number" {
		// The number was the kept one's before; whoever came with it loses what they hold to its owner, and gains nothing.
		return keep.IDDigest.Valid && row.GoneProvedAt != nil
	}
	fresh := func(at *time.Time) bool { return at != nil && now.Sub(*at) < proofLife }
	return fresh(row.KeepProvedAt) && fresh(row.GoneProvedAt)
}

// ConfirmMerge merges.
func (s *Service) ConfirmMerge(ctx context.Context, in *identityv1.ConfirmMergeRequest) (*identityv1.Merge, error) {
	act := tenant.Act{Act: "merge.done", Kind: "person_merge"}
	return s.on(ctx, in.Id, "open", &act, func(ctx context.Context, tx tenant.DBTX, row db.LockMergeRow) error {
		keep, gone, identities, err := s.sides(ctx, tx, row.KeepID, row.GoneID)
		if err != nil {
			return err
		}
		if err := obstacle(keep, gone, identities); err != nil {
			return err
		}
		if !proved(row, keep, time.Now()) {
			return fault.New(http.StatusConflict, identityv1.Reason_MERGE_REFUSED, "请先验证两个手机号（24 小时内有效）", "prove both phones first; a proof counts for 24 hours")
		}
		j := &journal{tx: tx}
		if err := j.carry(ctx, keep, gone, identities); err != nil {
			return err
		}
		if err := j.empty(ctx, keep, gone); err != nil {
			return err
		}
		raw, err := json.Marshal(j.changes)
		if err != nil {
			return err
		}
		act.Reason = gone.ID.String() + " into " + keep.ID.String()
		return s.q.FinishMerge(ctx, tx, db.FinishMergeParams{ID: row.ID, Log: s.host.Keys().Seal(LogColumn, string(raw))})
	})
}

// UndoMerge puts everything back that is still as the merge left it.
func (s *Service) UndoMerge(ctx context.Context, in *identityv1.UndoMergeRequest) (*identityv1.Merge, error) {
	reason, err := field.Required("reason", in.Reason)
	if err != nil {
		return nil, err
	}
	act := tenant.Act{Act: "merge.undo", Kind: "person_merge", Reason: reason}
	merged, err := s.on(ctx, in.Id, "done", &act, func(ctx context.Context, tx tenant.DBTX, row db.LockMergeRow) error {
		if row.Log == "" || time.Since(*row.DoneAt) > Window {
			return fault.New(http.StatusConflict, identityv1.Reason_MERGE_STATE, "合并已超过 30 天，不能撤销", "the merge is older than 30 days and cannot be undone")
		}
		keep, _, _, err := s.sides(ctx, tx, row.KeepID, row.GoneID)
		if err != nil {
			return err
		}
		if keep.State != "open" {
			return fault.New(http.StatusConflict, identityv1.Reason_MERGE_STATE, "保留的账号已注销、锁定或又被合并，不能撤销", "the account that was kept is closed, locked or was merged in turn")
		}
		raw, err := s.host.Keys().Open(LogColumn, row.Log)
		if err != nil {
			return err
		}
		var changes []change
		if err := json.Unmarshal([]byte(raw), &changes); err != nil {
			return err
		}
		if err := undo(ctx, tx, changes); err != nil {
			return err
		}
		return s.q.FinishUndo(ctx, tx, row.ID)
	})
	if tenant.Violated(err, "person_phone_key") || tenant.Violated(err, "person_id_digest_key") || tenant.Violated(err, "identity_ref_key") || tenant.Violated(err, "identity_duty") {
		return nil, fault.New(http.StatusConflict, identityv1.Reason_MERGE_STATE,
			"原手机号、证件号码、档案或职责此后已由别人使用，不能撤销", "the phone, the ID number, the file or the duty has been taken by somebody else since; the merge cannot be undone")
	}
	return merged, err
}

// DropMerge closes a case without merging.
func (s *Service) DropMerge(ctx context.Context, in *identityv1.DropMergeRequest) (*identityv1.Merge, error) {
	reason, err := field.Required("reason", in.Reason)
	if err != nil {
		return nil, err
	}
	act := tenant.Act{Act: "merge.drop", Kind: "person_merge", Reason: reason}
	return s.on(ctx, in.Id, "open", &act, func(ctx context.Context, tx tenant.DBTX, row db.LockMergeRow) error {
		return s.q.DropMerge(ctx, tx, row.ID)
	})
}

// maskName is the first character and stars.
func maskName(name string) string {
	r := []rune(name)
	for i := 1; i < len(r); i++ {
		r[i] = '*'
	}
	return string(r)
}
