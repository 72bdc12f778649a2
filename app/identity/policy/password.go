package policy

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Owner is whose password it is: none of it may make up the password.
type Owner struct {
	Phone  string
	Name   string
	Bodies []string // codes of the bodies where the person has a place
}

// Flaw is why a password will not do.
type Flaw int

// The flaws, in the order in which they are worth saying.
const (
	Fine   Flaw = iota
	Short       // fewer characters than demanded
	Plain       // fewer kinds of character
	Own         // it holds the phone, the name or the code of a body
	Common      // it is made of what guessers try first
)

// Check finds the first flaw of a password.
func (p Policy) Check(password string, of Owner) Flaw {
	switch {
	case utf8.RuneCountInString(password) < p.MinLength:
		return Short
	case kinds(password) < p.Kinds:
		return Plain
	case of.in(password):
		return Own
	case Guessable(password):
		return Common
	}
	return Fine
}

func kinds(password string) int {
	var has [4]bool
	for _, r := range password {
		switch {
		case unicode.IsUpper(r):
			has[0] = true
		case unicode.IsLetter(r):
			has[1] = true
		case unicode.IsDigit(r):
			has[2] = true
		default:
			has[3] = true
		}
	}
	n := 0
	for _, h := range has {
		if h {
			n++
		}
	}
	return n
}

// in reports whether the password holds something of its owner. A phone's last eight digits are as telling as the whole.
func (o Owner) in(password string) bool {
	low := strings.ToLower(password)
	holds := func(s string, least int) bool {
		return utf8.RuneCountInString(s) >= least && strings.Contains(low, strings.ToLower(s))
	}
	if holds(o.Phone, 11) || len(o.Phone) == 11 && strings.Contains(low, o.Phone[3:]) || holds(o.Name, 2) {
		return true
	}
	for _, code := range o.Bodies {
		if holds(code, 6) {
			return true
		}
	}
	return false
}
