package meeting

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"google.golang.org/protobuf/proto"

	"gonghui/media/meeting/live"
	meetingv1 "gonghui/media/meeting/v1"
	"gonghui/media/signal"
	signalv1 "gonghui/media/signal/v1"
	"gonghui/tenant"
)

func (b *browser) record(on bool) *signalv1.FromServer {
	b.Helper()
	return b.say(&signalv1.FromClient{What: &signalv1.FromClient_Act{Act: &signalv1.Act{Do: "record", On: on}}})
}

func (b *browser) consents(agree bool) *signalv1.FromServer {
	b.Helper()
	return b.say(&signalv1.FromClient{What: &signalv1.FromClient_Consent{Consent: &signalv1.Consent{Agree: agree}}})
}

func (s *stage) recorded(t *testing.T) (id uuid.UUID, state string, stored int64) {
	t.Helper()
	err := s.db.Snapshot(s.body.Ctx, func(ctx context.Context, tx tenant.DBTX) error {
		return tx.QueryRow(ctx, "select id, state, stored from meeting_recording order by id desc limit 1").Scan(&id, &state, &stored)
	})
	if err != nil {
		t.Fatal(err)
	}
	return id, state, stored
}

// Whoever may records; everybody sees it and is asked; who does not agree is held until the recording ends.
func TestConsent(t *testing.T) {
	t.Parallel()
	s := begin(t)
	officer, member, third := s.as("officer", "李四"), s.as("member", "王五"), s.as("member", "赵六")
	m := s.plan(t, officer, func(in *meetingv1.CreateMeetingRequest) { in.Instant = true })
	a, b := s.sits(t, officer, m), s.sits(t, member, m)
	if got := b.consents(true); got.GetRefused().GetReason() != signal.ReasonState {
		t.Errorf("consent to nothing: %v", got)
	}
	if got := b.record(true); got.GetRefused().GetReason() != signal.ReasonRight {
		t.Errorf("a member records: %v", got)
	}
	if got := a.say(&signalv1.FromClient{What: &signalv1.FromClient_Act{Act: &signalv1.Act{Do: "role", Participant: b.id, Role: live.CoHost}}}); got.GetDone() == nil {
		t.Fatal(got)
	}
	if got := b.record(true); got.GetRefused().GetReason() != signal.ReasonRight {
		t.Errorf("a co-host without the right records: %v", got)
	}
	for range 2 { // asked for twice it is begun once
		if got := a.record(true); got.GetDone() == nil {
			t.Fatal(got)
		}
	}
	b.until("the mark", func(f *signalv1.FromServer) bool { return f.GetRoom().GetRecording().GetBy() == "李四" })
	if got := b.consents(false); got.GetDone() == nil {
		t.Fatal(got)
	}
	a.until("who did not agree", func(f *signalv1.FromServer) bool {
		return f.GetPerson().GetParticipant() == b.id && f.GetPerson().GetConsent() == live.Declined
	})
	own := &signalv1.FromClient{What: &signalv1.FromClient_Own{Own: &signalv1.Own{Microphone: proto.Bool(true)}}}
	if got := b.say(own); got.GetRefused().GetReason() != signal.ReasonState {
		t.Errorf("who did not agree speaks: %v", got)
	}
	c := s.sits(t, third, m)
	if got := c.got[len(c.got)-1].GetJoined(); got != nil && got.GetRoom().GetRecording() == nil {
		t.Error("who comes later does not see that it is recorded")
	}
	if got := c.consents(true); got.GetDone() == nil {
		t.Fatal(got)
	}
	// Who comes back is not asked again.
	again := s.sits(t, third, m)
	again.until("the consent of before", func(f *signalv1.FromServer) bool {
		for _, p := range f.GetJoined().GetPersons() {
			if p.GetParticipant() == c.id && p.GetConsent() == live.Agreed {
				return true
			}
		}
		return false
	})
	if got := a.record(false); got.GetDone() == nil {
		t.Fatal(got)
	}
	b.until("the end of the mark", func(f *signalv1.FromServer) bool { return f.GetRoom() != nil && f.GetRoom().GetRecording() == nil })
	if got := b.say(own); got.GetDone() == nil {
		t.Errorf("when nobody records any more: %v", got)
	}
	eventually(t, "the tape is in the store", func() bool { _, state, stored := s.recorded(t); return state == recWaiting && stored == 1 })
	id, _, _ := s.recorded(t)
	films := &recordings{Service: s.Service}
	said, err := films.ListConsents(officer, &meetingv1.ListConsentsRequest{Id: id.String()})
	if err != nil || len(said.GetConsents()) != 3 {
		t.Fatalf("%v, %v", said, err)
	}
	for _, k := range said.GetConsents() {
		if k.GetAgreed() == (k.GetName() == "王五") || k.GetAt() == nil {
			t.Errorf("%v", k)
		}
	}
}

