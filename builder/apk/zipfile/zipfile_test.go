package zipfile_test

import (
	"archive/zip"
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"

	"gonghui/builder/apk/zipfile"
	"gonghui/builder/internal/frugal"
)

var contents = map[string][]byte{
	"AndroidManifest.xml": bytes.Repeat([]byte("manifest "), 100),
	"resources.arsc":      bytes.Repeat([]byte{1, 2, 3}, 33),
	"res/图标.png":          {0x89, 'P', 'N', 'G'},
	"assets/config.json":  {},
}

func archive(t testing.TB) []byte {
	t.Helper()
	b, err := zipfile.Encode([]zipfile.File{
		zipfile.Deflated("AndroidManifest.xml", contents["AndroidManifest.xml"]),
		zipfile.Stored("resources.arsc", contents["resources.arsc"]),
		zipfile.Stored("res/图标.png", contents["res/图标.png"]),
		zipfile.Deflated("assets/config.json", nil),
	})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// Go's own reader is the second opinion.
func TestEncode(t *testing.T) {
	b := archive(t)
	if !bytes.Equal(b, archive(t)) {
		t.Error("the same files give other bytes")
	}
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	if len(z.File) != len(contents) {
		t.Fatalf("%d files", len(z.File))
	}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		got, err := io.ReadAll(r)
		if err != nil || !bytes.Equal(got, contents[f.Name]) {
			t.Errorf("%s: %d bytes, %v", f.Name, len(got), err)
		}
		at, err := f.DataOffset()
		if err != nil || f.Method == zip.Store && at%4 != 0 {
			t.Errorf("%s is stored at %d, %v", f.Name, at, err)
		}
		if f.Modified.Year() != 1981 {
			t.Errorf("%s is of %s", f.Name, f.Modified)
		}
	}
}

func TestDecode(t *testing.T) {
	a, err := zipfile.Decode(archive(t))
	if err != nil || len(a.Files) != len(contents) || len(a.Between) != 0 {
		t.Fatalf("%d files, %d bytes between, %v", len(a.Files), len(a.Between), err)
	}
	for _, f := range a.Files {
		if got, err := f.Content(); err != nil || !bytes.Equal(got, contents[f.Name]) {
			t.Errorf("%s: %v", f.Name, err)
		}
	}
	if _, ok := a.File("resources.arsc"); !ok {
		t.Error("resources.arsc is not there")
	}
	if _, ok := a.File("other"); ok {
		t.Error("a file that is not there")
	}
}

// A byte that differs is refused, unless it stands where flate itself ignores some bits: the content is then the same. (The
// signatures refuse that too.)
func TestFlipped(t *testing.T) {
	b := archive(t)
	ignored := 0
	for i := range b {
		for _, x := range []byte{1, 0x80} {
			c := bytes.Clone(b)
			c[i] ^= x
			a, err := zipfile.Decode(c)
			for _, f := range a.Files {
				got, contentErr := f.Content()
				if err = errors.Join(err, contentErr); contentErr == nil && !bytes.Equal(got, contents[f.Name]) {
					t.Fatalf("byte %d changes %s", i, f.Name)
				}
			}
			if err == nil {
				ignored++
			} else if !errors.Is(err, zipfile.ErrMalformed) {
				t.Fatalf("byte %d: %v", i, err)
			}
		}
		if _, err := zipfile.Decode(b[:i]); !errors.Is(err, zipfile.ErrMalformed) {
			t.Fatalf("the first %d bytes: %v", i, err)
		}
	}
	if ignored > 4 {
		t.Errorf("%d changes are not seen", ignored)
	}
}

func TestNames(t *testing.T) {
	for _, name := range []string{"", "/etc/hosts", "../x", "a/../x", "a//b", "a/", "a\\b", "a\x00b", "\xff", ".", strings.Repeat("x", 256)} {
		if _, err := zipfile.Encode([]zipfile.File{zipfile.Stored(name, nil)}); err == nil {
			t.Errorf("%q is taken", name)
		}
	}
	if _, err := zipfile.Encode([]zipfile.File{zipfile.Stored("a", nil), zipfile.Stored("a", nil)}); err == nil {
		t.Error("a name is taken twice")
	}
}

func TestBomb(t *testing.T) {
	f := zipfile.Deflated("a", make([]byte, 1<<20))
	f.Size = zipfile.MaxContent + 1
	if _, err := f.Content(); !errors.Is(err, zipfile.ErrMalformed) {
		t.Error(err)
	}
	f.Size = 100
	if _, err := f.Content(); !errors.Is(err, zipfile.ErrMalformed) {
		t.Error(err)
	}
}

// Files that are small each and large together are refused before any is unfolded.
func TestManyBombs(t *testing.T) {
	var files []zipfile.File
	for _, name := range []string{"a", "b", "c", "d", "e"} {
		files = append(files, zipfile.Deflated(name, make([]byte, zipfile.MaxContent/4)))
	}
	for n, want := range map[int]error{4: nil, 5: zipfile.ErrMalformed} {
		b, err := zipfile.Encode(files[:n])
		if err != nil {
			t.Fatal(err)
		}
		a, err := zipfile.Decode(b)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := a.Contents(); !errors.Is(err, want) || err == nil && len(got) != n {
			t.Errorf("%d files: %v", n, err)
		}
	}
}

func FuzzDecode(f *testing.F) {
	f.Add(archive(f))
	f.Fuzz(func(t *testing.T, b []byte) {
		var a zipfile.Archive
		var err error
		frugal.Check(t, len(b), 16, func() { a, err = zipfile.Decode(b) })
		if err == nil {
			// What a file unfolds to is read in pieces that grow: five times as much in all.
			frugal.Check(t, len(b)+zipfile.MaxContent, 6, func() { _, err = a.Contents() })
		}
		if err != nil && !errors.Is(err, zipfile.ErrMalformed) {
			t.Fatal(err)
		}
		if err != nil || len(a.Between) > 0 {
			return
		}
		if out, err := zipfile.Encode(a.Files); err != nil || !bytes.Equal(out, b) {
			t.Fatalf("what was read is written in another way: %v", err)
		}
	})
}
