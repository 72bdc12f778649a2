package bench

import (
	"strings"
	"testing"
)

func TestFiguresOfSomeBenchesGoIntoAReportOfAll(t *testing.T) {
	row := func(name string, v float64) Figure { return figure(name, v, "ms") }
	all := Report{Machine: Machine{Day: "2026-01-01"}, Benches: []bench{{name: "get", about: "one"}, {name: "sfu", about: "two"}, {name: "tx", about: "three"}}}
	all.Figures = []Figure{row("get: a", 1), row("sfu: a, b", 2), row("sfu: gone", 3), row("tx: a", 4)}
	some := Report{Machine: Machine{Day: "2026-02-02"}, Benches: []bench{{name: "sfu", about: "two"}}, Figures: []Figure{row("sfu: a, b", 20), row("sfu: new", 30)}}
	got := some.Into(all.Markdown())
	want := strings.NewReplacer(
		"| sfu: a, b | 2 ms | – | – | – | – |\n| sfu: gone | 3 ms | – | – | – | – |\n", "| sfu: a, b | 20 ms | – | – | – | – |\n| sfu: new | 30 ms | – | – | – | – |\n",
		"- **sfu**: two.\n", "- **sfu**: two. Measured on 2026-02-02.\n",
	).Replace(all.Markdown())
	if got != want {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
	if again := some.Into(got); again != got {
		t.Errorf("a second time:\n%s", again)
	}
	// What was not there comes last.
	all.Figures, all.Benches = []Figure{row("get: a", 1)}, all.Benches[:1]
	got = some.Into(all.Markdown())
	if !strings.Contains(got, "| get: a | 1 ms | – | – | – | – |\n| sfu: a, b | 20 ms") || !strings.HasSuffix(got, "- **get**: one.\n- **sfu**: two. Measured on 2026-02-02.\n") {
		t.Errorf("new figures:\n%s", got)
	}
	if got := some.Into(""); got != some.Markdown() {
		t.Errorf("into nothing:\n%s", got)
	}
}
