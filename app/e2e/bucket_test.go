package e2e_test

import (
	"context"
	"encoding/json"
	"errors"
	"path"
	"strings"
	"testing"
	"time"

	"gonghui/media/object"
	"gonghui/media/object/s3test"
)

// names are the keys below a prefix.
func names(t *testing.T, s object.Store, prefix string) map[string]object.Info {
	t.Helper()
	page, next, err := s.List(t.Context(), prefix, "", 0)
	if err != nil || next != "" {
		t.Fatalf("list of %s: %q %v", prefix, next, err)
	}
	found := map[string]object.Info{}
	for _, info := range page {
		found[strings.TrimPrefix(info.Key, prefix)] = info
	}
	return found
}

// A backup goes to a bucket, is killed and goes on; one body comes back from there while another one writes.
func TestBackupInBucket(t *testing.T) {
	r := product(t)
	c := s3test.Start(t).Bucket(t, "unions")
	env := s3test.Env(c)
	s, err := object.NewS3(c)
	if err != nil {
		t.Fatal(err)
	}
	lost, other := r.signedIn(t, "admin", kept), r.signedIn(t, "admin", watching)
	p := r.plant(t, kept, "存桶")
	admit(t, lost, 10)
	r.settle(t)
	schema := r.Prefix + "_t_" + kept
	w := write(other)

	// Everything, with a kill in the middle.
	cmd := r.Command(env, "backup")
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	whole := func(keys map[string]object.Info) (codes []string) {
		for key := range keys {
			if path.Ext(key) == ".json" {
				codes = append(codes, key)
			}
		}
		return codes
	}
	for len(whole(names(t, s, "backup/"))) < 2 {
		select {
		case err := <-ended:
			t.Fatalf("the backup ended before it could be killed: %v", err)
		case <-tick.C:
		}
	}
	_ = cmd.Process.Kill()
	<-ended
	interrupted := names(t, s, "backup/")
	var place string
	for key := range interrupted {
		place = "backup/" + path.Dir(key)
		if path.Base(key) == "all-bodies.json" {
			t.Error("the interrupted backup calls itself whole")
		}
		if dump := strings.TrimSuffix(key, ".json") + ".dump"; path.Ext(key) == ".json" && interrupted[dump].Size == 0 {
			t.Errorf("%s is there without its dump", key)
		}
	}
	r.mustRunWith(t, env, "backup", "--to", "s3:"+place)
	complete := names(t, s, "backup/")
	day := path.Base(place)
	for _, key := range []string{"platform.dump", "cell.dump", kept + ".dump", kept + ".json", watching + ".json", "all-bodies.json"} {
		if complete[day+"/"+key].Size == 0 {
			t.Errorf("the backup holds no %s", key)
		}
	}
	for _, key := range whole(interrupted) {
		if complete[key] != interrupted[key] {
			t.Errorf("%s was written again", key)
		}
	}
	if len(whole(complete)) <= len(whole(interrupted)) {
		t.Errorf("%d bodies before, %d after", len(whole(interrupted)), len(whole(complete)))
	}
	if _, err := r.RunWith(env, "backup", "--to", "s3:"+place); err == nil || !strings.Contains(err.Error(), "already") {
		t.Errorf("the same place again: %v", err)
	}

	// One body, twice: the later one counts.
	r.mustRunWith(t, env, "backup", "--to", "s3:one/body", "--tenant", kept)
	ids := w.end(t, "the other body") // while it writes the outbox is never empty
	admit(t, lost, 1)
	r.settle(t)
	before := r.database(t, schema)
	w = write(other)
	r.mustRunWith(t, env, "backup", "--to", "s3:one/body", "--tenant", kept)
	admit(t, lost, 5)
	lost.Must(t, "POST", "/v1/members/"+p.ids["member"]+":end", map[string]any{"state": "withdrawn", "reason": "转出"}, nil)
	r.mustRunWith(t, env, "restore", "--from", "s3:one/body", "--tenant", kept)
	delete(before, schema+".audit_log") // it is not put back: it goes on
	unchanged(t, before, r.database(t, schema))
	var file struct{ State string }
	lost.Must(t, "GET", "/v1/members/"+p.ids["member"], nil, &file)
	if file.State != "active" {
		t.Errorf("the member is %s, want active again", file.State)
	}
	later := w.end(t, "the other body")
	if len(ids) == 0 || len(later) == 0 {
		t.Error("the other body did nothing meanwhile")
	}
	ids = append(ids, later...)
	for _, id := range ids {
		other.Must(t, "GET", "/v1/members/"+id, nil, nil)
	}
	t.Logf("%d members were admitted elsewhere meanwhile", len(ids))

	// What is not what was written does not come back, and leaves what is there.
	swap(t, s, place+"/"+watching+".dump", "one/body/"+kept+".dump")
	for why, args := range map[string][]string{
		"is not what the backup wrote": {"restore", "--from", "s3:one/body", "--tenant", kept},
		"holds no body":                {"restore", "--from", "s3:one/body", "--tenant", watching},
		"no key":                       {"restore", "--from", "s3:../body", "--tenant", kept},
	} {
		if _, err := r.RunWith(env, args...); err == nil || !strings.Contains(err.Error(), why) {
			t.Errorf("%v: %v, want %q", args, err, why)
		}
	}
	delete(before, schema+".audit_log") // it is not put back: it goes on
	unchanged(t, before, r.database(t, schema))
	if _, err := r.Run("backup", "--to", "s3:backup/x"); err == nil || !strings.Contains(err.Error(), "GONGHUI_S3_") {
		t.Errorf("a bucket without settings: %v", err)
	}
	if _, err := r.Run("backup"); err == nil || !strings.Contains(err.Error(), "--to") {
		t.Errorf("a backup to nowhere: %v", err)
	}
}

