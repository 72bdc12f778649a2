package builder

import (
	"context"
	"crypto/x509"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"google.golang.org/protobuf/types/known/timestamppb"

	"gonghui/app/kit/fault"
	"gonghui/app/kit/field"
	"gonghui/builder/sign"
	"gonghui/builder/signer"
	builderv1 "gonghui/builder/v1"
	"gonghui/tenant"
	"gonghui/tenant/access"
)

const (
	// spares is how many keys are kept ahead: making one takes some tenths of a second of a processor.
	spares = 16
	// sparePause is how often the pool is looked at when nobody has taken one.
	sparePause = time.Minute
	// awayPause is the pause after the signer did not answer.
	awayPause = 5 * time.Second
)

// keepSpares keeps keys made ahead, until ctx ends.
func (s *Service) keepSpares(ctx context.Context) error {
	for {
		pause := sparePause
		if err := s.fillSpares(ctx, spares); err != nil && ctx.Err() == nil {
			pause = awayPause
			if !errors.Is(err, signer.ErrAway) {
				slog.WarnContext(ctx, "builder: keys made ahead", "error", err)
			} else {
				s.told.Do(func() { slog.WarnContext(ctx, "builder: no keys are made ahead", "error", err) })
			}
		}
		select {
		case <-ctx.Done():
			return nil
		case <-s.wake:
		case <-time.After(pause):
		}
	}
}

// fillSpares makes keys until there are so many ahead. Processes that do it at once make some more.
func (s *Service) fillSpares(ctx context.Context, most int) error {
	for ctx.Err() == nil {
		n := 0
		err := s.db.Platform(ctx, func(ctx context.Context, db tenant.DBTX) error {
			return db.QueryRow(ctx, "select count(*) from (select from platform.app_key where body_id is null limit $1) k", most).Scan(&n)
		})
		if err != nil || n >= most {
			return err
		}
		sealed, err := s.signer.Make(ctx)
		if err != nil {
			return err
		}
		if err := s.putSpare(ctx, sealed); err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) putSpare(ctx context.Context, sealed string) error {
	return s.db.Platform(ctx, func(ctx context.Context, db tenant.DBTX) error {
		_, err := db.Exec(ctx, "insert into platform.app_key (id, sealed) values ($1, $2)", tenant.NewID(), sealed)
		return err
	})
}

// appKey is a body's signing key as it rests.
type appKey struct {
	sealed      string
	certificate []byte
	madeAt      time.Time
}

// keyOf returns a body's key, or nil.
func keyOf(ctx context.Context, db tenant.DBTX, body uuid.UUID) (*appKey, error) {
	k := &appKey{}
	err := db.QueryRow(ctx, "select sealed, certificate, made_at from platform.app_key where body_id = $1", body).Scan(&k.sealed, &k.certificate, &k.madeAt)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, nil
	}
	return k, err
}

// key returns the body's key; the first build takes one that was made ahead, or has one made.
func (s *Service) key(ctx context.Context, t *tenant.Tenant, log *journal) (sign.Identity, error) {
	var k *appKey
	err := s.db.Platform(ctx, func(ctx context.Context, db tenant.DBTX) (err error) {
		k, err = keyOf(ctx, db, t.ID)
		return err
	})
	if err == nil && k == nil {
		k, err = s.firstKey(ctx, t, log)
	}
	if err != nil {
		return sign.Identity{}, err
	}
	return s.signer.Identity(ctx, t.ID.String(), k.sealed, k.certificate)
}

// firstKey gives the body its key, once: the row of the app is locked meanwhile. The signer is asked before, not inside.
func (s *Service) firstKey(ctx context.Context, t *tenant.Tenant, log *journal) (*appKey, error) {
	return together(&s.flight, "key "+t.ID.String(), func() (*appKey, error) {
		owned, certificate, err := s.adopt(ctx, t, log)
		if err != nil {
			return nil, err
		}
		var k *appKey
		err = s.db.Platform(ctx, func(ctx context.Context, db tenant.DBTX) error {
			if _, err := db.Exec(ctx, "select from platform.app where body_id = $1 for update", t.ID); err != nil {
				return err
			}
			if k, err = keyOf(ctx, db, t.ID); err != nil || k != nil {
				return err
			}
			k = &appKey{owned, certificate, time.Now()}
			_, err := db.Exec(ctx, "insert into platform.app_key (id, body_id, sealed, certificate) values ($1, $2, $3, $4)", tenant.NewID(), t.ID, owned, certificate)
			if err != nil {
				return err
			}
			return keyNoun.Made(ctx, db, tenant.Act{Act: "app.key", Reason: fingerprint(certificate)}, t.ID)
		})
		return k, err
	})
}

// adopt gives the body a key that was made ahead, or has one made. Those of another signer, whose master key was lost or is elsewhere,
// are of no use and are not kept.
func (s *Service) adopt(ctx context.Context, t *tenant.Tenant, log *journal) (owned string, certificate []byte, err error) {
	for {
		spare, err := s.takeSpare(ctx)
		if err != nil {
			return "", nil, err
		}
		made := spare == ""
		if made {
			log.add("key", 15, "正在生成签名密钥", "the signing key is being made")
			if spare, err = s.signer.Make(ctx); err != nil {
				return "", nil, err
			}
		}
		owned, certificate, err = s.signer.Adopt(ctx, spare, t.ID.String(), t.Name)
		switch {
		case err == nil:
			return owned, certificate, nil
		case made || !errors.Is(err, signer.ErrRefused):
			return "", nil, errors.Join(err, s.putSpare(context.WithoutCancel(ctx), spare))
		}
		slog.WarnContext(ctx, "builder: a key that was made ahead is of another signer", "error", err)
	}
}

