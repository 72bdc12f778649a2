package field

import (
	"strings"
	"testing"

	"github.com/go-kratos/kratos/v2/errors"
)

func TestTexts(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ in, line, text string }{
		{" 张三 ", "张三", "张三"},
		{"\u3000张三\u3000", "张三", "张三"},
		{"", "", ""},
		{"a\nb", "!", "a\nb"},
		{"a\r\nb", "!", "a\nb"},
		{"a\x00b", "!", "!"},
		{"a\x7fb", "!", "!"},
		{"a\u202eb", "!", "!"},
		{"a\xffb", "!", "!"},
		{"买买提·吐尔逊", "买买提·吐尔逊", "买买提·吐尔逊"},
	} {
		for want, f := range map[string]func(string, string) (string, error){"line " + tt.line: Line, "text " + tt.text: Text} {
			_, want, _ := strings.Cut(want, " ")
			got, err := f("fields.name", tt.in)
			if want == "!" {
				if e := errors.FromError(err); err == nil || e.Code != 400 || e.Metadata["field"] != "fields.name" || e.Metadata["zh"] == "" {
					t.Errorf("%q: %q, %v", tt.in, got, err)
				}
			} else if err != nil || got != want {
				t.Errorf("%q: %q, %v; want %q", tt.in, got, err, want)
			}
		}
	}
	if _, err := Required("name", " \u3000"); err == nil {
		t.Error("blank passes for filled")
	}
}

func TestDayAndID(t *testing.T) {
	t.Parallel()
	if d, err := Day("startOn", ""); err != nil || !d.IsZero() {
		t.Error(d, err)
	}
	if _, err := Day("startOn", "2023-02-30"); err == nil {
		t.Error("30 February passes")
	}
	for s, want := range map[string]bool{
		"0192f0c0-0000-7000-8000-000000000000":          true,
		"{0192f0c0-0000-7000-8000-000000000000}":        false,
		"urn:uuid:0192f0c0-0000-7000-8000-000000000000": false,
		"0192f0c0000070008000000000000000":              false,
		"------------------------------------":          false,
		"":                                              false,
	} {
		if _, err := ID("id", s); (err == nil) != want {
			t.Errorf("%q: %v", s, err)
		}
	}
}
