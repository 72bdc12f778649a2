package bench

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"runtime"
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

func machine(ctx context.Context, conn *pgx.Conn) (Machine, error) {
	m := Machine{
		CPU: field("/proc/cpuinfo", "model name"), Cores: runtime.NumCPU(), Go: strings.TrimPrefix(runtime.Version(), "go"),
		Day: time.Now().Format(time.DateOnly),
	}
	if kb, err := strconv.ParseFloat(strings.TrimSuffix(field("/proc/meminfo", "MemTotal"), " kB"), 64); err == nil {
		m.MemoryGB = kb / (1 << 20)
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
	fmt.Fprintf(&b, "Machine: %s, %d cores, %.0f GiB, PostgreSQL %s, Go %s, %s. Driver, server and database share it.\n\n", m.CPU, m.Cores, m.MemoryGB, m.Postgres, m.Go, m.Day)
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

func number(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }
