package input_test

import (
	"archive/zip"
	"bytes"
	"errors"
	"strings"
	"testing"

	kratos "github.com/go-kratos/kratos/v2/errors"

	"gonghui/builder/input"
)

// field is the one that an error names, or "" for none.
func field(err error) string {
	if err == nil {
		return ""
	}
	var e *kratos.Error
	if !errors.As(err, &e) || e.Metadata["zh"] == "" || e.Metadata["en"] == "" {
		return "an error of another form: " + err.Error()
	}
	return e.Metadata["field"]
}

func TestChecks(t *testing.T) {
	t.Parallel()
	many := make([]string, input.MaxHosts+1)
	for _, c := range []struct {
		what string
		err  error
		want string
	}{
		{"id", input.ID("id", "cn.example.union_2"), ""},
		{"id of one part", input.ID("id", "union"), "id"},
		{"id in capitals", input.ID("id", "cn.Example"), "id"},
		{"long id", input.ID("id", "a."+strings.Repeat("b", 99)), "id"},
		{"version", input.Version("v", "1.2.0-rc+1"), ""},
		{"version with space", input.Version("v", "1 2"), "v"},
		{"name", input.Line("name", "浙江工会", 4), ""},
		{"long name", input.Line("name", "浙江工会会", 4), "name"},
		{"emoji alone", input.Line("name", "👷🏽‍♀️", 10), ""},
		{"signs alone", input.Line("name", "……", 10), "name"},
		{"turned direction", input.Line("name", "a\u202eb", 10), "name"},
		{"broken UTF-8", input.Line("name", "a\xff", 10), "name"},
		{"English missing", input.Both("name", input.Text{ZH: "工会"}, 10), "name.en"},
		{"no scheme", input.Scheme("scheme", ""), ""},
		{"scheme", input.Scheme("scheme", "ghunion"), ""},
		{"scheme of a bank", input.Scheme("scheme", "alipays"), "scheme"},
		{"hosts", input.Hosts("hosts", []string{"a.cn", "b.a.cn"}), ""},
		{"wildcard", input.Hosts("hosts", []string{"a.cn", "*.a.cn"}), "hosts[1]"},
		{"many hosts", input.Hosts("hosts", many), "hosts"},
		{"address", input.Address("a", "https://a.cn:8443/x?y=1#z"), ""},
		{"plain http", input.Address("a", "http://a.cn/"), "a"},
		{"script", input.Address("a", "javascript:alert(1)"), "a"},
		{"password in it", input.Address("a", "https://a:b@c.cn/"), "a"},
		{"space in it", input.Address("a", "https://a.cn/ b"), "a"},
		{"turned address", input.Address("a", "https://a.cn/\u202e"), "a"},
		{"no language", input.Language("l", ""), ""},
		{"another language", input.Language("l", "fr"), "l"},
		{"colour", input.Colors{Brand: 0xffffff}.Check(), ""},
		{"too much colour", input.Colors{Ground: 0x1000000}.Check(), "colors"},
		{"no picture", input.Picture("icon", []byte("x"), 10), "icon"},
	} {
		if got := field(c.err); got != c.want {
			t.Errorf("%s: %q, wanted %q", c.what, got, c.want)
		}
	}
}

func TestName(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]string{
		"https://ZJ.example.cn:8443/x": "zj.example.cn", "https://10.0.0.1/": "", "https://[::1]/": "", "https://localhost/": "", "https://1.2.3.4.cn/": "1.2.3.4.cn",
	} {
		if got := input.Name(address); got != want {
			t.Errorf("%s has the name %q, wanted %q", address, got, want)
		}
	}
}

// The colours at which black and white are read equally well lie on either side of the bound.
func TestInk(t *testing.T) {
	t.Parallel()
	for ground, want := range map[uint32]uint32{0xFFFFFF: 0x1F1F1F, 0: 0xFFFFFF, 0xC8161D: 0xFFFFFF, 0xFFD700: 0x1F1F1F, 0x757575: 0xFFFFFF, 0x767676: 0x1F1F1F} {
		if got := input.Ink(ground); got != want {
			t.Errorf("on %s: %s, wanted %s", input.Hex(ground), input.Hex(got), input.Hex(want))
		}
	}
}

func TestTree(t *testing.T) {
	t.Parallel()
	tree := input.Tree{"b.tmpl": []byte("{{markdown .}}"), "a/c.png": []byte("png"), "a/b.txt": bytes.Repeat([]byte("x"), 100)}
	if err := tree.Render("b.tmpl", "B.md", "# [工会](x) *y*"); err != nil {
		t.Fatal(err)
	}
	if err := tree.Render("a/b.txt", "d", struct{}{}); err != nil {
		t.Fatal(err)
	}
	raw, err := tree.Zip("app")
	if err != nil {
		t.Fatal(err)
	}
	r, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, f := range r.File {
		names = append(names, f.Name)
	}
	if got := strings.Join(names, " "); got != "app/B.md app/a/c.png app/d" {
		t.Errorf("the zip holds %s", got)
	}
	if got := string(tree["B.md"]); got != `\# \[工会\]\(x\) \*y\*` {
		t.Errorf("a name in a README is %s", got)
	}
	tree["bad"] = []byte("{{.Missing}}")
	if err := tree.Render("bad", "x", map[string]string{}); err == nil {
		t.Error("a template that asks for what is not there was made")
	}
	tree["../x"] = nil
	if _, err := tree.Zip("app"); err == nil {
		t.Error("a path out of the folder was packed")
	}
}
