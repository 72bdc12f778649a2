package member

import (
	"strings"
	"unicode"

	"golang.org/x/text/width"

	"gonghui/app/kit/pinyin"
)

// Kinds of search keys. A key is "kind:text". Those of an ended membership are the same in capitals: they lie apart, so that
// neither search wades through the other's keys.
const (
	byName     = "n" // the name and every tail of it, so that a given name is found too
	byInitials = "p" // initials of the pinyin
	byPinyin   = "f" // full pinyin
	byTail     = "t" // last four digits of the phone
	byNumber   = "m" // member number
)

// keyLength bounds what is kept of a spelling, in characters.
const keyLength = 60

// spellings are the pinyin of a name as the member's row keeps them: keys follow from the row alone, also when a later
// release spells otherwise.
func spellings(name string) (initials, full string) {
	return cut(pinyin.PersonInitials(name)), cut(pinyin.PersonFull(name))
}

func cut(s string) string {
	if r := []rune(s); len(r) > keyLength {
		return string(r[:keyLength])
	}
	return s
}

// found is what a member is found by.
type found struct {
	name, initials, pinyin, phoneTail, number string
	ended                                     bool
}

// of returns the keys of one kind.
func (f found) of(kind string) []string {
	if f.ended != (kind == strings.ToUpper(kind)) {
		return nil
	}
	one := func(s string) []string {
		if s == "" {
			return nil
		}
		return []string{kind + ":" + s}
	}
	switch strings.ToLower(kind) {
	case byInitials:
		return one(f.initials)
	case byPinyin:
		return one(f.pinyin)
	case byTail:
		return one(f.phoneTail)
	case byNumber:
		return one(f.number)
	}
	var keys []string
	runes := []rune(fold(f.name))
	seen := map[string]bool{}
	for i, r := range runes {
		key := kind + ":" + string(runes[i:])
		if (unicode.IsLetter(r) || unicode.IsDigit(r)) && !seen[key] {
			keys = append(keys, key)
			seen[key] = true
		}
	}
	return keys
}

func (f found) all() []string {
	var keys []string
	for _, kind := range []string{byName, byInitials, byPinyin, byTail, byNumber} {
		keys = append(keys, f.of(kind)...)
		keys = append(keys, f.of(strings.ToUpper(kind))...)
	}
	return keys
}

// fold makes names comparable: narrow, lower case, without blanks. It maps character to character, so that the length of a
// name bounds that of its keys.
func fold(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return -1
		}
		return unicode.ToLower(r)
	}, width.Fold.String(s))
}

// kindsOf are the kinds of keys that a folded query among members in a state can mean, the likeliest first.
func kindsOf(query, state string) []string {
	kinds := []string{byName}
	switch {
	case len(query) == 4 && digits(query):
		kinds = []string{byTail, byNumber}
	case digits(query):
		kinds = []string{byNumber}
	case strings.Trim(query, "abcdefghijklmnopqrstuvwxyz") == "":
		kinds = []string{byInitials, byPinyin, byName}
	}
	if state == stateActive {
		return kinds
	}
	ended := make([]string, len(kinds))
	for i, kind := range kinds {
		ended[i] = strings.ToUpper(kind)
	}
	if state == stateAll {
		return append(kinds, ended...)
	}
	return ended
}

// seenBefore reports whether a search for prefix has met the member already when it comes to the key of kinds[at]: under a
// likelier kind, or a smaller key of the same kind.
func (f found) seenBefore(kinds []string, at int, prefix, key string) bool {
	for i, kind := range kinds[:at+1] {
		for _, own := range f.of(kind) {
			if strings.HasPrefix(own, kind+":"+prefix) && (i < at || own < key) {
				return true
			}
		}
	}
	return false
}
