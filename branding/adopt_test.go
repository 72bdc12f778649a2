package branding

import (
	"context"
	"image/color"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	brandingv1 "gonghui/branding/v1"
)

// What a body had set before there were versions is its first version.
func TestThemesOfBefore(t *testing.T) {
	t.Parallel()
	s := open(t)
	conn, err := pgx.Connect(context.Background(), s.env.Admin)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.Background())
	pic := &picture{kind: "image/png", raw: pngOf(64, 64, color.Black)}
	for _, row := range []struct {
		body any
		logo string
	}{{s.city.ID, pic.address()}, {s.county.ID, ""}} {
		_, err := conn.Exec(context.Background(), "insert into platform.theme (body_id, app_name, accent, logo) values ($1, '职工之家', '#0000AA', $2)", row.body, row.logo)
		if err != nil {
			t.Fatal(err)
		}
	}
	raw, err := shared.ReadFile("shared/0002_branding.sql")
	if err != nil {
		t.Fatal(err)
	}
	_, moved, found := strings.Cut(string(raw), "-- What bodies had set")
	moved, _, ends := strings.Cut(moved, "---- create above")
	if _, err := conn.Exec(context.Background(), "-- "+moved); err != nil || !found || !ends {
		t.Fatal(err, found, ends)
	}
	if got := s.theme(t, s.city); got.AppName != "职工之家" || got.Accent != "#0000AA" || got.Logo != pic.address() {
		t.Errorf("with a logo: %v", got)
	}
	// A body that had set no logo had the product's mark, whatever those above have.
	if got := s.theme(t, s.county); got.Accent != "#0000AA" || got.Logo != "" {
		t.Errorf("without a logo: %v", got)
	}
	now, err := s.GetBranding(s.city.Ctx, &brandingv1.GetBrandingRequest{})
	if err != nil || now.Version != 1 || now.Published.Logo.Data != pic.address() {
		t.Errorf("%v %v", now, err)
	}
}