// A process that goes down leaves its tape to another, and a meeting that is opened again goes on with its recording.
func TestARecordingOutlivesItsProcess(t *testing.T) {
	t.Parallel()
	s := begin(t)
	officer := s.as("officer", "李四")
	m := s.plan(t, officer, func(in *meetingv1.CreateMeetingRequest) { in.Instant = true })
	a := s.sits(t, officer, m)
	if got := a.record(true); got.GetDone() == nil {
		t.Fatal(got)
	}
	if left, err := s.shelf.left(); err != nil || len(left) != 0 {
		t.Fatalf("a tape that is written on is taken for left: %v, %v", left, err)
	}
	// What a kill leaves: a tape that nobody holds, and a hall that is no more.
	h := s.there(s.body.Ctx, uuid.MustParse(m.GetId()))
	h.mu.Lock()
	torn := h.taping
	close(torn.stop)
	h.taping = nil
	torn.place.release()
	h.drop()
	h.mu.Unlock()
	_ = a.ws.CloseNow()
	left, err := s.shelf.left()
	if err != nil || len(left) != 1 || left[0].Code != s.body.Code {
		t.Fatalf("%v, %v", left, err)
	}
	if again, err := s.shelf.left(); err != nil || len(again) != 0 {
		t.Errorf("taken twice: %v, %v", again, err)
	}
	s.store(tenant.With(t.Context(), left[0].tenant()), left[0])
	if _, state, stored := s.recorded(t); state != recRecording || stored != 1 {
		t.Errorf("%s, stored %b", state, stored)
	}
	a = s.sits(t, officer, m)
	a.until("the recording goes on", func(f *signalv1.FromServer) bool { return f.GetJoined().GetRoom().GetRecording() != nil })
	if got := a.say(&signalv1.FromClient{What: &signalv1.FromClient_Act{Act: &signalv1.Act{Do: "end"}}}); got.GetDone() == nil {
		t.Fatal(got)
	}
	eventually(t, "both segments are in the store", func() bool { _, state, stored := s.recorded(t); return state == recWaiting && stored == 3 })
	// One that nobody writes any more, and nobody goes on with, ends.
	n := s.plan(t, officer, func(in *meetingv1.CreateMeetingRequest) { in.Instant = true })
	c := s.sits(t, officer, n)
	if got := c.record(true); got.GetDone() == nil {
		t.Fatal(got)
	}
	id, _, _ := s.recorded(t)
	args, _ := json.Marshal(filming{id})
	if err := s.settleRecording(s.body.Ctx, args); err != nil {
		t.Fatal(err)
	}
	if _, state, _ := s.recorded(t); state != recRecording {
		t.Errorf("one that runs is %s", state)
	}
	role := s.env.DB.Config().Role(s.body.Code)
	s.exec(t, "update "+role+".meeting_recording set seen_at = seen_at - interval '1 minute' where state = 'recording'")
	if err := s.settleRecording(s.body.Ctx, args); err != nil {
		t.Fatal(err)
	}
	if _, state, _ := s.recorded(t); state != recWaiting {
		t.Errorf("one that nobody writes is %s", state)
	}
	s.exec(t, "update "+role+".meeting_recording set stopped_at = stopped_at - interval '1 hour' where state = 'waiting'")
	if err := s.settleRecording(s.body.Ctx, args); err != nil {
		t.Fatal(err)
	}
	if _, _, stored := s.recorded(t); stored != 1 {
		t.Error("a segment that never came is waited for")
	}
}

