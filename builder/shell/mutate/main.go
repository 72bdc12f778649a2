// Command mutate writes down what became of the mutants of the shell's classes: mutants.sum holds the figures of the last run and
// what it was a run of, MUTANTS.md tells them, with a reason for each mutant that no test sees. Reasons are written by hand into the
// last column of MUTANTS.md and stay there as long as the mutant does.
//
//	go run ./mutate results.tsv    (build.sh mutate does it)
package main

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"log"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

const (
	sumFile    = "mutants.sum"
	reportFile = "MUTANTS.md"
)

func main() {
	if len(os.Args) != 2 {
		log.Fatal("usage: mutate results.tsv")
	}
	if err := write(os.Args[1]); err != nil {
		log.Fatal(err)
	}
}

func write(results string) error {
	raw, err := os.ReadFile(results)
	if err != nil {
		return err
	}
	r, err := readResults(raw)
	if err != nil {
		return fmt.Errorf("%s: %w", results, err)
	}
	if r.of, err = sums("."); err != nil {
		return err
	}
	old, err := os.ReadFile(reportFile)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := os.WriteFile(sumFile, r.sum(), 0o644); err != nil {
		return err
	}
	return os.WriteFile(reportFile, r.report(reasons(old)), 0o644)
}

// of is what a run was a run of: SHA-256 of the shell's sources, of its tests and of the mutator.
type of struct {
	sources, tests, mutator string
}

func sums(folder string) (of, error) {
	var o of
	for to, dir := range map[*string]string{&o.sources: "src/main", &o.tests: "src/test", &o.mutator: "mutate/app"} {
		sum := sha256.New()
		err := fs.WalkDir(os.DirFS(folder), dir, func(p string, d fs.DirEntry, err error) error {
			if err != nil || !d.Type().IsRegular() {
				return err
			}
			content, err := os.ReadFile(filepath.Join(folder, p))
			if err != nil {
				return err
			}
			fmt.Fprintf(sum, "%s %d\n", p, len(content))
			sum.Write(content)
			return nil
		})
		if err != nil {
			return of{}, err
		}
		*to = fmt.Sprintf("%x", sum.Sum(nil))
	}
	return o, nil
}

// mutant is one that lives.
type mutant struct {
	id, line, what string
	reached        bool
}

// count is how many mutants of a kind there are, and how many of them a test has seen.
type count struct {
	all, killed int
}

var kinds = []string{"branch", "call", "constant"}

type run struct {
	of     of
	counts map[string]map[string]count // by source file and kind
	slow   int                         // of those killed, by a test that did not end
	living []mutant
}

// readResults reads the lines that the tests on the mutants have left: id, class, line, kind, what was changed, what became of it,
// by which test, and that test's sum. The last line about a mutant counts.
func readResults(b []byte) (run, error) {
	r := run{counts: map[string]map[string]count{}}
	last := map[string]string{}
	var order []string
	for line := range strings.Lines(string(b)) {
		id, _, _ := strings.Cut(line, "\t")
		if _, again := last[id]; !again {
			order = append(order, id)
		}
		last[id] = line
	}
	for _, id := range order {
		line := last[id]
		f := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		if len(f) != 8 || !slices.Contains(kinds, f[3]) {
			return run{}, fmt.Errorf("line %q", line)
		}
		class := path.Base(f[1])
		if r.counts[class] == nil {
			r.counts[class] = map[string]count{}
		}
		c := r.counts[class][f[3]]
		c.all++
		switch f[5] {
		case "slow":
			r.slow++
			c.killed++
		case "killed":
			c.killed++
		case "survived", "unreached":
			r.living = append(r.living, mutant{f[0], f[2], f[4], f[5] == "survived"})
		default:
			return run{}, fmt.Errorf("line %q", line)
		}
		r.counts[class][f[3]] = c
	}
	return r, nil
}

func (r run) classes() []string {
	var out []string
	for c := range r.counts {
		out = append(out, c)
	}
	slices.Sort(out)
	return out
}

func (r run) total() count {
	var t count
	for _, class := range r.counts {
		for _, c := range class {
			t.all += c.all
			t.killed += c.killed
		}
	}
	return t
}

// sum is the run as mutants.sum keeps it.
func (r run) sum() []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "sources %s\ntests %s\nmutator %s\n", r.of.sources, r.of.tests, r.of.mutator)
	for _, class := range r.classes() {
		for _, kind := range kinds {
			c := r.counts[class][kind]
			fmt.Fprintf(&b, "%s %s %d %d\n", class, kind, c.all, c.killed)
		}
	}
	fmt.Fprintf(&b, "slow %d\n", r.slow)
	for _, m := range r.living {
		fmt.Fprintf(&b, "living\t%s\t%s\t%s\t%t\n", m.id, m.line, m.what, m.reached)
	}
	return b.Bytes()
}

// readSum reads what sum has written.
func readSum(b []byte) (run, error) {
	r := run{counts: map[string]map[string]count{}}
	for line := range strings.Lines(string(b)) {
		line = strings.TrimSuffix(line, "\n")
		if rest, ok := strings.CutPrefix(line, "living\t"); ok {
			f := strings.Split(rest, "\t")
			if len(f) != 4 {
				return run{}, fmt.Errorf("line %q", line)
			}
			r.living = append(r.living, mutant{f[0], f[1], f[2], f[3] == "true"})
			continue
		}
		f := strings.Fields(line)
		var err error
		switch {
		case len(f) == 2 && f[0] == "sources":
			r.of.sources = f[1]
		case len(f) == 2 && f[0] == "tests":
			r.of.tests = f[1]
		case len(f) == 2 && f[0] == "mutator":
			r.of.mutator = f[1]
		case len(f) == 2 && f[0] == "slow":
			r.slow, err = strconv.Atoi(f[1])
		case len(f) == 4:
			var all, killed int
			all, err = strconv.Atoi(f[2])
			if err == nil {
				killed, err = strconv.Atoi(f[3])
			}
			if r.counts[f[0]] == nil {
				r.counts[f[0]] = map[string]count{}
			}
			r.counts[f[0]][f[1]] = count{all, killed}
		default:
			err = errors.New("unknown")
		}
		if err != nil {
			return run{}, fmt.Errorf("line %q: %w", line, err)
		}
	}
	return r, nil
}

const row = "| `"

// reasons are those in a report, by mutant.
func reasons(report []byte) map[string]string {
	out := map[string]string{}
	for line := range strings.Lines(string(report)) {
		rest, ok := strings.CutPrefix(line, row)
		if !ok {
			continue
		}
		id, rest, _ := strings.Cut(rest, "`")
		cells := strings.Split(strings.TrimSuffix(strings.TrimSpace(rest), "|"), " | ")
		if len(cells) > 1 {
			out[id] = strings.TrimSpace(cells[len(cells)-1])
		}
	}
	return out
}

// report is the run as MUTANTS.md tells it.
func (r run) report(reasons map[string]string) []byte {
	var b bytes.Buffer
	t := r.total()
	fmt.Fprintf(&b, `# Mutants of the shell

Each mutant is one change of one instruction of the very classes that classes.dex is made of: a condition turned round or its border
moved, a case left out; a call left out or a new object lost; a number one more, a text emptied (mutate/app/gonghui/mutate/Mutator.java).
It is killed when a test fails on it that passes on the class as it is. build.sh mutate runs them and writes this file and mutants.sum;
only the reasons are written by hand.

**%d of %d mutants are killed (%.1f %%)**, %d of them because a test does not end.

| class | branches | calls | constants |
| --- | --- | --- | --- |
`, t.killed, t.all, percent(t), r.slow)
	for _, class := range r.classes() {
		fmt.Fprintf(&b, "| %s |", class)
		for _, kind := range kinds {
			c := r.counts[class][kind]
			fmt.Fprintf(&b, " %d of %d |", c.killed, c.all)
		}
		b.WriteByte('\n')
	}
	b.WriteString("\n## Those that live\n\nA line is that of the source; “not reached” means that no test comes by.\n\n| mutant | line | change | why no test sees it |\n| --- | --- | --- | --- |\n")
	living := slices.Clone(r.living)
	slices.SortStableFunc(living, func(a, b mutant) int { return cmp.Compare(class(a.id), class(b.id)) })
	for _, m := range living {
		what := strings.ReplaceAll(m.what, "|", "¦")
		if !m.reached {
			what += " (not reached)"
		}
		fmt.Fprintf(&b, "%s%s` | %s | %s | %s |\n", row, m.id, m.line, what, reasons[m.id])
	}
	return b.Bytes()
}

func class(id string) string {
	c, _, _ := strings.Cut(id, ".")
	return c
}

func percent(c count) float64 {
	if c.all == 0 {
		return 0
	}
	return 100 * float64(c.killed) / float64(c.all)
}
