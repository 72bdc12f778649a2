// Package migrate makes and changes schemas: the platform's and a cell's once, a tenant's one at a time.
package migrate

import (
	"fmt"
	"io/fs"
	"path"
	"sort"
	"strconv"
	"strings"
)

// Script is one migration in tern's file format: NNNN_name.sql, what undoes it below the line.
type Script struct {
	Version int
	Name    string
	SQL     string
}

const dropBelow = "---- create above / drop below ----"

// Scripts reads the migrations of dir, in order. Versions count from 1 without a gap.
func Scripts(fsys fs.FS, dir string) ([]Script, error) {
	if fsys == nil {
		return nil, nil
	}
	names, err := fs.Glob(fsys, path.Join(dir, "*.sql"))
	if err != nil {
		return nil, err
	}
	sort.Strings(names)
	var scripts []Script
	for i, name := range names {
		number, rest, ok := strings.Cut(path.Base(name), "_")
		version, err := strconv.Atoi(number)
		if !ok || err != nil || version != i+1 {
			return nil, fmt.Errorf("migrate: %s: want version %04d_", name, i+1)
		}
		raw, err := fs.ReadFile(fsys, name)
		if err != nil {
			return nil, err
		}
		up, _, ok := strings.Cut(string(raw), dropBelow)
		if !ok {
			return nil, fmt.Errorf("migrate: %s: no line %q", name, dropBelow)
		}
		scripts = append(scripts, Script{version, strings.TrimSuffix(rest, ".sql"), strings.TrimSpace(up)})
	}
	return scripts, nil
}
