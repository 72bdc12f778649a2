package e2e_test

import (
	"crypto/rand"
	"crypto/rsa"
	"math/big"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/cloudflare/circl/blindsign/blindrsa"

	"gonghui/app/e2e/stack"
	"gonghui/media/meeting/ballot"
	votev1 "gonghui/media/meeting/vote/v1"
	signalv1 "gonghui/media/signal/v1"
)

// slip is what a page keeps of its right to vote.
type slip struct{ token, signature []byte }

// right spends the right to vote, as a page does.
func (s *seat) right(v *votev1.Vote) slip {
	s.t.Helper()
	client, err := blindrsa.NewClient(blindrsa.SHA384PSSDeterministic, &rsa.PublicKey{N: new(big.Int).SetBytes(v.GetModulus()), E: 65537})
	if err != nil {
		s.t.Fatal(err)
	}
	token := make([]byte, ballot.TokenSize)
	_, _ = rand.Read(token)
	blinded, state, err := client.Blind(rand.Reader, token)
	if err != nil {
		s.t.Fatal(err)
	}
	answer := s.votes(&votev1.Voting{Do: "right", Vote: v.GetId(), Blinded: blinded})
	signature, err := client.Finalize(state, answer.GetRight().GetSignature())
	if err != nil {
		s.t.Fatalf("%v: %v", answer, err)
	}
	return slip{token, signature}
}

// A ballot while the processes below it come and go: what was cast is there once after a move, and after a process was killed it is counted
// whole, when all pages have cast again, or not at all.
func TestABallotOverNodes(t *testing.T) {
	t.Parallel()
	r := spreads(t, "a", "b")
	host, officer, stranger := r.signedIn(t, "admin", county), r.signedIn(t, "officer", county), r.Client(county)
	m := hold(t, host, map[string]any{"openTo": "anyone"})
	_, key, _ := strings.Cut(m.Link, "#key=")
	guest := func(seat string) (k ticket) {
		stranger.Must(t, "POST", "/v1/meetings:joinGuest", map[string]any{"number": m.Number, "key": key, "name": "来宾", "seat": seat}, &k)
		return k
	}
	first := guest("")
	seats := []*seat{sits(t, host, joins(t, host, m)), sits(t, officer, joins(t, officer, m)), sits(t, stranger, first)}
	e := &electorate{t: t, stack: r.Stack, origin: host.Host}
	opens := func(question string) (v *votev1.Vote, slips []slip) {
		t.Helper()
		v = seats[0].voted(&votev1.Voting{Do: "make", Make: &votev1.MakeVote{
			Kind: "secret", Form: ballot.Consent, Question: question, Options: []string{"赞成", "反对", "弃权"}, Majority: "half_voters", Small: true,
			People: []string{seats[0].id, seats[1].id}, Guests: []string{seats[2].id}, Watchers: []string{seats[0].id, seats[1].id},
		}})
		v = seats[0].voted(&votev1.Voting{Do: "open", Vote: v.GetId()})
		for _, s := range seats {
			slips = append(slips, s.right(v))
		}
		return v, slips
	}
	counted := func(vote string, want uint32) {
		t.Helper()
		var v *votev1.Vote
		for range 2 { // the closing, then the opening of the result
			for _, s := range seats[:2] {
				v = s.voted(&votev1.Voting{Do: "confirm", Vote: vote})
			}
		}
		if got := v.GetResult(); v.GetState() != "done" || got.GetCast() != want || got.GetVotes()[0] != want {
			t.Errorf("%v", v)
		}
	}

	// An operator empties the node between two ballots that are cast.
	v, slips := opens("第一次")
	cast := func(n int) { t.Helper(); e.posts(v.GetId(), slips[n].token, slips[n].signature, 1) }
	cast(0)
	cast(1)
	busy, _ := r.at(3)
	emptied := make(chan error, 1)
	go func() {
		_, err := r.Run("meeting", "drain", "--node", busy, "--within", "40s")
		emptied <- err
	}()
	for i, c := range []*stack.Client{host, officer, stranger} {
		to := seats[i].until("the meeting moves", func(f *signalv1.FromServer) bool { return f.GetMoved() != nil }).GetMoved()
		next := sits(t, c, ticket{Token: to.GetToken(), Room: to.GetRoom(), Socket: to.GetSocket(), Participant: seats[i].id})
		if got := seats[i].say(&signalv1.FromClient{What: &signalv1.FromClient_Settled{Settled: &signalv1.Settled{}}}); got.GetDone() == nil {
			t.Fatalf("settled: %v", got)
		}
		seats[i] = next
	}
	if err := <-emptied; err != nil {
		t.Fatal(err)
	}
	cast(1) // again, as pages do
	cast(2)
	if v = seats[0].voted(&votev1.Voting{Do: "end", Vote: v.GetId()}); v.GetCast() != 3 || v.GetUnsure() {
		t.Fatalf("after the move %d ballots are at hand, unsure: %v", v.GetCast(), v.GetUnsure())
	}
	counted(v.GetId(), 3)
	r.MustRun(t, "meeting", "drain", "--node", busy, "--undo")

	// The node is killed with the box in its memory.
	v, slips = opens("第二次")
	for n := range slips {
		cast(n)
	}
	busy, _ = r.at(3)
	r.nodes[busy].End(syscall.SIGKILL)
	for i, c := range []*stack.Client{host, officer} {
		seats[i] = (&attendee{Client: c}).back(t, m)
	}
	seats[2] = sits(t, stranger, guest(first.Seat))
	if v = seats[0].voted(&votev1.Voting{Do: "end", Vote: v.GetId()}); v.GetCast() != 0 || !v.GetUnsure() {
		t.Fatalf("after the process was killed %d ballots are at hand, unsure: %v", v.GetCast(), v.GetUnsure())
	}
	for n := range slips {
		closing := seats[1].votes(&votev1.Voting{Do: "confirm", Vote: v.GetId()}).GetRefused()
		if closing.GetReason() != "STATE" || closing.GetField() != "vote.cast" {
			t.Errorf("closing with %d of 3 ballots: %v", n, closing)
		}
		// A page casts again until it is taken: the first may be asked of a process that is gone.
		stack.Eventually(t, 10*time.Second, "the box takes it", func() bool { return e.tries(v.GetId(), slips[n].token, slips[n].signature, 1) == "" })
	}
	counted(v.GetId(), 3)
}
