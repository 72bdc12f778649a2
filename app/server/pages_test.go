package server

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"testing/fstest"

	"gonghui/tenant"
)

// Each app of a host has its folder; what is no file of it is one of its pages.
func TestPages(t *testing.T) {
	t.Parallel()
	files := fstest.MapFS{}
	for _, app := range []string{"member", "console", "meet", "hq"} {
		files[app+"/index.html"] = &fstest.MapFile{Data: []byte("page of " + app)}
		files[app+"/assets/a.js"] = &fstest.MapFile{Data: []byte("script of " + app)}
	}
	for _, c := range []struct {
		path string
		hq   bool
		code int
		want string // the answer, or where it leads
	}{
		{"/", false, 200, "page of member"},
		{"/union", false, 200, "page of member"},
		{"/assets/a.js", false, 200, "script of member"},
		{"/console", false, 302, "/console/"},
		{"/console/members/7", false, 200, "page of console"},
		{"/meet", false, 302, "/meet/"},
		{"/meet/", false, 200, "page of meet"},
		{"/meet/1234567890", false, 200, "page of meet"},
		{"/meet/assets/a.js", false, 200, "script of meet"},
		{"/meet/assets/b.js", false, 404, ""},
		{"/meeting", false, 200, "page of member"},
		{"/", true, 200, "page of hq"},
		{"/meet/", true, 200, "page of hq"},
		{"/v1/nothing", false, 404, ""},
	} {
		w := httptest.NewRecorder()
		r := httptest.NewRequest(http.MethodGet, c.path, nil)
		r = r.WithContext(tenant.WithCall(r.Context(), tenant.Call{Supervision: c.hq}))
		pages(files, nil).ServeHTTP(w, r)
		got := w.Body.String()
		if w.Code == http.StatusFound {
			got = w.Header().Get("Location")
		}
		if w.Code != c.code || c.want != "" && got != c.want {
			t.Errorf("%s (hq %v): %d %q, want %d %q", c.path, c.hq, w.Code, got, c.code, c.want)
		}
	}
}
