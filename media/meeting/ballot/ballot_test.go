package ballot

import (
	"bytes"
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"os"
	"slices"
	"testing"

	"github.com/cloudflare/circl/blindsign/blindrsa"
	"github.com/google/uuid"
)

func key(t *testing.T) *Key {
	t.Helper()
	k, err := NewKey()
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// voter does what a page does.
func voter(t *testing.T, modulus []byte) (token, blinded []byte, finish func([]byte) ([]byte, error)) {
	t.Helper()
	c, err := blindrsa.NewClient(variant, &rsa.PublicKey{N: new(big.Int).SetBytes(modulus), E: exponent})
	if err != nil {
		t.Fatal(err)
	}
	token = make([]byte, TokenSize)
	_, _ = rand.Read(token)
	blinded, state, err := c.Blind(rand.Reader, token)
	if err != nil {
		t.Fatal(err)
	}
	return token, blinded, func(signature []byte) ([]byte, error) { return c.Finalize(state, signature) }
}

func TestARightIsSignedUnseen(t *testing.T) {
	t.Parallel()
	k := key(t)
	token, blinded, finish := voter(t, k.Modulus())
	again, err := ReadKey(k.Text())
	if err != nil {
		t.Fatal(err)
	}
	one, err := k.Sign(blinded)
	if err != nil {
		t.Fatal(err)
	}
	two, err := again.Sign(blinded)
	if err != nil || !bytes.Equal(one, two) {
		t.Errorf("the same token is signed otherwise by the key that was read: %v", err)
	}
	signature, err := finish(one)
	if err != nil {
		t.Fatal(err)
	}
	if err := again.Check(token, signature); err != nil {
		t.Error(err)
	}
	if bytes.Contains(blinded, token) || bytes.Equal(one, signature) {
		t.Error("what is signed shows the token")
	}
	other := bytes.Clone(token)
	other[0] ^= 1
	for name, c := range map[string]struct {
		token, signature []byte
		want             error
	}{
		"another token":       {other, signature, ErrSignature},
		"a short token":       {token[:31], signature, ErrToken},
		"the blind signature": {token, one, ErrSignature},
		"no signature":        {token, nil, ErrSignature},
	} {
		if err := k.Check(c.token, c.signature); !errors.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := key(t).Check(token, signature); !errors.Is(err, ErrSignature) {
		t.Errorf("another ballot's key takes it: %v", err)
	}
	for _, bad := range [][]byte{nil, blinded[1:], bytes.Repeat([]byte{0xff}, Bits/8)} {
		if _, err := k.Sign(bad); !errors.Is(err, ErrBlinded) {
			t.Errorf("%d bytes are signed: %v", len(bad), err)
		}
	}
	for _, bad := range []string{"", "AAAA", k.Text()[1:]} {
		if _, err := ReadKey(bad); err == nil {
			t.Errorf("%q is a key", bad)
		}
	}
}

// The page's own code is tested against the same file.
func TestVectors(t *testing.T) {
	raw, err := os.ReadFile("testdata/page.json")
	if err != nil {
		t.Fatal(err)
	}
	var v struct{ Key, Token, Blinded, BlindSignature, Signature, Receipt string }
	if err := json.Unmarshal(raw, &v); err != nil {
		t.Fatal(err)
	}
	raw, err = base64.RawStdEncoding.DecodeString(v.Key)
	if err != nil {
		t.Fatal(err)
	}
	k, err := ReadKey(string(raw))
	if err != nil {
		t.Fatal(err)
	}
	bytesOf := func(hex string) []byte {
		n, _ := new(big.Int).SetString(hex, 16)
		return n.FillBytes(make([]byte, len(hex)/2))
	}
	signed, err := k.Sign(bytesOf(v.Blinded))
	if err != nil || fmt.Sprintf("%x", signed) != v.BlindSignature {
		t.Errorf("%x %v", signed, err)
	}
	if err := k.Check(bytesOf(v.Token), bytesOf(v.Signature)); err != nil {
		t.Error(err)
	}
	if got := Receipt(bytesOf(v.Token)); got != v.Receipt {
		t.Error(got)
	}
}

func TestABox(t *testing.T) {
	var b Box
	if err := errors.Join(b.Put("a", 1), b.Put("b", 2), b.Put("a", 1)); err != nil {
		t.Fatal(err)
	}
	if err := b.Put("a", 2); !errors.Is(err, ErrSpent) || b.Len() != 2 {
		t.Errorf("%v %d", err, b.Len())
	}
	fails := errors.New("the database is away")
	if err := b.Empty(func(Sheet) (bool, error) { return true, fails }); !errors.Is(err, fails) || b.Len() != 2 {
		t.Errorf("%v %d", err, b.Len())
	}
	if err := b.Empty(func(Sheet) (bool, error) { return false, nil }); err != nil || b.Len() != 2 {
		t.Errorf("%v %d", err, b.Len())
	}
	var got Sheet
	if err := b.Empty(func(s Sheet) (bool, error) { got = s; return true, nil }); err != nil {
		t.Fatal(err)
	}
	slices.Sort(got.Receipts)
	slices.Sort(got.Choices)
	if !slices.Equal(got.Receipts, []string{"a", "b"}) || !slices.Equal(got.Choices, []int64{1, 2}) || len(got.IDs) != 2 {
		t.Errorf("%v", got)
	}
	if err := b.Put("c", 1); !errors.Is(err, ErrShut) {
		t.Error(err)
	}
	if err := b.Empty(func(Sheet) (bool, error) { return true, nil }); !errors.Is(err, ErrShut) {
		t.Error(err)
	}
}

// Each order is as likely as any other, receipts and choices go their own ways, and ids tell no time.
func TestShuffled(t *testing.T) {
	cast := map[string]int64{"a": 1, "b": 2, "c": 3}
	var receipts, choices [3][3]int
	together, rounds := 0, 6000
	for range rounds {
		s := shuffled(cast)
		for place := range 3 {
			receipts[s.Receipts[place][0]-'a'][place]++
			choices[s.Choices[place]-1][place]++
			if int64(s.Receipts[place][0]-'a')+1 == s.Choices[place] {
				together++
			}
			if s.IDs[place].Version() != 4 || s.IDs[place] == uuid.Nil {
				t.Fatalf("the id %s", s.IDs[place])
			}
		}
	}
	// 2000 are expected of each, with a deviation of 37.
	for _, all := range [][3][3]int{receipts, choices} {
		for _, row := range all {
			for _, n := range row {
				if n < 1800 || n > 2200 {
					t.Errorf("%v", all)
				}
			}
		}
	}
	if together < rounds-300 || together > rounds+300 {
		t.Errorf("receipt and choice stand side by side %d times, %d are chance", together, rounds)
	}
}

func TestCount(t *testing.T) {
	consent := Rule{Form: Consent, Options: 3, Most: 1, Due: 30, Voters: 20, Quorum: "twothirds", Majority: "half_due"}
	with := func(r Rule, change func(*Rule)) Rule { change(&r); return r }
	elect := Rule{Form: Elect, Options: 4, Most: 2, Seats: 2, Due: 20, Voters: 20, Majority: "half_due"}
	for name, c := range map[string]struct {
		rule  Rule
		votes []int
		cast  int
		want  Result
	}{
		"sixteen of thirty":               {consent, []int{16, 4, 0}, 20, Result{Quorate: true, Need: 16, Passed: true, Won: []int{1}}},
		"fifteen are not more than half":  {consent, []int{15, 5, 0}, 20, Result{Quorate: true, Need: 16}},
		"nineteen are not two thirds":     {with(consent, func(r *Rule) { r.Voters = 19 }), []int{19, 0, 0}, 19, Result{Need: 16}},
		"of those who voted":              {with(consent, func(r *Rule) { r.Majority = "half_cast" }), []int{6, 4, 0}, 10, Result{Quorate: true, Need: 6, Passed: true, Won: []int{1}}},
		"two thirds of those who voted":   {with(consent, func(r *Rule) { r.Majority = "twothirds_cast" }), []int{6, 4, 0}, 10, Result{Quorate: true, Need: 7}},
		"nobody voted":                    {with(consent, func(r *Rule) { r.Majority = "twothirds_cast" }), []int{0, 0, 0}, 0, Result{Quorate: true, Need: 1}},
		"more for than against":           {with(consent, func(r *Rule) { r.Majority = "most" }), []int{3, 2, 9}, 14, Result{Quorate: true, Passed: true, Won: []int{1}}},
		"two seats":                       {elect, []int{12, 5, 15, 8}, 20, Result{Quorate: true, Need: 11, Passed: true, Won: []int{3, 1}}},
		"one seat stays empty":            {elect, []int{12, 5, 9, 8}, 20, Result{Quorate: true, Need: 11, Won: []int{1}}},
		"three of two":                    {elect, []int{12, 0, 15, 13}, 20, Result{Quorate: true, Need: 11, Passed: true, Won: []int{3, 4}}},
		"a tie for the last seat":         {elect, []int{12, 0, 15, 12}, 20, Result{Quorate: true, Need: 11, Won: []int{3}, Tied: []int{1, 4}}},
		"a tie of all":                    {elect, []int{12, 12, 12, 1}, 20, Result{Quorate: true, Need: 11, Tied: []int{1, 2, 3}}},
		"a poll":                          {Rule{Form: Choice, Options: 3, Most: 3, Due: 9, Voters: 9}, []int{1, 4, 2}, 5, Result{Quorate: true, Passed: true, Won: []int{2}}},
		"a poll without votes":            {Rule{Form: Choice, Options: 2, Most: 1}, []int{0, 0}, 0, Result{Quorate: true}},
		"half attend":                     {with(elect, func(r *Rule) { r.Quorum, r.Voters = "half", 10 }), []int{10, 0, 0, 0}, 10, Result{Quorate: true, Need: 11}},
		"two thirds of those who should":  {with(consent, func(r *Rule) { r.Majority = "twothirds_due" }), []int{20, 0, 0}, 20, Result{Quorate: true, Need: 20, Passed: true, Won: []int{1}}},
		"more than half of those present": {with(consent, func(r *Rule) { r.Majority = "half_voters" }), []int{11, 9, 0}, 20, Result{Quorate: true, Need: 11, Passed: true, Won: []int{1}}},
	} {
		got := c.rule.Count(c.votes, c.cast)
		if got.Quorate != c.want.Quorate || got.Need != c.want.Need || got.Passed != c.want.Passed || !slices.Equal(got.Won, c.want.Won) || !slices.Equal(got.Tied, c.want.Tied) {
			t.Errorf("%s: %+v, want %+v", name, got, c.want)
		}
	}
}

func TestValid(t *testing.T) {
	elect, one := Rule{Form: Elect, Options: 4, Most: 2}, Rule{Form: Consent, Options: 3, Most: 1}
	for _, c := range []struct {
		rule   Rule
		choice int64
		want   bool
	}{{elect, 0b11, true}, {elect, 0b111, false}, {elect, 0, true}, {elect, 1 << 4, false}, {one, 0, false}, {one, 0b100, true}, {one, 0b11, false}, {one, -1, false}, {Rule{Options: 60, Most: 60}, 1<<60 - 1, true}} {
		if got := c.rule.Valid(c.choice); got != c.want {
			t.Errorf("%+v %b: %v", c.rule, c.choice, got)
		}
	}
}

// A box that moves takes everything along, comes back, and knows when something may be missing.
func TestABoxMoves(t *testing.T) {
	var here, there Box
	if here.Whole(0) {
		t.Error("a box that saw no opening is whole")
	}
	here.Begin(4)
	for _, r := range []string{"a", "b"} {
		if err := here.Put(r, 1); err != nil {
			t.Fatal(err)
		}
	}
	cargo, err := here.Give()
	if err != nil || len(cargo.Cast) != 2 || here.Len() != 0 {
		t.Fatalf("%v %v", cargo, err)
	}
	if err := here.Put("c", 1); !errors.Is(err, ErrGone) {
		t.Errorf("casting into a box that is gone: %v", err)
	}
	if err := here.Empty(func(Sheet) (bool, error) { return true, nil }); !errors.Is(err, ErrGone) {
		t.Errorf("writing a box that is gone: %v", err)
	}
	if _, err := here.Give(); err == nil {
		t.Error("given twice")
	}
	// Somebody has cast there before the box came.
	if err := errors.Join(there.Put("b", 1), there.Put("c", 2)); err != nil {
		t.Fatal(err)
	}
	if err := there.Take(cargo, 0); err != nil || there.Len() != 3 || there.Whole(5) {
		t.Fatalf("%v, %d ballots", err, there.Len())
	}
	if there.Follow(5); !there.Whole(5) {
		t.Error("what was whole under the term before is not")
	}
	if there.Follow(7); there.Whole(7) {
		t.Error("whole, though somebody had the meeting in between")
	}
	if err := there.Take(Cargo{map[string]int64{"c": 1}, true, 7}, 8); !errors.Is(err, ErrSpent) {
		t.Errorf("another choice from elsewhere: %v", err)
	}
	if err := there.Take(Cargo{nil, true, 7}, 8); err != nil || !there.Whole(8) {
		t.Errorf("what came late is not whole: %v", err)
	}
	here.Follow(9)
	if err := here.Put("c", 2); err != nil || here.Whole(9) {
		t.Errorf("a box that has come back: %v", err)
	}
	if err := there.Empty(func(all Sheet) (bool, error) { return all.Whole(8) && len(all.IDs) == 3, nil }); err != nil {
		t.Fatal(err)
	}
	if _, err := there.Give(); !errors.Is(err, ErrShut) {
		t.Errorf("giving what is written: %v", err)
	}
}
