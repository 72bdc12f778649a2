package builder

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	kerrors "github.com/go-kratos/kratos/v2/errors"
	"software.sslmate.com/src/go-pkcs12"

	"gonghui/app/kit/crypt"
	"gonghui/builder/apk"
	"gonghui/tenant"
	"gonghui/tenant/pgtest"
)

// export asks for the key of a body as somebody who proved to be who they are so long ago.
func (s *stage) export(b *pgtest.Body, ago time.Duration, body string) (*httptest.ResponseRecorder, error) {
	subject := *tenant.SubjectFrom(b.Ctx)
	subject.Proved = time.Now().Add(-ago)
	w := httptest.NewRecorder()
	r := httptest.NewRequest(http.MethodPost, "/v1/app/key:export", strings.NewReader(body)).WithContext(tenant.WithSubject(b.Ctx, &subject))
	return w, s.exportKey(w, r)
}

// A body can leave with its app: the file holds the key that the packages are signed with, and the trail says who took it.
func TestExportKey(t *testing.T) {
	s := open(t)
	const asked = `{"password":"离开平台以后使用 2026","reason":"迁移到自建系统"}`
	_, err := s.export(s.county, 0, asked)
	want(t, "without a key", err, "APP_KEY_MISSING")
	f, err := apk.Verify(s.fileOf(t, s.android(t, s.county, false).Id))
	if err != nil {
		t.Fatal(err)
	}
	for name, tt := range map[string]struct {
		ago        time.Duration
		body, want string
	}{
		"a proof of an hour ago": {time.Hour, asked, "FRESH_PROOF_REQUIRED"},
		"a short password":       {0, `{"password":"12345678901","reason":"迁移"}`, "password"},
		"no reason":              {0, `{"password":"123456789012"}`, "reason"},
		"a field that is not":    {0, `{"password":"123456789012","reason":"迁移","x":1}`, "body"},
		"no JSON":                {0, ``, "body"},
	} {
		w, err := s.export(s.county, tt.ago, tt.body)
		e := kerrors.FromError(err)
		if err == nil || e.Code >= 500 || tt.ago == 0 && e.Metadata["field"] != tt.want || w.Body.Len() > 0 {
			t.Errorf("%s: %v", name, err)
		}
	}
	if n := s.env.Count(t, "select count(*) from platform.audit_log where act = 'app.key_export' and body = $1", s.county.Code); n != 0 {
		t.Errorf("%d exports on record, none was done", n)
	}
	w, err := s.export(s.county, 0, asked)
	if err != nil {
		t.Fatal(err)
	}
	private, certificate, err := pkcs12.Decode(w.Body.Bytes(), "离开平台以后使用 2026")
	if err != nil || private == nil || !certificate.Equal(f.Certificate) {
		t.Errorf("the file: %v", err)
	}
	if n := s.env.Count(t, "select count(*) from platform.audit_log where act = 'app.key_export' and body = $1 and reason = '迁移到自建系统'", s.county.Code); n != 1 {
		t.Errorf("%d exports on record", n)
	}
	if _, err := s.export(s.other, 0, asked); kerrors.Reason(err) != "APP_KEY_MISSING" {
		t.Errorf("another body's: %v", err)
	}
	s.signer.stop()
	_, err = s.export(s.county, 0, asked)
	want(t, "without a signer", err, "APP_SIGNER_AWAY")
}

// Keys rest sealed, are made ahead, and after a rotation of the signer's master key are sealed anew and sign on.
func TestKeysAtRest(t *testing.T) {
	s := open(t)
	if err := s.fillSpares(t.Context(), 2); err != nil {
		t.Fatal(err)
	}
	before := s.env.Count(t, "select count(*) from platform.app_key where body_id is null")
	first := s.android(t, s.county, false)
	if n := s.env.Count(t, "select count(*) from platform.app_key where body_id is null"); before < 2 || n != before-1 {
		t.Errorf("%d keys ahead, %d after one was needed", before, n)
	}
	old, err := apk.Verify(s.fileOf(t, first.Id))
	if err != nil {
		t.Fatal(err)
	}
	var sealed string
	read := func() {
		t.Helper()
		err := s.env.DB.Platform(context.Background(), func(ctx context.Context, db tenant.DBTX) error {
			return db.QueryRow(ctx, "select sealed from platform.app_key where body_id = $1", s.county.ID).Scan(&sealed)
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	read()
	was := sealed
	if strings.Contains(was, "MII") {
		t.Error("the key rests in the clear")
	}
	// Keys of other tests' signers are none of ours.
	err = s.env.DB.Platform(context.Background(), func(ctx context.Context, db tenant.DBTX) error {
		_, err := db.Exec(ctx, "delete from platform.app_key where split_part(sealed, '|', 1) <> split_part($1, '|', 1)", was)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := crypt.Rotate(s.signer.file); err != nil {
		t.Fatal(err)
	}
	s.signer.stop()
	s.signer.start(t)
	n, err := Reseal(t.Context(), s.env.DB, s.Service.signer)
	if err != nil || n < 2 {
		t.Fatalf("%d keys sealed anew, %v", n, err)
	}
	if read(); sealed == was {
		t.Error("the body's key is as it was")
	}
	if n, err := Reseal(t.Context(), s.env.DB, s.Service.signer); err != nil || n != 0 {
		t.Errorf("once more: %d, %v", n, err)
	}
	young, err := apk.Verify(s.fileOf(t, s.android(t, s.county, true).Id))
	if err != nil || !young.Certificate.Equal(old.Certificate) {
		t.Errorf("signed after the rotation: %v", err)
	}
}
