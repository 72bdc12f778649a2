package meeting

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"
	"fmt"
	"math/big"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/cloudflare/circl/blindsign/blindrsa"
	"github.com/google/uuid"

	"gonghui/media/meeting/ballot"
	"gonghui/media/meeting/live"
	meetingv1 "gonghui/media/meeting/v1"
	votev1 "gonghui/media/meeting/vote/v1"
	signalv1 "gonghui/media/signal/v1"
	"gonghui/tenant"
)

func (b *browser) votes(in *votev1.Voting) *signalv1.FromServer {
	b.Helper()
	return b.say(&signalv1.FromClient{What: &signalv1.FromClient_Vote{Vote: in}})
}

// voted is the one vote in an answer.
func (b *browser) voted(in *votev1.Voting) *votev1.Vote {
	b.Helper()
	a := b.votes(in)
	if len(a.GetVotes().GetVotes()) != 1 {
		b.Fatalf("%s %s: %v", in.GetDo(), in.GetVote(), a)
	}
	return a.GetVotes().GetVotes()[0]
}

// denied checks that something is refused.
func (b *browser) denied(what, reason, field string, in *votev1.Voting) {
	b.Helper()
	if r := b.votes(in).GetRefused(); r.GetReason() != reason || r.GetField() != field {
		b.Errorf("%s: %v, want %s %s", what, r, reason, field)
	}
}

// paper is what a page keeps of its right to vote.
type paper struct {
	vote             string
	token, signature []byte
}

// takes spends the right to vote.
func (b *browser) takes(v *votev1.Vote) paper {
	b.Helper()
	c, err := blindrsa.NewClient(blindrsa.SHA384PSSDeterministic, &rsa.PublicKey{N: new(big.Int).SetBytes(v.GetModulus()), E: 65537})
	if err != nil {
		b.Fatal(err)
	}
	token := make([]byte, ballot.TokenSize)
	_, _ = rand.Read(token)
	blinded, state, err := c.Blind(rand.Reader, token)
	if err != nil {
		b.Fatal(err)
	}
	a := b.votes(&votev1.Voting{Do: "right", Vote: v.GetId(), Blinded: blinded})
	again := b.votes(&votev1.Voting{Do: "right", Vote: v.GetId(), Blinded: blinded})
	if len(a.GetRight().GetSignature()) == 0 || !bytes.Equal(a.GetRight().GetSignature(), again.GetRight().GetSignature()) {
		b.Fatalf("the right was answered by %v, then by %v", a, again)
	}
	signature, err := c.Finalize(state, a.GetRight().GetSignature())
	if err != nil {
		b.Fatal(err)
	}
	return paper{v.GetId(), token, signature}
}

// casts posts a ballot as nobody.
func (s *stage) casts(t *testing.T, p paper, choice ...uint32) (castReply, error) {
	t.Helper()
	raw, err := json.Marshal(castBody{p.vote, p.token, p.signature, choice})
	if err != nil {
		t.Fatal(err)
	}
	w := httptest.NewRecorder()
	var reply castReply
	err = s.cast(w, httptest.NewRequestWithContext(tenant.With(context.Background(), s.body.Tenant), http.MethodPost, castPath, bytes.NewReader(raw)))
	if err == nil {
		if err := json.Unmarshal(w.Body.Bytes(), &reply); err != nil {
			t.Fatal(err)
		}
	}
	return reply, err
}

// assembly is a meeting with its host and some members.
func (s *stage) assembly(t *testing.T, members int) (*meetingv1.Meeting, context.Context, []*browser) {
	t.Helper()
	officer := s.as("officer", "李四")
	m := s.plan(t, officer, func(in *meetingv1.CreateMeetingRequest) { in.Instant, in.Plan.OpenTo = true, "anyone" })
	all := []*browser{s.sits(t, officer, m)}
	for i := range members {
		all = append(all, s.sits(t, s.as("member", fmt.Sprintf("会员%d", i+1)), m))
	}
	return m, officer, all
}

func ids(all []*browser) (out []string) {
	for _, b := range all {
		out = append(out, b.id)
	}
	return out
}

func consents() []string { return []string{"赞成", "反对", "弃权"} }

