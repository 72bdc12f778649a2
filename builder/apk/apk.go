// Package apk makes Android packages for bodies without an Android SDK: a shell that is compiled once, and around it a
// manifest, resources, icons and settings that are written for each body. Build gives a package for sign.Package to sign;
// Verify reads a signed one back.
package apk

import (
	"encoding/json"
	"fmt"

	"gonghui/builder/apk/arsc"
	"gonghui/builder/apk/axml"
	"gonghui/builder/apk/zipfile"
	"gonghui/builder/icon"
	"gonghui/builder/shell"
)

// API levels: from Android 5.0 on, behaving as Android 15 wants.
const (
	MinSDK    = 21
	TargetSDK = 35
)

const (
	manifestFile = "AndroidManifest.xml"
	tableFile    = "resources.arsc"
	dexFile      = "classes.dex"
	configFile   = "assets/config.json"
)

// Build makes the package, unsigned. What is wrong with the input is an error of fault.Field. It takes milliseconds.
func Build(in Input) ([]byte, error) {
	if err := in.check(); err != nil {
		return nil, err
	}
	if in.Language == "" {
		in.Language = "zh"
	}
	res := in.resources()
	manifest, err := axml.Encode(in.manifest(res.ids))
	if err != nil {
		return nil, fmt.Errorf("apk: manifest: %w", err)
	}
	table, err := arsc.Encode(res.table)
	if err != nil {
		return nil, fmt.Errorf("apk: resources: %w", err)
	}
	config, err := json.Marshal(in.config())
	if err != nil {
		return nil, fmt.Errorf("apk: config: %w", err)
	}
	files := []zipfile.File{
		zipfile.Deflated(manifestFile, manifest),
		shell.File(),
		// The system maps the table and refuses one that is compressed, from target 30 on.
		zipfile.Stored(tableFile, table),
		zipfile.Deflated(configFile, config),
	}
	for _, x := range res.xml {
		b, err := axml.Encode(x.root)
		if err != nil {
			return nil, fmt.Errorf("apk: %s: %w", x.path, err)
		}
		files = append(files, zipfile.Deflated(x.path, b))
	}
	out, err := zipfile.Encode(append(files, res.files...))
	if err != nil {
		return nil, fmt.Errorf("apk: %w", err)
	}
	return out, nil
}

// Config is assets/config.json, which the shell reads.
type Config struct {
	Start    string   `json:"start"`
	Name     Text     `json:"name"`
	Brand    string   `json:"brand"` // #RRGGBB
	Ground   string   `json:"ground"`
	Dark     string   `json:"groundDark"`
	Scheme   string   `json:"scheme,omitempty"`
	Hosts    []string `json:"hosts,omitempty"`
	Update   string   `json:"update,omitempty"`
	Language string   `json:"language"`
	Consent  Consent  `json:"consent"`
	Trial    bool     `json:"trial,omitempty"`
}

func (in Input) config() Config {
	hex := func(c uint32) string { return fmt.Sprintf("#%06X", c) }
	return Config{
		Start: in.Start, Name: in.Name, Brand: hex(in.Colors.Brand), Ground: hex(in.Colors.Ground), Dark: hex(in.Colors.GroundDark),
		Scheme: in.Scheme, Hosts: in.Hosts, Update: in.Update, Language: in.Language, Consent: in.Consent, Trial: in.TrialCA != nil,
	}
}

// Update is the update manifest that the shell fetches: what it offers only when the version is higher than its own, and
// installs only when file and certificate are these.
type Update struct {
	VersionCode int32  `json:"versionCode"`
	VersionName string `json:"versionName"`
	URL         string `json:"url"`         // https address of the package
	Size        int64  `json:"size"`        // bytes
	SHA256      string `json:"sha256"`      // of the package, hexadecimal
	Certificate string `json:"certificate"` // SHA-256 of the certificate in DER, hexadecimal
	Notes       Text   `json:"notes"`       // what is new
}

// icons are the pictures as files and the entries that name them.
func pictures(folder, name string, ps []icon.Picture) ([]zipfile.File, arsc.Entry) {
	e := arsc.Entry{Name: name}
	var files []zipfile.File
	for _, p := range ps {
		path := fmt.Sprintf("res/%s-%s/%s.png", folder, p.Name, name)
		// A PNG is compressed already.
		files = append(files, zipfile.Stored(path, p.PNG))
		e.Variants = append(e.Variants, file(path, arsc.Config{Density: p.DPI}))
	}
	return files, e
}
