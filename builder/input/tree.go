package input

import (
	"bytes"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"text/template"

	"gonghui/builder/apk/zipfile"
)

// Tree is a project in the making: files by path.
type Tree map[string][]byte

// Copy takes all files below a folder of what was committed.
func (t Tree) Copy(from fs.FS, folder string) error {
	sub, err := fs.Sub(from, folder)
	if err != nil {
		return err
	}
	return fs.WalkDir(sub, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		t[path], err = fs.ReadFile(sub, path)
		return err
	})
}

// Render makes one file of a template, which stands in the tree and gives way to it. What a body writes reaches templates only
// through markdown.
func (t Tree) Render(from, to string, data any) error {
	made, err := template.New(from).Funcs(template.FuncMap{"markdown": Markdown}).Option("missingkey=error").Parse(string(t[from]))
	if err != nil {
		return err
	}
	var b bytes.Buffer
	if err := made.Execute(&b, data); err != nil {
		return err
	}
	delete(t, from)
	t[to] = b.Bytes()
	return nil
}

// Zip packs the files below one folder, in the order of their paths: the same files give the same bytes.
func (t Tree) Zip(folder string) ([]byte, error) {
	paths := make([]string, 0, len(t))
	for p := range t {
		paths = append(paths, p)
	}
	slices.Sort(paths)
	files := make([]zipfile.File, 0, len(t))
	for _, p := range paths {
		pack := zipfile.Deflated
		if strings.HasSuffix(p, ".png") {
			pack = zipfile.Stored
		}
		files = append(files, pack(folder+"/"+p, t[p]))
	}
	b, err := zipfile.Encode(files)
	if err != nil {
		return nil, fmt.Errorf("zip: %w", err)
	}
	return b, nil
}
