// Package readers lets tests read what the builder writes by parsers that are not ours: Python's own, openssl, and the packages
// of third_party/readers.
package readers

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"testing"
)

// Need skips the test when a program is not there; in CI that is a failure.
func Need(t testing.TB, programs ...string) {
	t.Helper()
	for _, p := range programs {
		if _, err := exec.LookPath(p); err != nil {
			missing(t, p+" is not installed")
		}
	}
}

func missing(t testing.TB, text string) {
	t.Helper()
	if os.Getenv("CI") != "" {
		t.Fatal(text)
	}
	t.Skip(text)
}

// Ask is one text to read. Kind is json, json5, js, plist, xml, wxml, pbxproj, swift or ets.
type Ask struct {
	Kind string `json:"kind"`
	Name string `json:"name"`
	Text string `json:"text"`
}

// Answer is what the parser made of it, or its complaint.
type Answer struct {
	Value json.RawMessage `json:"value"`
	Error string          `json:"error"`
}

// Read gives each text to its parser.
func Read(t testing.TB, asks ...Ask) []Answer {
	t.Helper()
	Need(t, "node")
	_, here, _, _ := runtime.Caller(0)
	dir := filepath.Join(filepath.Dir(here), "../../../third_party/readers")
	if _, err := os.Stat(filepath.Join(dir, "node_modules/json5")); err != nil {
		missing(t, "run npm install --ignore-scripts in third_party/readers")
	}
	in, err := json.Marshal(asks)
	if err != nil {
		t.Fatal(err)
	}
	// Grammars are large WebAssembly: making them faster takes longer than they run.
	var answers []Answer
	if err := json.Unmarshal(run(t, in, "node", "--liftoff-only", filepath.Join(dir, "read.cjs")), &answers); err != nil || len(answers) != len(asks) {
		t.Fatalf("%d answers to %d texts: %v", len(answers), len(asks), err)
	}
	return answers
}

// Value reads one text that must be in order, into a value.
func Value(t testing.TB, a Ask, to any) {
	t.Helper()
	Values(t, []Ask{a}, to)
}

// Values is Value for several at once.
func Values(t testing.TB, asks []Ask, to ...any) {
	t.Helper()
	for i, got := range Read(t, asks...) {
		if got.Error != "" {
			t.Fatalf("%s: %s", asks[i].Name, got.Error)
		}
		if err := json.Unmarshal(got.Value, to[i]); err != nil {
			t.Fatalf("%s: %v", asks[i].Name, err)
		}
	}
}

// Plist reads a property list by Python's plistlib; data comes as base64.
func Plist(t testing.TB, list []byte, to any) {
	t.Helper()
	one(t, Plists(t, list), to)
}

// Plists is Plist for several at once.
func Plists(t testing.TB, lists ...[]byte) []json.RawMessage {
	t.Helper()
	return python(t, `import plistlib
def read(b): return plistlib.loads(b)`, lists)
}

// Tables reads tables by Python's csv, as Excel writes them.
func Tables(t testing.TB, tables ...[]byte) []json.RawMessage {
	t.Helper()
	return python(t, `import csv, io
def read(b): return list(csv.reader(io.StringIO(b.decode("utf-8-sig"), newline=""), strict=True))`, tables)
}

// Pages reads the cells of the tables of HTML pages by Python's html.parser: tag and text, white space run together.
func Pages(t testing.TB, pages ...[]byte) []json.RawMessage {
	t.Helper()
	return python(t, `import html.parser
class P(html.parser.HTMLParser):
    def __init__(self):
        super().__init__()
        self.at, self.cells = None, []
    def handle_starttag(self, tag, attrs):
        if tag in ("th", "td"):
            self.at = {"tag": tag, "text": ""}
            self.cells.append(self.at)
        elif tag != "span":
            self.at = None
    def handle_endtag(self, tag):
        if tag in ("th", "td"):
            self.at = None
    def handle_data(self, data):
        if self.at is not None:
            self.at["text"] += data
def read(b):
    p = P()
    p.feed(b.decode())
    return [{"tag": c["tag"], "text": " ".join(c["text"].split())} for c in p.cells]`, pages)
}

// python reads texts by a function read of a program, all in one process.
func python(t testing.TB, program string, texts [][]byte) []json.RawMessage {
	t.Helper()
	Need(t, "python3")
	in, err := json.Marshal(texts)
	if err != nil {
		t.Fatal(err)
	}
	const around = `
import base64, json, sys
print(json.dumps([read(base64.b64decode(x)) for x in json.load(sys.stdin)], default=lambda b: base64.b64encode(b).decode()))`
	var out []json.RawMessage
	if err := json.Unmarshal(run(t, in, "python3", "-c", program+around), &out); err != nil || len(out) != len(texts) {
		t.Fatalf("%d answers to %d texts: %v", len(out), len(texts), err)
	}
	return out
}

// one puts the only answer into a value.
func one(t testing.TB, all []json.RawMessage, to any) {
	t.Helper()
	if err := json.Unmarshal(all[0], to); err != nil {
		t.Fatal(err)
	}
}

func run(t testing.TB, in []byte, name string, args ...string) []byte {
	t.Helper()
	cmd := exec.Command(name, args...)
	var out, complaint bytes.Buffer
	cmd.Stdin, cmd.Stdout, cmd.Stderr = bytes.NewReader(in), &out, &complaint
	if err := cmd.Run(); err != nil {
		t.Fatalf("%s: %v\n%s", name, err, complaint.Bytes())
	}
	return out.Bytes()
}

// Unzip reads a zip file by Go's own reader.
func Unzip(t testing.TB, b []byte) map[string][]byte {
	t.Helper()
	r, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	files := map[string][]byte{}
	for _, f := range r.File {
		in, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		if files[f.Name], err = io.ReadAll(in); err != nil {
			t.Fatal(err)
		}
	}
	return files
}
