package meeting

import (
	"context"
	"fmt"
	"testing"

	"gonghui/media/meeting/ballot"
	"gonghui/media/meeting/cluster"
	meetingv1 "gonghui/media/meeting/v1"
	votev1 "gonghui/media/meeting/vote/v1"
	signalv1 "gonghui/media/signal/v1"
)

// booths is a meeting on two nodes with a ballot that is open to five, who have taken their rights.
func booths(t *testing.T) (at, other *stage, m *meetingv1.Meeting, as []context.Context, all []*browser, v *votev1.Vote, papers []paper) {
	t.Helper()
	a, b := nodes(t)
	as = []context.Context{a.as("officer", "李四")}
	for i := range 4 {
		as = append(as, a.as("member", fmt.Sprintf("会员%d", i+1)))
	}
	m = a.plan(t, as[0], func(in *meetingv1.CreateMeetingRequest) { in.Instant = true })
	for _, one := range as {
		all = append(all, a.sits(t, one, m))
	}
	at, other = order(t, m, a, b)
	v = all[0].voted(&votev1.Voting{Do: "make", Make: &votev1.MakeVote{
		Kind: kindSecret, Form: ballot.Consent, Question: "决议", Options: consents(), People: ids(all), Watchers: []string{all[0].id, all[1].id},
		Majority: "half_voters",
	}})
	v = all[0].voted(&votev1.Voting{Do: "open", Vote: v.GetId()})
	for _, one := range all {
		papers = append(papers, one.takes(v))
	}
	return at, other, m, as, all, v, papers
}

// closes has both scrutineers confirm.
func closes(all []*browser, vote string) (v *votev1.Vote) {
	for range 2 { // the closing, then the opening of the result
		for _, one := range all[:2] {
			v = one.voted(&votev1.Voting{Do: "confirm", Vote: vote})
		}
	}
	return v
}

// A ballot goes on where the meeting goes on: nothing that was cast is lost, and what is cast again is not counted twice.
func TestABallotMoves(t *testing.T) {
	t.Parallel()
	at, other, m, as, all, v, papers := booths(t)
	cast := func(s *stage, n int) {
		t.Helper()
		_, err := s.casts(t, papers[n], uint32(n%2+1))
		want(t, "a ballot", err, "")
	}
	cast(at, 0)
	cast(other, 1) // whichever node is asked
	cast(at, 2)
	if err := cluster.AskDrain(t.Context(), at.redis, at.nodes.Prefix(), at.nodes.Name(), true); err != nil {
		t.Fatal(err)
	}
	for i, one := range all {
		moved := one.until("the meeting moves", func(f *signalv1.FromServer) bool { return f.GetMoved() != nil }).GetMoved()
		k := &meetingv1.JoinReply{Token: moved.GetToken(), Room: moved.GetRoom(), Socket: moved.GetSocket(), Participant: one.id}
		next := other.connect(t, as[i], k)
		if next.join(k).GetJoined() == nil {
			t.Fatal("not there")
		}
		one.say(&signalv1.FromClient{What: &signalv1.FromClient_Settled{Settled: &signalv1.Settled{}}})
		all[i] = next
	}
	cast(at, 0) // again, as pages do
	cast(other, 2)
	cast(at, 3)
	_, err := other.casts(t, papers[0], 3)
	want(t, "another choice", err, "MEETING_BALLOT")
	if v = all[0].voted(&votev1.Voting{Do: "end", Vote: v.GetId()}); v.GetCast() != 4 || v.GetUnsure() {
		t.Fatalf("%d ballots at hand, unsure: %v", v.GetCast(), v.GetUnsure())
	}
	// Nothing is in doubt: who has not cast does not hold the others up.
	v = closes(all, v.GetId())
	if r := v.GetResult(); v.GetState() != voteDone || fmt.Sprint(r.GetVotes()) != "[2 2 0]" {
		t.Errorf("%v", v)
	}
	if n := len(at.boxes.in(uuidOf(m.GetId()))) + len(other.boxes.in(uuidOf(m.GetId()))); n > 1 {
		t.Errorf("%d boxes are left", n) // the one that was given away remembers that it was
	}
}

