// Package pinyin spells Chinese names in Latin letters, so that bodies and people can be found from a keyboard.
//
// A character with several readings takes the one that place names and the names of organisations use; words and surnames
// read otherwise are in tables. ü is spelled v, as input methods do (吕梁 lvliang).
package pinyin

import (
	"strings"
	"sync/atomic"
	"unicode"

	dict "github.com/mozillazg/go-pinyin"
	"golang.org/x/text/unicode/norm"
)

// Full spells s in lower case without tones, joined: 广东省总工会 is guangdongshengzonggonghui. Latin letters and digits stay,
// in lower case and without accents; every other character is dropped.
func Full(s string) string {
	var out strings.Builder
	spell(s, func(syllable string) { out.WriteString(syllable) })
	return out.String()
}

// Initials spells s by the first letter of each syllable: 广东省总工会 is gdszgh. Latin letters and digits all stay.
func Initials(s string) string {
	var out strings.Builder
	spell(s, func(syllable string) { out.WriteByte(syllable[0]) })
	return out.String()
}

// PersonFull is Full for the name of a person: the surname takes its reading as a surname (曾 zeng, 单 shan).
func PersonFull(name string) string {
	surname, given := splitSurname(name)
	return strings.Join(surname, "") + Full(given)
}

// PersonInitials is Initials for the name of a person.
func PersonInitials(name string) string {
	surname, given := splitSurname(name)
	var out strings.Builder
	for _, syllable := range surname {
		out.WriteByte(syllable[0])
	}
	return out.String() + Initials(given)
}

// splitSurname returns the syllables of a surname that is read in its own way, and the rest of the name. A dotted name
// (买买提·吐尔逊) does not begin with a surname.
func splitSurname(name string) (surname []string, given string) {
	name = strings.TrimSpace(name)
	if strings.ContainsAny(name, "·•・‧") {
		return nil, name
	}
	runes := []rune(name)
	if len(runes) >= 2 {
		if reading, ok := compoundSurnames[string(runes[:2])]; ok {
			return strings.Fields(reading), string(runes[2:])
		}
	}
	if len(runes) >= 1 {
		if reading, ok := surnames[runes[0]]; ok {
			return []string{reading}, string(runes[1:])
		}
	}
	return nil, name
}

// spell hands out the syllables of s; a Latin letter or digit is a syllable of its own.
func spell(s string, emit func(syllable string)) {
	runes := []rune(norm.NFKC.String(s))
	for i := 0; i < len(runes); {
		if word, reading := wordAt(runes[i:]); word > 0 {
			for syllable := range strings.FieldsSeq(reading) {
				emit(syllable)
			}
			i += word
			continue
		}
		if syllable := single(runes[i]); syllable != "" {
			emit(syllable)
		}
		i++
	}
}

// wordAt returns the length and reading of the longest word of the table at the head of runes, or 0.
func wordAt(runes []rune) (length int, reading string) {
	for n := min(longestWord, len(runes)); n >= 2; n-- {
		if reading, ok := words[string(runes[:n])]; ok {
			return n, reading
		}
	}
	return 0, ""
}

// The common Han characters: their readings are stripped of tones once.
const firstHan, lastHan = '\u3400', '\u9fff'

var spelled [lastHan - firstHan + 1]atomic.Pointer[string]

func single(r rune) string {
	if reading, ok := characters[r]; ok {
		return reading
	}
	if r >= firstHan && r <= lastHan {
		if known := spelled[r-firstHan].Load(); known != nil {
			return *known
		}
	}
	if readings, ok := dict.PinyinDict[int(r)]; ok {
		first, _, _ := strings.Cut(readings, ",")
		reading := plain(first)
		if r >= firstHan && r <= lastHan {
			spelled[r-firstHan].Store(&reading)
		}
		return reading
	}
	if unicode.Is(unicode.Latin, r) || r >= '0' && r <= '9' {
		return plain(string(r))
	}
	return ""
}

// plain strips tones and accents from Latin text: lǜ is lv, É is e.
func plain(s string) string {
	const diaeresis = '\u0308'
	out := make([]byte, 0, len(s))
	for _, r := range norm.NFD.String(strings.ToLower(s)) {
		switch {
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9':
			out = append(out, byte(r))
		case r == diaeresis && len(out) > 0 && out[len(out)-1] == 'u':
			out[len(out)-1] = 'v'
		}
	}
	return string(out)
}
