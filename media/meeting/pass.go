package meeting

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"time"

	"github.com/google/uuid"
	"github.com/redis/go-redis/v9"

	meetingv1 "gonghui/media/meeting/v1"
	"gonghui/tenant"
	directoryv1 "gonghui/tenant/directory/v1"
)

// passLife is how long a pass is good for.
const passLife = time.Minute

// pass says on another body's host who somebody is. It rests in Redis under the digest of its text, until it is used.
type pass struct {
	Identity uuid.UUID `json:"identity"`
	Home     string    `json:"home"`
	Name     string    `json:"name"`
	Body     string    `json:"body"`
	Post     string    `json:"post"`
	Staff    bool      `json:"staff"` // works for the own body: what is for a body's staff is for them
	Above    []string  `json:"above"` // codes of the bodies above the own one, on both lines
	To       string    `json:"to"`    // the other body's code
	Number   string    `json:"number"`
	Mark     string    `json:"mark"` // what they see over everything there
}

func (s *Service) passKey(text string) string {
	return "gonghui:meeting:pass:" + s.keys.Digest("meeting_pass", text)
}

// CreatePass says for whoever asks who they are, to the host of another body.
func (s *Service) CreatePass(ctx context.Context, in *meetingv1.CreatePassRequest) (*meetingv1.Pass, error) {
	me, t := tenant.SubjectFrom(ctx), tenant.From(ctx)
	switch {
	case me.App != uuid.Nil || me.Body != t.ID:
		return nil, errSignIn
	case in.GetBodyCode() == t.Code: // no pass is needed at home
		return &meetingv1.Pass{Url: s.host.Scheme() + "://" + t.Code + "." + s.host.Base() + "/meet/" + in.GetNumber()}, nil
	}
	post, err := s.postOf(ctx, me)
	if err != nil {
		return nil, err
	}
	seen, err := s.markOf(ctx)
	if err != nil {
		return nil, err
	}
	above, err := s.above(ctx)
	if err != nil {
		return nil, err
	}
	raw, err := json.Marshal(pass{me.Identity, t.Code, me.Name, t.Name, post, isStaff(me), above, in.GetBodyCode(), in.GetNumber(), seen})
	if err != nil {
		return nil, err
	}
	err = s.db.Tx(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		tenant.Audit(ctx, tx, tenant.Act{Act: "meeting.pass", Kind: "body", Object: in.GetBodyCode(), Reason: in.GetNumber()})
		return nil
	})
	if err != nil {
		return nil, err
	}
	text := rand.Text()
	if err := s.redis.Set(ctx, s.passKey(text), raw, passLife).Err(); err != nil {
		return nil, err
	}
	return &meetingv1.Pass{
		Pass: text, Url: s.host.Scheme() + "://" + in.GetBodyCode() + "." + s.host.Base() + "/meet/" + in.GetNumber() + "#pass=" + text,
	}, nil
}

// above are the codes of the bodies above that of the host, on both lines.
func (s *Service) above(ctx context.Context) ([]string, error) {
	own, err := directoryv1.NewDirectoryServiceClient(s.conn("directory")).GetOwnBody(ctx, &directoryv1.GetOwnBodyRequest{})
	if err != nil {
		return nil, err
	}
	var codes []string
	for _, b := range append(own.GetAncestors(), own.GetOtherAncestors()...) {
		codes = append(codes, b.GetCode())
	}
	return codes, nil
}

// usePass takes a pass for a meeting of the body of the host, once.
func (s *Service) usePass(ctx context.Context, text, number string) (*pass, error) {
	raw, err := s.redis.GetDel(ctx, s.passKey(text)).Bytes()
	if errors.Is(err, redis.Nil) {
		return nil, errPass
	}
	if err != nil {
		return nil, err
	}
	var p pass
	if err := json.Unmarshal(raw, &p); err != nil {
		return nil, err
	}
	if p.To != tenant.From(ctx).Code || p.Number != number {
		return nil, errPass
	}
	return &p, nil
}
