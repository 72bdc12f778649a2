package server

import (
	"bytes"
	"io/fs"
	"net/http"
	"path"
	"strings"
	"time"

	"gonghui/app/web"
	"gonghui/tenant"
)

// folders are the apps of a body's host that have a folder of their own; everything else is the member app's.
var folders = []string{"console", "meet"}

// pages serves the web apps of a host: hq on the supervision host, console, meetings and member app on a body's. A path without a
// file is a page of the app.
func pages(files fs.FS, start *startPage) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet && r.Method != http.MethodHead || strings.HasPrefix(r.URL.Path, "/v1/") {
			writeError(w, r, errNoHost)
			return
		}
		app, rest := "member", r.URL.Path
		if tenant.CallFrom(r.Context()).Supervision {
			app = "hq"
		} else {
			for _, folder := range folders {
				if r.URL.Path == "/"+folder {
					http.Redirect(w, r, "/"+folder+"/", http.StatusFound)
					return
				}
				if under, ok := strings.CutPrefix(r.URL.Path, "/"+folder+"/"); ok {
					app, rest = folder, under
				}
			}
		}
		name := path.Join(app, path.Clean("/"+rest))
		if path.Ext(name) == "" {
			name = path.Join(app, "index.html")
		}
		if start != nil && name == "member/index.html" {
			start.ServeHTTP(w, r)
			return
		}
		serveFile(w, r, files, name)
	})
}

func serveFile(w http.ResponseWriter, r *http.Request, files fs.FS, name string) {
	raw, encoding, err := packed(r, files, name)
	if err != nil {
		writeError(w, r, errNoHost)
		return
	}
	h := w.Header()
	h.Set("Vary", "Accept-Encoding")
	if encoding != "" {
		h.Set("Content-Encoding", encoding)
		h.Set("Content-Type", contentType(name))
	}
	// Names of built assets hold a digest of their content.
	if strings.Contains(name, "/assets/") {
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
	} else {
		h.Set("Cache-Control", "no-cache")
	}
	http.ServeContent(w, r, name, time.Time{}, bytes.NewReader(raw))
}

// encodings are the forms that the build has packed a file in, the smallest first.
var encodings = []struct{ name, ending string }{{"br", ".br"}, {"gzip", ".gz"}}

// packed returns a file in the smallest form that the caller takes.
func packed(r *http.Request, files fs.FS, name string) (raw []byte, encoding string, err error) {
	for _, e := range encodings {
		if !accepts(r, e.name) {
			continue
		}
		if raw, err = fs.ReadFile(files, name+e.ending); err == nil {
			return raw, e.name, nil
		}
	}
	raw, err = fs.ReadFile(files, name)
	return raw, "", err
}

// accepts reports whether the caller takes an encoding (RFC 9110, 12.5.3).
func accepts(r *http.Request, encoding string) bool {
	for one := range strings.SplitSeq(strings.Join(r.Header.Values("Accept-Encoding"), ","), ",") {
		name, weight, _ := strings.Cut(one, ";")
		if strings.EqualFold(strings.TrimSpace(name), encoding) {
			weight = strings.ReplaceAll(weight, " ", "")
			return !strings.HasPrefix(weight, "q=0") || strings.Trim(weight[len("q=0"):], ".0") != ""
		}
	}
	return false
}

func contentType(name string) string {
	switch path.Ext(name) {
	case ".html":
		return "text/html; charset=utf-8"
	case ".js":
		return "text/javascript; charset=utf-8"
	case ".css":
		return "text/css; charset=utf-8"
	case ".svg":
		return "image/svg+xml"
	case ".wasm":
		return "application/wasm"
	case ".json", ".webmanifest":
		return "application/json"
	default:
		return "application/octet-stream"
	}
}

// openAPI serves the description of the API.
func openAPI(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/yaml")
	_, _ = w.Write(web.OpenAPI)
}
