package apk

import (
	"bytes"
	"crypto/sha256"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"gonghui/builder/apk/arsc"
	"gonghui/builder/apk/axml"
	"gonghui/builder/apk/chunk"
	"gonghui/builder/apk/zipfile"
	"gonghui/builder/shell"
	"gonghui/builder/sign/check"
)

// Facts are what a signed package says of itself.
type Facts struct {
	ID          string
	VersionCode int32
	VersionName string
	Name        Text
	Permissions []string // without "android.permission."
	Config      Config
	Icon        []byte // PNG of the highest density
	Trial       bool   // trusts an authority of its own: not for publishing
	Certificate *x509.Certificate
	SHA256      [32]byte // of the package
}

// ErrBroken is wrapped by what Verify finds beside the signatures, whose errors wrap check.ErrUnsigned.
var ErrBroken = errors.New("the package does not hold together")

func broken(format string, args ...any) error {
	return fmt.Errorf("%w: %s", ErrBroken, fmt.Sprintf(format, args...))
}

// Verify reads a signed package: signatures, each file, manifest against resources against settings, the shell's code.
// A byte that differs from what Build and sign.Package wrote is an error.
func Verify(b []byte) (Facts, error) {
	cert, err := check.Package(b)
	if err != nil {
		return Facts{}, err
	}
	f := Facts{Certificate: cert, SHA256: sha256.Sum256(b)}
	archive, err := zipfile.Decode(b)
	if err != nil {
		return Facts{}, err
	}
	if err := f.read(archive); err != nil {
		return Facts{}, err
	}
	return f, nil
}

// read takes the facts from the files of a package.
func (f *Facts) read(archive zipfile.Archive) error {
	content, err := archive.Contents()
	if err != nil {
		return err
	}
	if table, _ := archive.File(tableFile); table.Deflated {
		return broken("%s is compressed", tableFile)
	}
	if code, _ := archive.File(dexFile); code.CRC != shell.File().CRC || !bytes.Equal(code.Raw, shell.File().Raw) {
		return broken("%s is not the shell's", dexFile)
	}
	manifest, err := axml.Decode(content[manifestFile])
	if err != nil {
		return fmt.Errorf("%s: %w", manifestFile, err)
	}
	table, err := arsc.Decode(content[tableFile])
	if err != nil {
		return fmt.Errorf("%s: %w", tableFile, err)
	}
	decoder := json.NewDecoder(bytes.NewReader(content[configFile]))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&f.Config); err != nil {
		return broken("%s: %v", configFile, err)
	}
	if err := f.manifest(manifest, table); err != nil {
		return err
	}
	return f.files(table, content)
}

func (f *Facts) manifest(m axml.Node, table arsc.Table) error {
	id, _ := m.Attr("package")
	code, _ := m.Attr("versionCode")
	name, _ := m.Attr("versionName")
	f.ID, f.VersionCode, f.VersionName = id.Text, int32(code.Data), name.Text
	if f.ID != table.Package || f.VersionCode < 1 {
		return broken("the manifest is of %q, the resources of %q", f.ID, table.Package)
	}
	for _, p := range m.Find("uses-permission") {
		v, _ := p.Attr("name")
		f.Permissions = append(f.Permissions, strings.TrimPrefix(v.Text, "android.permission."))
	}
	apps := m.Find("application")
	if len(apps) != 1 {
		return broken("%d applications", len(apps))
	}
	app := apps[0]
	for _, n := range app.Find("meta-data") {
		if v, _ := n.Attr("name"); v.Text == trialMeta {
			f.Trial = true
		}
	}
	if f.Trial != f.Config.Trial {
		return broken("manifest and settings differ on whether this is a trial")
	}
	for _, attr := range app.Attrs {
		if attr.Value.Type == chunk.Reference {
			if _, ok := table.Lookup(attr.Value.Data); !ok {
				return broken("%s is resource %#x, which is not there", attr.Name, attr.Value.Data)
			}
		}
	}
	label, _ := app.Attr("label")
	entry, _ := table.Lookup(label.Data)
	for _, v := range entry.Variants {
		switch v.Config.Language {
		case "zh":
			f.Name.ZH = v.Value.Text
		case "en":
			f.Name.EN = v.Value.Text
		}
	}
	if !strings.HasPrefix(f.Name.ZH, f.Config.Name.ZH) || !strings.HasPrefix(f.Name.EN, f.Config.Name.EN) {
		return broken("resources and settings differ on the name")
	}
	return nil
}

// files checks that each file that the table names is there, and no file that nobody names.
func (f *Facts) files(table arsc.Table, content map[string][]byte) error {
	named := []string{manifestFile, tableFile, dexFile, configFile, "META-INF/MANIFEST.MF", "META-INF/CERT.SF", "META-INF/CERT.RSA"}
	best := uint16(0)
	for _, t := range table.Types {
		for _, e := range t.Entries {
			for _, v := range e.Variants {
				path := v.Value.Text
				if v.Style != nil || v.Value.Type != chunk.String || !strings.HasPrefix(path, "res/") || t.Name == "string" {
					continue
				}
				data, ok := content[path]
				if !ok {
					return broken("%s is not there", path)
				}
				named = append(named, path)
				if strings.HasSuffix(path, ".xml") {
					if _, err := axml.Decode(data); err != nil {
						return fmt.Errorf("%s: %w", path, err)
					}
				}
				if e.Name == "icon" && strings.HasSuffix(path, ".png") && v.Config.Density > best {
					best, f.Icon = v.Config.Density, data
				}
			}
		}
	}
	for path := range content {
		if !slices.Contains(named, path) {
			return broken("nobody names %s", path)
		}
	}
	if len(named) != len(content) {
		return broken("a file is named twice")
	}
	return nil
}
