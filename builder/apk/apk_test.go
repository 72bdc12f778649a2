package apk_test

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"slices"
	"strings"
	"testing"

	kratos "github.com/go-kratos/kratos/v2/errors"

	"gonghui/builder/apk"
	"gonghui/builder/apk/zipfile"
	"gonghui/builder/icon"
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

func TestNothingOfAnotherBody(t *testing.T) {
	one, other := tenantOf(t, 11), tenantOf(t, 12)
	a, err := zipfile.Decode(one.signed(t))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range a.Files {
		content, err := f.Content()
		if err != nil {
			t.Fatal(err)
		}
		for _, theirs := range []string{other.input.ID, other.input.Start, other.input.Name.ZH, other.input.Name.EN} {
			if bytes.Contains(content, []byte(theirs)) {
				t.Errorf("%s has %q of another body", f.Name, theirs)
			}
		}
		for _, p := range slices.Concat(other.input.Icons.Legacy, other.input.Icons.Foreground, other.input.Icons.Monochrome) {
			if bytes.Equal(content, p.PNG) {
				t.Errorf("%s is a picture of another body", f.Name)
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
		{"consent.text.en", func(in *apk.Input) { in.Consent.Text.EN = strings.Repeat("x", 20_001) }},
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

func BenchmarkPackage(b *testing.B) {
	tn := tenantOf(b, 9)
	b.Run("cold", func(b *testing.B) {
		for b.Loop() {
			icons, err := icon.Draw(tn.source)
			if err != nil {
				b.Fatal(err)
			}
			tn.input.Icons = icons
			tn.signed(b)
		}
	})
	b.Run("cached", func(b *testing.B) {
		for b.Loop() {
			tn.signed(b)
		}
	})
}
