package oidc

import (
	_ "embed"
	"html/template"
	"net/http"
	"net/url"
	"strings"
)

//go:embed refused.html
var refusedSource string

var refusedPage = template.Must(template.New("refused").Parse(refusedSource))

// refuse tells a person, in both languages, that an application sent them here with a request that cannot be answered. It
// must not send them back: where to is what cannot be trusted.
func refuse(w http.ResponseWriter, status int) {
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_ = refusedPage.Execute(w, map[string]any{"Away": status >= 500, "Request": h.Get("X-Request-Id")})
}

// explained answers refusals that a person would see with a page.
func explained(next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if !sane(r) {
			refuse(w, http.StatusBadRequest)
			return
		}
		next(&explainer{ResponseWriter: w}, r)
	}
}

// explainer puts the page in the place of an error's text.
type explainer struct {
	http.ResponseWriter
	refused bool
}

func (e *explainer) WriteHeader(status int) {
	if status < 400 {
		e.ResponseWriter.WriteHeader(status)
		return
	}
	e.refused = true
	refuse(e.ResponseWriter, status)
}

func (e *explainer) Write(p []byte) (int, error) {
	if e.refused {
		return len(p), nil
	}
	return e.ResponseWriter.Write(p)
}

// sane reports whether the parameters of a request can be read, each given once (RFC 6749, 3.1), without control characters.
func sane(r *http.Request) bool {
	if err := r.ParseForm(); err != nil {
		return false
	}
	for name, values := range r.Form {
		if len(values) > 1 || strings.ContainsFunc(name+values[0], func(c rune) bool { return c < ' ' || c == 0x7f || c == '\ufffd' }) {
			return false
		}
	}
	return true
}

// wellFormed refuses what the endpoints of applications cannot read, before the library tries to.
func wellFormed(next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "no-store")
		ok := sane(r)
		if id, secret, basic := r.BasicAuth(); ok && basic {
			_, ierr := url.QueryUnescape(id)
			_, serr := url.QueryUnescape(secret)
			ok = ierr == nil && serr == nil
		}
		if !ok {
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(http.StatusBadRequest)
			_, _ = w.Write([]byte(`{"error":"invalid_request","error_description":"the request cannot be read, or a parameter is given twice"}`))
			return
		}
		next(w, r)
	}
}

// cross lets pages of any site call: these endpoints go by what is in the request, never by a cookie.
func cross(next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Access-Control-Allow-Origin", "*")
		if r.Method == http.MethodOptions {
			h.Set("Access-Control-Allow-Methods", "GET, POST")
			h.Set("Access-Control-Allow-Headers", "Authorization, Content-Type")
			h.Set("Access-Control-Max-Age", "86400")
			w.WriteHeader(http.StatusNoContent)
			return
		}
		next(w, r)
	}
}
