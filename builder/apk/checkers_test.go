package apk_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"gonghui/builder/apk"
)

// checkers are programs that are not ours, by the Debian package that brings each.
var checkers = map[string]string{
	"aapt": "aapt", "aapt2": "aapt", "apksigner": "apksigner", "zipalign": "zipalign", "apktool": "apktool", "dexdump": "dexdump", "androguard": "androguard",
}

// verifierSource is the folder of the Go library that third_party/apkverifier is built against.
const verifierSource = "/usr/share/gocode/src/github.com/avast/apkverifier"

// need fails in CI and skips elsewhere when a checker is not there.
func need(t testing.TB) {
	t.Helper()
	var missing []string
	for program, deb := range checkers {
		if _, err := exec.LookPath(program); err != nil {
			missing = append(missing, deb)
		}
	}
	if _, err := os.Stat(verifierSource); err != nil {
		missing = append(missing, "golang-github-avast-apkverifier-dev", "golang-github-avast-apkparser-dev")
	}
	if _, err := os.Stat(framework); err != nil {
		missing = append(missing, "android-framework-res")
	}
	if len(missing) == 0 {
		return
	}
	slices.Sort(missing)
	text := "install Debian's packages " + strings.Join(slices.Compact(missing), " ")
	if os.Getenv("CI") != "" {
		t.Fatal(text)
	}
	t.Skip(text)
}

// framework is Android's own resources, which apktool reads others with.
const framework = "/usr/share/android-framework-res/framework-res.apk"

func run(t testing.TB, name string, args ...string) string {
	t.Helper()
	cmd := exec.Command(name, args...)
	cmd.Env = append(os.Environ(), "LC_ALL=C.UTF-8")
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Errorf("%s %s: %v\n%s", name, strings.Join(args, " "), err, out)
	}
	return string(out)
}

func wants(t testing.TB, what, out string, parts ...string) {
	t.Helper()
	for _, p := range parts {
		if !strings.Contains(out, p) {
			t.Errorf("%s: no %q in\n%s", what, p, out)
		}
	}
}

// apps is how many bodies go through all checkers: APPS=500 takes them all.
func apps(t *testing.T) int {
	n, err := strconv.Atoi(os.Getenv("APPS"))
	if err != nil {
		return 25
	}
	if n < 1 || n > total {
		t.Fatalf("APPS is %d, wanted 1 to %d", n, total)
	}
	return n
}

const total = 500

// The packages of random bodies are read by everyone else's tools, and each says the same of them.
func TestCheckers(t *testing.T) {
	need(t)
	dir := t.TempDir()
	all := apps(t)
	// Installed once: two that do it at the same time spoil it for one another.
	run(t, "apktool", "install-framework", framework, "--frame-path", filepath.Join(dir, "framework"))
	// Tools that are virtual machines take seconds; two at a time.
	turns := make(chan int, all)
	for n := range all {
		turns <- n
	}
	close(turns)
	var wait sync.WaitGroup
	for range min(2, runtime.NumCPU()) {
		wait.Go(func() {
			for n := range turns {
				tn := tenantOf(t, n)
				path := filepath.Join(dir, fmt.Sprintf("%d.apk", n))
				if err := os.WriteFile(path, tn.signed(t), 0o600); err != nil {
					t.Error(err)
					return
				}
				tn.checked(t, path)
			}
		})
	}
	wait.Wait()
	androguard(t, dir, all)
}

func (tn tenant) checked(t *testing.T, path string) {
	in := tn.input
	named := fmt.Sprintf("package: name='%s' versionCode='%d' versionName='%s'", in.ID, in.VersionCode, in.VersionName)
	for _, program := range []string{"aapt", "aapt2"} {
		out := run(t, program, "dump", "badging", path)
		wants(t, program, out, named, "sdkVersion:'21'", "targetSdkVersion:'35'", "launchable-activity: name='app.gonghui.shell.MainActivity'", "application-icon-240:")
		if strings.Contains(out, "ERROR") || strings.Contains(out, "W/ResourceType") {
			t.Errorf("%s: %s", program, out)
		}
		if got := strings.Contains(out, "'android.permission.CAMERA'"); got != in.Uses.Camera {
			t.Errorf("%s sees the camera: %v", program, got)
		}
	}
	out := run(t, "apksigner", "verify", "--verbose", "--print-certs", "--min-sdk-version", "21", path)
	wants(t, "apksigner", out, "(JAR signing): true", "(APK Signature Scheme v2): true", "(APK Signature Scheme v3): true",
		fmt.Sprintf("certificate SHA-256 digest: %x", sha256.Sum256(tn.identity.Certificate.Raw)))
	if strings.Contains(out, "WARNING") {
		t.Errorf("apksigner: %s", out)
	}
	run(t, "zipalign", "-c", "-p", "4", path)
	wants(t, "dexdump", run(t, "dexdump", "-f", path), "Lapp/gonghui/shell/MainActivity;")

	folder := path + ".d"
	if out := run(t, "apktool", "decode", "--no-src", "--force", "--frame-path", filepath.Join(filepath.Dir(path), "framework"), "--output", folder, path); strings.Contains(out, "\nW: ") {
		t.Errorf("apktool: %s", out)
	}
	manifest, err := os.ReadFile(filepath.Join(folder, "AndroidManifest.xml"))
	if err != nil {
		t.Error(err)
	}
	wants(t, "apktool", string(manifest), `package="`+in.ID+`"`, `android:networkSecurityConfig="@xml/network"`, `android:label="@string/app_name"`)
	for folderName, name := range map[string]string{"values-zh": in.Name.ZH, "values-en": in.Name.EN} {
		text, err := os.ReadFile(filepath.Join(folder, "res", folderName, "strings.xml"))
		// Signs that XML writes in another way are left to the names that have none.
		if err != nil || !strings.ContainsAny(name, "@?\\\"'&<%\u00a0") && !strings.Contains(string(text), name) {
			t.Errorf("apktool: %s of %s: %s, %v", folderName, in.ID, text, err)
		}
	}
	if err := os.RemoveAll(folder); err != nil {
		t.Error(err)
	}
}

