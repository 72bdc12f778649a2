package main

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"time"
)

// progress draws a bar with count, rate and remaining time on a terminal, a line now and then elsewhere, or JSON lines.
type progress struct {
	what  string
	json  bool
	tty   bool
	begin time.Time
	last  time.Time
}

func newProgress(what string, asJSON bool) *progress {
	info, err := os.Stderr.Stat()
	return &progress{what: what, json: asJSON, tty: err == nil && info.Mode()&os.ModeCharDevice != 0, begin: time.Now()}
}

func (p *progress) at(done, total int) {
	every := 5 * time.Second
	if p.tty {
		every = 100 * time.Millisecond
	}
	if done < total && time.Since(p.last) < every {
		return
	}
	p.last = time.Now()
	took := time.Since(p.begin)
	rate := float64(done) / max(took.Seconds(), 0.001)
	left := "?"
	if done > 0 {
		left = time.Duration(float64(total-done) / rate * float64(time.Second)).Round(time.Second).String()
	}
	if p.json {
		p.result(map[string]any{"what": p.what, "done": done, "total": total, "per_second": rate})
		return
	}
	share := 1.0
	if total > 0 {
		share = float64(done) / float64(total)
	}
	bar := strings.Repeat("█", int(share*24)) + strings.Repeat("░", 24-int(share*24))
	line := fmt.Sprintf("%s %s %d/%d  %.0f/s  %s left", p.what, bar, done, total, rate, left)
	if p.tty {
		fmt.Fprintf(os.Stderr, "\r\033[K%s", line)
		if done >= total {
			fmt.Fprintln(os.Stderr)
		}
		return
	}
	fmt.Fprintln(os.Stderr, line)
}

// result prints one object on standard output.
func (p *progress) result(v any) {
	raw, err := json.Marshal(v)
	if err == nil {
		fmt.Println(string(raw))
	}
}
