package apk_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	kratos "github.com/go-kratos/kratos/v2/errors"

	"gonghui/builder/apk"
	"gonghui/builder/apk/chunk"
	"gonghui/builder/apk/zipfile"
	"gonghui/builder/icon"
	"gonghui/builder/input"
	"gonghui/builder/internal/frugal"
	"gonghui/builder/shell"
	"gonghui/builder/sign"
	"gonghui/builder/sign/check"
)

// MaxPackage is what a package may weigh, in bytes.
const maxPackage = 120 << 10

func TestSameInputSameBytes(t *testing.T) {
	for n := range 4 {
		one, two := tenantOf(t, n), tenantOf(t, n)
		a, err := apk.Build(one.input)
		if err != nil {
			t.Fatal(err)
		}
		b, err := apk.Build(two.input)
		if err != nil || !bytes.Equal(a, b) {
			t.Errorf("tenant %d: unsigned packages differ, %v", n, err)
		}
		if !bytes.Equal(one.signed(t), two.signed(t)) {
			t.Errorf("tenant %d: signed packages differ", n)
		}
	}
}

// agree compares what a package says of itself with what it was made from.
func agree(t *testing.T, tn tenant, b []byte) {
	t.Helper()
	f, err := apk.Verify(b)
	if err != nil {
		t.Fatalf("%s: %v", tn.input.ID, err)
	}
	in := tn.input
	zh, en := in.Name.ZH, in.Name.EN
	if in.TrialCA != nil {
		zh, en = zh+"（试用）", en+" (trial)"
	}
	if f.ID != in.ID || f.VersionCode != in.VersionCode || f.VersionName != in.VersionName || f.Name.ZH != zh || f.Name.EN != en ||
		f.Trial != (in.TrialCA != nil) || f.Config.Start != in.Start || f.Config.Consent != in.Consent || f.Config.Update != in.Update ||
		!slices.Equal(f.Config.Hosts, in.Hosts) || !f.Certificate.Equal(tn.identity.Certificate) {
		t.Errorf("%s says %+v", in.ID, f)
	}
	for permission, wanted := range map[string]bool{
		"CAMERA": in.Uses.Camera, "RECORD_AUDIO": in.Uses.Microphone, "MODIFY_AUDIO_SETTINGS": in.Uses.Microphone,
		"ACCESS_FINE_LOCATION": in.Uses.Location, "ACCESS_COARSE_LOCATION": in.Uses.Location, "REQUEST_INSTALL_PACKAGES": in.Update != "", "INTERNET": true,
	} {
		if slices.Contains(f.Permissions, permission) != wanted {
			t.Errorf("%s: permission %s, wanted %v", in.ID, permission, wanted)
		}
	}
	if len(b) > maxPackage {
		t.Errorf("%s: %d bytes", in.ID, len(b))
	}
	pixels(t, tn, f.Icon)
}

