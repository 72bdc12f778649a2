package identity

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"google.golang.org/protobuf/types/known/timestamppb"

	"gonghui/app/identity/internal/db"
	"gonghui/app/identity/internal/noun"
	"gonghui/app/identity/sms"
	identityv1 "gonghui/app/identity/v1"
	"gonghui/app/kit/cnid"
	"gonghui/app/kit/fault"
	input "gonghui/app/kit/field"
	"gonghui/app/kit/page"
	"gonghui/tenant"
)

var (
	errHolder = fault.New(http.StatusNotFound, identityv1.Reason_HOLDER_NOT_FOUND, "本单位没有这个账号", "nobody of that kind has a place in this body")
	errOwn    = fault.New(http.StatusConflict, identityv1.Reason_OWN_PLACE, "不能对自己的账号这样操作，请由另一位管理员办理", "this is not done to the own account; another administrator has to do it")
)

// ListHolders pages through the people with a place in the body.
func (s *Service) ListHolders(ctx context.Context, in *identityv1.ListHoldersRequest) (*identityv1.ListHoldersReply, error) {
	before := uuid.Max
	if _, err := page.Parse(in.PageToken, &before); err != nil {
		return nil, err
	}
	query, err := input.Line("query", in.Query)
	if err != nil {
		return nil, err
	}
	size := page.Size(in.PageSize, 50)
	ask := db.ListHoldersParams{BodyID: tenant.From(ctx).ID, Before: before, Role: in.Role, State: in.State, Size: size + 1, Name: query}
	// A whole number finds its holder; part of one would let numbers be guessed digit by digit.
	if phone, err := cnid.NormalizePhone(query); err == nil {
		ask.Name, ask.PhoneDigest = "", s.host.Keys().Digest("phone", phone)
	}
	reply := &identityv1.ListHoldersReply{}
	err = s.host.DB().Platform(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		rows, err := s.q.ListHolders(ctx, tx, ask)
		if err != nil {
			return err
		}
		rows, reply.NextPageToken = page.Cut(rows, size, func(r db.ListHoldersRow) any { return r.ID })
		reply.Holders, err = s.holders(ctx, tx, rows)
		return err
	})
	return reply, err
}

// holders are people with what they hold in the body.
func (s *Service) holders(ctx context.Context, tx tenant.DBTX, rows []db.ListHoldersRow) ([]*identityv1.Holder, error) {
	all := make([]*identityv1.Holder, len(rows))
	ids, at := make([]uuid.UUID, len(rows)), map[uuid.UUID]*identityv1.Holder{}
	for i, r := range rows {
		phone := ""
		if r.PhoneSealed != "" {
			var err error
			if phone, err = s.host.Keys().Open("person.phone", r.PhoneSealed); err != nil {
				return nil, err
			}
		}
		me := tenant.SubjectFrom(ctx)
		all[i] = &identityv1.Holder{PersonId: r.ID.String(), Name: r.Name, Phone: phone, State: "open", Self: me != nil && r.ID == me.Person}
		ids[i], at[r.ID] = r.ID, all[i]
	}
	if len(rows) == 0 {
		return all, nil
	}
	secured, err := s.q.WithSecondFactor(ctx, tx, ids)
	if err != nil {
		return nil, err
	}
	for _, id := range secured {
		at[id].SecondFactor = true
	}
	places, err := s.q.PlacesOfHolders(ctx, tx, db.PlacesOfHoldersParams{BodyID: tenant.From(ctx).ID, Persons: ids})
	for _, p := range places {
		h := at[p.PersonID]
		h.Places = append(h.Places, &identityv1.HeldPlace{IdentityId: p.ID.String(), Role: p.Role, Since: timestamppb.New(p.CreatedAt)})
		h.Sessions += p.Sessions
		if p.LockedAt != nil {
			h.State = "locked"
		}
		if p.SeenAt.Unix() > 0 && (h.SeenAt == nil || p.SeenAt.After(h.SeenAt.AsTime())) {
			h.SeenAt = timestamppb.New(p.SeenAt.Truncate(time.Second))
		}
	}
	return all, err
}

// holder is one person with a place in the body.
func (s *Service) holder(ctx context.Context, tx tenant.DBTX, person uuid.UUID) (*identityv1.Holder, error) {
	row, err := s.q.HolderByID(ctx, tx, db.HolderByIDParams{ID: person, BodyID: tenant.From(ctx).ID})
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, errHolder
	}
	if err != nil {
		return nil, err
	}
	all, err := s.holders(ctx, tx, []db.ListHoldersRow{db.ListHoldersRow(row)})
	if err != nil {
		return nil, err
	}
	return all[0], nil
}