// A ballot whose box is lost with its node is counted whole, or not at all.
func TestABallotLosesItsNode(t *testing.T) {
	t.Parallel()
	at, other, m, as, all, v, papers := booths(t)
	for _, p := range papers[:4] {
		_, err := at.casts(t, p, 1)
		want(t, "a ballot", err, "")
	}
	// The lease goes; the box of that node stays behind.
	if err := at.redis.Del(t.Context(), at.nodes.Prefix()+"node:"+at.nodes.Name()).Err(); err != nil {
		t.Fatal(err)
	}
	for _, one := range all {
		<-one.bye
	}
	eventually(t, "the meeting is on the other node", func() bool {
		all[0] = other.sits(t, as[0], m)
		return other.owns(m)
	})
	for i := range all[1:] {
		all[i+1] = other.sits(t, as[i+1], m)
	}
	if v = all[0].voted(&votev1.Voting{Do: "end", Vote: v.GetId()}); v.GetCast() != 0 || !v.GetUnsure() {
		t.Fatalf("%d ballots at hand, unsure: %v", v.GetCast(), v.GetUnsure())
	}
	confirm := &votev1.Voting{Do: "confirm", Vote: v.GetId()}
	all[0].denied("nothing is at hand", "STATE", "vote.cast", confirm)
	for n, p := range papers {
		all[1].denied("not all are at hand", "STATE", "vote.cast", confirm)
		_, err := other.casts(t, p, uint32(n%2+1))
		want(t, "a ballot, again", err, "")
	}
	v = closes(all, v.GetId())
	if r := v.GetResult(); v.GetState() != voteDone || r.GetCast() != 5 || fmt.Sprint(r.GetVotes()) != "[3 2 0]" || !r.GetPassed() {
		t.Errorf("%v", v)
	}
	// Another one is lost before anybody has voted: nothing was lost with it.
	motion := &votev1.MakeVote{
		Kind: kindSecret, Form: ballot.Consent, Question: "再议", Options: consents(), People: ids(all), Watchers: []string{all[0].id, all[1].id}, Majority: "most",
	}
	w := all[0].voted(&votev1.Voting{Do: "make", Make: motion})
	w = all[0].voted(&votev1.Voting{Do: "open", Vote: w.GetId()})
	other.boxes.drop(uuidOf(m.GetId()), uuidOf(w.GetId()))
	p := all[2].takes(w)
	_, err := other.casts(t, p, 1)
	want(t, "the first ballot", err, "")
	all[3].takes(w)
	if w = all[0].voted(&votev1.Voting{Do: "end", Vote: w.GetId()}); w.GetCast() != 1 || w.GetUnsure() {
		t.Fatalf("%d ballots at hand, unsure: %v", w.GetCast(), w.GetUnsure())
	}
	if w = closes(all, w.GetId()); w.GetState() != voteDone {
		t.Errorf("%v", w)
	}
	// Once more after the first: what was lost is not known, so the ballot is void, and is held again.
	lost := all[0].voted(&votev1.Voting{Do: "make", Make: motion})
	lost = all[0].voted(&votev1.Voting{Do: "open", Vote: lost.GetId()})
	all[2].takes(lost)
	other.boxes.drop(uuidOf(m.GetId()), uuidOf(lost.GetId()))
	all[3].takes(lost)
	all[0].voted(&votev1.Voting{Do: "end", Vote: lost.GetId()})
	all[0].denied("one is not at hand", "STATE", "vote.cast", &votev1.Voting{Do: "confirm", Vote: lost.GetId()})
	if lost = all[0].voted(&votev1.Voting{Do: "void", Vote: lost.GetId()}); lost.GetState() != voteVoid {
		t.Errorf("%v", lost)
	}
	if again := all[0].voted(&votev1.Voting{Do: "make", Make: motion}); again.GetState() != voteDraft {
		t.Errorf("%v", again)
	}
}
