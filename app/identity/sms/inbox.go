package sms

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/redis/go-redis/v9"
)

// ErrProduction is returned for an inbox on a system that is no demo system.
var ErrProduction = errors.New("sms: an inbox is refused in production: whoever opens it reads every code")

const (
	inboxKey  = "gonghui:sms:inbox"
	inboxSize = 200
	inboxLife = 24 * time.Hour
)

// Inbox is the provider of a demo system: messages go nowhere, the last ones are shown to everybody.
type Inbox struct{ redis redis.UniversalClient }

// NewInbox makes the inbox of a demo system and refuses any other.
func NewInbox(rdb redis.UniversalClient, demo bool) (*Inbox, error) {
	if !demo {
		return nil, ErrProduction
	}
	return &Inbox{rdb}, nil
}

// Message is one message as it was sent.
type Message struct {
	At       time.Time         `json:"at"`
	Phone    string            `json:"phone"`
	Template string            `json:"template"`
	Params   map[string]string `json:"params"`
	TextZh   string            `json:"text_zh"`
	TextEn   string            `json:"text_en"`
}

// Send puts the message into the inbox.
func (i *Inbox) Send(ctx context.Context, phone, template string, params map[string]string) error {
	m := Message{At: time.Now(), Phone: phone, Template: template, Params: params}
	m.TextZh, m.TextEn = Wording(template, params)
	raw, err := json.Marshal(m)
	if err != nil {
		return err
	}
	pipe := i.redis.TxPipeline()
	pipe.LPush(ctx, inboxKey, raw)
	pipe.LTrim(ctx, inboxKey, 0, inboxSize-1)
	pipe.Expire(ctx, inboxKey, inboxLife)
	_, err = pipe.Exec(ctx)
	return err
}

// Messages returns what is in the inbox, newest first.
func (i *Inbox) Messages(ctx context.Context) ([]Message, error) {
	rows, err := i.redis.LRange(ctx, inboxKey, 0, inboxSize-1).Result()
	if err != nil {
		return nil, err
	}
	all := make([]Message, 0, len(rows))
	for _, raw := range rows {
		var m Message
		if err := json.Unmarshal([]byte(raw), &m); err != nil {
			return nil, err
		}
		all = append(all, m)
	}
	return all, nil
}
