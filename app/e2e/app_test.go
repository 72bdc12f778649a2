package e2e_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"gonghui/app/e2e/stack"
	"gonghui/builder/apk"
)

// A body's app from its first build to a phone that is offered it: over the running product, signed by the signer, with the log as it is
// written.
func TestApp(t *testing.T) {
	r := product(t)
	admin := r.signedIn(t, "admin", watching)
	stranger := r.Client(watching)
	if status, _, err := stranger.Do(http.MethodGet, "/app/android.apk", nil); err != nil || status != http.StatusNotFound {
		t.Errorf("before anything is published: %d, %v", status, err)
	}
	var started struct {
		Builds []struct{ ID, Channel string }
	}
	admin.Must(t, "POST", "/v1/app/builds", map[string]any{"channels": []string{"pwa", "android", "webclip"}}, &started, "Idempotency-Key", "app-1")
	by := map[string]string{}
	for _, b := range started.Builds {
		by[b.Channel] = b.ID
		status, log, err := admin.Do(http.MethodGet, "/v1/app/builds/"+b.ID+"/log", nil)
		if err != nil || status != http.StatusOK || !strings.Contains(string(log), "event: end\n") || !strings.Contains(string(log), `"state":"done"`) {
			t.Fatalf("%s: %d %v\n%s", b.Channel, status, err, log)
		}
	}
	for _, id := range by {
		admin.Must(t, "POST", "/v1/app/builds/"+id+":publish", map[string]any{"share": 100, "notesZh": "首个版本"}, nil)
	}
	var page struct {
		Channels []struct{ Channel, URL, Sha256 string }
	}
	stack.Eventually(t, 5*time.Second, "the download page offers three channels", func() bool {
		stranger.Must(t, "GET", "/v1/app/download", nil, &page)
		return len(page.Channels) == 3
	})
	_, file, err := stranger.Do(http.MethodGet, "/app/android.apk", nil)
	if err != nil {
		t.Fatal(err)
	}
	facts, err := apk.Verify(file)
	if err != nil || !strings.HasSuffix(facts.ID, ".u"+watching) || !strings.HasPrefix(facts.Config.Start, "https://"+watching+".") {
		t.Fatalf("%+v, %v", facts.Config, err)
	}
	_, raw, err := stranger.Do(http.MethodGet, "/app/update.json?install="+strings.Repeat("0f", 16)+"&version=1", nil)
	var update apk.Update
	if err == nil {
		err = json.Unmarshal(raw, &update)
	}
	if err != nil || update.VersionCode != 1 || update.Size != int64(len(file)) || update.Notes.ZH != "首个版本" {
		t.Errorf("%s, %v", raw, err)
	}
	_, links, err := stranger.Do(http.MethodGet, "/.well-known/assetlinks.json", nil)
	if err != nil || !bytes.Contains(links, []byte(facts.ID)) {
		t.Errorf("%s, %v", links, err)
	}
	var installs struct{ Installs []struct{ Devices string } }
	admin.Must(t, "GET", "/v1/app/installs", nil, &installs)
	if len(installs.Installs) != 1 || installs.Installs[0].Devices != "1" {
		t.Errorf("installs: %+v", installs)
	}
	var fleet struct {
		Apps []struct {
			BodyCode string
			Devices  string
		}
	}
	r.signedIn(t, "supervisor", nation).Must(t, "GET", "/v1/fleet/apps?search="+watching, nil, &fleet)
	if len(fleet.Apps) != 1 || fleet.Apps[0].BodyCode != watching || fleet.Apps[0].Devices != "1" {
		t.Errorf("from above: %+v", fleet)
	}
	for _, path := range []string{"/app/android.apk", "/app/update.json", "/app/ios.mobileconfig"} {
		if status, _, err := r.Client(abroad).Do(http.MethodGet, path, nil); err != nil || status != http.StatusNotFound {
			t.Errorf("%s of another body: %d, %v", path, status, err)
		}
	}
}