func TestAPoll(t *testing.T) {
	t.Parallel()
	s := begin(t)
	m, officer, all := s.assembly(t, 2)
	host, a, b := all[0], all[1], all[2]
	ask := &votev1.Voting{Do: "make", Vote: "the-same", Make: &votev1.MakeVote{Kind: kindNamed, Question: "何时开会", Options: []string{"周一", "周二", "周三"}, Most: 2}}
	a.denied("a member asks", "RIGHT", "vote.do", ask)
	for name, c := range map[string]*votev1.MakeVote{
		"vote.make.options":  {Kind: kindNamed, Question: "问", Options: []string{"一"}},
		"vote.make.most":     {Kind: kindVeiled, Question: "问", Options: []string{"一", "二"}, Most: 3},
		"vote.make.question": {Kind: kindVeiled, Question: " ", Options: []string{"一", "二"}},
		"vote.make.form":     {Kind: kindVeiled, Form: ballot.Elect, Question: "问", Options: []string{"一", "二"}},
	} {
		host.denied(name, "MESSAGE", name, &votev1.Voting{Do: "make", Make: c})
	}
	v := host.voted(ask)
	if again := host.voted(ask); again.GetId() != v.GetId() || v.GetState() != voteOpen || len(v.GetOptions()) != 3 {
		t.Fatalf("%v %v", v, again)
	}
	a.until("the poll is shown", func(f *signalv1.FromServer) bool { return f.GetVote().GetId() == v.GetId() })
	a.denied("too many", "MESSAGE", "vote.choice", &votev1.Voting{Do: "choose", Vote: v.GetId(), Choice: []uint32{1, 2, 3}})
	a.denied("none", "MESSAGE", "vote.choice", &votev1.Voting{Do: "choose", Vote: v.GetId()})
	a.denied("one that is not there", "MESSAGE", "vote.choice", &votev1.Voting{Do: "choose", Vote: v.GetId(), Choice: []uint32{4}})
	a.voted(&votev1.Voting{Do: "choose", Vote: v.GetId(), Choice: []uint32{1}})
	got := a.voted(&votev1.Voting{Do: "choose", Vote: v.GetId(), Choice: []uint32{2, 3}})
	if !got.GetOwn().GetDid() || len(got.GetOwn().GetChoice()) != 2 || got.GetResult() != nil {
		t.Errorf("%v", got)
	}
	b.voted(&votev1.Voting{Do: "choose", Vote: v.GetId(), Choice: []uint32{3}})
	for _, r := range b.votes(&votev1.Voting{Do: "voters", Vote: v.GetId()}).GetVoters().GetVoters() {
		if r.GetChoice() != nil {
			t.Errorf("while it is open: %v", r)
		}
	}
	b.denied("a member ends it", "RIGHT", "vote.do", &votev1.Voting{Do: "end", Vote: v.GetId()})
	done := host.voted(&votev1.Voting{Do: "end", Vote: v.GetId()}).GetResult()
	if fmt.Sprint(done.GetVotes()) != "[0 1 2]" || done.GetCast() != 2 || fmt.Sprint(done.GetWon()) != "[3]" {
		t.Errorf("%v", done)
	}
	b.until("the result is shown", func(f *signalv1.FromServer) bool { return f.GetVote().GetResult() != nil })
	b.denied("too late", "STATE", "vote.vote", &votev1.Voting{Do: "choose", Vote: v.GetId(), Choice: []uint32{1}})
	list, err := s.ListVoters(officer, &meetingv1.ListVotersRequest{Id: m.GetId(), Vote: v.GetId()})
	want(t, "who voted", err, "")
	if len(list.GetVoters()) != 2 || len(list.GetVoters()[0].GetChoice())+len(list.GetVoters()[1].GetChoice()) != 3 {
		t.Errorf("%v", list)
	}
	// What is veiled is told to nobody.
	veiled := host.voted(&votev1.Voting{Do: "make", Make: &votev1.MakeVote{Kind: kindVeiled, Question: "问", Options: []string{"一", "二"}}})
	a.voted(&votev1.Voting{Do: "choose", Vote: veiled.GetId(), Choice: []uint32{1}})
	host.voted(&votev1.Voting{Do: "end", Vote: veiled.GetId()})
	list, err = s.ListVoters(officer, &meetingv1.ListVotersRequest{Id: m.GetId(), Vote: veiled.GetId()})
	want(t, "who voted", err, "")
	if len(list.GetVoters()) != 1 || list.GetVoters()[0].GetChoice() != nil {
		t.Errorf("%v", list)
	}
	page, err := s.ListVotes(officer, &meetingv1.ListVotesRequest{Id: m.GetId(), PageSize: 1})
	want(t, "the votes", err, "")
	next, err := s.ListVotes(officer, &meetingv1.ListVotesRequest{Id: m.GetId(), PageSize: 1, PageToken: page.GetNextPageToken()})
	want(t, "the next ones", err, "")
	if page.GetVotes()[0].GetId() != v.GetId() || next.GetVotes()[0].GetId() != veiled.GetId() || next.GetNextPageToken() != "" {
		t.Errorf("%v then %v", page, next)
	}
	_, err = s.ListVotes(s.as("member", "没有来"), &meetingv1.ListVotesRequest{Id: m.GetId()})
	want(t, "somebody who was not there", err, "MEETING_NOT_FOUND")
}

