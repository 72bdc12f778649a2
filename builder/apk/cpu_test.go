package apk_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"syscall"
	"testing"
	"time"

	"gonghui/builder/apk"
	"gonghui/builder/apk/zipfile"
	"gonghui/builder/sign"
)

// cpu is the time that this process (who is RUSAGE_SELF) or its children have computed.
func cpu(t *testing.T, who int) time.Duration {
	t.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(who, &u); err != nil {
		t.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// Making a package costs a tenth, or less, of what the SDK's tools take for the same contents, and that with its pictures drawn
// from the logo, which the SDK's tools find drawn: logos of all kinds, one after the other.
func TestCheaperThanTheSDK(t *testing.T) {
	need(t)
	dir := t.TempDir()
	sources(t, dir)
	key := filepath.Join(dir, "key.p12")
	id, private, err := sign.NewIdentity("bench", time.Now())
	if err != nil {
		t.Fatal(err)
	}
	p12, err := sign.Export(private, id.Certificate, "password")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(key, p12, 0o600); err != nil {
		t.Fatal(err)
	}

	const rounds = 3
	before := cpu(t, syscall.RUSAGE_CHILDREN)
	for range rounds {
		sdk(t, dir, key)
	}
	theirs := (cpu(t, syscall.RUSAGE_CHILDREN) - before) / rounds

	measure := func(cold bool) (each time.Duration, walls []time.Duration) {
		const n = 24
		bodies := make([]tenant, n)
		for i := range bodies {
			bodies[i] = tenantOf(t, i)
		}
		start := cpu(t, syscall.RUSAGE_SELF)
		for _, tn := range bodies {
			began := time.Now()
			if cold {
				tn.draw(t)
			}
			tn.signed(t)
			walls = append(walls, time.Since(began))
		}
		each = (cpu(t, syscall.RUSAGE_SELF) - start) / n
		slices.Sort(walls)
		return each, walls
	}
	cold, coldWalls := measure(true)
	cached, cachedWalls := measure(false)
	const p95 = 22 // of 24 in order
	t.Logf("CPU a package: SDK tools %v, cold %v (%.1f times less), icons at hand %v (%.1f times less); p95 of time: cold %v, icons at hand %v",
		theirs, cold, float64(theirs)/float64(cold), cached, float64(theirs)/float64(cached), coldWalls[p95], cachedWalls[p95])
	if cold*10 > theirs {
		t.Errorf("a package costs %v, the SDK's tools %v: more than a tenth", cold, theirs)
	}
}

// sdk makes a package of the same contents: compiled, linked, aligned, signed.
func sdk(t *testing.T, dir, key string) {
	t.Helper()
	in := func(name string) string { return filepath.Join(dir, name) }
	run(t, "aapt2", "compile", "--dir", in("res"), "-o", in("compiled.zip"))
	run(t, "aapt2", "link", "-I", framework, "--manifest", in("AndroidManifest.xml"), "-A", in("assets"), "-o", in("linked.apk"), in("compiled.zip"))
	add := exec.Command("aapt", "add", "linked.apk", "classes.dex")
	add.Dir = dir
	if out, err := add.CombinedOutput(); err != nil {
		t.Fatalf("aapt add: %v\n%s", err, out)
	}
	run(t, "zipalign", "-f", "-p", "4", in("linked.apk"), in("aligned.apk"))
	run(t, "apksigner", "sign", "--ks", key, "--ks-type", "PKCS12", "--ks-pass", "pass:password", "--min-sdk-version", "21", "--out", in("signed.apk"), in("aligned.apk"))
	if err := os.Remove(in("linked.apk")); err != nil {
		t.Fatal(err)
	}
}

// sources lays out what the SDK's tools start from: the pictures, the code and the settings of a package, its manifest as text.
func sources(t *testing.T, dir string) {
	t.Helper()
	raw, err := apk.Build(tenantOf(t, 10).input)
	if err != nil {
		t.Fatal(err)
	}
	a, err := zipfile.Decode(raw)
	if err != nil {
		t.Fatal(err)
	}
	write := func(name string, content []byte) {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, f := range a.Files {
		content, err := f.Content()
		if err != nil {
			t.Fatal(err)
		}
		switch filepath.Ext(f.Name) {
		case ".png", ".dex", ".json":
			write(f.Name, content)
		}
	}
	write("AndroidManifest.xml", []byte(`<?xml version="1.0" encoding="utf-8"?>
<manifest xmlns:android="http://schemas.android.com/apk/res/android" package="cn.example.union" android:versionCode="1" android:versionName="1">
  <uses-sdk android:minSdkVersion="21" android:targetSdkVersion="29"/>
  <application android:label="@string/app_name" android:icon="@mipmap/icon" android:networkSecurityConfig="@xml/network">
    <activity android:name="app.gonghui.shell.MainActivity" android:exported="true"/>
  </application>
</manifest>`))
	write("res/values/values.xml", []byte(`<resources><string name="app_name">工会</string><color name="icon_ground">#C8161D</color></resources>`))
	write("res/values-en/values.xml", []byte(`<resources><string name="app_name">Union</string></resources>`))
	write("res/xml/network.xml", []byte(`<network-security-config><base-config cleartextTrafficPermitted="false"/></network-security-config>`))
	write("res/mipmap-anydpi-v26/icon.xml", []byte(`<adaptive-icon xmlns:android="http://schemas.android.com/apk/res/android">
  <background android:drawable="@color/icon_ground"/><foreground android:drawable="@mipmap/icon_front"/></adaptive-icon>`))
}
