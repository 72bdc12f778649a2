package words

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"unicode"
)

// computed are acts and kinds that the code puts together or hands on, by the expression that stands in the source.
var computed = map[string][]string{
	"branding act":                    {"branding.draft", "branding.discard", "branding.publish", "branding.restore", "branding.import", "branding.copy"},
	"branding what":                   {"host.slug", "host.add", "host.verify", "host.remove", "host.lapse"},
	`"directory.module." + state`:     {"directory.module.on", "directory.module.off"},
	`"supervise." + kind`:             {"supervise.read", "supervise.enter"},
	`"member.request." + how.State`:   {"member.request.approved", "member.request.refused", "member.request.withdrawn"},
	"app/member/standing.go t.act":    {"member.end", "member.restore"},
	"app/member/roster name":          {"member.import.map", "member.import.commit", "member.import.cancel"},
	"app/identity/oidc act":           {"oidc.client_update", "oidc.client_secret", "oidc.client_end"},
	"tenant/access/draft.go act":      {"access.role_create", "access.role_copy"},
	"tenant/access/separation.go act": {"access.separate", "access.join"},
	"media/meeting act": {
		"meeting.admit", "meeting.cancel", "meeting.end", "meeting.lock", "meeting.refuse", "meeting.remove", "meeting.role", "meeting.start", "meeting.update", "meeting.vote_close",
		"meeting.vote_confirm", "meeting.vote_count", "meeting.vote_end", "meeting.vote_open", "meeting.vote_void", "meeting.waiting_room",
		"meeting.admit", "meeting.cancel", "meeting.end", "meeting.lock", "meeting.refuse", "meeting.remove", "meeting.role", "meeting.start", "meeting.update", "meeting.waiting_room",
		"meeting.recording.update", "meeting.recording.retry", "meeting.recording.cancel",
		"meeting.rooms", "meeting.rooms_assign", "meeting.rooms_choice", "meeting.rooms_close", "meeting.rooms_open", "meeting.rooms_over",
		"meeting.stenographer", "meeting.venue", "meeting.venue_call", "meeting.watermark", "meeting.files",
	},
	"tenant/menu act":                 {"menu.set", "menu.reset", "menu.restore", "menu.publish", "menu.withdraw"},
	"app/identity/internal/noun kind": {"identity", "body"},
}

// through are the functions that are given an act and record it with the states of the object around what they run.
var through = map[string]State{"app/identity onHolder": Changed, "app/identity/merge on": Changed}

// Every act that the code records, and every kind of object, has words in both languages; and what is recorded of an object's state
// is what the list of states says.
func TestEveryActHasWords(t *testing.T) {
	root := "../../.."
	seen := map[string]bool{}
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
			walk(t, filepath.ToSlash(name), file, seen)
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	for _, a := range Acts() {
		if !seen[a.Name] {
			t.Errorf("%s has words, and nothing records it", a.Name)
		}
		if StateOf(a.Name) == "" {
			t.Errorf("%s: say in the list of states what it does to its object", a.Name)
		}
	}
	for name := range states {
		if _, ok := acts[name]; !ok {
			t.Errorf("%s has a state and no words", name)
		}
	}
}

// walk looks at the acts and nouns of one file.
func walk(t *testing.T, name string, file *ast.File, seen map[string]bool) {
	t.Helper()
	var above []ast.Node
	ast.Inspect(file, func(n ast.Node) bool {
		if n == nil {
			above = above[:len(above)-1]
			return true
		}
		above = append(above, n)
		lit, ok := n.(*ast.CompositeLit)
		if !ok {
			return true
		}
		keys := map[string]ast.Expr{}
		for _, e := range lit.Elts {
			if kv, ok := e.(*ast.KeyValueExpr); ok {
				if id, ok := kv.Key.(*ast.Ident); ok {
					keys[id.Name] = kv.Value
				}
			}
		}
		switch {
		case is(lit.Type, file.Name.Name, "Noun"):
			if keys["Kind"] == nil || keys["State"] == nil {
				t.Errorf("%s: a noun without kind or state", name)
			} else {
				meant(t, name, keys["Kind"], kinds)
			}
		case is(lit.Type, file.Name.Name, "Act"):
			if kind := keys["Kind"]; kind != nil {
				meant(t, name, kind, kinds)
			}
			if keys["Act"] == nil {
				if len(lit.Elts) > 0 {
					t.Errorf("%s: an act without a name", name)
				}
				return true
			}
			as := stateAt(name, keys, above)
			for _, act := range meant(t, name, keys["Act"], acts) {
				seen[act] = true
				if want := StateOf(act); want != as {
					t.Errorf("%s records %s as one that %s: it %s by the list of states", name, act, as, want)
				}
			}
		}
		return true
	})
}

