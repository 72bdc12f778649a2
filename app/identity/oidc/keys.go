package oidc

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"errors"
	"sync"
	"time"

	jose "github.com/go-jose/go-jose/v4"
	"github.com/zitadel/oidc/v3/pkg/op"

	"gonghui/app/identity/internal/db"
	"gonghui/app/identity/internal/noun"
	"gonghui/app/module"
	"gonghui/tenant"
)

const (
	keyUse   = 30 * 24 * time.Hour // a key signs for so long
	keyAhead = 7 * 24 * time.Hour  // the next one is published so long before it signs
	keyAfter = 31 * 24 * time.Hour // and is published so long after: what it signed can be shown to us again at sign-out
	keyKept  = time.Minute         // how long a process trusts what it has read
)

// KeyColumn is what the sealed keys are bound to.
const KeyColumn = "oidc_key.sealed"

// keys are the keys that sign tokens, read now and then and made when their time comes.
type keys struct {
	host module.Host
	q    *db.Queries
	mu   sync.Mutex
	at   time.Time
	all  []signingKey
}

func newKeys(h module.Host, q *db.Queries) *keys { return &keys{host: h, q: q} }

// signingKey is one key; it implements op.SigningKey, and published the public half of it op.Key.
type signingKey struct {
	id       string
	private  *rsa.PrivateKey
	from, to time.Time
}

func (k signingKey) SignatureAlgorithm() jose.SignatureAlgorithm { return jose.RS256 }
func (k signingKey) Key() any                                    { return k.private }
func (k signingKey) ID() string                                  { return k.id }

type published struct{ signingKey }

func (k published) Algorithm() jose.SignatureAlgorithm { return jose.RS256 }
func (k published) Use() string                        { return "sig" }
func (k published) Key() any                           { return &k.private.PublicKey }

var errNoKey = errors.New("oidc: no key signs just now")

// signing returns the key that signs at a time: the youngest in use.
func signing(all []signingKey, now time.Time) (signingKey, bool) {
	for i := len(all) - 1; i >= 0; i-- {
		if k := all[i]; !k.from.After(now) && k.to.After(now) {
			return k, true
		}
	}
	return signingKey{}, false
}

// next says from when a further key is to sign, when it is time to make one.
func next(all []signingKey, now time.Time) (from time.Time, due bool) {
	last := now
	for _, k := range all {
		if k.to.After(last) {
			last = k.to
		}
	}
	return last, last.Sub(now) < keyAhead
}

// load returns the published keys, the oldest first. When it is time, it makes the next one.
func (k *keys) load(ctx context.Context) ([]signingKey, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if time.Since(k.at) < keyKept {
		return k.all, nil
	}
	all, err := k.read(ctx, false)
	if err != nil {
		return nil, err
	}
	if _, due := next(all, time.Now()); due {
		if all, err = k.read(ctx, true); err != nil {
			return nil, err
		}
	}
	k.all, k.at = all, time.Now()
	return all, nil
}

// read reads the keys; with making it also makes the next one, unless another process has done so.
func (k *keys) read(ctx context.Context, making bool) ([]signingKey, error) {
	var made *rsa.PrivateKey
	if making {
		var err error
		if made, err = rsa.GenerateKey(rand.Reader, 2048); err != nil {
			return nil, err
		}
	}
	var all []signingKey
	err := k.host.DB().Platform(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		if making {
			if err := k.q.LockKeys(ctx, tx); err != nil {
				return err
			}
		}
		rows, err := k.q.Keys(ctx, tx)
		if err != nil {
			return err
		}
		all = make([]signingKey, 0, len(rows)+1)
		for _, r := range rows {
			one, err := k.open(r)
			if err != nil {
				return err
			}
			all = append(all, one)
		}
		from, due := next(all, time.Now())
		if !making || !due {
			return nil
		}
		one := signingKey{id: tenant.NewID().String(), private: made, from: from, to: from.Add(keyUse)}
		der, err := x509.MarshalPKCS8PrivateKey(made)
		if err != nil {
			return err
		}
		all = append(all, one)
		err = k.q.CreateKey(ctx, tx, db.CreateKeyParams{
			ID: one.id, Sealed: k.host.Keys().Seal(KeyColumn, string(der)), UseFrom: one.from, UseTo: one.to, GoneAt: one.to.Add(keyAfter),
		})
		if err != nil {
			return err
		}
		return noun.Key.Made(ctx, tx, tenant.Act{Act: "oidc.key_make"}, one.id)
	})
	return all, err
}

func (k *keys) open(r db.KeysRow) (signingKey, error) {
	der, err := k.host.Keys().Open(KeyColumn, r.Sealed)
	if err != nil {
		return signingKey{}, err
	}
	private, err := x509.ParsePKCS8PrivateKey([]byte(der))
	if err != nil {
		return signingKey{}, err
	}
	return signingKey{r.ID, private.(*rsa.PrivateKey), r.UseFrom, r.UseTo}, nil
}

// SigningKey implements op.AuthStorage.
func (s storage) SigningKey(ctx context.Context) (op.SigningKey, error) {
	all, err := s.keys.load(ctx)
	if err != nil {
		return nil, err
	}
	if k, ok := signing(all, time.Now()); ok {
		return k, nil
	}
	return nil, errNoKey
}

// SignatureAlgorithms implements op.AuthStorage.
func (storage) SignatureAlgorithms(context.Context) ([]jose.SignatureAlgorithm, error) {
	return []jose.SignatureAlgorithm{jose.RS256}, nil
}

// KeySet implements op.AuthStorage.
func (s storage) KeySet(ctx context.Context) ([]op.Key, error) {
	all, err := s.keys.load(ctx)
	if err != nil {
		return nil, err
	}
	set := make([]op.Key, len(all))
	for i, k := range all {
		set[i] = published{k}
	}
	return set, nil
}
