package shell_test

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func read(t *testing.T, path string) []byte {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// Whoever changes the sources and not the code that was made of them is told so everywhere, without any tools.
func TestTheDexIsOfTheseSources(t *testing.T) {
	var paths []string
	err := filepath.WalkDir("src/main", func(path string, d os.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() {
			paths = append(paths, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(paths)
	sources := sha256.New()
	for _, p := range paths {
		sources.Write(read(t, p))
	}
	dex := read(t, "classes.dex")
	want := fmt.Sprintf("sources %x\ndex %x\n", sources.Sum(nil), sha256.Sum256(dex))
	if got := string(read(t, "classes.sum")); got != want || len(paths) == 0 {
		t.Errorf("classes.dex was not made of src/main; run build.sh\nclasses.sum:\n%swanted:\n%s", got, want)
	}
	// The version that Android 5.0 reads.
	if !bytes.HasPrefix(dex, []byte("dex\n035\x00")) {
		t.Errorf("the code begins with %q", dex[:8])
	}
}

// Where the tools are (build.sh fetch), the committed code is made anew and must be the same to the byte.
func TestTheDexIsReproducible(t *testing.T) {
	repository := os.Getenv("MAVEN_REPOSITORY")
	if repository == "" {
		home, err := os.UserHomeDir()
		if err != nil {
			t.Skip(err)
		}
		repository = filepath.Join(home, ".m2", "repository")
	}
	for _, jar := range []string{"com/jakewharton/android/repackaged/dalvik-dx/16.0.1/dalvik-dx-16.0.1.jar", "org/robolectric/android-all/15-robolectric-12650502/android-all-15-robolectric-12650502.jar"} {
		if _, err := os.Stat(filepath.Join(repository, jar)); err != nil {
			t.Skipf("the tools are not here, build.sh fetch brings them: %v", err)
		}
	}
	version, err := exec.Command("javac", "-version").CombinedOutput()
	if err != nil || !strings.HasPrefix(string(version), "javac 17.") {
		t.Skipf("the code is made with javac 17, here is %s (%v)", version, err)
	}
	if out, err := exec.Command("./build.sh", "prove").CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}
