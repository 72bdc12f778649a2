package branding

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"gonghui/app/kit/fault"
	"gonghui/app/kit/field"
	brandingv1 "gonghui/branding/v1"
)

// The texts that a body may word for itself, as the web apps have them under these keys. A check of app/web compares.
//
//go:embed wording.json
var wordingFile []byte

// text is one of them, with the characters that there is room for.
type text struct {
	Key    string `json:"key"`
	App    string `json:"app"`
	Zh     string `json:"zh"`
	En     string `json:"en"`
	MostZh int    `json:"mostZh"`
	MostEn int    `json:"mostEn"`
}

var curated = sync.OnceValue(func() (all []text) {
	if err := json.Unmarshal(wordingFile, &all); err != nil {
		panic(err) // the file is part of the program
	}
	return all
})

// wording are a body's own words, in the order of the curated list.
type wording struct {
	Words []word `json:"words"`
}

type word struct {
	Key string `json:"key"`
	Zh  string `json:"zh,omitempty"`
	En  string `json:"en,omitempty"`
}

var gap = regexp.MustCompile(`\{\{\w+\}\}`)

// readWording checks a body's own words. A word that is as the product has it, or empty, is left out.
func readWording(in []*brandingv1.BrandingWord) (*wording, error) {
	given := map[string]word{}
	for n, w := range in {
		at := func(name string) string { return fmt.Sprintf("profile.wording.words[%d].%s", n, name) }
		i := slices.IndexFunc(curated(), func(t text) bool { return t.Key == w.Key })
		if i < 0 {
			return nil, fault.Field(at("key"), "没有这条可改的文字", "this text cannot be worded anew")
		}
		if _, twice := given[w.Key]; twice {
			return nil, fault.Field(at("key"), "同一条文字只能出现一次", "a text can stand here only once")
		}
		t := curated()[i]
		zh, err := readWord(at("zh"), w.Zh, t.Zh, t.MostZh)
		if err != nil {
			return nil, err
		}
		en, err := readWord(at("en"), w.En, t.En, t.MostEn)
		if err != nil {
			return nil, err
		}
		given[w.Key] = word{w.Key, zh, en}
	}
	out := &wording{}
	for _, t := range curated() {
		if w := given[t.Key]; w.Zh != "" || w.En != "" {
			out.Words = append(out.Words, w)
		}
	}
	return out, nil
}

func readWord(name, s, product string, most int) (string, error) {
	s, err := field.Line(name, s)
	switch {
	case err != nil:
		return "", err
	case s == "" || s == product:
		return "", nil
	case utf8.RuneCountInString(s) > most:
		return "", fault.Field(name, fmt.Sprintf("最多 %d 个字符，再长页面上放不下", most), fmt.Sprintf("at most %d characters; there is no more room on the page", most))
	}
	if err := noMarkup(name, s); err != nil {
		return "", err
	}
	has, wants := gap.FindAllString(s, -1), gap.FindAllString(product, -1)
	slices.Sort(has)
	slices.Sort(wants)
	if !slices.Equal(has, wants) {
		return "", fault.Field(name, "须保留 "+orNone(wants, "原文，不能加 {{ }}"), "keep "+orNone(wants, "it without {{ }}"))
	}
	return s, nil
}

func orNone(gaps []string, none string) string {
	if len(gaps) == 0 {
		return none
	}
	return strings.Join(gaps, " ")
}

func (w *wording) sent() (out []*brandingv1.BrandingWord) {
	for _, one := range w.Words {
		out = append(out, &brandingv1.BrandingWord{Key: one.Key, Zh: one.Zh, En: one.En})
	}
	return out
}

// texts is the curated list as the designer draws it.
func texts() (out []*brandingv1.BrandingText) {
	for _, t := range curated() {
		out = append(out, &brandingv1.BrandingText{Key: t.Key, App: t.App, Zh: t.Zh, En: t.En, MostZh: int32(t.MostZh), MostEn: int32(t.MostEn)})
	}
	return out
}