// pixels compares the icon in a package with the body's logo: its middle, where the logo is of one colour there, and the
// ground around it.
func pixels(t *testing.T, tn tenant, raw []byte) {
	t.Helper()
	icons := tn.input.Icons.Legacy
	if !bytes.Equal(raw, icons[len(icons)-1].PNG) {
		t.Errorf("%s: the icon is not the body's", tn.input.ID)
	}
	got, err := png.Decode(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	middle := func(img image.Image) color.NRGBA {
		b := img.Bounds()
		return color.NRGBAModel.Convert(img.At(b.Min.X+b.Dx()/2, b.Min.Y+b.Dy()/2)).(color.NRGBA)
	}
	if want := middle(tn.source.Logo); tn.flat && !near(middle(got), want) {
		t.Errorf("%s: %v in the middle, the logo has %v", tn.input.ID, middle(got), want)
	}
	corner := color.NRGBAModel.Convert(got.At(0, 0)).(color.NRGBA)
	if want := tn.source.Background; !near(corner, want) {
		t.Errorf("%s: the ground is %v, wanted %v", tn.input.ID, corner, want)
	}
}

// near allows for palettes of few colours.
func near(a, b color.NRGBA) bool {
	d := func(a, b uint8) bool { return max(a, b)-min(a, b) <= 16 }
	return d(a.R, b.R) && d(a.G, b.G) && d(a.B, b.B) && d(a.A, b.A)
}

func TestVerify(t *testing.T) {
	for n := range 25 {
		tn := tenantOf(t, n)
		agree(t, tn, tn.signed(t))
	}
	// The comparison sees the difference between two bodies.
	a, b := tenantOf(t, 1), tenantOf(t, 2)
	f, err := apk.Verify(a.signed(t))
	if err != nil {
		t.Fatal(err)
	}
	g, err := apk.Verify(b.signed(t))
	if err != nil || bytes.Equal(f.Icon, g.Icon) {
		t.Error("two bodies have the same icon", err)
	}
}

// No byte of a package may change, wherever it is.
func TestFlippedByteIsRefused(t *testing.T) {
	b := tenantOf(t, 3).signed(t)
	a, err := zipfile.Decode(b)
	if err != nil {
		t.Fatal(err)
	}
	// Among the files a byte here and there, from the signatures on each one; sign tests each byte of a small package.
	for i := 0; i < len(b); i++ {
		if i < a.FilesEnd {
			i += 96
		}
		b[i] ^= 0x20
		// The signatures see every byte already; what else Verify looks at comes after them.
		if _, err := check.Package(b); !errors.Is(err, check.ErrUnsigned) {
			t.Fatalf("byte %d: %v", i, err)
		}
		b[i] ^= 0x20
	}
	b[len(b)/2] ^= 1
	if _, err := apk.Verify(b); !errors.Is(err, check.ErrUnsigned) {
		t.Error(err)
	}
}

// A good signature alone does not make a package of ours.
func TestForeignPackagesAreRefused(t *testing.T) {
	tn := tenantOf(t, 5)
	raw, err := apk.Build(tn.input)
	if err != nil {
		t.Fatal(err)
	}
	a, err := zipfile.Decode(raw)
	if err != nil {
		t.Fatal(err)
	}
	for what, change := range map[string]func([]zipfile.File) []zipfile.File{
		"other code": func(fs []zipfile.File) []zipfile.File {
			fs[1] = zipfile.Deflated("classes.dex", []byte("dex\n035\x00"))
			return fs
		},
		"a file more":    func(fs []zipfile.File) []zipfile.File { return append(fs, zipfile.Stored("assets/more", nil)) },
		"a picture less": func(fs []zipfile.File) []zipfile.File { return fs[:len(fs)-1] },
		"no manifest":    func(fs []zipfile.File) []zipfile.File { return fs[1:] },
		"compressed table": func(fs []zipfile.File) []zipfile.File {
			c, _ := fs[2].Content()
			fs[2] = zipfile.Deflated(fs[2].Name, c)
			return fs
		},
		"other settings": func(fs []zipfile.File) []zipfile.File {
			fs[3] = zipfile.Deflated(fs[3].Name, []byte(`{"name":{"zh":"别的","en":"Other"}}`))
			return fs
		},
		"unknown settings": func(fs []zipfile.File) []zipfile.File {
			c, _ := fs[3].Content()
			fs[3] = zipfile.Deflated(fs[3].Name, append([]byte(`{"x":1,`), c[1:]...))
			return fs
		},
	} {
		changed, err := zipfile.Encode(change(slices.Clone(a.Files)))
		if err != nil {
			t.Fatal(what, err)
		}
		signed, err := sign.Package(changed, tn.identity)
		if err != nil {
			t.Fatal(what, err)
		}
		if _, err := check.Package(signed); err != nil {
			t.Errorf("%s: %v", what, err)
		}
		if f, err := apk.Verify(signed); err == nil {
			t.Errorf("%s: taken as %s", what, f.ID)
		}
	}
}

// marks are what tells a body from all others, as packages hold it: texts in either form of a pool, pictures.
func (tn tenant) marks() map[string][]byte {
	out := map[string][]byte{}
	texts := []string{tn.input.ID, tn.input.Start, tn.input.Name.ZH, tn.input.Name.EN, tn.input.Scheme, tn.input.Update}
	for _, s := range append(texts, tn.input.Hosts...) {
		if s == "" {
			continue
		}
		out[s] = []byte(s)
		var wide []byte
		for _, u := range utf16.Encode([]rune(s)) {
			wide = binary.LittleEndian.AppendUint16(wide, u)
		}
		out[s+" in UTF-16"] = wide
	}
	for i, p := range tn.pictures() {
		out[fmt.Sprintf("picture %d, of %s", i, p.Name)] = p.PNG
	}
	return out
}

func (tn tenant) pictures() []icon.Picture {
	return slices.Concat(tn.input.Icons.Legacy, tn.input.Icons.Foreground, tn.input.Icons.Monochrome)
}

// contents are all files of the body's package, unfolded.
func (tn tenant) contents(t *testing.T) map[string][]byte {
	t.Helper()
	a, err := zipfile.Decode(tn.signed(t))
	if err != nil {
		t.Fatal(err)
	}
	out, err := a.Contents()
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// found is which of those marks a package holds; names that are part of the package's own say nothing.
func found(contents, marks, own map[string][]byte) map[string]string {
	out := map[string]string{}
	for mark, theirs := range marks {
		part := func(ours []byte) bool { return bytes.Contains(ours, theirs) }
		if own != nil && slices.ContainsFunc(slices.Collect(maps.Values(own)), part) {
			continue
		}
		for name, content := range contents {
			if bytes.Contains(content, theirs) {
				out[mark] = name
			}
		}
	}
	return out
}

// No package of 25 bodies holds anything that is another's.
func TestNothingOfAnotherBody(t *testing.T) {
	const n = 25
	var bodies []tenant
	var marks []map[string][]byte
	for i := range n {
		bodies = append(bodies, tenantOf(t, i))
		marks = append(marks, bodies[i].marks())
	}
	for i, body := range bodies {
		contents := body.contents(t)
		for j := range bodies {
			if i == j {
				// The scan finds what is there: each picture, id, address and both names.
				if got := found(contents, marks[i], nil); len(got) < len(body.pictures())+4 {
					t.Errorf("body %d: of its own only %v are found", i, got)
				}
				continue
			}
			for mark, file := range found(contents, marks[j], marks[i]) {
				t.Errorf("%s of body %d has %q of body %d", file, i, mark, j)
			}
		}
	}
}

func TestRefusedInputs(t *testing.T) {
	for _, row := range []struct {
		field  string
		change func(*apk.Input)
	}{
		{"id", func(in *apk.Input) { in.ID = "union" }},
		{"id", func(in *apk.Input) { in.ID = "cn.Union" }},
		{"id", func(in *apk.Input) { in.ID = "cn.1union" }},
		{"id", func(in *apk.Input) { in.ID = "cn.union\"/>" }},
		{"id", func(in *apk.Input) { in.ID = "cn." + strings.Repeat("a", 100) }},
		{"versionCode", func(in *apk.Input) { in.VersionCode = 0 }},
		{"versionCode", func(in *apk.Input) { in.VersionCode = 2_100_000_001 }},
		{"versionName", func(in *apk.Input) { in.VersionName = "1.0\n" }},
		{"name.zh", func(in *apk.Input) { in.Name.ZH = "" }},
		{"name.zh", func(in *apk.Input) { in.Name.ZH = " 工会" }},
		{"name.zh", func(in *apk.Input) { in.Name.ZH = strings.Repeat("会", 200) }},
		{"name.zh", func(in *apk.Input) { in.Name.ZH = "工会\u202eipa.gnol" }},
		{"name.zh", func(in *apk.Input) { in.Name.ZH = "工\x07会" }},
		{"name.en", func(in *apk.Input) { in.Name.EN = "two\nlines" }},
		{"name.en", func(in *apk.Input) { in.Name.EN = "bad \xff" }},
		{"name.en", func(in *apk.Input) { in.Name.EN = "\u200b" }},
		{"start", func(in *apk.Input) { in.Start = "http://t.example.cn/" }},
		{"start", func(in *apk.Input) { in.Start = "https:///x" }},
		{"start", func(in *apk.Input) { in.Start = "https://user@t.example.cn/" }},
		{"start", func(in *apk.Input) { in.Start = "javascript:alert(1)" }},
		{"update", func(in *apk.Input) { in.Update = "https://t.example.cn/a b" }},
		{"consent.policy", func(in *apk.Input) { in.Consent.Policy = "" }},
		{"consent.version", func(in *apk.Input) { in.Consent.Version = "" }},
		{"consent.title.en", func(in *apk.Input) { in.Consent.Title.EN = "" }},
		{"consent.text.zh", func(in *apk.Input) { in.Consent.Text.ZH = " \n" }},
		{"consent.text.en", func(in *apk.Input) { in.Consent.Text.EN = strings.Repeat("x", input.MaxConsentText+1) }},
		{"scheme", func(in *apk.Input) { in.Scheme = "HTTP" }},
		{"scheme", func(in *apk.Input) { in.Scheme = "https" }},
		{"scheme", func(in *apk.Input) { in.Scheme = "a b" }},
		{"hosts[1]", func(in *apk.Input) { in.Hosts = []string{"a.cn", "*.cn"} }},
		{"hosts", func(in *apk.Input) { in.Hosts = make([]string, 9) }},
		{"colors", func(in *apk.Input) { in.Colors.Ground = 0x1000000 }},
		{"icons", func(in *apk.Input) { in.Icons = icon.Set{} }},
		{"trialCa", func(in *apk.Input) { in.TrialCA = []byte("no certificate") }},
		{"language", func(in *apk.Input) { in.Language = "de" }},
	} {
		in := tenantOf(t, 9).input
		row.change(&in)
		_, err := apk.Build(in)
		e := kratos.FromError(err)
		if err == nil || e.Metadata["field"] != row.field || e.Metadata["zh"] == "" || e.Metadata["en"] == "" {
			t.Errorf("wanted an error about %s: %v", row.field, err)
		}
	}
}

// A package whose signatures are good may hold anything: that is an error or facts, and never more.
func FuzzRead(f *testing.F) {
	raw := tenantOf(f, 6).signed(f)
	a, err := zipfile.Decode(raw)
	if err != nil {
		f.Fatal(err)
	}
	if err := apk.Read(a); err != nil {
		f.Fatal(err)
	}
	for i, file := range a.Files {
		content, err := file.Content()
		if err != nil {
			f.Fatal(err)
		}
		if len(content) < 8<<10 {
			f.Add(uint8(i), content)
		}
	}
	f.Fuzz(func(t *testing.T, which uint8, content []byte) {
		files := slices.Clone(a.Files)
		place := int(which) % len(files)
		files[place] = zipfile.Stored(files[place].Name, content)
		var err error
		frugal.Check(t, len(raw)+len(content), 64, func() { err = apk.Read(zipfile.Archive{Files: files}) })
		if err != nil && !errors.Is(err, apk.ErrBroken) && !errors.Is(err, chunk.ErrMalformed) && !errors.Is(err, zipfile.ErrMalformed) {
			t.Fatal(err)
		}
	})
}

// The settings and the shell speak of the same things.
func TestTheManifestNamesTheShell(t *testing.T) {
	content, err := shell.File().Content()
	if err != nil {
		t.Fatal(err)
	}
	for _, class := range []string{shell.Activity, shell.Provider} {
		if name := fmt.Sprintf("L%s;", strings.ReplaceAll(class, ".", "/")); !bytes.Contains(content, []byte(name)) {
			t.Errorf("the shell has no class %s", name)
		}
	}
}

// Bodies with logos of all kinds, one after the other.
func BenchmarkPackage(b *testing.B) {
	bodies := make([]tenant, 24)
	for i := range bodies {
		bodies[i] = tenantOf(b, i)
	}
	for name, cold := range map[string]bool{"cold": true, "cached": false} {
		b.Run(name, func(b *testing.B) {
			var took []time.Duration
			for b.Loop() {
				tn := bodies[len(took)%len(bodies)]
				began := time.Now()
				if cold {
					tn.draw(b)
				}
				tn.signed(b)
				took = append(took, time.Since(began))
			}
			slices.Sort(took)
			b.ReportMetric(took[len(took)*95/100].Seconds()*1000, "p95-ms")
		})
	}
}
