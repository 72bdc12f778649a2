package builder

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"google.golang.org/protobuf/types/known/timestamppb"

	brandingv1 "gonghui/branding/v1"
	"gonghui/builder/apk"
	"gonghui/builder/input"
	builderv1 "gonghui/builder/v1"
	"gonghui/media/object"
	"gonghui/tenant"
)

// offer is what a body offers to anybody, kept in memory until the news of a change comes.
type offer struct {
	id          string // application id; empty for a body without an app
	certificate string // SHA-256 of the signing certificate, hexadecimal; empty without a key
	inForce     []*release
}

func (s *Service) offer(ctx context.Context, t *tenant.Tenant) (*offer, error) {
	if o, ok := s.offers.Get(t.ID); ok {
		return o, nil
	}
	v, err, _ := s.flight.Do("offer "+t.ID.String(), func() (any, error) {
		asked := s.offers.Ask()
		o := &offer{}
		err := s.db.Platform(context.WithoutCancel(ctx), func(ctx context.Context, db tenant.DBTX) error {
			*o = offer{}
			err := db.QueryRow(ctx, "select application_id from platform.app where body_id = $1", t.ID).Scan(&o.id)
			if errors.Is(err, pgx.ErrNoRows) {
				return nil
			}
			if err != nil {
				return err
			}
			k, err := keyOf(ctx, db, t.ID)
			if err != nil {
				return err
			}
			if k != nil {
				o.certificate = fingerprint(k.certificate)
			}
			o.inForce, err = releases(ctx, db, "where r.body_id = $1 and r.ended_at is null order by r.id desc", t.ID)
			return err
		})
		if err != nil {
			return nil, err
		}
		s.offers.Put(t.ID, o, asked)
		return o, nil
	})
	if err != nil {
		return nil, err
	}
	return v.(*offer), nil
}

// staged is the newest release of a channel that a device is among the share of; nil when there is none.
func (o *offer) staged(channel, device string) *release {
	for _, r := range o.inForce {
		if r.channel == channel && among(r, device) {
			return r
		}
	}
	return nil
}

// among reports whether a device is of a release's share. The place of a device differs from release to release, so that it is not
// always the same that go first, and stays within one, so that a wider share takes in all of a narrower.
func among(r *release, device string) bool {
	sum := sha256.Sum256([]byte(r.id.String() + " " + device))
	return int32(binary.BigEndian.Uint32(sum[:4])%everybody) < r.share
}

// given is the release that somebody who comes for the file gets: that for all, else the newest.
func (o *offer) given(channel string) (found *release) {
	for _, r := range o.inForce {
		if r.channel == channel && (found == nil || r.share == everybody) {
			found = r
		}
	}
	return found
}

// installForm is a number that an app has made up when it was first started: 128 bits, hexadecimal.
var installForm = regexp.MustCompile(`^[0-9a-f]{32}$`)