// What androguard reads of each package, as a line of JSON.
const androguardScript = `
import json, sys
from androguard.core.bytecodes.apk import APK
for path in sys.argv[1:]:
    a = APK(path)
    print(json.dumps({"id": a.get_package(), "code": a.get_androidversion_code(), "name": a.get_androidversion_name(),
        "label": a.get_app_name(), "v1": a.is_signed_v1(), "v2": a.is_signed_v2(), "v3": a.is_signed_v3(),
        "main": a.get_main_activity(), "min": a.get_min_sdk_version(), "target": a.get_target_sdk_version()}))
`

func androguard(t *testing.T, dir string, n int) {
	args := []string{"-c", androguardScript}
	for i := range n {
		args = append(args, filepath.Join(dir, fmt.Sprintf("%d.apk", i)))
	}
	// Debian's own Python: another may stand before it in the path.
	cmd := exec.Command("/usr/bin/python3", args...)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("androguard: %v\n%s", err, stderr.String())
	}
	lines := strings.Split(strings.TrimSpace(string(out)), "\n")
	if len(lines) != n {
		t.Fatalf("androguard read %d packages of %d", len(lines), n)
	}
	for i, line := range lines {
		var got struct {
			ID, Code, Name, Label, Main, Min, Target string
			V1, V2, V3                               bool
		}
		if err := json.Unmarshal([]byte(line), &got); err != nil {
			t.Fatal(err)
		}
		in := tenantOf(t, i).input
		if got.ID != in.ID || got.Code != fmt.Sprint(in.VersionCode) || got.Name != in.VersionName || !got.V1 || !got.V2 || !got.V3 ||
			got.Main != "app.gonghui.shell.MainActivity" || got.Min != "21" || got.Target != "35" || got.Label == "" {
			t.Errorf("androguard: %s says %+v", in.ID, got)
		}
	}
}

// The packages of all bodies are read by our own reader and by another's.
func TestAll(t *testing.T) {
	need(t)
	dir := t.TempDir()
	program := filepath.Join(dir, "apkverifier")
	build := exec.Command("go", "build", "-o", program, "main.go")
	build.Dir = "../../third_party/apkverifier"
	build.Env = append(os.Environ(), "GO111MODULE=off", "GOFLAGS=", "GOPATH=/usr/share/gocode")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	var paths bytes.Buffer
	want := map[string]string{}
	for n := range total {
		tn := tenantOf(t, n)
		b := tn.signed(t)
		agree(t, tn, b)
		path := filepath.Join(dir, fmt.Sprintf("%d.apk", n))
		if err := os.WriteFile(path, b, 0o600); err != nil {
			t.Fatal(err)
		}
		fmt.Fprintln(&paths, path)
		want[path] = fmt.Sprintf("v3\t%x", sha256.Sum256(tn.identity.Certificate.Raw))
	}
	cmd := exec.Command(program)
	cmd.Stdin = &paths
	out, err := cmd.Output()
	if err != nil {
		t.Errorf("%v\n%s", err, out)
	}
	lines := strings.Split(strings.TrimSpace(string(out)), "\n")
	for _, line := range lines {
		if path, said, _ := strings.Cut(line, "\t"); want[path] != said {
			t.Errorf("avast says %s", line)
		}
	}
	if len(lines) != total {
		t.Errorf("%d packages of %d were read", len(lines), total)
	}
	// The other reader is one that can say no.
	broken := filepath.Join(dir, "broken.apk")
	b := tenantOf(t, 1).signed(t)
	b[len(b)/3] ^= 1
	if _, err := apk.Verify(b); err == nil {
		t.Error("a broken package is good")
	}
	if err := os.WriteFile(broken, b, 0o600); err != nil {
		t.Fatal(err)
	}
	cmd = exec.Command(program)
	cmd.Stdin = strings.NewReader(broken + "\n")
	if out, err := cmd.Output(); err == nil {
		t.Errorf("avast takes a broken package: %s", out)
	}
}
