package words

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"unicode"
)

// computed are acts and kinds that the code puts together or hands on, by the expression that stands in the source.
var computed = map[string][]string{
	`"directory.module." + state`:     {"directory.module.on", "directory.module.off"},
	`"supervise." + kind`:             {"supervise.read", "supervise.enter"},
	`"member.request." + how.State`:   {"member.request.approved", "member.request.refused", "member.request.withdrawn"},
	"app/member/standing.go t.act":    {"member.end", "member.restore"},
	"app/member/roster name":          {"member.import.map", "member.import.commit", "member.import.cancel"},
	"app/identity/oidc act":           {"oidc.client_update", "oidc.client_secret", "oidc.client_end"},
	"tenant/access/role.go act":       {"access.role_create", "access.role_update", "access.role_delete", "access.role_copy", "access.role_publish"},
	"tenant/access/separation.go act": {"access.separate", "access.join"},
	"tenant/menu act":                 {"menu.set", "menu.reset", "menu.restore", "menu.publish", "menu.withdraw"},
	"app/org act": {
		"org.appoint", "org.appointment_end", "org.dept_create", "org.dept_delete", "org.dept_update", "org.officer_create", "org.officer_update",
		"org.post_create", "org.post_delete", "org.post_update", "org.profile",
	},
	"app/org kind": {"appointment", "dept", "officer", "post", "profile"},
}

// Every act that the code records, and every kind of object, has words in both languages.
func TestEveryActHasWords(t *testing.T) {
	root := "../../.."
	seen := 0
	for _, top := range []string{"app", "tenant", "branding", "builder", "media"} {
		err := filepath.WalkDir(filepath.Join(root, top), func(path string, d fs.DirEntry, err error) error {
			switch {
			case err != nil && path == filepath.Join(root, top):
				return fs.SkipDir // not every platform is there yet
			case err != nil:
				return err
			case d.IsDir() && (d.Name() == "node_modules" || d.Name() == "dist"):
				return fs.SkipDir
			case d.IsDir(), !strings.HasSuffix(path, ".go"), strings.HasSuffix(path, "_test.go"), strings.HasSuffix(path, ".pb.go"):
				return nil
			}
			file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
			if err != nil {
				return err
			}
			name, err := filepath.Rel(root, path)
			if err != nil {
				return err
			}
			ast.Inspect(file, func(n ast.Node) bool {
				lit, ok := n.(*ast.CompositeLit)
				if !ok || !isAct(lit.Type, file.Name.Name) {
					return true
				}
				for _, e := range lit.Elts {
					kv, ok := e.(*ast.KeyValueExpr)
					if !ok {
						t.Errorf("%s: an act without names of its fields", name)
						continue
					}
					switch kv.Key.(*ast.Ident).Name {
					case "Act":
						seen++
						check(t, name, kv.Value, acts)
					case "Kind":
						check(t, name, kv.Value, kinds)
					}
				}
				return true
			})
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if seen < 40 {
		t.Errorf("only %d acts were looked at", seen)
	}
}

// isAct reports whether a literal is a tenant.Act.
func isAct(e ast.Expr, pkg string) bool {
	switch e := e.(type) {
	case *ast.SelectorExpr:
		x, ok := e.X.(*ast.Ident)
		return ok && x.Name == "tenant" && e.Sel.Name == "Act"
	case *ast.Ident:
		return pkg == "tenant" && e.Name == "Act"
	}
	return false
}

func check(t *testing.T, file string, e ast.Expr, words map[string]Word) {
	t.Helper()
	if lit, ok := e.(*ast.BasicLit); ok {
		name, err := strconv.Unquote(lit.Value)
		if _, known := words[name]; err != nil || !known {
			t.Errorf("%s records %s, which has no words", file, lit.Value)
		}
		return
	}
	text := source(e)
	for _, key := range []string{text, file + " " + text, filepath.ToSlash(filepath.Dir(file)) + " " + text} {
		if names, ok := computed[key]; ok {
			for _, name := range names {
				if _, known := words[name]; !known {
					t.Errorf("%s records %q, which has no words", file, name)
				}
			}
			return
		}
	}
	t.Errorf("%s records %s: write here which acts that can be", file, text)
}

// source writes an expression as it stands.
func source(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.BasicLit:
		return e.Value
	case *ast.Ident:
		return e.Name
	case *ast.SelectorExpr:
		return source(e.X) + "." + e.Sel.Name
	case *ast.BinaryExpr:
		return source(e.X) + " " + e.Op.String() + " " + source(e.Y)
	case *ast.CallExpr:
		return source(e.Fun) + "()"
	}
	return "an expression"
}

func TestWording(t *testing.T) {
	for _, w := range append(Acts(), Kinds()...) {
		han := strings.ContainsFunc(w.Zh, func(r rune) bool { return unicode.Is(unicode.Han, r) })
		foreign := strings.ContainsFunc(w.En, func(r rune) bool { return r > '~' })
		if !han || foreign || w.En == "" {
			t.Errorf("%+v", w)
		}
	}
	if w := Act("of.another_release"); w.Zh != "of.another_release" {
		t.Errorf("%+v", w)
	}
}
