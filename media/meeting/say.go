package meeting

import (
	"context"
	"errors"
	"time"

	kerrors "github.com/go-kratos/kratos/v2/errors"
	"github.com/google/uuid"

	"gonghui/app/kit/field"
	"gonghui/media/meeting/internal/db"
	"gonghui/media/signal"
	signalv1 "gonghui/media/signal/v1"
	"gonghui/tenant"
)

// toldAtOnce is how many lines of the chat are told at a time.
const toldAtOnce = 50

// Do answers what is said besides media.
func (c *conn) Do(ctx context.Context, m *signalv1.FromClient) (*signalv1.FromServer, error) {
	done := func() { c.Push(answering(m.GetId(), signal.Done())) } // before what it may lead to
	if m.GetSettled() != nil {
		done()
		c.hall.settle(c) // the last one to settle is hung up on
		return nil, nil
	}
	if err := c.hall.goesOn(); err != nil {
		return nil, err
	}
	switch what := m.GetWhat().(type) {
	case *signalv1.FromClient_Own:
		return signal.Done(), c.hall.live.Own(c.person.String(), what.Own)
	case *signalv1.FromClient_Act:
		return nil, c.hall.act(ctx, c.person.String(), what.Act, done)
	case *signalv1.FromClient_Say:
		return signal.Done(), c.say(ctx, what.Say.GetText())
	case *signalv1.FromClient_Relays:
		return &signalv1.FromServer{What: &signalv1.FromServer_Relays{Relays: &signalv1.RelaysReply{IceServers: c.s.media.relays(c.person.String())}}}, nil
	case *signalv1.FromClient_Consent:
		return signal.Done(), c.hall.consent(ctx, c.person, what.Consent.GetAgree())
	case *signalv1.FromClient_Recall:
		return c.recall(ctx, what.Recall.GetBefore())
	case *signalv1.FromClient_Vote:
		return c.vote(ctx, what.Vote)
	case *signalv1.FromClient_Breakout:
		return signal.Done(), c.hall.breakout(ctx, c.person.String(), what.Breakout)
	case *signalv1.FromClient_Venue:
		return signal.Done(), c.hall.direct(ctx, c.person.String(), what.Venue)
	case *signalv1.FromClient_Set:
		return signal.Done(), c.hall.set(ctx, c.person.String(), what.Set)
	case *signalv1.FromClient_Write:
		return c.caption(ctx, what.Write)
	case *signalv1.FromClient_Agenda:
		return c.aboutAgenda(ctx, what.Agenda)
	case *signalv1.FromClient_Attach:
		return c.attach(ctx, what.Attach)
	case *signalv1.FromClient_Report:
		return signal.Done(), c.report(ctx, what.Report)
	case *signalv1.FromClient_Look:
		return &signalv1.FromServer{What: &signalv1.FromServer_Seen{Seen: c.hall.live.Look(what.Look)}}, nil
	}
	return nil, signal.Refuse(signal.ReasonMessage, "")
}

// say keeps a line of the chat and shows it to all.
func (c *conn) say(ctx context.Context, text string) error {
	text, err := field.Text("say.text", text)
	if err == nil && text == "" {
		err = signal.Refuse(signal.ReasonMessage, "say.text")
	}
	if e := (*kerrors.Error)(nil); errors.As(err, &e) {
		err = signal.Refuse(signal.ReasonMessage, "say.text")
	}
	if err != nil {
		return err
	}
	name, err := c.hall.live.Speech(c.person.String())
	if err != nil {
		return err
	}
	c.hall.mu.Lock()
	defer c.hall.mu.Unlock()
	line := db.InsertLineParams{MeetingID: c.meeting, ID: tenant.NewID(), PersonID: c.person, At: time.Now(), Text: text, RoomID: c.room()}
	err = c.hall.tx(ctx, func(ctx context.Context, tx tenant.DBTX) error { return c.s.sql.InsertLine(ctx, tx, line) })
	if err != nil {
		return err
	}
	c.hall.live.Said(&signalv1.Line{Id: line.ID.String(), Participant: c.person.String(), Name: name, Text: text, At: line.At.UnixMilli()})
	return nil
}

// room is the breakout room in which the person is; nil: the main one.
func (c *conn) room() *uuid.UUID {
	id, err := uuid.Parse(c.hall.live.Place(c.person.String()))
	if err != nil {
		return nil
	}
	return &id
}

// recall tells what was said before.
func (c *conn) recall(ctx context.Context, before string) (*signalv1.FromServer, error) {
	from := lastID
	if before != "" {
		id, err := uuid.Parse(before)
		if err != nil {
			return nil, signal.Refuse(signal.ReasonMessage, "recall.before")
		}
		from = id
	}
	told, room := &signalv1.Told{}, c.room()
	err := c.s.db.Snapshot(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		rows, err := c.s.sql.ListLines(ctx, tx, db.ListLinesParams{MeetingID: c.meeting, Before: from, Size: toldAtOnce + 1, RoomID: room})
		told = &signalv1.Told{More: len(rows) > toldAtOnce}
		for i := min(len(rows), toldAtOnce) - 1; i >= 0; i-- {
			l := rows[i]
			told.Lines = append(told.Lines, &signalv1.Line{Id: l.ID.String(), Participant: l.PersonID.String(), Name: l.Name, Text: l.Text, At: l.At.UnixMilli(), File: fileOf(&l)})
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return &signalv1.FromServer{What: &signalv1.FromServer_Told{Told: told}}, nil
}