// GetHolder returns one person with a place in the body.
func (s *Service) GetHolder(ctx context.Context, in *identityv1.GetHolderRequest) (*identityv1.Holder, error) {
	var reply *identityv1.Holder
	err := s.host.DB().Platform(ctx, func(ctx context.Context, tx tenant.DBTX) (err error) {
		reply, err = s.holder(ctx, tx, uuid.MustParse(in.PersonId))
		return err
	})
	return reply, err
}

// onHolder runs f on the places of somebody else in the body, ends the person's sessions here when f says so, and answers with
// what came of it.
func (s *Service) onHolder(ctx context.Context, id string, act tenant.Act, f func(ctx context.Context, tx tenant.DBTX, person uuid.UUID, places []db.LockPlacesRow) error) (*identityv1.Holder, error) {
	person, body, me := uuid.MustParse(id), tenant.From(ctx).ID, tenant.SubjectFrom(ctx)
	if person == me.Person {
		return nil, errOwn
	}
	var reply *identityv1.Holder
	err := s.host.DB().Platform(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		places, err := s.q.LockPlaces(ctx, tx, db.LockPlacesParams{BodyID: body, PersonID: person})
		if err != nil {
			return err
		}
		if len(places) == 0 {
			return errHolder
		}
		was, err := noun.Holder.See(ctx, tx, person, body)
		if err != nil {
			return err
		}
		if err := f(ctx, tx, person, places); err != nil {
			return err
		}
		if err := was.Changed(ctx, tx, act); err != nil {
			return err
		}
		if reply, err = s.holder(ctx, tx, person); errors.Is(err, error(errHolder)) {
			reply, err = &identityv1.Holder{PersonId: id, State: "open"}, nil // the last place has ended
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	s.forget(func(o *tenant.Subject) bool { return o.Person == person && o.Body == body })
	return reply, nil
}

// endSessionsHere ends the sessions of a person in the body, and what would open another.
func (s *Service) endSessionsHere(ctx context.Context, tx tenant.DBTX, person uuid.UUID) error {
	body := tenant.From(ctx).ID
	if _, err := s.q.DeleteSessionsInBody(ctx, tx, db.DeleteSessionsInBodyParams{BodyID: body, PersonID: person}); err != nil {
		return err
	}
	return s.q.DeleteHandoffsInBody(ctx, tx, db.DeleteHandoffsInBodyParams{BodyID: body, PersonID: person})
}

// LockHolder bars a person from the body.
func (s *Service) LockHolder(ctx context.Context, in *identityv1.LockHolderRequest) (*identityv1.Holder, error) {
	reason, err := input.Required("reason", in.Reason)
	if err != nil {
		return nil, err
	}
	return s.onHolder(ctx, in.PersonId, tenant.Act{Act: "place.lock", Reason: reason}, func(ctx context.Context, tx tenant.DBTX, person uuid.UUID, places []db.LockPlacesRow) error {
		for _, p := range places {
			if err := s.spared(ctx, tx, person, p.Role); err != nil {
				return err
			}
		}
		err := s.q.SetPlacesLocked(ctx, tx, db.SetPlacesLockedParams{BodyID: tenant.From(ctx).ID, PersonID: person, Locked: true})
		if err != nil {
			return err
		}
		return s.endSessionsHere(ctx, tx, person)
	})
}

// UnlockHolder lets a person in again.
func (s *Service) UnlockHolder(ctx context.Context, in *identityv1.UnlockHolderRequest) (*identityv1.Holder, error) {
	return s.onHolder(ctx, in.PersonId, tenant.Act{Act: "place.unlock"}, func(ctx context.Context, tx tenant.DBTX, person uuid.UUID, _ []db.LockPlacesRow) error {
		return s.q.SetPlacesLocked(ctx, tx, db.SetPlacesLockedParams{BodyID: tenant.From(ctx).ID, PersonID: person})
	})
}

// EndHolderSessions signs a person out of the body.
func (s *Service) EndHolderSessions(ctx context.Context, in *identityv1.EndHolderSessionsRequest) (*identityv1.Holder, error) {
	return s.onHolder(ctx, in.PersonId, tenant.Act{Act: "place.end_sessions"}, func(ctx context.Context, tx tenant.DBTX, person uuid.UUID, _ []db.LockPlacesRow) error {
		return s.endSessionsHere(ctx, tx, person)
	})
}

// EndHolderPlace takes a role of the body from a person. The place of a member goes with the file, which the roll keeps.
func (s *Service) EndHolderPlace(ctx context.Context, in *identityv1.EndHolderPlaceRequest) (*identityv1.Holder, error) {
	reason, err := input.Required("reason", in.Reason)
	if err != nil {
		return nil, err
	}
	identity := uuid.MustParse(in.IdentityId)
	return s.onHolder(ctx, in.PersonId, tenant.Act{Act: "place.end", Reason: strings.TrimSpace(reason)}, func(ctx context.Context, tx tenant.DBTX, person uuid.UUID, places []db.LockPlacesRow) error {
		i := slices.IndexFunc(places, func(p db.LockPlacesRow) bool { return p.ID == identity })
		switch {
		case i < 0:
			return errHolder
		case places[i].Role == "member":
			return fault.Field("identityId", "会员身份随会籍，请在会员名册中办理", "a member's place goes with the membership; end that in the register of members")
		}
		if err := s.spared(ctx, tx, person, places[i].Role); err != nil {
			return err
		}
		if err := s.q.EndIdentity(ctx, tx, identity); err != nil {
			return err
		}
		if err := s.q.DeleteSessionsOfIdentity(ctx, tx, identity); err != nil {
			return err
		}
		return s.q.DeleteHandoffsOfIdentity(ctx, tx, identity)
	})
}

// spared refuses to do without the last holder of a role that the body needs. Two who go at once wait for each other.
func (s *Service) spared(ctx context.Context, tx tenant.DBTX, person uuid.UUID, role string) error {
	body := tenant.From(ctx).ID
	switch {
	case role == "admin":
		admins, err := s.q.LockAdminsOfBody(ctx, tx, body)
		if err != nil {
			return err
		}
		if !slices.ContainsFunc(admins, func(a db.LockAdminsOfBodyRow) bool { return a.PersonID != person }) {
			return fault.New(http.StatusConflict, identityv1.Reason_LAST_ADMIN,
				"这是本单位唯一的管理员，请先邀请另一位", "this is the only administrator of the body; invite another one first")
		}
	case isDuty(role):
		return s.dutySpared(ctx, tx, person, []uuid.UUID{body})
	}
	return nil
}

// phoneOfHolder is the account of somebody else with a place in the body, and its phone.
func (s *Service) phoneOfHolder(ctx context.Context, id string) (account uuid.UUID, phone string, err error) {
	person := uuid.MustParse(id)
	if person == tenant.SubjectFrom(ctx).Person {
		return uuid.Nil, "", errOwn
	}
	var row db.AccountOfPersonRow
	err = s.host.DB().Platform(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		if _, err := s.holder(ctx, tx, person); err != nil {
			return err
		}
		row, err = s.q.AccountOfPerson(ctx, tx, person)
		if errors.Is(err, pgx.ErrNoRows) {
			return errHolder
		}
		return err
	})
	if err != nil {
		return uuid.Nil, "", err
	}
	phone, err = s.host.Keys().Open("person.phone", row.PhoneSealed)
	return row.ID, phone, err
}

// SendHolderCode sends a code for the reset of the second factor.
func (s *Service) SendHolderCode(ctx context.Context, in *identityv1.SendHolderCodeRequest) (*identityv1.SendCodeReply, error) {
	_, phone, err := s.phoneOfHolder(ctx, in.PersonId)
	if err != nil {
		return nil, err
	}
	return s.sendCode(ctx, sms.Factor, phone)
}

// ResetHolderFactor takes the second factor from an account. The account is good in other bodies too, so that an administrator
// of one alone must not do it: the person reads out the code that was sent to the phone.
func (s *Service) ResetHolderFactor(ctx context.Context, in *identityv1.ResetHolderFactorRequest) (*identityv1.Holder, error) {
	account, phone, err := s.phoneOfHolder(ctx, in.PersonId)
	if err != nil {
		return nil, err
	}
	if err := s.proven(ctx, sms.Factor, s.host.Keys().Digest("phone", phone), tenant.CallFrom(ctx).Source, in.Code); err != nil {
		return nil, err
	}
	reply, err := s.onHolder(ctx, in.PersonId, tenant.Act{Act: "factor.reset"}, func(ctx context.Context, tx tenant.DBTX, _ uuid.UUID, _ []db.LockPlacesRow) error {
		if _, err := s.q.DeleteTotp(ctx, tx, account); err != nil {
			return err
		}
		for _, step := range []func(context.Context, db.DBTX, uuid.UUID) error{s.q.DeleteRecoveryCodes, s.q.DeletePasskeysOfAccount} {
			if err := step(ctx, tx, account); err != nil {
				return err
			}
		}
		_, err := s.q.DeleteSessionsOfAccount(ctx, tx, account)
		return err
	})
	s.forget(func(o *tenant.Subject) bool { return o.Account == account })
	return reply, err
}