// stateAt is with which states an act is recorded where it stands: by its own fields, by the method of a noun that takes it, or by
// what happens to the variable that holds it.
func stateAt(file string, keys map[string]ast.Expr, above []ast.Node) State {
	if s := stateOf(keys["Before"] != nil, keys["After"] != nil); s != Leaves {
		return s
	}
	for i := len(above) - 2; i >= 0; i-- {
		switch n := above[i].(type) {
		case *ast.CallExpr:
			return takes(file, n)
		case *ast.AssignStmt:
			held, ok := n.Lhs[0].(*ast.Ident)
			if !ok || len(n.Lhs) != 1 {
				return Leaves
			}
			return stateOfHeld(file, held.Name, function(above))
		case *ast.UnaryExpr, *ast.KeyValueExpr:
		default:
			return Leaves
		}
	}
	return Leaves
}

// function is the function around the last of some nodes.
func function(above []ast.Node) ast.Node {
	for _, n := range above {
		if f, ok := n.(*ast.FuncDecl); ok {
			return f
		}
	}
	return above[0]
}

// stateOfHeld is with which states the act in a variable is recorded.
func stateOfHeld(file, held string, in ast.Node) State {
	state, before, after := Leaves, false, false
	ast.Inspect(in, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			for _, l := range n.Lhs {
				switch source(l) {
				case held + ".Before":
					before = true
				case held + ".After":
					after = true
				}
			}
		case *ast.CallExpr:
			for _, arg := range n.Args {
				if u, ok := arg.(*ast.UnaryExpr); ok {
					arg = u.X
				}
				if source(arg) == held && state == Leaves {
					state = takes(file, n)
				}
			}
		}
		return true
	})
	if state == Leaves {
		state = stateOf(before, after)
	}
	return state
}

// takes is what a call that is given an act does with the object's state.
func takes(file string, call *ast.CallExpr) State {
	sel, ok := call.Fun.(*ast.SelectorExpr)
	if !ok {
		return Leaves
	}
	switch sel.Sel.Name {
	case "Made":
		return Made
	case "Changed", "Into":
		return Changed
	case "Gone":
		return Gone
	}
	if s, ok := through[path.Dir(file)+" "+sel.Sel.Name]; ok {
		return s
	}
	return Leaves
}

func stateOf(before, after bool) State {
	for _, s := range []State{Made, Changed, Gone} {
		if b, a := s.Digests(); b == before && a == after {
			return s
		}
	}
	return Leaves
}

// is reports whether a literal is of a type of the package tenant.
func is(e ast.Expr, pkg, name string) bool {
	switch e := e.(type) {
	case *ast.SelectorExpr:
		x, ok := e.X.(*ast.Ident)
		return ok && x.Name == "tenant" && e.Sel.Name == name
	case *ast.Ident:
		return pkg == "tenant" && e.Name == name
	}
	return false
}

// meant are the names that an expression can be, all of which must have words.
func meant(t *testing.T, file string, e ast.Expr, words map[string]Word) []string {
	t.Helper()
	var names []string
	if lit, ok := e.(*ast.BasicLit); ok {
		name, err := strconv.Unquote(lit.Value)
		if err != nil {
			t.Fatal(err)
		}
		names = []string{name}
	} else {
		text := source(e)
		for _, key := range []string{text, file + " " + text, path.Dir(file) + " " + text} {
			if c, ok := computed[key]; ok {
				names = c
				break
			}
		}
		if names == nil {
			t.Errorf("%s records %s: write here which acts that can be", file, text)
		}
	}
	for _, name := range names {
		if _, known := words[name]; !known {
			t.Errorf("%s records %q, which has no words", file, name)
		}
	}
	return names
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
