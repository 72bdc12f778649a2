package identity

import (
	"time"

	"gonghui/app/kit/recent"
	"gonghui/tenant"
)

// cacheSize bounds memory: about 300 bytes an entry, at most twice as many of them.
const cacheSize = 25_000

// tokenDigest is how a session's token is kept.
type tokenDigest [32]byte

// held is who holds a token; nobody without a subject.
type held struct {
	subject     *tenant.Subject
	supervision bool
	until       time.Time // when the token of an application is good no more; zero for sessions
}

// newSessions remembers who holds a token until news of a change comes.
func newSessions(news *tenant.News) *recent.Cache[tokenDigest, held] {
	c := recent.New[tokenDigest, held](news.Life, cacheSize)
	for topic, id := range map[string]func(*tenant.Subject) string{
		"session":  func(s *tenant.Subject) string { return s.Session.String() },
		"identity": func(s *tenant.Subject) string { return s.Identity.String() },
		"app":      func(s *tenant.Subject) string { return s.App.String() },
		"account":  func(s *tenant.Subject) string { return s.Account.String() },
	} {
		news.On(topic, func(key string) {
			c.ForgetAll(func(e held) bool { return key == "" || e.subject != nil && id(e.subject) == key })
		})
	}
	return c
}

// forget drops the sessions of subjects that fit, at once in this process.
func (s *Service) forget(fits func(*tenant.Subject) bool) {
	s.sessions.ForgetAll(func(e held) bool { return e.subject != nil && fits(e.subject) })
}