// update answers an app that asks whether there is a newer version: GET /app/update.json?install=…&version=…. install is a number that the
// app has made up, version the code of what it is. An app that says neither is told from others by its address and kind alone.
func (s *Service) update(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	t := tenant.From(ctx)
	o, err := s.offer(ctx, t)
	if err != nil {
		return err
	}
	install, code := r.URL.Query().Get("install"), r.URL.Query().Get("version")
	call := tenant.CallFrom(ctx)
	device := s.host.Keys().Digest("app.install", t.Code+" "+call.Source+" "+call.Device)
	if installForm.MatchString(install) {
		device = s.host.Keys().Digest("app.install", t.Code+" "+install)
		if n, err := strconv.ParseInt(code, 10, 32); err == nil && n > 0 && o.id != "" {
			// Whoever asks for an update gets its answer, counted or not.
			if err := s.count(ctx, t.ID, android, device, int32(n)); err != nil {
				slog.WarnContext(ctx, "builder: an install is not counted", "error", err)
			}
		}
	}
	found := o.staged(android, device)
	w.Header().Set("Cache-Control", "no-store")
	if found == nil || o.certificate == "" {
		return errNothing
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(apk.Update{
		VersionCode: found.code, VersionName: found.version, Size: found.size, SHA256: found.sha256, Certificate: o.certificate,
		URL:   "https://" + t.Code + "." + s.host.Base() + "/app/android.apk?v=" + strconv.Itoa(int(found.code)),
		Notes: input.Text{ZH: found.notesZh, EN: found.notesEn},
	})
	return nil
}

// maxNew bounds how many devices that were not known one address may bring in a day: an office or a school has fewer.
const maxNew = 2000

// built is a condition: version $4 of channel $2 of body $1 was given. One that never was is nobody's.
const built = `exists (select from platform.app_channel c where c.body_id = $1 and c.channel = $2 and c.last_code >= $4)`

// count writes down which version a device has, at most once an hour unless it has changed.
func (s *Service) count(ctx context.Context, body uuid.UUID, channel, device string, code int32) error {
	key := body.String() + channel + device
	if was, ok := s.seen.Get(key); ok && was == code {
		return nil
	}
	asked := s.seen.Ask()
	known := false
	err := s.db.Platform(ctx, func(ctx context.Context, db tenant.DBTX) error {
		tag, err := db.Exec(ctx, `update platform.app_install set version_code = $4, last_seen_at = now()
			where body_id = $1 and channel = $2 and device = $3 and `+built, body, channel, device, code)
		known = tag.RowsAffected() > 0
		return err
	})
	if err == nil && !known && s.fewNew(ctx) {
		err = s.db.Platform(ctx, func(ctx context.Context, db tenant.DBTX) error {
			_, err := db.Exec(ctx, `insert into platform.app_install (body_id, channel, device, version_code)
				select $1::uuid, $2::varchar, $3::varchar, $4::integer where `+built+` on conflict (body_id, channel, device) do nothing`, body, channel, device, code)
			return err
		})
	}
	if err == nil {
		s.seen.Put(key, code, asked)
	}
	return err
}

// fewNew reports whether the caller's address may bring one more device that was not known. Without Redis it may not.
func (s *Service) fewNew(ctx context.Context) bool {
	key := "app:new:" + s.host.Keys().Digest("app.source", tenant.CallFrom(ctx).Source) + ":" + time.Now().UTC().Format(time.DateOnly)
	n, err := s.host.Redis().Incr(ctx, key).Result()
	if err == nil && n == 1 {
		err = s.host.Redis().Expire(ctx, key, 25*time.Hour).Err()
	}
	return err == nil && n <= maxNew
}

// published hands out what is published of a channel: GET /app/android.apk, of another version in force with ?v=….
func (s *Service) published(channel string) func(http.ResponseWriter, *http.Request) error {
	return func(w http.ResponseWriter, r *http.Request) error {
		o, err := s.offer(r.Context(), tenant.From(r.Context()))
		if err != nil {
			return err
		}
		found := o.given(channel)
		if v, err := strconv.Atoi(r.URL.Query().Get("v")); err == nil {
			for _, one := range o.inForce {
				if one.channel == channel && int(one.code) == v {
					found = one
				}
			}
		}
		if found == nil {
			return errNothing
		}
		return s.serve(w, r, channelOf(channel), found.file, found.fileName, found.sha256, found.at)
	}
}

// serve answers with a file, or a range of it: phones go on with what was broken off.
func (s *Service) serve(w http.ResponseWriter, r *http.Request, c *channel, file, name, sha string, at time.Time) error {
	raw, err := s.read(r.Context(), file)
	if errors.Is(err, object.ErrNotFound) {
		return errNoBuild
	}
	if err != nil {
		return err
	}
	attach(w, c.kind, name)
	w.Header().Set("ETag", `"`+sha+`"`)
	w.Header().Set("Cache-Control", "no-cache")
	http.ServeContent(w, r, "", at, bytes.NewReader(raw))
	return nil
}

func attach(w http.ResponseWriter, kind, name string) {
	w.Header().Set("Content-Type", kind)
	w.Header().Set("Content-Disposition", "attachment; filename*=UTF-8''"+url.PathEscape(name))
}

// assetLinks says which app may open the links of this host (Digital Asset Links): GET /.well-known/assetlinks.json.
func (s *Service) assetLinks(w http.ResponseWriter, r *http.Request) error {
	o, err := s.offer(r.Context(), tenant.From(r.Context()))
	if err != nil {
		return err
	}
	type target struct {
		Namespace    string   `json:"namespace"`
		Package      string   `json:"package_name"`
		Fingerprints []string `json:"sha256_cert_fingerprints"`
	}
	type link struct {
		Relation []string `json:"relation"`
		Target   target   `json:"target"`
	}
	links := []link{}
	if o.certificate != "" {
		links = append(links, link{[]string{"delegate_permission/common.handle_all_urls"}, target{"android_app", o.id, []string{parted(o.certificate)}}})
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-cache")
	_ = json.NewEncoder(w).Encode(links)
	return nil
}

// GetDownload returns what the download page offers.
func (s *Service) GetDownload(ctx context.Context, _ *builderv1.GetAppDownloadRequest) (*builderv1.AppDownload, error) {
	t, err := body(ctx)
	if err != nil {
		return nil, err
	}
	o, err := s.offer(ctx, t)
	if err != nil {
		return nil, err
	}
	look, err := s.branding().GetLook(ctx, &brandingv1.GetLookRequest{})
	if err != nil {
		return nil, err
	}
	out := &builderv1.AppDownload{AppName: look.Names.AppName, AppNameEn: look.Names.AppNameEn, BodyName: t.Name, Url: s.address(t, "/get")}
	paths := map[string]string{pwa: "/", android: "/app/android.apk", webClip: "/app/ios.mobileconfig"}
	for _, c := range channels {
		if r := o.given(c.name); r != nil && c.public {
			out.Channels = append(out.Channels, &builderv1.AppDownloadChannel{
				Channel: c.name, VersionName: r.version, Size: r.size, Sha256: r.sha256, Url: s.address(t, paths[c.name]), PublishedAt: timestamppb.New(r.at),
			})
		}
	}
	return out, nil
}
