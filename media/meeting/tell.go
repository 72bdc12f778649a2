package meeting

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"gonghui/media/meeting/internal/db"
	"gonghui/tenant"
	directoryv1 "gonghui/tenant/directory/v1"
)

const (
	// tellJob tells other bodies of a meeting to which their people are invited; pointJob is what they do with it.
	tellJob  = "meeting.tell"
	pointJob = "meeting.point"
	// toldPage is how many bodies are told at a time: a killed server takes up after the last page.
	toldPage = 500
	// sealedNews names what rests in the queue on its way from body to body.
	sealedNews = "meeting.news"
)

// telling is the argument of a job that tells one body, or all below one, of a meeting.
type telling struct {
	Meeting  uuid.UUID `json:"meeting"`
	Series   bool      `json:"series,omitempty"` // of all times of it that are ahead
	Target   uuid.UUID `json:"target,omitempty"`
	Code     string    `json:"code"`
	Subtree  bool      `json:"subtree,omitempty"`
	Identity uuid.UUID `json:"identity"` // zero: the staff of the body
	Role     string    `json:"role"`
	Gone     bool      `json:"gone,omitempty"` // they are invited no more
	After    string    `json:"after,omitempty"`
	Told     int32     `json:"told,omitempty"`
}

// same reports whether two jobs tell the same people.
func (t telling) same(o telling) bool {
	return t.Code == o.Code && t.Subtree == o.Subtree && t.Identity == o.Identity
}

// news is what another body learns.
type news struct {
	From     string    `json:"from"`
	Body     string    `json:"body"`
	Host     string    `json:"host"`
	Identity uuid.UUID `json:"identity"`
	Role     string    `json:"role"`
	Gone     bool      `json:"gone"`
	Meetings []pointed `json:"meetings"`
}

type pointed struct {
	ID       uuid.UUID `json:"id"`
	Number   string    `json:"number"`
	Title    string    `json:"title"`
	Starts   time.Time `json:"starts"`
	Ends     time.Time `json:"ends"`
	State    string    `json:"state"`
	Revision int32     `json:"revision"`
	around
}

// posted is the argument of a job in another body: nobody who reads the queue learns what it says.
type posted struct {
	Sealed string `json:"sealed"`
}

// tellings are the jobs by which all other bodies of a meeting are told.
func (s *Service) tellings(ctx context.Context, tx tenant.DBTX, meeting uuid.UUID) ([]telling, error) {
	targets, err := s.sql.ListTargets(ctx, tx, meeting)
	if err != nil {
		return nil, err
	}
	var all []telling
	for _, t := range targets {
		if t.Kind != toGroup {
			all = append(all, telling{Meeting: meeting, Target: t.TargetID, Code: t.Code, Subtree: t.Kind == toSubtree, Role: t.Role})
		}
	}
	away, err := s.sql.ListAway(ctx, tx, meeting)
	for _, a := range away {
		all = append(all, telling{Meeting: meeting, Code: a.Home, Identity: a.IdentityID, Role: a.Role})
	}
	return all, err
}

// tellAll has other bodies told how a meeting stands; those who were told before and are invited no more learn that.
func (s *Service) tellAll(ctx context.Context, tx tenant.DBTX, meeting uuid.UUID, before []telling, series bool) error {
	now, err := s.tellings(ctx, tx, meeting)
	if err != nil {
		return err
	}
	for _, t := range before {
		if !slices.ContainsFunc(now, t.same) {
			t.Gone = true
			now = append(now, t)
		}
	}
	for _, t := range now {
		t.Series = series
		if err := tenant.Enqueue(tx, tellJob, t); err != nil {
			return err
		}
	}
	return nil
}

// spread is the job: one page of bodies, and another job for those after it.
func (s *Service) spread(ctx context.Context, args json.RawMessage) error {
	var t telling
	if err := json.Unmarshal(args, &t); err != nil {
		return err
	}
	n := news{From: tenant.From(ctx).Code, Body: tenant.From(ctx).Name, Identity: t.Identity, Role: t.Role, Gone: t.Gone}
	err := s.db.Snapshot(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		if err := s.readNews(ctx, tx, &t, &n); err != nil {
			return err
		}
		return s.readAround(ctx, tx, n.Meetings)
	})
	if err != nil || len(n.Meetings) == 0 {
		return err
	}
	codes, last := []string{t.Code}, ""
	if t.Subtree {
		below, err := directoryv1.NewReachServiceClient(s.conn("directory")).ListBelow(ctx, &directoryv1.ListBelowRequest{Code: t.Code, AfterId: t.After, Size: toldPage})
		if err != nil {
			return err
		}
		codes = nil
		for _, b := range below.GetBodies() {
			if b.GetCode() != n.From {
				codes = append(codes, b.GetCode())
			}
		}
		if found := len(below.GetBodies()); found == toldPage {
			last = below.GetBodies()[found-1].GetId()
		}
	}
	if err := s.post(ctx, pointJob, codes, n); err != nil {
		return err
	}
	t.Told += int32(len(codes))
	return s.db.Tx(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		if t.Target != uuid.Nil && !t.Gone {
			if err := s.sql.ToldTarget(ctx, tx, db.ToldTargetParams{MeetingID: t.Meeting, TargetID: t.Target, Told: t.Told}); err != nil {
				return err
			}
		}
		if last == "" {
			return nil
		}
		t.After = last
		return tenant.Enqueue(tx, tellJob, t)
	})
}

