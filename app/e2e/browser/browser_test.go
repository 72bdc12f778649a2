// Package browser opens the product in Chromium, as people do. The journeys are in *.journey.mjs; this file gives them a
// running product.
package browser

import (
	"context"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"gonghui/app/demo"
	"gonghui/app/e2e/stack"
)

// longName is the code of a body with one of the longest names there are, and without people.
const longName = "150722"

// apart are the journeys that need the machine to themselves: they measure time, or change what others look at.
var apart = map[string]bool{
	"app.journey.mjs": true, "audit.journey.mjs": true, "branding.journey.mjs": true, "county.journey.mjs": true, "frame.journey.mjs": true,
	"hq.journey.mjs": true, "network.journey.mjs": true, "nodes.journey.mjs": true, "pwa.journey.mjs": true, "shots.journey.mjs": true,
	"six.journey.mjs": true, "templates.journey.mjs": true,
}

// world starts the product with its demo people and tells what the journeys must know of it.
func world(t *testing.T) string {
	t.Helper()
	for _, app := range []string{"console", "hq", "meet", "member"} {
		if _, err := os.Stat(filepath.Join(stack.Root(), "app/web/dist", app, "index.html")); err != nil {
			t.Fatalf("the web is not built: run make web (%v)", err)
		}
	}
	phones := stack.FreeAddress()
	env := []string{"GONGHUI_LAN=" + phones}
	inside := built(t)
	if inside != nil {
		env = append(env, inside.env()...)
	}
	s := stack.Start(t, env...)
	s.Provision(t)
	s.MustRun(t, "seed", "divisions")
	s.MustRun(t, append([]string{"tenant", "activate", longName}, demo.FirstBodies()...)...)
	s.MustRun(t, "seed", "demo", "--members", "4000")
	s.Sign(t)
	s.Serve(t)
	invite := func(body, phone, name string) string {
		return s.MustRun(t, "admin", "invite", "--body", body, "--phone", phone, "--name", name)
	}
	// A city and a county below it where nobody else walks: what the city hands down changes the consoles of its counties.
	city := stack.Person{Body: "440600", Role: "admin", Name: "禅建业", Phone: "13900440600"}
	county := stack.Person{Body: "440604", Role: "admin", Name: "石湾华", Phone: "13900440604"}
	// A county that makes an app of its own, where nobody else walks.
	maker := stack.Person{Body: "440605", Role: "admin", Name: "桂城秀", Phone: "13900440605"}
	s.Enrol(t, city, county, maker)
	place := func(p stack.Person) map[string]string { return map[string]string{"body": p.Body, "phone": p.Phone} }
	raw, err := json.Marshal(map[string]any{
		"base": s.Base, "password": demo.Password, "accounts": demo.Accounts,
		"invitation": invite("440105", "13912345678", "林海珠"),
		"newcomer":   invite(longName, "13847000722", "敖登其其格"),
		"line":       map[string]any{"city": place(city), "county": place(county), "password": stack.Password},
		"maker":      map[string]any{"body": maker.Body, "phone": maker.Phone, "password": stack.Password},
		"bodies":     append(demo.FirstBodies(), longName),
		"gonghui":    s.Command(nil).Path,
		"guarded":    invite("440106", "13844440106", "安守正"),
		"walls":      inside,
		"lan":        map[string]string{"host": phones, "authority": authority(t, s.Authority(t))},
		"badnet":     badnet(t),
	})
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

// badnet is the program that makes bad networks and measures what comes through them.
func badnet(t *testing.T) string {
	t.Helper()
	out := filepath.Join(t.TempDir(), "badnet")
	cmd := exec.Command("go", "build", "-o", out, "./media/sfu/badnet/badnet")
	cmd.Dir = stack.Root()
	if text, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	return out
}

// authority is the key of the authority of the port for phones, as Chromium is told to trust it: the SHA-256 of it in base64.
func authority(t *testing.T, raw []byte) string {
	t.Helper()
	block, _ := pem.Decode(raw)
	if block == nil {
		t.Fatal("the authority's certificate is no PEM")
	}
	c, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(c.RawSubjectPublicKeyInfo)
	return base64.StdEncoding.EncodeToString(sum[:])
}

func TestJourneys(t *testing.T) {
	journeys, err := filepath.Glob("*.journey.mjs")
	if err != nil || len(journeys) == 0 {
		t.Fatalf("no journeys: %v", err)
	}
	told := sync.OnceValue(func() string { return world(t) })
	for _, journey := range journeys {
		t.Run(journey, func(t *testing.T) {
			if !apart[journey] {
				t.Parallel()
			}
			start, own := worlds[journey]
			if !own {
				start = func(*testing.T) string { return told() }
			}
			out, err := walk(start(t), journey)
			if err != nil {
				// Once more, in a product of its own: a machine short of breath is no fault of the product. What it was is kept, as a
				// passing test says nothing.
				if err := os.WriteFile(filepath.Join("shots", "failed-"+strings.TrimSuffix(journey, ".journey.mjs")+".txt"), out, 0o600); err != nil {
					t.Error(err)
				}
				t.Logf("the first try failed:\n%s", out)
				if !own {
					start = world
				}
				out, err = walk(start(t), journey)
			}
			t.Logf("%s", out)
			if err != nil {
				t.Error(err)
			}
		})
	}
}

// patience is how long a journey may take: the album is the longest, and one that hangs must not take all others with it.
const patience = 20 * time.Minute

// walk runs one journey.
func walk(told, journey string) ([]byte, error) {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	cmd := exec.CommandContext(ctx, "node", "--test", "--test-reporter=spec", journey)
	cmd.Env = append(os.Environ(), "WORLD="+told)
	cmd.WaitDelay = 10 * time.Second
	return cmd.CombinedOutput()
}
