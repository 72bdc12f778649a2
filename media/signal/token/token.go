// Package token makes and checks what a participant shows to join a meeting: who they are, of which body, whose meeting and which room it
// is, and what they may do there. A token holds for a minute or two and for one use; it is signed, not secret.
package token

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"strings"
	"sync"
	"time"
)

// Longest is how long a token holds at most.
const Longest = 2 * time.Minute

// longestText is how long one is at most, in bytes.
const longestText = 2048

// What may be wrong with a token.
var (
	ErrForged  = errors.New("token: not made here, or changed")
	ErrExpired = errors.New("token: has run out")
	ErrUsed    = errors.New("token: was used before")
	ErrOther   = errors.New("token: is for another meeting")
	ErrSecret  = errors.New("token: the secret is shorter than 32 bytes")
	ErrClaims  = errors.New("token: lacks a person, a body, a room, or holds too long")
)

// Claims are what a token says.
type Claims struct {
	ID      string    `json:"id"`                // of the token
	Person  string    `json:"person"`            // who, in this meeting
	Home    string    `json:"home"`              // their body
	Tenant  string    `json:"tenant"`            // the meeting's body
	Session string    `json:"session,omitempty"` // with which the WebSocket must come; empty for guests
	Room    string    `json:"room"`              // on the media server
	Expires time.Time `json:"expires"`           // to the second
	Mark    string    `json:"mark,omitempty"`    // what they see over everything, where that is set
	Send    bool      `json:"send,omitempty"`
	Sources int       `json:"sources,omitempty"` // tracks at most; 0: what is usual
	Places  int       `json:"places,omitempty"`  // at most; 0: what is usual
}

// Tokens makes and checks tokens. It remembers those that were used until they run out.
type Tokens struct {
	key []byte

	mu    sync.Mutex
	used  map[string]time.Time
	sweep time.Time
}

// New makes tokens signed by a key of its own, derived from a secret of 32 bytes at least.
func New(secret []byte) (*Tokens, error) {
	if len(secret) < 32 {
		return nil, ErrSecret
	}
	mac := hmac.New(sha256.New, secret)
	mac.Write([]byte("gonghui meeting token"))
	return &Tokens{key: mac.Sum(nil), used: map[string]time.Time{}}, nil
}

// Make signs claims; their id is made here.
func (t *Tokens) Make(c Claims, now time.Time) (string, error) {
	if c.Person == "" || c.Home == "" || c.Tenant == "" || c.Room == "" || !c.Expires.After(now) || c.Expires.Sub(now) > Longest {
		return "", ErrClaims
	}
	c.ID = rand.Text()
	c.Expires = c.Expires.UTC().Truncate(time.Second)
	raw, err := json.Marshal(c)
	if err != nil {
		return "", err
	}
	body := base64.RawURLEncoding.EncodeToString(raw)
	if len(body) > longestText-64 {
		return "", ErrClaims
	}
	return body + "." + t.sign(body), nil
}

func (t *Tokens) sign(body string) string {
	mac := hmac.New(sha256.New, t.key)
	mac.Write([]byte(body))
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

// Use checks a token for a meeting of a body and a room, and uses it up when it is right.
func (t *Tokens) Use(text, tenant, room string, now time.Time) (Claims, error) {
	body, mark, ok := strings.Cut(text, ".")
	if !ok || len(text) > longestText || !hmac.Equal([]byte(mark), []byte(t.sign(body))) {
		return Claims{}, ErrForged
	}
	raw, err := base64.RawURLEncoding.DecodeString(body)
	if err != nil {
		return Claims{}, ErrForged
	}
	var c Claims
	if err := json.Unmarshal(raw, &c); err != nil || c.ID == "" {
		return Claims{}, ErrForged
	}
	switch {
	case !now.Before(c.Expires):
		return Claims{}, ErrExpired
	case c.Tenant != tenant || c.Room != room:
		return Claims{}, ErrOther
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if now.Sub(t.sweep) > Longest {
		t.sweep = now
		for id, until := range t.used {
			if !now.Before(until) {
				delete(t.used, id)
			}
		}
	}
	if _, again := t.used[c.ID]; again {
		return Claims{}, ErrUsed
	}
	t.used[c.ID] = c.Expires
	return c, nil
}