func TestASignIn(t *testing.T) {
	t.Parallel()
	s := begin(t)
	m, officer, all := s.assembly(t, 1)
	host, a := all[0], all[1]
	v := host.voted(&votev1.Voting{Do: "make", Make: &votev1.MakeVote{Kind: kindSignIn, Question: "签到", Minutes: 5}})
	for range 2 {
		if got := a.voted(&votev1.Voting{Do: "sign", Vote: v.GetId()}); !got.GetOwn().GetDid() || got.GetCame() != 1 {
			t.Errorf("%v", got)
		}
	}
	a.denied("the code", "RIGHT", "vote.do", &votev1.Voting{Do: "code", Vote: v.GetId()})
	code := host.votes(&votev1.Voting{Do: "code", Vote: v.GetId()}).GetCode()
	if len(code.GetCode()) != 16 || code.GetLeft() > uint32(codeLife.Milliseconds()) {
		t.Fatalf("%v", code)
	}
	// Who sits in the hall has never opened the meeting.
	hall := s.as("member", "在会场")
	_, err := s.SignPresent(hall, &meetingv1.SignPresentRequest{Number: m.GetNumber(), Code: "0000000000000000"})
	want(t, "a wrong code", err, "MEETING_CODE")
	for range 2 {
		_, err = s.SignPresent(hall, &meetingv1.SignPresentRequest{Number: m.GetNumber(), Code: code.GetCode()})
		want(t, "the code", err, "")
	}
	// A guest, who has no session here, is in the meeting: the page passes the code on.
	asGuest := s.stranger()
	ticket, err := s.JoinAsGuest(asGuest, &meetingv1.JoinAsGuestRequest{Number: m.GetNumber(), Name: "来宾", Key: keyOf(m)})
	want(t, "a guest", err, "")
	guest := s.connect(t, asGuest, ticket)
	guest.join(ticket)
	guest.denied("a wrong code", "GONE", "vote.code", &votev1.Voting{Do: "sign", Code: "0000000000000000"})
	if n := s.redis.IncrBy(t.Context(), trier(asGuest), mostTries-1).Val(); n != mostTries {
		t.Errorf("%d guesses are counted", n)
	}
	guest.denied("guessed too often", "RATE", "vote.code", &votev1.Voting{Do: "sign", Code: code.GetCode()})
	s.redis.Del(t.Context(), trier(asGuest))
	for range 2 {
		if got := guest.voted(&votev1.Voting{Do: "sign", Code: code.GetCode()}); got.GetId() != v.GetId() || !got.GetOwn().GetDid() {
			t.Errorf("%v", got)
		}
	}
	list, err := s.ListVoters(officer, &meetingv1.ListVotersRequest{Id: m.GetId(), Vote: v.GetId()})
	want(t, "who signed in", err, "")
	came := map[string]bool{}
	for _, r := range list.GetVoters() {
		came[r.GetName()] = r.GetAt() != nil
	}
	if len(came) != 4 || !came["在会场"] || !came["会员1"] || !came["来宾"] || came["李四"] {
		t.Errorf("%v", came)
	}
	s.exec(t, "update "+s.env.DB.Config().Role(s.body.Code)+".meeting_vote set ends_at = now() - interval '1 minute'")
	guest.denied("its time is over, by the code", "GONE", "vote.code", &votev1.Voting{Do: "sign", Code: code.GetCode()})
	host.denied("its time is over", "STATE", "vote.vote", &votev1.Voting{Do: "sign", Vote: v.GetId()})
	_, err = s.SignPresent(s.as("member", "太晚"), &meetingv1.SignPresentRequest{Number: m.GetNumber(), Code: s.signCode(tenant.NewID(), time.Now())})
	want(t, "over", err, "MEETING_CODE")
}