// takeSpare takes a key out of the pool; "" when there is none.
func (s *Service) takeSpare(ctx context.Context) (sealed string, err error) {
	err = s.db.Platform(ctx, func(ctx context.Context, db tenant.DBTX) error {
		sealed = ""
		err := db.QueryRow(ctx, `delete from platform.app_key where id = (
			select id from platform.app_key where body_id is null order by id limit 1 for update skip locked) returning sealed`).Scan(&sealed)
		if errors.Is(err, pgx.ErrNoRows) {
			return nil
		}
		return err
	})
	select {
	case s.wake <- struct{}{}:
	default:
	}
	return sealed, err
}

// fingerprint is the SHA-256 of a certificate, hexadecimal.
func fingerprint(certificate []byte) string {
	c, err := x509.ParseCertificate(certificate)
	if err != nil {
		return ""
	}
	prints, err := sign.FingerprintsOf(c)
	if err != nil {
		return ""
	}
	return hex.EncodeToString(prints.SHA256)
}

func (k *appKey) proto() (*builderv1.AppKey, error) {
	c, err := x509.ParseCertificate(k.certificate)
	if err != nil {
		return nil, err
	}
	prints, err := sign.FingerprintsOf(c)
	if err != nil {
		return nil, err
	}
	return &builderv1.AppKey{
		Md5: colons(prints.MD5), Sha1: colons(prints.SHA1), Sha256: colons(prints.SHA256), Modulus: hex.EncodeToString(prints.Modulus),
		MadeAt: timestamppb.New(k.madeAt),
	}, nil
}

// colons is a digest in the form that shops and authorities ask for: AB:CD.
func colons(b []byte) string {
	parts := make([]string, len(b))
	for i, c := range b {
		parts[i] = fmt.Sprintf("%02X", c)
	}
	return strings.Join(parts, ":")
}

// Bounds of the password of an exported key, in characters.
const minPassword, maxPassword = 12, 64

// exportKey hands the signing key out under a password: POST /v1/app/key:export.
func (s *Service) exportKey(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	if err := access.Fresh(ctx); err != nil {
		return err
	}
	var q struct {
		Password string `json:"password"`
		Reason   string `json:"reason"`
	}
	d := json.NewDecoder(r.Body)
	d.DisallowUnknownFields()
	if err := d.Decode(&q); err != nil {
		return fault.Field("body", "请求不是有效的 JSON", "the request is not the JSON that is asked for")
	}
	if n := utf8.RuneCountInString(q.Password); n < minPassword || n > maxPassword || !utf8.ValidString(q.Password) {
		return fault.Field("password", fmt.Sprintf("密码须为 %d 至 %d 个字符", minPassword, maxPassword), fmt.Sprintf("the password takes %d to %d characters", minPassword, maxPassword))
	}
	reason, err := field.Required("reason", q.Reason)
	if err != nil {
		return err
	}
	if n := utf8.RuneCountInString(reason); n < 2 || n > 100 {
		return fault.Field("reason", "请填写 2 至 100 个字", "write 2 to 100 characters")
	}
	t := tenant.From(ctx)
	var k *appKey
	err = s.db.Platform(ctx, func(ctx context.Context, db tenant.DBTX) (err error) {
		k, err = keyOf(ctx, db, t.ID)
		return err
	})
	if err != nil {
		return err
	}
	if k == nil {
		return errNoKey
	}
	file, err := s.signer.Export(ctx, t.ID.String(), k.sealed, k.certificate, q.Password)
	if err != nil {
		return known(err)
	}
	// The trail has it before the caller does.
	err = s.db.Platform(ctx, func(ctx context.Context, db tenant.DBTX) error {
		tenant.AuditPlatform(ctx, db, tenant.Act{Act: "app.key_export", Kind: "app_key", Object: t.ID.String(), Reason: reason})
		return nil
	})
	if err != nil {
		return err
	}
	w.Header().Set("Cache-Control", "no-store")
	attach(w, "application/x-pkcs12", t.Code+"-app-key.p12")
	_, err = w.Write(file)
	return err
}

// Reseal has every key sealed anew with the signer's master key in use, and returns how many were not yet.
func Reseal(ctx context.Context, d *tenant.DB, c *signer.Client) (changed int, err error) {
	after := uuid.Nil
	for {
		type row struct {
			id     uuid.UUID
			body   *uuid.UUID
			sealed string
		}
		var rows []row
		err := d.Platform(ctx, func(ctx context.Context, db tenant.DBTX) error {
			got, err := db.Query(ctx, "select id, body_id, sealed from platform.app_key where id > $1 order by id limit 200", after)
			if err != nil {
				return err
			}
			rows, err = pgx.CollectRows(got, func(r pgx.CollectableRow) (k row, err error) {
				err = r.Scan(&k.id, &k.body, &k.sealed)
				return k, err
			})
			return err
		})
		if err != nil || len(rows) == 0 {
			return changed, err
		}
		for _, k := range rows {
			owner := ""
			if k.body != nil {
				owner = k.body.String()
			}
			young, err := c.Renew(ctx, owner, k.sealed)
			if err != nil {
				return changed, err
			}
			after = k.id
			if young == k.sealed {
				continue
			}
			err = d.Platform(ctx, func(ctx context.Context, db tenant.DBTX) error {
				// A key that was taken out of the pool meanwhile is another row by now, sealed anew already.
				_, err := db.Exec(ctx, "update platform.app_key set sealed = $2 where id = $1 and sealed = $3", k.id, young, k.sealed)
				return err
			})
			if err != nil {
				return changed, err
			}
			changed++
		}
	}
}
