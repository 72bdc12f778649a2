package lan

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"net/http"
	"regexp"
	"strconv"
	"strings"
)

var (
	//go:embed pages.html
	pagesSource string
	//go:embed help.js
	helpScript string
	//go:embed switch.js
	switchScript string

	pages = template.Must(template.New("pages").Parse(pagesSource))
)

// CodeForm is what the code of a body in an entry link looks like.
var CodeForm = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,62}$`)

// language of a request: the one it names, else the first of the browser's that is one of ours, else Chinese.
func language(r *http.Request) string {
	if named := r.URL.Query().Get("lang"); named == "en" || named == "zh" {
		return named
	}
	for one := range strings.SplitSeq(r.Header.Get("Accept-Language"), ",") {
		switch tag := strings.ToLower(strings.TrimSpace(one)); {
		case strings.HasPrefix(tag, "zh"):
			return "zh"
		case strings.HasPrefix(tag, "en"):
			return "en"
		}
	}
	return "zh"
}

// page is what every page has.
type page struct {
	Lang, Other, Title, Origin string
	Script                     template.JS
}

func newPage(r *http.Request, title said) page {
	lang := language(r)
	other := "en"
	if lang == "en" {
		other = "zh"
	}
	return page{Lang: lang, Other: other, Title: title.in(lang)}
}

// write sends a page whose one script may run, and nothing else that is not its own.
func write(w http.ResponseWriter, status int, name, script, images string, data any) {
	var b bytes.Buffer
	if err := pages.ExecuteTemplate(&b, name, data); err != nil {
		panic(err) // templates and data are of this package: tests run each
	}
	sum := sha256.Sum256([]byte(script))
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "same-origin")
	h.Set("Content-Security-Policy", fmt.Sprintf("default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-%s'; connect-src 'self'; img-src %s; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
		base64.StdEncoding.EncodeToString(sum[:]), images))
	h.Set("Content-Length", strconv.Itoa(b.Len()))
	w.WriteHeader(status)
	_, _ = w.Write(b.Bytes())
}

// PlainPages is what the port serves over http: the authority's certificate and how to install it. code is of the body that the page
// leads to when the address names none.
func (l *LAN) PlainPages(code string) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /ca.crt", func(w http.ResponseWriter, r *http.Request) {
		// The type by which iOS offers to install it.
		w.Header().Set("Content-Type", "application/x-x509-ca-cert")
		w.Header().Set("Cache-Control", "no-store")
		_, _ = w.Write(l.Authority.Certificate.Raw)
	})
	help := func(w http.ResponseWriter, r *http.Request) {
		to := r.PathValue("code")
		if to == "" {
			to = code
		}
		if !CodeForm.MatchString(to) {
			http.NotFound(w, r)
			return
		}
		l.help(w, r, to)
	}
	mux.HandleFunc("GET /{$}", help)
	mux.HandleFunc("GET "+EntryPath+"{code}", help)
	return mux
}

func (l *LAN) help(w http.ResponseWriter, r *http.Request, code string) {
	type row struct {
		Key, Name string
		Steps     []string
	}
	p := newPage(r, helpWords["title"])
	p.Origin, p.Script = l.Origin(), template.JS(helpScript)
	all := func(texts []said) (out []string) {
		for _, t := range texts {
			out = append(out, t.in(p.Lang))
		}
		return out
	}
	words := map[string]string{}
	for key, t := range helpWords {
		words[key] = t.in(p.Lang)
	}
	var rows []row
	for _, s := range systems {
		rows = append(rows, row{s.key, s.name, all(s.steps)})
	}
	write(w, http.StatusOK, "help", helpScript, l.Origin(), struct {
		page
		W                  map[string]string
		Entry, Fingerprint string
		Systems            []row
		Without, Always    []string
	}{p, words, l.Entry(code), l.Authority.Fingerprint(), rows, all(without), all(always)})
}

// Trusted answers the picture by which the page finds out whether a phone trusts the authority: one clear pixel.
func Trusted(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "image/gif")
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Cross-Origin-Resource-Policy", "cross-origin")
	_, _ = w.Write([]byte("GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff!\xf9\x04\x01\x00\x00\x00\x00,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;"))
}

// TrustedPath is that of the picture.
const TrustedPath = "/lan/trusted.gif"

// Switch asks before a phone that uses one body goes over to another.
func Switch(w http.ResponseWriter, r *http.Request, from, to string) {
	p := newPage(r, said{"换一个单位？", "Change to another union?"})
	p.Script = template.JS(switchScript)
	say := func(zh, en string) string { return said{zh, en}.in(p.Lang) }
	write(w, http.StatusOK, "switch", switchScript, "'none'", struct {
		page
		Using, Leads, Go, Stay string
	}{
		p, say("这部手机正在使用“"+from+"”。", "This phone uses “"+from+"”."),
		say("您打开的链接属于“"+to+"”。换过去会退出登录，并清除这部手机上留存的数据。", "The link that you opened is of “"+to+"”. Going over signs you out and clears what this phone keeps."),
		say("换到“"+to+"”", "Change to “"+to+"”"), say("继续使用“"+from+"”", "Stay with “"+from+"”"),
	})
}

// Lost tells a phone that came without an entry link, or by one that leads nowhere.
func (l *LAN) Lost(w http.ResponseWriter, r *http.Request, unknown bool) {
	title, text := said{"还没有选择单位", "No union chosen yet"}, said{"请扫描电脑终端上的二维码，或打开入口链接。", "Scan the code on the computer's terminal, or open the entry link."}
	if unknown {
		title, text = said{"没有这个单位", "There is no such union"}, said{"入口链接有误，请重新扫描电脑终端上的二维码。", "The entry link is wrong. Scan the code on the computer's terminal again."}
	}
	p := newPage(r, title)
	write(w, http.StatusNotFound, "lost", "", "'none'", struct {
		page
		Text, Help, Go string
	}{p, text.in(p.Lang), "http://" + l.Host + "/", said{"查看怎样进入", "How to come in"}.in(p.Lang)})
}