func TestASecretBallot(t *testing.T) {
	t.Parallel()
	s := begin(t)
	m, officer, all := s.assembly(t, 5)
	host, one, two := all[0], all[1], all[2]
	role := s.env.DB.Config().Role(s.body.Code)
	count := func(sql string) int64 { t.Helper(); return s.env.Count(t, fmt.Sprintf(sql, role)) }
	motion := func(change func(*votev1.MakeVote)) *votev1.Voting {
		in := &votev1.MakeVote{
			Kind: kindSecret, Form: ballot.Consent, Question: "关于调整会费的决议", Options: consents(), People: ids(all), Watchers: []string{one.id, two.id},
			Quorum: "twothirds", Majority: "half_due", Due: 8,
		}
		if change != nil {
			change(in)
		}
		return &votev1.Voting{Do: "make", Make: in}
	}
	guest, err := s.JoinAsGuest(s.stranger(), &meetingv1.JoinAsGuestRequest{Number: m.GetNumber(), Name: "来宾", Key: keyOf(m)})
	want(t, "a guest", err, "")
	g := s.connect(t, s.stranger(), guest)
	g.join(guest)
	for _, c := range []struct {
		field  string
		change func(*votev1.MakeVote)
	}{
		{"people", func(in *votev1.MakeVote) { in.People = in.People[:2] }},
		{"people", func(in *votev1.MakeVote) { in.People = append(in.People, guest.GetParticipant()) }},
		{"people", func(in *votev1.MakeVote) { in.People = append(in.People, tenant.NewID().String()) }},
		{"small", func(in *votev1.MakeVote) { in.People = in.People[:4] }},
		{"due", func(in *votev1.MakeVote) { in.Due = 3 }},
		{"watchers", func(in *votev1.MakeVote) { in.Watchers = in.Watchers[:1] }},
		{"watchers", func(in *votev1.MakeVote) { in.Watchers[1] = in.Watchers[0] }},
		{"watchers", func(in *votev1.MakeVote) { in.Watchers[1] = guest.GetParticipant() }},
		{"options", func(in *votev1.MakeVote) { in.Options = in.Options[:2] }},
		{"seats", func(in *votev1.MakeVote) { in.Form = ballot.Elect }},
	} {
		host.denied(c.field, "MESSAGE", "vote.make."+c.field, motion(c.change))
	}
	v := host.voted(motion(func(in *votev1.MakeVote) { in.Guests = []string{guest.GetParticipant()} }))
	if v.GetState() != voteDraft || v.GetVoters() != 7 || len(v.GetModulus()) != 0 || v.GetWatchers()[1].GetName() != "会员2" {
		t.Fatalf("%v", v)
	}
	one.denied("before it is open", "STATE", "vote.vote", &votev1.Voting{Do: "right", Vote: v.GetId(), Blinded: make([]byte, 256)})
	_, err = s.EndMeeting(officer, &meetingv1.EndMeetingRequest{Id: m.GetId()})
	want(t, "ending the meeting", err, "MEETING_BALLOT")
	if a := host.say(&signalv1.FromClient{What: &signalv1.FromClient_Act{Act: &signalv1.Act{Do: "end"}}}); a.GetRefused().GetReason() != "STATE" {
		t.Errorf("ending the meeting: %v", a)
	}
	late := s.sits(t, s.as("member", "迟到"), m)
	v = host.voted(&votev1.Voting{Do: "open", Vote: v.GetId()})
	late.denied("who is not on the list", "RIGHT", "vote.vote", &votev1.Voting{Do: "right", Vote: v.GetId(), Blinded: make([]byte, 256)})
	one.denied("no token", "MESSAGE", "vote.blinded", &votev1.Voting{Do: "right", Vote: v.GetId(), Blinded: []byte("x")})

	var papers []paper
	for i, b := range append([]*browser{g}, all[:5]...) { // the sixth member does not vote
		p := b.takes(v)
		papers = append(papers, p)
		if i == 0 {
			forged := p
			forged.token = bytes.Repeat([]byte{7}, ballot.TokenSize)
			_, err := s.casts(t, forged, 1)
			want(t, "a forged token", err, "signature")
			_, err = s.casts(t, p, 1, 2)
			want(t, "two options", err, "choice")
			_, err = s.casts(t, p)
			want(t, "none", err, "choice")
			_, err = s.casts(t, paper{tenant.NewID().String(), p.token, p.signature}, 1)
			want(t, "another ballot", err, "MEETING_NOT_FOUND")
		}
		r, err := s.casts(t, p, uint32(i%2+1)) // three for, three against
		want(t, "a ballot", err, "")
		if r.Written || r.Receipt != ballot.Receipt(p.token) {
			t.Errorf("%v", r)
		}
	}
	one.denied("a second right", "RIGHT", "vote.vote", &votev1.Voting{Do: "right", Vote: v.GetId(), Blinded: make([]byte, 256)})
	_, err = s.casts(t, papers[0], 2)
	want(t, "another choice", err, "MEETING_BALLOT")
	// The process has forgotten what it held: pages cast again.
	s.boxes.drop(uuidOf(m.GetId()), uuidOf(v.GetId()))
	for i, p := range papers {
		_, err := s.casts(t, p, uint32(i%2+1))
		want(t, "again", err, "")
	}
	if v = host.voted(&votev1.Voting{Do: "end", Vote: v.GetId()}); v.GetState() != voteEnding || v.GetCast() != 6 || v.GetCame() != 6 {
		t.Fatalf("%v", v)
	}
	if n := count("select count(*) from %[1]s.meeting_ballot") + count("select count(*) from %[1]s.meeting_receipt"); n != 0 {
		t.Errorf("%d rows before the closing", n)
	}
	late.denied("no scrutineer", "RIGHT", "vote.do", &votev1.Voting{Do: "confirm", Vote: v.GetId()})
	for range 2 { // one of them is not two
		if v = one.voted(&votev1.Voting{Do: "confirm", Vote: v.GetId()}); v.GetState() != voteEnding {
			t.Fatalf("%v", v)
		}
	}
	v = two.voted(&votev1.Voting{Do: "confirm", Vote: v.GetId()})
	if v.GetState() != voteClosed || v.GetCast() != 6 || v.GetResult() != nil || v.GetModulus() != nil {
		t.Fatalf("%v", v)
	}
	if n := count("select count(*) from %[1]s.meeting_vote where secret is not null"); n != 0 {
		t.Errorf("%d keys are left", n)
	}
	r, err := s.casts(t, papers[3], 2)
	if want(t, "after the closing", err, ""); !r.Written {
		t.Errorf("%v", r)
	}
	_, err = s.casts(t, paper{v.GetId(), make([]byte, 32), make([]byte, 256)}, 1)
	want(t, "a new one after the closing", err, "MEETING_STATE")
	one.voted(&votev1.Voting{Do: "confirm", Vote: v.GetId()})
	v = two.voted(&votev1.Voting{Do: "confirm", Vote: v.GetId()})
	// Three of eight who should attend are not more than half.
	if got := v.GetResult(); v.GetState() != voteDone || fmt.Sprint(got.GetVotes()) != "[3 3 0]" || got.GetNeed() != 5 || got.GetPassed() || !got.GetQuorate() {
		t.Errorf("%v", v)
	}
	list, err := s.ListReceipts(officer, &meetingv1.ListReceiptsRequest{Id: m.GetId(), Vote: v.GetId()})
	want(t, "the receipts", err, "")
	published := map[string]bool{}
	for _, r := range list.GetReceipts() {
		published[r] = true
	}
	for _, p := range papers {
		if !published[ballot.Receipt(p.token)] {
			t.Errorf("a ballot is not in the list")
		}
	}
	if len(published) != 6 {
		t.Errorf("%d receipts", len(published))
	}
	// What is kept of who voted is that they did.
	if n := count("select count(*) from %[1]s.meeting_voter where choice is not null"); n != 0 {
		t.Errorf("%d choices beside a name", n)
	}
	if n := count("select count(*) from %[1]s.audit_log where act = 'meeting.right'"); n != 6 {
		t.Errorf("%d rights are recorded", n)
	}
	// Another one is void, and ends with the meeting.
	w := host.voted(motion(nil))
	host.voted(&votev1.Voting{Do: "void", Vote: w.GetId()})
	host.denied("once void", "STATE", "vote.vote", &votev1.Voting{Do: "open", Vote: w.GetId()})
	_, err = s.EndMeeting(officer, &meetingv1.EndMeetingRequest{Id: m.GetId()})
	want(t, "ending the meeting", err, "")
	host.over(live.Ended)
}

func uuidOf(text string) uuid.UUID { return uuid.MustParse(text) }

// keyOf is the key in the link for guests.
func keyOf(m *meetingv1.Meeting) string {
	_, key, _ := strings.Cut(m.GetLink(), "#key=")
	return key
}
