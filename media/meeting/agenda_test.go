package meeting

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"image"
	"image/png"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	agendav1 "gonghui/media/meeting/agenda/v1"
	meetingv1 "gonghui/media/meeting/v1"
	"gonghui/media/signal"
	signalv1 "gonghui/media/signal/v1"
	"gonghui/tenant"
	"gonghui/tenant/pgtest"
)

const aPDF = "%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"

func aPNG(t *testing.T) string {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 4, 4))); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func aDOCX(t *testing.T, files ...string) string {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, name := range append([]string{"[Content_Types].xml", "word/document.xml"}, files...) {
		if _, err := z.Create(name); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func idOfSubject(ctx context.Context) string { return tenant.SubjectFrom(ctx).Identity.String() }

func (s *stage) papers() *agendas { return &agendas{Service: s.Service} }

// putUp puts a paper up.
func (s *stage) putUp(t *testing.T, ctx context.Context, m *meetingv1.Meeting, name, body string, q url.Values) (*agendav1.Paper, error) {
	t.Helper()
	all := url.Values{"meeting": {m.GetId()}, "name": {name}, "access": {forAll}, "download": {"1"}}
	for k, v := range q {
		all[k] = v
	}
	w := httptest.NewRecorder()
	if err := s.papers().upload(w, httptest.NewRequestWithContext(ctx, http.MethodPost, "/v1/meetings:paper?"+all.Encode(), strings.NewReader(body))); err != nil {
		return nil, err
	}
	p := &agendav1.Paper{}
	if err := json.Unmarshal(w.Body.Bytes(), &struct {
		ID, Name, Kind *string
	}{&p.Id, &p.Name, &p.Kind}); err != nil {
		t.Fatal(err)
	}
	return p, nil
}

// fetched is what an address answers with.
func (s *stage) fetched(ctx context.Context, address string, more ...string) (*http.Response, error) {
	req := httptest.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	for i := 0; i+1 < len(more); i += 2 {
		req.Header.Set(more[i], more[i+1])
	}
	w := httptest.NewRecorder()
	err := s.papers().file(w, req)
	return w.Result(), err
}

func namesOf(a *agendav1.Agenda) string {
	var names []string
	for _, p := range a.GetPapers() {
		names = append(names, p.GetName())
	}
	slices.Sort(names)
	return strings.Join(names, " ")
}

func asking(do, id string) *signalv1.FromClient {
	return &signalv1.FromClient{What: &signalv1.FromClient_Agenda{Agenda: &signalv1.AskAgenda{Do: do, Id: id}}}
}

func TestAgenda(t *testing.T) {
	t.Parallel()
	s := begin(t)
	a := s.papers()
	officer, other, member := s.as("officer", "李四"), s.as("officer", "周九"), s.as("member", "王五")
	named := idOfSubject(member)
	m := s.plan(t, officer, func(in *meetingv1.CreateMeetingRequest) {
		in.Plan.OpenTo, in.Plan.StartsAt = "invited", timestamppb.New(soon(time.Hour))
		in.Plan.Invitees = []*meetingv1.Invitee{{IdentityId: named, Role: "speaker"}}
	})
	get := func(ctx context.Context) *agendav1.Agenda {
		got, err := a.GetAgenda(ctx, &meetingv1.GetAgendaRequest{Id: m.GetId()})
		if err != nil {
			t.Fatal(err)
		}
		return got
	}
	empty := get(officer)
	items := []*agendav1.AgendaItem{
		{Title: " 审议年度工作报告 ", Minutes: 20, PresenterId: named, Presenter: "谁", Note: "先发材料"},
		{Title: "讨论经费预算", Minutes: 10, Presenter: "财务室"},
		{Title: "其他"},
	}
	ask := func(version string, items ...*agendav1.AgendaItem) *meetingv1.UpdateAgendaRequest {
		return &meetingv1.UpdateAgendaRequest{Id: m.GetId(), Version: version, Items: items}
	}
	got, err := a.UpdateAgenda(officer, ask(empty.GetVersion(), items...))
	if err != nil || len(got.GetItems()) != 3 || got.GetItems()[0].GetTitle() != "审议年度工作报告" || got.GetItems()[0].GetPresenter() != "王五" || got.GetItems()[1].GetPresenter() != "财务室" {
		t.Fatalf("%v %v", got, err)
	}
	one, two, three := got.GetItems()[0], got.GetItems()[1], got.GetItems()[2]
	for what, c := range map[string]struct {
		ctx    context.Context
		in     *meetingv1.UpdateAgendaRequest
		reason string
	}{
		"an old version":          {officer, ask(empty.GetVersion(), one), "MEETING_STALE"},
		"another officer":         {other, ask(got.GetVersion(), one), "MEETING_NOT_HOST"},
		"who is invited":          {member, ask(got.GetVersion(), one), "MEETING_NOT_FOUND"},
		"another body":            {pgtest.As(s.watch.Ctx, s.watch.Tenant, "admin"), ask(got.GetVersion()), "MEETING_NOT_FOUND"},
		"an item twice":           {officer, ask(got.GetVersion(), one, one), "items[1].id"},
		"one that is not here":    {officer, ask(got.GetVersion(), &agendav1.AgendaItem{Id: tenant.NewID().String(), Title: "x"}), "items[0].id"},
		"without a title":         {officer, ask(got.GetVersion(), one, &agendav1.AgendaItem{Title: " "}), "items[1].title"},
		"presented by a stranger": {officer, ask(got.GetVersion(), &agendav1.AgendaItem{Title: "x", PresenterId: tenant.NewID().String()}), "items"},
	} {
		_, err := a.UpdateAgenda(c.ctx, c.in)
		want(t, what, err, c.reason)
	}
	p, err := s.putUp(t, officer, m, "预算.pdf", aPDF, url.Values{"item": {two.GetId()}})
	want(t, "a paper to an item", err, "")
	// In another order, and without the second, whose paper stays with the meeting.
	again, err := a.UpdateAgenda(officer, ask(got.GetVersion(), three, one))
	if err != nil || len(again.GetItems()) != 2 || again.GetItems()[0].GetId() != three.GetId() || again.GetItems()[1].GetId() != one.GetId() ||
		len(again.GetPapers()) != 1 || again.GetPapers()[0].GetItemId() != "" || again.GetPapers()[0].GetId() != p.GetId() {
		t.Errorf("%v %v", again, err)
	}
	// Who is invited sees it; who reads the meetings of the body sees items and no papers.
	if seen := get(member); len(seen.GetItems()) != 2 || namesOf(seen) != "预算.pdf" || seen.GetMayManage() || seen.GetItems()[1].GetPresenterId() != "" {
		t.Errorf("the invited one: %v", seen)
	}
	if seen := get(other); len(seen.GetItems()) != 2 || len(seen.GetPapers()) != 0 {
		t.Errorf("who reads meetings: %v", seen)
	}
	for what, ctx := range map[string]context.Context{"a member who is not invited": s.as("member", "赵六"), "another body": pgtest.As(s.watch.Ctx, s.watch.Tenant, "admin")} {
		_, err := a.GetAgenda(ctx, &meetingv1.GetAgendaRequest{Id: m.GetId()})
		want(t, what, err, "MEETING_NOT_FOUND")
	}
	// The next meeting of the same name offers the agenda of this one.
	next := s.plan(t, officer, func(in *meetingv1.CreateMeetingRequest) { in.Plan.StartsAt = timestamppb.New(soon(2 * time.Hour)) })
	offered, err := a.GetAgenda(officer, &meetingv1.GetAgendaRequest{Id: next.GetId()})
	if err != nil || offered.GetLast().GetMeetingId() != m.GetId() {
		t.Errorf("the last agenda: %v %v", offered.GetLast(), err)
	}
	d, err := s.DraftMinutes(officer, &meetingv1.DraftMinutesRequest{Id: m.GetId(), Agenda: true})
	if err != nil || !strings.Contains(d.GetText(), "# 一、其他\n# 二、审议年度工作报告\n报告人：王五\n先发材料") {
		t.Errorf("the draft: %s %v", d.GetText(), err)
	}
	if plain, err := s.DraftMinutes(officer, &meetingv1.DraftMinutesRequest{Id: m.GetId()}); err != nil || strings.Contains(plain.GetText(), "其他") {
		t.Errorf("a draft without: %s %v", plain.GetText(), err)
	}
	for n, want := range map[int]string{1: "一", 10: "十", 11: "十一", 20: "二十", 50: "五十", 43: "四十三"} {
		if got := ordinal(n); got != want {
			t.Errorf("%d is %s, want %s", n, got, want)
		}
	}
}

// Each of a paper's readers sees it, and nobody else has a sign of it: neither in lists, nor by its id, nor by an address of somebody else.
func TestPapersAreForWhomTheyAre(t *testing.T) {
	t.Parallel()
	s := begin(t)
	a := s.papers()
	officer, cohost, admin := s.as("officer", "李四"), s.as("officer", "周九"), s.as("admin", "孙八")
	named, unnamed, anybody := s.as("member", "王五"), s.as("member", "赵六"), s.as("member", "钱七")
	m := s.plan(t, officer, func(in *meetingv1.CreateMeetingRequest) {
		in.Plan.OpenTo, in.Plan.Password = "anyone", "abcd12"
		in.Plan.Invitees = []*meetingv1.Invitee{
			{IdentityId: idOfSubject(named), Role: "speaker"}, {IdentityId: idOfSubject(unnamed), Role: "speaker"}, {IdentityId: idOfSubject(cohost), Role: "cohost"},
		}
		in.Instant = true
	})
	ids := map[string]string{}
	for _, p := range []struct{ name, body, access string }{{"all.pdf", aPDF, forAll}, {"hosts.docx", aDOCX(t), forHosts}, {"named.png", aPNG(t), forNamed}} {
		got, err := s.putUp(t, officer, m, p.name, p.body, url.Values{"access": {p.access}, "readers": {idOfSubject(named)}})
		want(t, p.name, err, "")
		ids[p.name] = got.GetId()
	}
	elsewhere := s.env.Body(t, nil)
	away := pgtest.As(elsewhere.Ctx, elsewhere.Tenant, "officer")
	pass, err := s.CreatePass(away, &meetingv1.CreatePassRequest{BodyCode: s.body.Code, Number: m.GetNumber()})
	want(t, "a pass", err, "")
	stranger := s.stranger()
	seat := func(in *meetingv1.JoinAsGuestRequest) *browser {
		in.Number, in.Password = m.GetNumber(), "abcd12"
		k, err := s.JoinAsGuest(stranger, in)
		if err != nil {
			t.Fatal(err)
		}
		b := s.connect(t, stranger, k)
		if b.join(k).GetJoined() == nil {
			t.Fatal("not joined")
		}
		return b
	}
	h := s.sits(t, officer, m)
	ofBody, guest, byName := seat(&meetingv1.JoinAsGuestRequest{Pass: pass.GetPass()}), seat(&meetingv1.JoinAsGuestRequest{Name: "访客"}), s.sits(t, named, m)
	for what, c := range map[string]struct {
		ctx  context.Context
		seat *browser
		sees string
	}{
		"the host":                            {officer, h, "all.pdf hosts.docx named.png"},
		"a co-host":                           {cohost, nil, "all.pdf hosts.docx"},
		"who manages others' meetings":        {admin, nil, "all.pdf hosts.docx named.png"},
		"who is named":                        {named, byName, "all.pdf named.png"},
		"who is invited, not named":           {unnamed, nil, "all.pdf"},
		"who would have to know the password": {anybody, nil, ""},
		"somebody of another body":            {nil, ofBody, "all.pdf"},
		"a guest":                             {nil, guest, "all.pdf"},
	} {
		if c.ctx != nil {
			got, err := a.GetAgenda(c.ctx, &meetingv1.GetAgendaRequest{Id: m.GetId()})
			if err != nil || namesOf(got) != c.sees {
				t.Errorf("%s sees %q %v, want %q", what, namesOf(got), err, c.sees)
			}
		}
		if c.seat != nil {
			if got := c.seat.say(asking("list", "")); namesOf(got.GetAgenda()) != c.sees {
				t.Errorf("%s sees %q in the meeting, want %q", what, namesOf(got.GetAgenda()), c.sees)
			}
		}
		for name, id := range ids {
			sees := strings.Contains(c.sees, name)
			if c.ctx != nil {
				got, err := a.OpenPaper(c.ctx, &meetingv1.OpenPaperRequest{Id: id})
				if !sees {
					want(t, what+" opens "+name, err, "PAPER_NOT_FOUND")
				} else if res, err := s.fetched(c.ctx, got.GetUrl()); err != nil || res.StatusCode != http.StatusOK {
					t.Errorf("%s opens %s: %v", what, name, err)
				}
			}
			if c.seat == nil {
				continue
			}
			got := c.seat.say(asking("open", id))
			if !sees && got.GetRefused().GetReason() != signal.ReasonGone {
				t.Errorf("%s opens %s in the meeting: %v", what, name, got)
			}
			if sees {
				by := c.ctx
				if by == nil {
					by = stranger
				}
				if res, err := s.fetched(by, got.GetAddress().GetUrl()); err != nil || res.StatusCode != http.StatusOK {
					t.Errorf("%s opens %s in the meeting: %v", what, name, err)
				}
			}
		}
	}
	foreign := pgtest.As(s.watch.Ctx, s.watch.Tenant, "admin")
	_, err = a.OpenPaper(foreign, &meetingv1.OpenPaperRequest{Id: ids["all.pdf"]})
	want(t, "another body's administrator", err, "PAPER_NOT_FOUND")
	for what, err := range map[string]error{
		"changed by who sees it": func() error {
			_, err := a.UpdatePaper(cohost, &meetingv1.UpdatePaperRequest{Id: ids["hosts.docx"], Name: "x.docx", Access: forAll, Download: true})
			return err
		}(),
		"deleted by who sees it": func() error {
			_, err := a.DeletePaper(cohost, &meetingv1.DeletePaperRequest{Id: ids["all.pdf"]})
			return err
		}(),
	} {
		want(t, what, err, "MEETING_NOT_HOST")
	}
	_, err = a.DeletePaper(unnamed, &meetingv1.DeletePaperRequest{Id: ids["named.png"]})
	want(t, "deleted by who does not see it", err, "PAPER_NOT_FOUND")

	// An address is for whom it was given to, until it runs out, and as long as they may see the paper.
	mine, err := a.OpenPaper(named, &meetingv1.OpenPaperRequest{Id: ids["named.png"]})
	want(t, "opening", err, "")
	theirs := guest.say(asking("open", ids["all.pdf"])).GetAddress().GetUrl()
	for what, c := range map[string]struct {
		ctx     context.Context
		address string
	}{
		"somebody else's":        {officer, mine.GetUrl()},
		"without a session":      {stranger, mine.GetUrl()},
		"a later end":            {named, strings.Replace(mine.GetUrl(), "until=", "until=9", 1)},
		"another paper's":        {named, strings.Replace(mine.GetUrl(), ids["named.png"], ids["all.pdf"], 1)},
		"to keep":                {named, mine.GetUrl() + "&save=1"},
		"another seat's":         {stranger, strings.Replace(theirs, guest.id, ofBody.id, 1)},
		"by nobody's signature":  {stranger, "/v1/papers/" + ids["all.pdf"] + "/file"},
		"of another body's host": {s.watch.Ctx, theirs},
	} {
		_, err := s.fetched(c.ctx, c.address)
		reason := "PAPER_ADDRESS"
		if what == "of another body's host" {
			reason = "PAPER_NOT_FOUND"
		}
		want(t, what, err, reason)
	}
	old := fmt.Sprint(time.Now().Add(-time.Second).Unix())
	expired := url.Values{"until": {old}, "sign": {s.signPaper(*idOf(ids["all.pdf"]), "", tenant.SubjectFrom(named).Identity, old, "")}}
	_, err = s.fetched(named, "/v1/papers/"+ids["all.pdf"]+"/file?"+expired.Encode())
	want(t, "one that has run out", err, "PAPER_ADDRESS")
	_, err = s.fetched(named, mine.GetUrl(), "Sec-Fetch-Dest", "document")
	want(t, "as a page of its own", err, "PAPER_ADDRESS")
	h.does("remove", guest.id)
	_, err = s.fetched(stranger, theirs)
	want(t, "after the guest was sent out", err, "PAPER_NOT_FOUND")
	// When it is for others, the address leads nowhere.
	if _, err := a.UpdatePaper(officer, &meetingv1.UpdatePaperRequest{Id: ids["named.png"], Name: "named.png", Access: forNamed, Readers: []string{idOfSubject(unnamed)}}); err != nil {
		t.Fatal(err)
	}
	_, err = s.fetched(named, mine.GetUrl())
	want(t, "after it was made somebody else's", err, "PAPER_NOT_FOUND")
	_, err = a.OpenPaper(unnamed, &meetingv1.OpenPaperRequest{Id: ids["named.png"], Download: true})
	want(t, "keeping what is only looked at", err, "PAPER_KEPT")
}

func TestPapersAreWhatTheyAre(t *testing.T) {
	t.Parallel()
	s := begin(t)
	a := s.papers()
	officer := s.as("officer", "李四")
	m := s.plan(t, officer, func(in *meetingv1.CreateMeetingRequest) { in.Plan.StartsAt = timestamppb.New(soon(time.Hour)) })
	for what, c := range map[string]struct {
		name, body, field string
		q                 url.Values
	}{
		"a page":                 {"a.pdf", "<html><script>alert(1)</script>", "PAPER_FILE", nil},
		"a program":              {"a.docx", "MZ\x90", "PAPER_FILE", nil},
		"a document with macros": {"a.docx", aDOCX(t, "word/vbaProject.bin"), "PAPER_FILE", nil},
		"nothing":                {"a.pdf", "", "PAPER_FILE", nil},
		"a path":                 {"../../etc/passwd.pdf", aPDF, "name", nil},
		"a path of Windows":      {`C:\x.pdf`, aPDF, "name", nil},
		"only dots":              {"..", aPDF, "name", nil},
		"turned around":          {"a\u202efdp.exe", aPDF, "name", nil},
		"no name":                {" ", aPDF, "name", nil},
		"too long a name":        {strings.Repeat("长", 161), aPDF, "name", nil},
		"for nobody known":       {"a.pdf", aPDF, "access", url.Values{"access": {"chat"}}},
		"named, and no names":    {"a.pdf", aPDF, "readers", url.Values{"access": {forNamed}}},
		"named, not invited":     {"a.pdf", aPDF, "readers", url.Values{"access": {forNamed}, "readers": {tenant.NewID().String()}}},
		"of no item":             {"a.pdf", aPDF, "itemId", url.Values{"item": {tenant.NewID().String()}}},
		"of no meeting":          {"a.pdf", aPDF, "MEETING_NOT_FOUND", url.Values{"meeting": {tenant.NewID().String()}}},
		"not to be kept, and not to be looked at": {"a.docx", aDOCX(t), "download", url.Values{"download": {"0"}}},
	} {
		_, err := s.putUp(t, officer, m, c.name, c.body, c.q)
		want(t, what, err, c.field)
	}
	if _, err := receive(strings.NewReader(aPDF), int64(len(aPDF))-1); err == nil {
		t.Error("one byte too large")
	}
	_, err := s.putUp(t, officer, m, "large.pdf", aPDF+strings.Repeat("0", largestPaper), nil)
	want(t, "too large", err, "PAPER_FILE")
	_, err = s.putUp(t, s.as("officer", "周九"), m, "a.pdf", aPDF, nil)
	want(t, "by another officer", err, "MEETING_NOT_HOST")

	// Put up twice with one key, it is there once; called otherwise than it is, it is called what it is.
	keyed := tenant.WithCall(officer, tenant.Call{IdempotencyKey: "k"})
	p, err := s.putUp(t, keyed, m, "报告.pdf", aPNG(t), nil)
	want(t, "a picture that is called a PDF", err, "")
	twice, err := s.putUp(t, keyed, m, "报告.pdf", aPNG(t), nil)
	if err != nil || twice.GetId() != p.GetId() || p.GetKind() != "png" || p.GetName() != "报告.pdf.png" {
		t.Errorf("%v, then %v %v", p, twice, err)
	}
	got, err := a.OpenPaper(officer, &meetingv1.OpenPaperRequest{Id: p.GetId()})
	want(t, "opening", err, "")
	res, err := s.fetched(officer, got.GetUrl(), "Range", "bytes=1-3")
	if err != nil {
		t.Fatal(err)
	}
	part, _ := io.ReadAll(res.Body)
	if res.StatusCode != http.StatusPartialContent || string(part) != "PNG" || res.Header.Get("Content-Type") != "image/png" || !strings.HasPrefix(res.Header.Get("Content-Disposition"), "inline") ||
		!strings.Contains(res.Header.Get("Content-Security-Policy"), "sandbox") || !strings.Contains(res.Header.Get("Cache-Control"), "no-store") {
		t.Errorf("%d %q %v", res.StatusCode, part, res.Header)
	}
	kept, err := a.OpenPaper(officer, &meetingv1.OpenPaperRequest{Id: p.GetId(), Download: true})
	want(t, "keeping", err, "")
	if res, err := s.fetched(officer, kept.GetUrl()); err != nil || !strings.Contains(res.Header.Get("Content-Disposition"), "attachment") || !strings.Contains(res.Header.Get("Content-Disposition"), url.PathEscape("报告.pdf.png")) {
		t.Errorf("%v %v", res.Header, err)
	}
	doc, err := s.putUp(t, officer, m, "方案.docx", aDOCX(t), nil)
	want(t, "a document", err, "")
	_, err = a.UpdatePaper(officer, &meetingv1.UpdatePaperRequest{Id: doc.GetId(), Name: "方案.docx", Access: forAll})
	want(t, "a document that is only to be looked at", err, "download")
	_, err = a.UpdatePaper(officer, &meetingv1.UpdatePaperRequest{Id: doc.GetId(), Name: "../方案.docx", Access: forAll, Download: true})
	want(t, "called a path", err, "name")

	// What is removed, or of a meeting that is called off, is removed from the store, too; what is not known there as well.
	stored := func() int {
		page, _, err := s.host.Files().List(t.Context(), paperPrefix(officer, *idOf(m.GetId())), "", 0)
		if err != nil {
			t.Fatal(err)
		}
		return len(page)
	}
	settle := func() {
		raw, _ := json.Marshal(filing{*idOf(m.GetId())})
		if err := s.settlePapers(s.body.Ctx, raw); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.host.Files().Put(t.Context(), paperKey(officer, *idOf(m.GetId()), tenant.NewID()), strings.NewReader("x"), 1); err != nil {
		t.Fatal(err)
	}
	if _, err := a.DeletePaper(officer, &meetingv1.DeletePaperRequest{Id: doc.GetId()}); err != nil {
		t.Fatal(err)
	}
	if settle(); stored() != 1 {
		t.Errorf("%d files after one of two was removed", stored())
	}
	if _, err := s.CancelMeeting(officer, &meetingv1.CancelMeetingRequest{Id: m.GetId()}); err != nil {
		t.Fatal(err)
	}
	if settle(); stored() != 0 {
		t.Errorf("%d files of a meeting that was called off", stored())
	}
	_, err = s.fetched(officer, got.GetUrl())
	want(t, "of a meeting that was called off", err, "PAPER_NOT_FOUND")
	_, err = s.putUp(t, officer, m, "a.pdf", aPDF, nil)
	want(t, "for a meeting that was called off", err, "MEETING_OVER")
}

// The host moves the meeting on; everybody sees it, and it stays when the last one has gone.
func TestTheRunningItem(t *testing.T) {
	t.Parallel()
	s := begin(t)
	officer, member := s.as("officer", "李四"), s.as("member", "王五")
	m := s.plan(t, officer, func(in *meetingv1.CreateMeetingRequest) { in.Instant = true })
	h, one := s.sits(t, officer, m), s.sits(t, member, m)
	empty := h.say(asking("list", "")).GetAgenda()
	got, err := s.papers().UpdateAgenda(officer, &meetingv1.UpdateAgendaRequest{Id: m.GetId(), Version: empty.GetVersion(), Items: []*agendav1.AgendaItem{{Title: "开场"}, {Title: "讨论", Minutes: 15}}})
	want(t, "an agenda", err, "")
	one.until("that there is an agenda", func(f *signalv1.FromServer) bool { return f.GetRoom().GetAgenda().GetItems() == 2 })
	second := got.GetItems()[1].GetId()
	one.wants(signal.ReasonRight, asking("run", second))
	h.wants(signal.ReasonGone, asking("run", tenant.NewID().String()))
	h.wants("", asking("run", got.GetItems()[0].GetId()))
	h.wants("", asking("run", second))
	one.until("the second item", func(f *signalv1.FromServer) bool {
		c := f.GetRoom().GetAgenda()
		return c.GetItem() == second && c.GetPlace() == 2 && c.GetTitle() == "讨论" && c.GetMinutes() == 15 && time.Since(time.UnixMilli(c.GetBegan())) < time.Minute
	})
	for _, b := range []*browser{one, h} {
		b.say(&signalv1.FromClient{What: &signalv1.FromClient_Leave{Leave: &signalv1.Leave{}}})
		<-b.bye
	}
	k, err := s.JoinMeeting(officer, &meetingv1.JoinMeetingRequest{Id: m.GetId()})
	want(t, "coming back", err, "")
	back := s.connect(t, officer, k)
	if j := back.join(k).GetJoined(); j.GetRoom().GetAgenda().GetItem() != second {
		t.Errorf("who comes back finds %v", j.GetRoom().GetAgenda())
	}
	back.wants("", asking("run", ""))
	back.until("no item", func(f *signalv1.FromServer) bool {
		return f.GetRoom().GetAgenda().GetItems() == 2 && f.GetRoom().GetAgenda().GetItem() == ""
	})
}

func TestFilesInTheChat(t *testing.T) {
	t.Parallel()
	s := begin(t)
	officer, member, later := s.as("officer", "李四"), s.as("member", "王五"), s.as("member", "赵六")
	m := s.plan(t, officer, func(in *meetingv1.CreateMeetingRequest) {
		in.Plan.OpenTo, in.Plan.Password, in.Instant = "anyone", "abcd12", true
	})
	h := s.sits(t, officer, m)
	member = tenant.WithCall(member, tenant.Call{})
	k, err := s.JoinMeeting(member, &meetingv1.JoinMeetingRequest{Id: m.GetId(), Password: "abcd12"})
	want(t, "joining", err, "")
	one := s.connect(t, member, k)
	one.join(k)
	stranger := s.stranger()
	gk, err := s.JoinAsGuest(stranger, &meetingv1.JoinAsGuestRequest{Number: m.GetNumber(), Name: "访客", Password: "abcd12"})
	want(t, "a guest", err, "")
	guest := s.connect(t, stranger, gk)
	guest.join(gk)

	attach := func(name string, size int) *signalv1.FromClient {
		return &signalv1.FromClient{What: &signalv1.FromClient_Attach{Attach: &signalv1.Attach{Name: name, Size: uint64(size)}}}
	}
	send := func(ctx context.Context, address string, body io.Reader) error {
		w := httptest.NewRecorder()
		return s.papers().sendFile(w, httptest.NewRequestWithContext(ctx, http.MethodPost, address, body))
	}
	picture := aPNG(t)
	ticket := guest.say(attach("现场.png", len(picture))).GetTicket()
	for range 2 { // sent twice it is there once
		want(t, "a file of a guest", send(stranger, ticket.GetUrl(), strings.NewReader(picture)), "")
	}
	line := h.until("the file", func(f *signalv1.FromServer) bool { return f.GetLine().GetFile() != nil }).GetLine()
	if line.GetName() != "访客" || line.GetText() != "现场.png" || line.GetFile().GetKind() != "png" || line.GetFile().GetSize() != int64(len(picture)) {
		t.Errorf("%v", line)
	}
	told := one.say(&signalv1.FromClient{What: &signalv1.FromClient_Recall{Recall: &signalv1.Recall{}}}).GetTold()
	if len(told.GetLines()) != 1 || told.GetLines()[0].GetFile().GetId() != line.GetFile().GetId() {
		t.Errorf("recalled: %v", told)
	}
	address := one.say(asking("open", line.GetFile().GetId())).GetAddress()
	res, err := s.fetched(member, address.GetUrl())
	if err != nil {
		t.Fatal(err)
	}
	if got, _ := io.ReadAll(res.Body); string(got) != picture {
		t.Errorf("%d bytes come back", len(got))
	}
	reply := one.say(attach("回复.pdf", len(aPDF))).GetTicket()
	want(t, "back", send(member, reply.GetUrl(), strings.NewReader(aPDF)), "")
	back := guest.until("the reply", func(f *signalv1.FromServer) bool { return f.GetLine().GetFile().GetName() == "回复.pdf" }).GetLine()
	if got := guest.say(asking("open", back.GetFile().GetId())).GetAddress(); got.GetUrl() == "" {
		t.Errorf("the guest opens the reply: %v", got)
	}

	// Afterwards the record of the chat has them, for who took part.
	said, err := s.ListMessages(officer, &meetingv1.ListMessagesRequest{Id: m.GetId()})
	if err != nil || len(said.GetMessages()) != 2 || said.GetMessages()[0].GetFile().GetId() != back.GetFile().GetId() {
		t.Errorf("%v %v", said, err)
	}
	for what, c := range map[string]struct {
		ctx    context.Context
		reason string
	}{"who holds it": {officer, ""}, "who took part": {member, ""}, "who did not": {later, "PAPER_NOT_FOUND"}, "another body": {pgtest.As(s.watch.Ctx, s.watch.Tenant, "admin"), "PAPER_NOT_FOUND"}} {
		_, err := s.papers().OpenPaper(c.ctx, &meetingv1.OpenPaperRequest{Id: back.GetFile().GetId(), Download: true})
		want(t, what, err, c.reason)
	}

	// What does not arrive whole, or is not what is taken, leaves nothing behind.
	half := one.say(attach("半.pdf", len(aPDF)+9)).GetTicket()
	want(t, "half a file", send(member, half.GetUrl(), strings.NewReader(aPDF)), "PAPER_FILE")
	broken := one.say(attach("断.pdf", len(aPDF))).GetTicket()
	want(t, "a broken connection", send(member, broken.GetUrl(), io.MultiReader(strings.NewReader(aPDF[:9]), failing{})), "PAPER_FILE")
	page := one.say(attach("a.pdf", 30)).GetTicket()
	want(t, "a page", send(member, page.GetUrl(), strings.NewReader("<html><script></script></html>")), "PAPER_FILE")
	want(t, "without a ticket", send(member, "/v1/meetings:chatFile?file="+page.GetFile()+"&until=9999999999&sign=x", strings.NewReader(aPDF)), "PAPER_ADDRESS")
	raw, _ := json.Marshal(filing{*idOf(m.GetId())})
	role := s.env.DB.Config().Role(s.body.Code)
	s.exec(t, "update "+role+".meeting_paper set at = at - interval '1 hour' where not arrived")
	if err := s.settlePapers(s.body.Ctx, raw); err != nil {
		t.Fatal(err)
	}
	stored, _, err := s.host.Files().List(t.Context(), paperPrefix(officer, *idOf(m.GetId())), "", 0)
	if n := s.env.Count(t, "select count(*) from "+role+".meeting_paper"); err != nil || n != 2 || len(stored) != 2 {
		t.Errorf("%d rows and %d files, want 2 of each; %v", n, len(stored), err)
	}

	one.wants(signal.ReasonMessage, attach("../x.pdf", 10))
	one.wants(signal.ReasonMessage, attach("x.pdf", largestFile+1))
	for range filesAMinute - 1 { // one of this minute has arrived
		if got := one.say(attach("x.pdf", 10)); got.GetTicket() == nil {
			t.Fatal(got)
		}
	}
	one.wants(signal.ReasonRate, attach("x.pdf", 10))

	// A host forbids guests to send files, or everybody.
	late := guest.say(attach("late.pdf", len(aPDF))).GetTicket()
	members, none := "members", "none"
	h.wants("", setting(&signalv1.Set{Files: &members}))
	guest.until("told", func(f *signalv1.FromServer) bool { return f.GetRoom().GetFiles() == members })
	guest.wants(signal.ReasonState, attach("x.pdf", 10))
	want(t, "with a ticket of before", send(stranger, late.GetUrl(), strings.NewReader(aPDF)), "PAPER_FILE")
	one.wants(signal.ReasonRight, setting(&signalv1.Set{Files: &none}))
	h.wants("", setting(&signalv1.Set{Files: &none}))
	h.wants(signal.ReasonState, attach("x.pdf", 10))
	h.does("end", "")
	want(t, "after the end", send(stranger, late.GetUrl(), strings.NewReader(aPDF)), "MEETING_OVER")
}

type failing struct{}

func (failing) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }
