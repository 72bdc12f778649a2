package bench

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
)

// Machine is where a run was made.
type Machine struct {
	CPU      string
	Cores    int
	MemoryGB float64 // GiB
	Postgres string
	Go       string
	Day      string // YYYY-MM-DD
}

// Report is a whole run.
type Report struct {
	Small   bool
	Machine Machine
	Figures []Figure
	Benches []bench
}

// machine is this one; conn is nil where no database runs.
func machine(ctx context.Context, conn *pgx.Conn) (Machine, error) {
	m := Machine{
		CPU: field("/proc/cpuinfo", "model name"), Cores: runtime.NumCPU(), Go: strings.TrimPrefix(runtime.Version(), "go"),
		Day: time.Now().Format(time.DateOnly),
	}
	if kb, err := strconv.ParseFloat(strings.TrimSuffix(field("/proc/meminfo", "MemTotal"), " kB"), 64); err == nil {
		m.MemoryGB = kb / (1 << 20)
	}
	if conn == nil {
		return m, nil
	}
	err := conn.QueryRow(ctx, "show server_version").Scan(&m.Postgres)
	m.Postgres, _, _ = strings.Cut(m.Postgres, " ")
	return m, err
}

// field is the first value of a name in a file of "name : value" lines.
func field(file, name string) string {
	f, err := os.Open(file)
	if err != nil {
		return ""
	}
	defer f.Close()
	for lines := bufio.NewScanner(f); lines.Scan(); {
		if k, v, ok := strings.Cut(lines.Text(), ":"); ok && strings.TrimSpace(k) == name {
			return strings.TrimSpace(v)
		}
	}
	return ""
}

// Markdown is the report as BENCH.md holds it.
func (r *Report) Markdown() string {
	var b strings.Builder
	b.WriteString("# Measured\n\nWritten by `gonghui bench --write BENCH.md` (`make bench`). Each figure stands beside its floor, taken in turn in the same run;\n" +
		"machines are noisy, ratios less so. CPU is that of the server and of all Postgres processes, without the driver; fsync is on.\n\n")
	if r.Small {
		b.WriteString("This was a run with `--small`: it shows that the benches work, not how fast the product is.\n\n")
	}
	m := r.Machine
	database := ""
	if m.Postgres != "" {
		database = "PostgreSQL " + m.Postgres + ", "
	}
	fmt.Fprintf(&b, "Machine: %s, %d cores, %.0f GiB, %sGo %s, %s. Driver, server and database share it.\n\n", m.CPU, m.Cores, m.MemoryGB, database, m.Go, m.Day)
	b.WriteString("| name | measured | floor | ratio | goal | met |\n|---|---:|---:|---:|---|---|\n")
	for _, f := range r.Figures {
		floor, ratio, goal, met := "–", "–", "–", "–"
		if f.Floor != nil {
			floor, ratio = number(*f.Floor)+" "+f.Unit, number(*f.Ratio)
		}
		if f.Met != nil {
			goal, met = f.Goal, map[bool]string{true: "yes", false: "**no**"}[*f.Met]
		}
		fmt.Fprintf(&b, "| %s | %s %s | %s | %s | %s | %s |\n", f.Name, number(f.Value), f.Unit, floor, ratio, goal, met)
	}
	b.WriteString("\n")
	for _, bench := range r.Benches {
		fmt.Fprintf(&b, "- **%s**: %s.\n", bench.name, bench.about)
	}
	return b.String()
}

// Into puts the figures of a run of some benches into a report of all: their rows and lines take the place of those of the same
// benches, or come last, and say of which day they are.
func (r *Report) Into(old string) string {
	of := func(line string) string {
		name, _, _ := strings.Cut(strings.TrimPrefix(line, "| "), ":")
		return name
	}
	about := func(line string) string {
		name, _, _ := strings.Cut(strings.TrimPrefix(line, "- **"), "**")
		return name
	}
	rows, lines := map[string][]string{}, map[string]string{}
	for line := range strings.Lines(r.Markdown()) {
		switch {
		case strings.HasPrefix(line, "| ") && !strings.Contains(of(line), " "):
			rows[of(line)] = append(rows[of(line)], line)
		case strings.HasPrefix(line, "- **"):
			lines[about(line)] = strings.TrimSuffix(line, "\n") + " Measured on " + r.Machine.Day + ".\n"
		}
	}
	var out []string
	lastRow, lastLine := -1, -1
	done := map[string]bool{}
	for line := range strings.Lines(old) {
		switch {
		case strings.HasPrefix(line, "|"):
			name := of(line)
			if fresh, again := rows[name]; again && !done[name] {
				out = append(out, fresh...)
				done[name] = true
			} else if !again {
				out = append(out, line)
			}
			lastRow = len(out)
		case strings.HasPrefix(line, "- **"):
			if fresh, again := lines[about(line)]; again {
				line = fresh
				delete(lines, about(line))
			}
			out = append(out, line)
			lastLine = len(out)
		default:
			out = append(out, line)
		}
	}
	if lastRow < 0 || lastLine < 0 {
		return r.Markdown()
	}
	for _, b := range r.Benches {
		if line, left := lines[b.name]; left {
			out = slices.Insert(out, lastLine, line)
			lastLine++
		}
	}
	for i := len(r.Benches) - 1; i >= 0; i-- {
		if name := r.Benches[i].name; !done[name] {
			out = slices.Insert(out, lastRow, rows[name]...)
		}
	}
	return strings.Join(out, "")
}

func number(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }
