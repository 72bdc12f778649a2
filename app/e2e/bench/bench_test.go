package bench_test

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"gonghui/app/e2e/bench"
	"gonghui/app/e2e/stack"
)

// TestSmall runs every bench at small sizes by the command itself, and reads what it prints and writes.
func TestSmall(t *testing.T) {
	binary, err := stack.Binary()
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	defer cancel()
	report := filepath.Join(t.TempDir(), "BENCH.md")
	cmd := exec.CommandContext(ctx, binary, "bench", "--small", "--json", "--write", report)
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = 30 * time.Second
	var out, trouble bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &trouble
	if err := cmd.Run(); err != nil {
		t.Fatalf("%v\n%s", err, trouble.String())
	}
	written, err := os.ReadFile(report)
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for line := range strings.Lines(out.String()) {
		var f map[string]any
		if err := json.Unmarshal([]byte(line), &f); err != nil {
			t.Fatalf("%q: %v", line, err)
		}
		for _, key := range []string{"name", "value", "unit", "floor", "ratio", "goal", "met"} {
			if _, ok := f[key]; !ok {
				t.Errorf("%q has no %s", line, key)
			}
		}
		goal, _ := f["goal"].(string)
		if v, ok := f["value"].(float64); !ok || v < 0 || v == 0 && !strings.HasPrefix(goal, "≤ 0 ") {
			t.Errorf("%q: want a value above 0", line)
		}
		name, _ := f["name"].(string)
		group, _, _ := strings.Cut(name, ":")
		seen[group] = true
		if !strings.Contains(string(written), "| "+name+" |") {
			t.Errorf("the report lacks %q", name)
		}
	}
	for _, name := range bench.Names() {
		if !seen[name] {
			t.Errorf("bench %s gave no figure", name)
		}
	}
	if text := string(written); !strings.Contains(text, "--small") || regexp.MustCompile(`(?m)/(tmp|home|root|work)/|\d+\.\d+\.\d+\.\d+`).MatchString(text) {
		t.Errorf("the report does not say that it is a small run, or names a path or an address:\n%s", text)
	}
}

func TestUnknownBench(t *testing.T) {
	if _, err := bench.Run(t.Context(), bench.Options{Names: []string{"nothing"}}); err == nil {
		t.Error("want an error for a bench that is not there")
	}
}
