package policy

import (
	_ "embed"
	"strings"
	"sync"
)

// Guessers try words, names, walks over the keyboard, dates and rows of digits, alone and one after the other, before
// they try anything else. So a password is cut into such pieces in the cheapest way: a piece costs what it adds to the
// guesser's work, any other character costs one. A list of leaked passwords would know some of these combinations;
// cutting knows them all.

//go:embed words.txt
var wordList string

// words are the pieces that guessers know, in small letters: common words of passwords, pinyin, names of products, union terms.
var words = sync.OnceValue(func() map[string]bool {
	m := map[string]bool{}
	for line := range strings.Lines(wordList) {
		if line = strings.TrimSpace(line); line != "" && line[0] != '#' {
			for _, w := range strings.Fields(line) {
				m[w] = true
			}
		}
	}
	return m
})

// enough is the least cost of a password that is not guessable.
const enough = 5

// Costs of pieces.
const (
	costWord = 2
	costWalk = 2 // on the keyboard
	costDate = 2
	costRow  = 1 // 1234, aaaa, a year
	longest  = 20
)

// plainOf undoes the usual disguises of letters.
var plainOf = strings.NewReplacer("@", "a", "4", "a", "8", "b", "3", "e", "1", "i", "!", "i", "0", "o", "$", "s", "5", "s", "7", "t", "9", "g")

// Guessable reports whether a password is made of what guessers try first.
func Guessable(password string) bool { return cost(strings.ToLower(password)) < enough }

// cost is that of the cheapest way to cut s.
func cost(s string) int {
	least := make([]int, len(s)+1)
	for end := 1; end <= len(s); end++ {
		least[end] = least[end-1] + 1
		for begin := max(0, end-longest); begin < end; begin++ {
			if c := piece(s[begin:end]); c > 0 && least[begin]+c < least[end] {
				least[end] = least[begin] + c
			}
		}
	}
	return least[len(s)]
}

// piece is what a piece costs; 0 when it is none.
func piece(s string) int {
	switch {
	case len(s) >= 3 && row(s), year(s):
		return costRow
	case len(s) < 3:
		return 0
	case date(s):
		return costDate
	case len(s) >= 4 && walk(s):
		return costWalk
	case words()[s], words()[plainOf.Replace(s)]:
		return costWord
	}
	return 0
}

// row reports a run in one step, up, down or not at all: 3456, cba, 1111; or two characters in turn: 121212.
func row(s string) bool {
	step := int(s[1]) - int(s[0])
	even := step >= -1 && step <= 1
	for i := 2; i < len(s) && even; i++ {
		even = int(s[i])-int(s[i-1]) == step
	}
	if even {
		return true
	}
	if len(s) < 6 {
		return false
	}
	for i := 2; i < len(s); i++ {
		if s[i] != s[i-2] {
			return false
		}
	}
	return true
}

func digits(s string) bool { return strings.Trim(s, "0123456789") == "" }

func year(s string) bool { return len(s) == 4 && digits(s) && s >= "1940" && s <= "2049" }

// date reports a day as six or eight digits, or month and day as four.
func date(s string) bool {
	if !digits(s) {
		return false
	}
	switch len(s) {
	case 8:
		return year(s[:4]) && monthDay(s[4:])
	case 6:
		return monthDay(s[2:])
	case 4:
		return monthDay(s)
	}
	return false
}

func monthDay(s string) bool { return s[:2] >= "01" && s[:2] <= "12" && s[2:] >= "01" && s[2:] <= "31" }

// lanes are ways over the keyboard that fingers take without thinking.
var lanes = sync.OnceValue(func() []string {
	all := []string{
		"1234567890-=", "qwertyuiop[]", "asdfghjkl;'", "zxcvbnm,./", "!@#$%^&*()_+",
		"1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik,9ol.0p;/", "1q2w3e4r5t6y7u8i9o0p", "q1w2e3r4t5y6u7i8o9p0", "qazwsxedcrfvtgbyhnujmikolp",
		"qawsedrftgyhujikolp", "zaqxswcdevfrbgtnhymjukilop", "zaq1xsw2cde3vfr4bgt5nhy6mju7", "147258369", "741852963", "159357", "789456123", "!qaz@wsx#edc$rfv%tgb",
	}
	for _, lane := range all[:len(all):len(all)] {
		back := []byte(lane)
		for i, j := 0, len(back)-1; i < j; i, j = i+1, j-1 {
			back[i], back[j] = back[j], back[i]
		}
		all = append(all, string(back))
	}
	return all
})

func walk(s string) bool {
	for _, lane := range lanes() {
		if strings.Contains(lane, s) {
			return true
		}
	}
	return false
}