// swap puts the content of one object under the key of another.
func swap(t *testing.T, s object.Store, from, to string) {
	t.Helper()
	content, err := s.Get(t.Context(), from, 0, -1)
	if err != nil {
		t.Fatal(err)
	}
	defer content.Close()
	if err := s.Put(t.Context(), to, content, -1); err != nil {
		t.Fatal(err)
	}
}

func (r *run) mustRunWith(t *testing.T, env []string, args ...string) string {
	t.Helper()
	out, err := r.RunWith(env, args...)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// The doctor tries the bucket and leaves nothing in it; what is wrong is said without the secret. Who needs no bucket does
// not dial it.
func TestDoctorTriesTheBucket(t *testing.T) {
	r := product(t)
	server := s3test.Start(t)
	c := server.Bucket(t, "unions")
	s, err := object.NewS3(c)
	if err != nil {
		t.Fatal(err)
	}
	if out := r.mustRunWith(t, s3test.Env(c), "doctor"); !strings.Contains(out, "bucket unions at http://"+c.Endpoint) || !strings.Contains(out, "all is well") {
		t.Errorf("the doctor says %s", out)
	}
	if left := names(t, s, ""); len(left) > 0 {
		t.Errorf("the doctor left %v", left)
	}
	wrong := c
	wrong.SecretKey = "this-is-wrong"
	out, err := r.RunWith(s3test.Env(wrong), "doctor")
	if err == nil || !strings.Contains(out, "refused") || !strings.Contains(err.Error(), "1 of 10 checks failed") {
		t.Errorf("with a wrong secret: %s %v", out, err)
	}
	if err != nil && strings.Contains(out+err.Error(), wrong.SecretKey) {
		t.Error("the secret shows")
	}
	if _, err := r.RunWith(s3test.Env(c)[:2], "tenant", "status"); err == nil || !strings.Contains(err.Error(), "not GONGHUI_S3_ACCESS_KEY, GONGHUI_S3_SECRET_KEY") {
		t.Errorf("half of the settings: %v", err)
	}
	server.Stop()
	var board struct{ Active int }
	out = r.mustRunWith(t, s3test.Env(c), "tenant", "status", "--json")
	if err := json.Unmarshal([]byte(out), &board); err != nil || board.Active == 0 {
		t.Errorf("without the server the board reads %s, %v", out, err)
	}
	if out, err := r.RunWith(s3test.Env(c), "doctor"); err == nil || !strings.Contains(out, "unreachable") {
		t.Errorf("without the server: %s %v", out, err)
	}
	if err := s.Delete(context.Background(), "x"); !errors.Is(err, object.ErrUnreachable) {
		t.Errorf("the server still answers: %v", err)
	}
}