// readNews reads how the meeting stands, or all times of it.
func (s *Service) readNews(ctx context.Context, tx tenant.DBTX, t *telling, n *news) error {
	n.Meetings = nil
	m, err := s.sql.GetMeeting(ctx, tx, t.Meeting)
	if err != nil {
		if errors.Is(err, pgx.ErrNoRows) {
			return nil
		}
		return err
	}
	n.Host = m.HostName
	one := pointed{ID: m.ID, Number: m.Number, Title: m.Title, Starts: m.StartsAt, Ends: m.EndsAt, State: m.State, Revision: m.Version}
	o, err := absent(s.sql.Occurrence(ctx, tx, m.ID))
	if err != nil || o == nil {
		n.Meetings = []pointed{one}
		return err
	}
	one.Number = o.Link
	if !t.Series {
		n.Meetings = []pointed{one}
		return nil
	}
	rows, err := s.sql.ListOccurrences(ctx, tx, o.Link)
	for _, r := range rows {
		if r.Place >= o.Place {
			n.Meetings = append(n.Meetings, pointed{
				ID: r.MeetingID, Number: o.Link, Title: r.Title, Starts: r.StartsAt, Ends: r.EndsAt, State: r.State, Revision: r.Version,
			})
		}
	}
	return err
}

// post hands something to other bodies: one job each, sealed.
func (s *Service) post(ctx context.Context, job string, codes []string, what any) error {
	if len(codes) == 0 {
		return nil
	}
	raw, err := json.Marshal(what)
	if err != nil {
		return err
	}
	args := make([]any, len(codes))
	letter := posted{s.keys.Seal(sealedNews, string(raw))}
	for i := range args {
		args[i] = letter
	}
	return s.db.Platform(ctx, func(_ context.Context, tx tenant.DBTX) error { return tenant.EnqueueFor(tx, job, codes, args) })
}

// received opens what another body has posted; false: this one has no meetings, and so nothing to do with it.
func (s *Service) received(ctx context.Context, args json.RawMessage, what any) (bool, error) {
	var letter posted
	if err := json.Unmarshal(args, &letter); err != nil {
		return false, err
	}
	if t := tenant.From(ctx); !t.Active || !t.On["meeting"] {
		return false, nil
	}
	raw, err := s.keys.Open(sealedNews, letter.Sealed)
	if err != nil {
		return false, err
	}
	return true, json.Unmarshal([]byte(raw), what)
}

// point keeps, in the body whose people are invited, where the meeting of another one is to be found.
func (s *Service) point(ctx context.Context, args json.RawMessage) error {
	var n news
	if on, err := s.received(ctx, args, &n); err != nil || !on || len(n.Meetings) == 0 {
		return err
	}
	arg := db.PutPointersParams{IdentityID: n.Identity, BodyCode: n.From, BodyName: n.Body, HostName: n.Host, Role: n.Role}
	last := int32(0)
	for _, m := range n.Meetings {
		arg.Meetings, arg.Numbers, arg.Titles = append(arg.Meetings, m.ID), append(arg.Numbers, m.Number), append(arg.Titles, m.Title)
		arg.Starts, arg.Ends = append(arg.Starts, m.Starts), append(arg.Ends, m.Ends)
		arg.States, arg.Revisions = append(arg.States, m.State), append(arg.Revisions, m.Revision)
		arg.RemindFirsts, arg.RemindSeconds = append(arg.RemindFirsts, m.First), append(arg.RemindSeconds, m.Second)
		arg.RemindTexts, arg.Spots = append(arg.RemindTexts, m.Text), append(arg.Spots, m.Place)
		last = max(last, m.Revision)
	}
	return s.db.Tx(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		if n.Gone {
			tenant.Audit(ctx, tx, tenant.Act{Act: "meeting.uninvited", Kind: "meeting", Object: n.Meetings[0].ID.String(), Reason: n.From})
			return s.sql.DropPointers(ctx, tx, db.DropPointersParams{Meetings: arg.Meetings, IdentityID: n.Identity, BodyCode: n.From, Revision: last})
		}
		tenant.Audit(ctx, tx, tenant.Act{Act: "meeting.invited", Kind: "meeting", Object: n.Meetings[0].ID.String(), Reason: n.From})
		for _, m := range n.Meetings {
			if err := enqueueReminders(tx, m.ID, m.Starts, m.reminders); err != nil {
				return err
			}
		}
		return s.sql.PutPointers(ctx, tx, arg)
	})
}
