package meeting

import (
	"context"
	"crypto/rand"
	"fmt"
	"time"

	"github.com/google/uuid"

	"gonghui/app/module"
	"gonghui/media/meeting/internal/db"
	"gonghui/media/meeting/live"
	meetingv1 "gonghui/media/meeting/v1"
	"gonghui/tenant"
)

// Seeded is a generated meeting of a demo system.
type Seeded struct {
	Title    string
	Starts   time.Time
	Minutes  int
	OpenTo   string // as in a plan
	Host     uuid.UUID
	HostName string
	Came     []string // names; a meeting to which somebody came is over
	Repeat   *meetingv1.Repeat
	Quiet    bool // nobody is reminded
	Invited  []SeededBody
}

// SeededBody is another body whose staff is invited.
type SeededBody struct {
	ID         uuid.UUID
	Code, Name string
}

// Seed writes generated meetings into the body of the context: all in one transaction, or none. A host who has meetings already keeps
// what there is.
func Seed(ctx context.Context, h module.Host, meetings []Seeded) error {
	s := &Service{host: h, db: h.DB(), keys: h.Keys(), sql: db.New()}
	return s.db.Tx(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		for i := range meetings {
			in := &meetings[i]
			has, err := s.sql.HasMeetings(ctx, tx, in.Host)
			if err != nil || has && i == 0 {
				return err
			}
			if err := s.seed(ctx, tx, in); err != nil {
				return fmt.Errorf("meeting %q: %w", in.Title, err)
			}
		}
		return nil
	})
}

func (s *Service) seed(ctx context.Context, tx tenant.DBTX, in *Seeded) error {
	p := plan{Plan: &meetingv1.Plan{OpenTo: in.OpenTo}, title: in.Title, starts: in.Starts, ends: in.Starts.Add(time.Duration(in.Minutes) * time.Minute)}
	for _, b := range in.Invited {
		p.targets = append(p.targets, target{id: b.ID, kind: toBody, code: b.Code, name: b.Name, role: live.Speaker})
	}
	if !in.Quiet {
		p.First = usualLead
	}
	var err error
	if p.series, err = readRepeat(in.Repeat, in.Starts); err != nil {
		return err
	}
	arg := db.InsertMeetingParams{
		Title: p.title, StartsAt: p.starts, EndsAt: p.ends, State: planned, OpenTo: in.OpenTo, GuestKey: s.keys.Seal(keyColumn, rand.Text()),
		HostID: in.Host, HostName: in.HostName,
	}
	m, err := s.insert(ctx, tx, arg)
	if err != nil {
		return err
	}
	if err := s.invite(ctx, tx, m.ID, &p); err != nil {
		return err
	}
	if err := meetingNoun.Made(ctx, tx, tenant.Act{Act: "meeting.create", Reason: "demo"}, m.ID); err != nil {
		return err
	}
	if p.series != nil {
		if err := s.insertSeries(ctx, tx, &m, arg, &p); err != nil {
			return err
		}
	}
	if err := s.arrange(ctx, tx, &m, &p, p.series != nil); err != nil {
		return err
	}
	if len(in.Came) == 0 {
		return s.tellAll(ctx, tx, m.ID, nil, p.series != nil)
	}
	return s.seedHeld(ctx, tx, &m, in)
}

// seedHeld writes who came to a meeting that is over.
func (s *Service) seedHeld(ctx context.Context, tx tenant.DBTX, m *db.Meeting, in *Seeded) error {
	home := tenant.From(ctx)
	arg := db.SeedStaysParams{MeetingID: m.ID, Ended: m.EndsAt}
	for n := range in.Came {
		arg.People, arg.Stays = append(arg.People, tenant.NewID()), append(arg.Stays, tenant.NewID())
		arg.Joined = append(arg.Joined, m.StartsAt.Add(time.Duration(n)*40*time.Second)) // one after the other
	}
	if err := s.sql.SeedPeople(ctx, tx, db.SeedPeopleParams{MeetingID: m.ID, People: arg.People, Names: in.Came, Home: home.Code, BodyName: home.Name}); err != nil {
		return err
	}
	if err := s.sql.SeedStays(ctx, tx, arg); err != nil {
		return err
	}
	if _, err := s.sql.BeginMeeting(ctx, tx, db.BeginMeetingParams{ID: m.ID, BeganAt: &m.StartsAt}); err != nil {
		return err
	}
	if err := s.countHeld(ctx, tx, m.ID); err != nil {
		return err
	}
	_, err := s.sql.CloseMeeting(ctx, tx, db.CloseMeetingParams{ID: m.ID, State: ended, EndedAt: &m.EndsAt})
	return err
}
