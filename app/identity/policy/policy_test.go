package policy

import (
	"reflect"
	"strings"
	"testing"
	"time"
)

func TestPasswords(t *testing.T) {
	staff, members := Default(false), Members(false)
	owner := Owner{Phone: "13812345678", Name: "LiMing", Bodies: []string{"440103"}}
	for password, want := range map[string]struct{ staff, members Flaw }{
		"":                        {Short, Short},
		"Aa1!":                    {Short, Short},
		"abcdefgh":                {Plain, Plain},
		"walnut-frog":             {Plain, Fine},
		"walnut-frog7":            {Fine, Fine},
		"Walnut7frog":             {Fine, Fine},
		"江畔何人初见月 7":               {Fine, Fine},
		"Tx-13812345678":          {Own, Own},
		"Tx-12345678q":            {Own, Own},
		"x-limingT7k9":            {Own, Own},
		"Wk-440103-pq":            {Own, Own},
		"Password123":             {Common, Common},
		"P@ssw0rd2026":            {Common, Common},
		"Woaini1314":              {Common, Common},
		"Qwer1234":                {Common, Common},
		"1qaz@WSX":                {Common, Common},
		"!QAZ2wsx":                {Common, Common},
		"Admin@888":               {Common, Common},
		"Gonghui@2026":            {Common, Common},
		"Zhang19801206":           {Common, Common},
		"Abc-123456":              {Common, Common},
		"Aa123456":                {Common, Common},
		"Aaaa1111!":               {Common, Common},
		"stage-2026":              {Fine, Fine},
		strings.Repeat("kZ7-", 3): {Fine, Fine},
	} {
		if got := staff.Check(password, owner); got != want.staff {
			t.Errorf("%q for staff: %d, want %d", password, got, want.staff)
		}
		if got := members.Check(password, owner); got != want.members {
			t.Errorf("%q for members: %d, want %d", password, got, want.members)
		}
	}
}

// Every word with every usual ending, and two words in a row, is refused, however it is disguised.
func TestWordsWithEndingsAreGuessable(t *testing.T) {
	endings := []string{"1", "12", "123", "1234", "123456", "!", "@1", "888", "666", "520", "2024", "2025", "2026", "1990", "0808", "abc", "qwer", "19900512"}
	n := 0
	for w := range words() {
		for _, end := range endings {
			for _, p := range []string{w + end, strings.ToUpper(w[:1]) + w[1:] + end, strings.NewReplacer("a", "@", "o", "0", "s", "$").Replace(w) + end} {
				n++
				if !Guessable(p) {
					t.Errorf("%q is thought to be good", p)
				}
			}
		}
	}
	if n < 10_000 {
		t.Errorf("only %d passwords were tried", n)
	}
}

func TestStrictest(t *testing.T) {
	got := Strictest(
		Policy{MinLength: 8, Kinds: 4, History: 3, MaxAge: 0, Idle: 30, Absolute: 12, Sessions: 5, FactorRoles: []string{"officer"}},
		Policy{MinLength: 12, Kinds: 3, History: 5, MaxAge: 90, Idle: 60, Absolute: 8, Sessions: 10, FactorRoles: []string{"admin"}, Below: true},
	)
	want := Policy{
		MinLength: 12, Kinds: 4, History: 5, MaxAge: 90, Idle: 30, Absolute: 8, Sessions: 5, FactorRoles: []string{"admin", "officer"}, Below: true,
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
	if p := Strictest(Policy{MaxAge: 30}, Policy{MaxAge: 90}); p.MaxAge != 30 {
		t.Errorf("renewed after %d days, want 30", p.MaxAge)
	}
}

func TestExpired(t *testing.T) {
	set := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	for name, row := range map[string]struct {
		days int
		now  time.Time
		want bool
	}{
		"never":             {0, set.AddDate(9, 0, 0), false},
		"on the last day":   {90, set.AddDate(0, 0, 90), false},
		"after the last":    {90, set.AddDate(0, 0, 91), true},
		"on the first day":  {90, set, false},
		"set in the future": {1, set.AddDate(0, 0, -5), false},
	} {
		if got := (Policy{MaxAge: row.days}).Expired(set, row.now); got != row.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}