// A film is made, played by whom it is for, shared, kept, and deleted in its time.
func TestFilm(t *testing.T) {
	t.Parallel()
	s := begin(t)
	officer, member, admin := s.as("officer", "李四"), s.as("member", "王五"), s.as("admin", "张三")
	films := &recordings{Service: s.Service}
	m := s.plan(t, officer, func(in *meetingv1.CreateMeetingRequest) { in.Instant = true })
	a := s.sits(t, officer, m)
	s.sits(t, member, m)
	if got := a.record(true); got.GetDone() == nil {
		t.Fatal(got)
	}
	begun := time.Now()
	eventually(t, "a second of it", func() bool { return time.Since(begun) > 1200*time.Millisecond })
	if got := a.record(false); got.GetDone() == nil {
		t.Fatal(got)
	}
	eventually(t, "the tape is in the store", func() bool { _, _, stored := s.recorded(t); return stored == 1 })
	id, _, _ := s.recorded(t)
	play := &meetingv1.PlayRecordingRequest{Id: id.String()}
	_, err := films.PlayRecording(officer, play)
	want(t, "before it is made", err, "RECORDING_STATE")
	if _, err := films.CancelRecording(officer, &meetingv1.CancelRecordingRequest{Id: id.String()}); err != nil {
		t.Fatal(err)
	}
	if r, err := films.RetryRecording(officer, &meetingv1.RetryRecordingRequest{Id: id.String()}); err != nil || r.GetState() != recWaiting {
		t.Fatal(r, err)
	}
	args, _ := json.Marshal(filming{id})
	for range 2 { // a job may run twice
		if err := s.compose(s.body.Ctx, args); err != nil {
			t.Fatal(err)
		}
	}
	all, err := films.ListRecordings(admin, &meetingv1.ListRecordingsRequest{})
	if err != nil || len(all.GetRecordings()) != 1 {
		t.Fatal(all, err)
	}
	if r := all.GetRecordings()[0]; r.GetState() != recReady || r.GetSeconds() < 1 || r.GetPeople() != 1 || r.GetSize() < 1000 || r.GetDeletedAt() == nil {
		t.Fatalf("%v", r)
	}
	of := &meetingv1.ListMeetingRecordingsRequest{Id: m.GetId()}
	if got, err := films.ListMeetingRecordings(member, of); err != nil || len(got.GetRecordings()) != 0 {
		t.Errorf("not shared: %v, %v", got, err)
	}
	own := &meetingv1.ListSharedRecordingsRequest{}
	if got, err := films.ListSharedRecordings(member, own); err != nil || len(got.GetRecordings()) != 0 {
		t.Errorf("not shared: %v, %v", got, err)
	}
	_, err = films.PlayRecording(member, play)
	want(t, "not shared", err, "RECORDING_NOT_FOUND")
	share := &meetingv1.UpdateRecordingRequest{Id: id.String(), Shared: proto.Bool(true)}
	_, err = films.UpdateRecording(member, share)
	want(t, "a member shares", err, "RECORDING_NOT_FOUND")
	if _, err = films.UpdateRecording(officer, share); err != nil {
		t.Fatal(err)
	}
	if got, err := films.ListMeetingRecordings(member, of); err != nil || len(got.GetRecordings()) != 1 || got.GetRecordings()[0].GetMayManage() {
		t.Errorf("shared: %v, %v", got, err)
	}
	if got, err := films.ListSharedRecordings(member, own); err != nil || len(got.GetRecordings()) != 1 || got.GetRecordings()[0].GetMaySave() || got.GetRecordings()[0].GetMeetingNumber() != m.GetNumber() {
		t.Errorf("shared: %v, %v", got, err)
	}
	if got, err := films.ListSharedRecordings(s.as("member", "赵六"), own); err != nil || len(got.GetRecordings()) != 0 {
		t.Errorf("to who was not there: %v, %v", got, err)
	}
	_, err = films.UpdateRecording(member, share)
	want(t, "a member shares what is shared", err, "MEETING_NOT_HOST")
	got, err := films.PlayRecording(member, play)
	if err != nil || !strings.HasPrefix(got.GetWatermark(), "王五 5678 ") {
		t.Fatal(got, err)
	}
	save := &meetingv1.PlayRecordingRequest{Id: id.String(), Download: true}
	_, err = films.PlayRecording(member, save)
	want(t, "a member downloads", err, "RECORDING_SAVE")
	saved, err := films.PlayRecording(officer, save)
	if err != nil {
		t.Fatal(err)
	}
	fetch := func(ctx context.Context, url, span string) (*http.Response, error) {
		req := httptest.NewRequestWithContext(ctx, http.MethodGet, url, nil)
		if span != "" {
			req.Header.Set("Range", span)
		}
		w := httptest.NewRecorder()
		err := films.film(w, req)
		return w.Result(), err
	}
	res, err := fetch(member, got.GetUrl(), "bytes=4-7")
	if err != nil {
		t.Fatal(err)
	}
	part, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != http.StatusPartialContent || string(part) != "ftyp" || res.Header.Get("Content-Type") != "video/mp4" {
		t.Errorf("a range: %d %q %v", res.StatusCode, part, err)
	}
	whole, err := fetch(officer, saved.GetUrl(), "")
	if err != nil || whole.StatusCode != http.StatusOK || !strings.HasPrefix(whole.Header.Get("Content-Disposition"), "attachment; ") {
		t.Errorf("a download: %v, %v", whole, err)
	}
	for name, url := range map[string]string{
		"somebody else's": got.GetUrl(), "a later end": strings.Replace(got.GetUrl(), "until=", "until=9", 1), "nobody's": "/v1/recordings/" + id.String() + "/film",
	} {
		as := member
		if name == "somebody else's" {
			as = officer
		}
		if _, err := fetch(as, url, ""); !errors.Is(err, errRecAddress) {
			t.Errorf("the address, %s: %v", name, err)
		}
	}
	keep := &meetingv1.UpdateRecordingRequest{Id: id.String(), Kept: proto.Bool(true)}
	_, err = films.UpdateRecording(officer, keep)
	want(t, "an officer keeps", err, "MEETING_NOT_HOST")
	if r, err := films.UpdateRecording(admin, keep); err != nil || !r.GetKept() || r.GetDeletedAt() != nil {
		t.Fatal(r, err)
	}
	_, err = films.DeleteRecording(officer, &meetingv1.DeleteRecordingRequest{Id: id.String()})
	want(t, "what is kept", err, "RECORDING_KEPT")
	role := s.env.DB.Config().Role(s.body.Code)
	s.exec(t, "update "+role+".meeting_recording set stopped_at = stopped_at - interval '40 days'")
	if r, err := films.UpdateRecordingSettings(admin, &meetingv1.RecordingSettings{KeepDays: 30}); err != nil || r.GetKeepDays() != 30 {
		t.Fatal(r, err)
	}
	if r, err := films.GetRecordingSettings(admin, &meetingv1.GetRecordingSettingsRequest{}); err != nil || r.GetKeepDays() != 30 {
		t.Fatal(r, err)
	}
	rows := func() int64 { return s.env.Count(t, "select count(*) from "+role+".meeting_recording") }
	if err := s.expire(s.body.Ctx, args); err != nil || rows() != 1 {
		t.Errorf("what is kept is deleted: %v", err)
	}
	if _, err := films.UpdateRecording(admin, &meetingv1.UpdateRecordingRequest{Id: id.String(), Kept: proto.Bool(false)}); err != nil {
		t.Fatal(err)
	}
	if err := s.expire(s.body.Ctx, args); err != nil || rows() != 0 {
		t.Errorf("what is over is there: %v", err)
	}
	if err := s.erase(s.body.Ctx, args); err != nil {
		t.Fatal(err)
	}
	if page, _, err := s.host.Files().List(s.body.Ctx, "recordings/", "", 0); err != nil || len(page) != 0 {
		t.Errorf("left in the store: %v, %v", page, err)
	}
	if n := s.env.Count(t, "select count(*) from "+role+".audit_log where act in ('meeting.recording.play', 'meeting.recording.save', 'meeting.recording.start', 'meeting.recording.expire')"); n != 4 {
		t.Errorf("%d acts are recorded", n)
	}
}
