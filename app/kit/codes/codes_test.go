package codes

import "testing"

func TestLists(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		list          List
		size          int
		code, zh      string
		strange, none string
	}{
		"nations":    {Nations, 58, "56", "基诺族", "57", "1"},
		"educations": {Educations, 36, "21", "大学毕业", "91", ""},
		"politics":   {Politics, 13, "13", "群众", "14", "00"},
	} {
		if len(tt.list) != tt.size {
			t.Errorf("%s: %d entries, want %d", name, len(tt.list), tt.size)
		}
		if e, ok := tt.list.Find(tt.code); !ok || e.Zh != tt.zh {
			t.Errorf("%s: %s is %+v", name, tt.code, e)
		}
		if tt.list.Has(tt.strange) || tt.list.Has(tt.none) {
			t.Errorf("%s: holds a code that is none", name)
		}
		last := ""
		for _, e := range tt.list {
			if e.Code <= last || e.Zh == "" || e.En == "" {
				t.Errorf("%s: entry %+v after %q", name, e, last)
			}
			last = e.Code
		}
	}
}
