package identity

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/google/uuid"
	"golang.org/x/sync/errgroup"

	"gonghui/app/identity/internal/db"
	"gonghui/app/identity/sms"
	identityv1 "gonghui/app/identity/v1"
	"gonghui/app/kit/day"
	"gonghui/tenant"
)

const (
	// noticesOfBody and noticesOfPerson are sent in a day at most; codes are not among them.
	noticesOfBody   = 2000
	noticesOfPerson = 6
	// noticeKept is how long it is known who was told something.
	noticeKept = 48 * time.Hour
	// senders is how many messages are on their way to the gateway at a time.
	senders = 8
)

// SendNotice tells people of the body something by text message, each once for a key.
func (s *Service) SendNotice(ctx context.Context, in *identityv1.SendNoticeRequest) (*identityv1.SendNoticeReply, error) {
	t := tenant.From(ctx)
	if t == nil {
		return nil, errElsewhere
	}
	arg := db.PhonesOfPeopleParams{BodyID: t.ID}
	for _, text := range in.GetIdentityIds() {
		id, err := idOf("identityIds", text)
		if err != nil {
			return nil, err
		}
		arg.Ids = append(arg.Ids, id)
	}
	var people []db.PhonesOfPeopleRow
	err := s.host.DB().Platform(ctx, func(ctx context.Context, tx tenant.DBTX) (err error) {
		people, err = s.q.PhonesOfPeople(ctx, tx, arg)
		return err
	})
	if err != nil {
		return nil, err
	}
	params := map[string]string{
		"title": in.GetParams().GetTitle(), "body": in.GetParams().GetBody(), "when": in.GetParams().GetWhen(), "number": in.GetParams().GetNumber(),
	}
	var sent, held, failed atomic.Int32
	work, ctxWork := errgroup.WithContext(ctx)
	work.SetLimit(senders)
	told := map[uuid.UUID]bool{} // officer and member, one phone
	for _, who := range people {
		if told[who.PersonID] {
			continue
		}
		told[who.PersonID] = true
		work.Go(func() error {
			first, allowed, err := s.claimNotice(ctxWork, t.Code, in.GetKey(), who.PersonID)
			switch {
			case err != nil:
				return err
			case !first:
				return nil
			case !allowed:
				held.Add(1)
				return nil
			}
			phone, err := s.host.Keys().Open("person.phone", who.PhoneSealed)
			if err != nil {
				return err
			}
			// It may have arrived even where the gateway did not answer: it is not sent again.
			if err := s.sms.Send(ctxWork, phone, in.GetTemplate(), params); err != nil {
				failed.Add(1)
				if !errors.Is(err, sms.ErrNone) {
					slog.ErrorContext(ctx, "sms", "template", in.GetTemplate(), "error", err)
				}
				return nil
			}
			sent.Add(1)
			return nil
		})
	}
	if err := work.Wait(); err != nil {
		return nil, err
	}
	reply := &identityv1.SendNoticeReply{Sent: sent.Load(), Held: held.Load(), Failed: failed.Load()}
	if reply.Sent+reply.Held+reply.Failed == 0 {
		return reply, nil
	}
	return reply, s.host.DB().Platform(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		tenant.AuditPlatform(ctx, tx, tenant.Act{
			Act: "notice.send", Kind: "notice", Object: in.GetKey(), Reason: fmt.Sprintf("%d/%d/%d", reply.Sent, reply.Held, reply.Failed),
		})
		return nil
	})
}

// claimNotice reports whether a person has not been told yet, and may be told today. It is asked before the message leaves, and once: what
// is lost between the two is not sent again, and nothing is sent twice.
func (s *Service) claimNotice(ctx context.Context, body, key string, person uuid.UUID) (first, allowed bool, err error) {
	first, err = s.codes.redis.SetNX(ctx, "gonghui:notice:"+body+":"+key+":"+person.String(), 1, noticeKept).Result()
	if err != nil || !first {
		return false, false, err
	}
	today := day.Format(day.Today())
	ofBody, ofPerson := "gonghui:notices:"+today+":"+body, "gonghui:notices:"+today+":"+person.String()
	pipe := s.codes.redis.Pipeline()
	byBody, byPerson := pipe.Incr(ctx, ofBody), pipe.Incr(ctx, ofPerson)
	pipe.ExpireNX(ctx, ofBody, noticeKept)
	pipe.ExpireNX(ctx, ofPerson, noticeKept)
	if _, err := pipe.Exec(ctx); err != nil {
		return false, false, err
	}
	return true, byBody.Val() <= noticesOfBody && byPerson.Val() <= noticesOfPerson, nil
}
