package meeting

import (
	"context"
	"log/slog"
	"slices"
	"time"

	"github.com/go-kratos/kratos/v2/errors"
	"github.com/google/uuid"

	identityv1 "gonghui/app/identity/v1"
	"gonghui/media/meeting/internal/db"
	"gonghui/media/meeting/live"
	"gonghui/tenant"
	"gonghui/tenant/access"
	"gonghui/tenant/directory"
)

const (
	// homeAgain is how often the body of who came with a pass is asked whether they may still take part in meetings.
	homeAgain = time.Minute
	// homeAtOnce people of one body are asked for at a time.
	homeAtOnce = 500
)

// abroad is who came with a pass: from which body, and as whom. There is no session here by which their right could be known.
type abroad struct {
	home     string
	identity uuid.UUID
}

// abroad is that of a connection; false for guests, people of the body, and who has not joined yet.
func (c *conn) abroad() (abroad, bool) {
	select {
	case <-c.joined:
		return c.from, c.from.identity != uuid.Nil && tenant.SubjectFrom(c.ctx) == nil
	default:
		return abroad{}, false
	}
}

// watchHomes takes out who came with a pass and may take part in meetings no more at home.
func (s *Service) watchHomes(ctx context.Context) {
	tick := time.NewTicker(homeAgain)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		case <-s.homeNews:
		}
		s.askHomes(ctx)
	}
}

// homeChanged has the homes asked at once when a change is about somebody who came with a pass.
func (s *Service) homeChanged(identity string) {
	for _, from := range s.abroads() {
		if from.identity.String() == identity {
			select {
			case s.homeNews <- struct{}{}:
			default: // they are about to be asked
			}
			return
		}
	}
}

// abroads are the connections of those who came with passes.
func (s *Service) abroads() map[*conn]abroad {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := map[*conn]abroad{}
	for c := range s.conns {
		if from, ok := c.abroad(); ok {
			all[c] = from
		}
	}
	return all
}

// askHomes asks each body from which somebody came with a pass, once for all of them.
func (s *Service) askHomes(ctx context.Context) {
	all := s.abroads()
	people := map[string][]uuid.UUID{}
	for _, from := range all {
		people[from.home] = append(people[from.home], from.identity)
	}
	may := map[abroad]bool{}
	for home, ids := range people {
		for some := range slices.Chunk(ids, homeAtOnce) {
			known, err := s.mayAtHome(ctx, home, some)
			if err != nil {
				// While it cannot be known it is as it was.
				slog.WarnContext(ctx, "meeting: a body was not asked about who came from it", "body", home, "error", err)
				continue
			}
			for id, ok := range known {
				may[abroad{home, id}] = ok
			}
		}
	}
	for c, from := range all {
		if ok, known := may[from]; known && !ok {
			c.dismissed.Store(true)
			c.Close(live.Restart) // the page asks anew, and is told
		}
	}
}

// mayAtHome tells of people of a body whether they may take part in meetings by what they are there.
func (s *Service) mayAtHome(ctx context.Context, home string, ids []uuid.UUID) (map[uuid.UUID]bool, error) {
	t, err := directory.LookupOf(s.db).ByCode(ctx, home)
	if err != nil {
		if errors.IsNotFound(err) {
			return none(ids), nil
		}
		return nil, err
	}
	ctx = access.With(tenant.With(ctx, t), access.EngineOf(s.db))
	req := &identityv1.ListPeopleRequest{}
	for _, id := range ids {
		req.IdentityIds = append(req.IdentityIds, id.String())
	}
	found, err := identityv1.NewPeopleServiceClient(s.conn("identity")).ListPeople(ctx, req)
	if err != nil {
		return nil, err
	}
	may := none(ids)
	for _, p := range found.GetPeople() {
		id, err := uuid.Parse(p.GetIdentityId())
		if err != nil {
			return nil, err
		}
		who := &tenant.Subject{Identity: id, Name: p.GetName(), Role: p.GetRole(), Body: t.ID, BodyCode: t.Code}
		who.Account, _ = uuid.Parse(p.GetAccountId())
		who.Ref, _ = uuid.Parse(p.GetRefId()) // none for who is tied to no officer
		err = access.Check(tenant.WithSubject(ctx, who), "meeting.join")
		if err != nil && errors.FromError(err).Code >= 500 {
			return nil, err
		}
		may[id] = err == nil
	}
	return may, nil
}

func none(ids []uuid.UUID) map[uuid.UUID]bool {
	may := make(map[uuid.UUID]bool, len(ids))
	for _, id := range ids {
		may[id] = false
	}
	return may
}

// stillAtHome refuses who comes back to a seat that they once got by a pass and may take part in meetings no more at home.
func (s *Service) stillAtHome(ctx context.Context, number, seat string) error {
	var of *db.MeetingPerson
	err := s.db.Snapshot(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		m, err := s.byNumber(ctx, tx, number)
		if err != nil {
			return orNot(err, errNoMeeting)
		}
		digest := s.seatDigest(seat)
		of, err = absent(s.sql.PersonBySeat(ctx, tx, db.PersonBySeatParams{MeetingID: m.ID, SeatDigest: &digest}))
		return err
	})
	if err != nil || of == nil || of.IdentityID == nil || of.Home == tenant.From(ctx).Code {
		return err
	}
	may, err := s.mayAtHome(ctx, of.Home, []uuid.UUID{*of.IdentityID})
	if err == nil && !may[*of.IdentityID] {
		err = errPass
	}
	return err
}
