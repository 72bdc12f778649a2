package server

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"io/fs"
	"net/http"
	"regexp"
	"strings"
	"time"

	kjson "github.com/go-kratos/kratos/v2/encoding/json"
	"google.golang.org/protobuf/proto"

	"gonghui/app/module"
)

// startPage is the page that the members' app starts from. It goes out with the looks of the host inside, so that nothing is painted
// in other colours first, and with what the caller's first page needs named in its head.
type startPage struct {
	html []byte
	// scripts are the sources that the content policy has to allow: the digests of what stands in the page itself.
	scripts string
	dress   func(ctx context.Context, preview string) (proto.Message, error)
}

// unknownLook stands in the built page where the looks belong.
const unknownLook = `id="look">null</script>`

var (
	inlineScript = regexp.MustCompile(`(?s)<script>(.*?)</script>`)
	// forWhom are the parts of the page that only a visitor, or only somebody with a session, needs.
	forVisitors = regexp.MustCompile(`(?s)<!--visitor-->(.*?)<!--/visitor-->`)
	forMembers  = regexp.MustCompile(`(?s)<!--member-->(.*?)<!--/member-->`)
)

// newStartPage reads the built page; nil when the web is not built.
func newStartPage(files fs.FS) *startPage {
	html, err := fs.ReadFile(files, "member/index.html")
	if err != nil {
		return nil
	}
	p := &startPage{html: html}
	for _, found := range inlineScript.FindAllSubmatch(html, -1) {
		sum := sha256.Sum256(found[1])
		p.scripts += " 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
	}
	return p
}

// ServeHTTP answers with the page for the host and the caller of the request.
func (p *startPage) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	drop, keep := forMembers, forVisitors
	if _, err := r.Cookie(module.Cookie); err == nil {
		drop, keep = forVisitors, forMembers
	}
	html := keep.ReplaceAll(drop.ReplaceAll(p.html, nil), []byte("$1"))
	if look := p.look(r); look != nil {
		html = bytes.Replace(html, []byte(unknownLook), append([]byte(`id="look">`), append(look, "</script>"...)...), 1)
	}
	h := w.Header()
	h.Set("Content-Security-Policy", strings.Replace(h.Get("Content-Security-Policy"), "script-src 'self'", "script-src 'self'"+p.scripts, 1))
	h.Set("Content-Type", contentType(".html"))
	h.Set("Cache-Control", "no-cache")
	h.Set("Vary", "Accept-Encoding, Cookie")
	if accepts(r, "gzip") {
		var packed bytes.Buffer
		z := gzip.NewWriter(&packed)
		_, _ = z.Write(html) // into memory: it cannot fail
		_ = z.Close()
		html = packed.Bytes()
		h.Set("Content-Encoding", "gzip")
	}
	http.ServeContent(w, r, "index.html", time.Time{}, bytes.NewReader(html))
}

// look is how the host is to look, as JSON that may stand in a page; nil when it cannot be had: the page then asks by itself.
func (p *startPage) look(r *http.Request) []byte {
	if p.dress == nil {
		return nil
	}
	m, err := p.dress(r.Context(), r.URL.Query().Get("preview"))
	if err != nil || m == nil {
		return nil
	}
	raw, err := kjson.MarshalOptions.Marshal(m)
	if err != nil {
		return nil
	}
	var safe bytes.Buffer
	json.HTMLEscape(&safe, raw)
	return safe.Bytes()
}
