package lan_test

import (
	"bytes"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"gonghui/app/server/lan"
)

var (
	now  = time.Date(2026, 11, 22, 8, 0, 0, 0, time.UTC)
	home = netip.MustParseAddr("192.168.1.5")
)

func authority(t *testing.T, dir string, at time.Time) *lan.Authority {
	t.Helper()
	a, err := lan.OpenAuthority(dir, at)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func issued(t *testing.T, a *lan.Authority, address netip.Addr, at time.Time) *x509.Certificate {
	t.Helper()
	c, err := a.Serve(address, at)
	if err != nil {
		t.Fatal(err)
	}
	return c.Leaf
}

func TestAuthorityIsMadeOnce(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "lan")
	a := authority(t, dir, now)
	if again := authority(t, dir, now.AddDate(1, 0, 0)); !again.Certificate.Equal(a.Certificate) {
		t.Error("the second start made another authority: every phone would have to trust it anew")
	}
	for _, name := range []string{"ca.key", "ca.crt"} {
		info, err := os.Stat(filepath.Join(dir, name))
		if err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v, %v", name, info.Mode(), err)
		}
	}
	if other := authority(t, filepath.Join(t.TempDir(), "lan"), now); other.Fingerprint() == a.Fingerprint() || len(a.Fingerprint()) != 95 {
		t.Errorf("two machines have the authority %s", a.Fingerprint())
	}
}

func TestCertificateIsRenewed(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	a := authority(t, dir, now)
	first := issued(t, a, home, now)
	roots := x509.NewCertPool()
	roots.AddCert(a.Certificate)
	check := func(c *x509.Certificate, at time.Time) {
		t.Helper()
		address := c.IPAddresses[0].String()
		if _, err := c.Verify(x509.VerifyOptions{Roots: roots, DNSName: address, CurrentTime: at, KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}}); err != nil {
			t.Error(err)
		}
		if _, err := exec.LookPath("openssl"); err != nil {
			return
		}
		out, err := exec.Command("openssl", "verify", "-no-CApath", "-attime", fmt.Sprint(at.Unix()), "-purpose", "sslserver", "-verify_ip", address,
			"-CAfile", filepath.Join(dir, "ca.crt"), filepath.Join(dir, "server.crt")).CombinedOutput()
		if err != nil {
			t.Errorf("openssl says %s", out)
		}
	}
	check(first, now)
	if d := first.NotAfter.Sub(first.NotBefore); d > 398*24*time.Hour {
		t.Errorf("it lasts %s: browsers refuse that", d)
	}
	if c := issued(t, a, home, now.AddDate(0, 11, 0)); !c.Equal(first) {
		t.Error("a good certificate was made anew")
	}
	elsewhere := issued(t, a, netip.MustParseAddr("10.0.0.9"), now)
	check(elsewhere, now)
	if elsewhere.Equal(first) || elsewhere.VerifyHostname(home.String()) == nil {
		t.Error("another address has the old certificate")
	}
	later := now.AddDate(0, 0, 380)
	old := issued(t, a, home, now)
	fresh := issued(t, a, home, later)
	if fresh.Equal(old) {
		t.Error("a certificate that ends within a month was kept")
	}
	check(fresh, later)
	// A certificate that another authority gave is of no use, though it is for the right address.
	for _, name := range []string{"ca.key", "ca.crt"} {
		if err := os.Remove(filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	b := authority(t, dir, now)
	if c := issued(t, b, home, later); c.Equal(fresh) || c.CheckSignatureFrom(b.Certificate) != nil {
		t.Error("the certificate is not the authority's")
	}
}

// Whoever trusts the authority trusts it for private addresses alone: openssl, too, refuses what it would say of others.
func TestAuthorityIsBound(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	a := authority(t, dir, now)
	for _, bad := range []string{"8.8.8.8", "172.32.0.1", "192.169.0.1", "2001:db8::1", "0.0.0.0"} {
		if _, err := a.Serve(netip.MustParseAddr(bad), now); err == nil {
			t.Errorf("a certificate for %s", bad)
		}
	}
	raw, err := os.ReadFile(filepath.Join(dir, "ca.key"))
	if err != nil {
		t.Fatal(err)
	}
	block, _ := pem.Decode(raw)
	key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AddCert(a.Certificate)
	for _, c := range []struct {
		name string
		ip   net.IP
		dns  string
		good bool
	}{
		{"private", net.IPv4(192, 168, 7, 7), "", true}, {"public", net.IPv4(8, 8, 8, 8), "", false}, {"bank", nil, "bank.example", false}, {"local", nil, "a.gonghui.localhost", true},
	} {
		leaf := &x509.Certificate{SerialNumber: a.Certificate.SerialNumber, NotBefore: now, NotAfter: now.AddDate(1, 0, 0), ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}}
		if c.ip != nil {
			leaf.IPAddresses = []net.IP{c.ip}
		} else {
			leaf.DNSNames = []string{c.dns}
		}
		der, err := x509.CreateCertificate(rand.Reader, leaf, a.Certificate, a.Certificate.PublicKey, key)
		if err != nil {
			t.Fatal(err)
		}
		parsed, err := x509.ParseCertificate(der)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := parsed.Verify(x509.VerifyOptions{Roots: roots, CurrentTime: now.AddDate(0, 1, 0)}); (err == nil) != c.good {
			t.Errorf("%s: %v", c.name, err)
		}
		if _, err := exec.LookPath("openssl"); err != nil {
			continue
		}
		file := filepath.Join(t.TempDir(), "leaf.pem")
		if err := os.WriteFile(file, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), 0o600); err != nil {
			t.Fatal(err)
		}
		out, err := exec.Command("openssl", "verify", "-no-CApath", "-attime", fmt.Sprint(now.AddDate(0, 1, 0).Unix()), "-CAfile", filepath.Join(dir, "ca.crt"), file).CombinedOutput()
		if (err == nil) != c.good {
			t.Errorf("%s: openssl says %s", c.name, out)
		}
	}
}

func TestDamageIsTold(t *testing.T) {
	t.Parallel()
	for name, spoil := range map[string]func(dir string) error{
		"key for all":    func(dir string) error { return os.Chmod(filepath.Join(dir, "ca.key"), 0o644) },
		"no key":         func(dir string) error { return os.WriteFile(filepath.Join(dir, "ca.key"), []byte("x"), 0o600) },
		"no certificate": func(dir string) error { return os.WriteFile(filepath.Join(dir, "ca.crt"), nil, 0o600) },
		"another's key": func(dir string) error {
			other := filepath.Join(filepath.Dir(dir), "other")
			if _, err := lan.OpenAuthority(other, now); err != nil {
				return err
			}
			return os.Rename(filepath.Join(other, "ca.key"), filepath.Join(dir, "ca.key"))
		},
	} {
		dir := filepath.Join(t.TempDir(), "lan")
		before := authority(t, dir, now)
		if err := spoil(dir); err != nil {
			t.Fatal(err)
		}
		if a, err := lan.OpenAuthority(dir, now); err == nil {
			t.Errorf("%s: nothing was said; the authority is the old one: %v", name, a.Certificate.Equal(before.Certificate))
		}
	}
	if _, err := lan.OpenAuthority(t.TempDir(), now); err != nil {
		t.Error(err)
	}
	dir := t.TempDir()
	authority(t, dir, now)
	if _, err := lan.OpenAuthority(dir, now.AddDate(10, 0, 0)); err == nil {
		t.Error("an authority at its end was used")
	}
}

func TestOpenNamesWhatIsWrong(t *testing.T) {
	t.Parallel()
	for _, at := range []string{"", "2", "yes", "8.8.8.8", "8.8.8.8:443", "192.168.1.5:x", "example.cn", "0.0.0.0", "192.168.1.300"} {
		if l, err := lan.Open(at, t.TempDir()); err == nil {
			t.Errorf("LAN=%s listens on %s", at, l.Host)
		}
	}
}

// opened is a port on this machine with a product that says where it was reached.
func opened(t *testing.T) (*lan.LAN, *http.Client) {
	t.Helper()
	l, err := lan.Open("127.0.0.1:0", t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	secure := lan.Server(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, r.Host, " ", r.Proto) }))
	secure.TLSConfig = l.TLS
	plain := lan.Server(l.PlainPages("440103"))
	ended := make(chan error, 2)
	go func() { ended <- secure.ServeTLS(l.Secure, "", "") }()
	go func() { ended <- plain.Serve(l.Plain) }()
	t.Cleanup(func() {
		secure.Close()
		plain.Close()
		<-ended
		<-ended
	})
	roots := x509.NewCertPool()
	roots.AddCert(l.Authority.Certificate)
	return l, &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots}, ForceAttemptHTTP2: true}}
}

func get(t *testing.T, c *http.Client, url string, header ...string) (*http.Response, string) {
	t.Helper()
	r, err := http.NewRequest(http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	resp, err := c.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp, string(b)
}

func TestOnePortServesBoth(t *testing.T) {
	t.Parallel()
	l, client := opened(t)
	if _, said := get(t, client, l.Origin()+"/x"); said != l.Host+" HTTP/2.0" {
		t.Errorf("over TLS: %s", said)
	}
	if _, err := (&http.Client{Transport: &http.Transport{}}).Get(l.Origin()); err == nil || !strings.Contains(err.Error(), "certificate") {
		t.Errorf("who does not trust the authority got in: %v", err)
	}
	resp, said := get(t, client, l.Help("440104"))
	if resp.StatusCode != http.StatusOK || !strings.Contains(said, `href="`+l.Entry("440104")+`"`) || !strings.Contains(said, l.Authority.Fingerprint()) {
		t.Errorf("over http: %d %s", resp.StatusCode, said)
	}
	// A connection that says nothing keeps nobody else waiting.
	silent, err := net.Dial("tcp", l.Host)
	if err != nil {
		t.Fatal(err)
	}
	defer silent.Close()
	if resp, _ := get(t, client, l.Origin()); resp.StatusCode != http.StatusOK {
		t.Error(resp.Status)
	}
}

func TestPlainPages(t *testing.T) {
	t.Parallel()
	l, client := opened(t)
	base := "http://" + l.Host
	resp, der := get(t, client, base+"/ca.crt")
	if c, err := x509.ParseCertificate([]byte(der)); err != nil || !c.Equal(l.Authority.Certificate) || resp.Header.Get("Content-Type") != "application/x-x509-ca-cert" {
		t.Errorf("ca.crt: %v, %s", err, resp.Header.Get("Content-Type"))
	}
	for _, c := range []struct{ path, language, want, not string }{
		{"/", "", "没有信任证书", "does not trust"},
		{"/", "en-GB,en;q=0.9", "does not trust", "没有信任"},
		{"/?lang=zh", "en", "没有信任证书", "does not trust"},
		{"/?lang=en", "zh-CN", "Certificate Trust Settings", "证书信任设置"},
		{"/", "fr,zh;q=0.5", "第一步", "1 Download"},
		{"/", "", l.Entry("440103"), "http://" + l.Host + "/t/"},
	} {
		_, said := get(t, client, base+c.path, "Accept-Language", c.language)
		if !strings.Contains(said, c.want) || strings.Contains(said, c.not) {
			t.Errorf("%s in %q: no %q, or %q", c.path, c.language, c.want, c.not)
		}
	}
	for _, bad := range []string{"/t/", "/t/%22%3E%3Cscript%3E", "/t/a.b", "/t/ABC", "/v1/theme", "/console/", "/ca.key", "/t/" + strings.Repeat("a", 64)} {
		if resp, _ := get(t, client, base+bad); resp.StatusCode != http.StatusNotFound {
			t.Errorf("%s: %s", bad, resp.Status)
		}
	}
}

// A camera reads the code that the terminal shows: drawn in pixels, it is read by zxing.
func TestQR(t *testing.T) {
	t.Parallel()
	text := "http://192.168.100.200:8443/t/440103"
	drawn, err := lan.QR(text)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSuffix(drawn, "\n"), "\n")
	if len(lines) > 20 {
		t.Errorf("%d lines: too high for a terminal", len(lines))
	}
	const scale = 6
	var rows [][]bool
	for _, line := range lines {
		line = strings.TrimSuffix(strings.TrimPrefix(line, "\x1b[38;5;16;48;5;231m"), "\x1b[0m")
		var up, down []bool
		for _, c := range line {
			up, down = append(up, c == '█' || c == '▀'), append(down, c == '█' || c == '▄')
		}
		rows = append(rows, up, down)
	}
	side := len(rows[0])
	var pgm bytes.Buffer
	fmt.Fprintf(&pgm, "P5 %d %d 255\n", side*scale, len(rows)*scale)
	for _, row := range rows {
		if len(row) != side {
			t.Fatalf("a line of %d modules, another of %d", len(row), side)
		}
		for range scale {
			for _, dark := range row {
				pixel := byte(255)
				if dark {
					pixel = 0
				}
				pgm.Write(bytes.Repeat([]byte{pixel}, scale))
			}
		}
	}
	if got := read(t, pgm.Bytes()); got != text {
		t.Errorf("it says %q", got)
	}
}

// read gives a picture to zxing, which the web apps bring for scanning.
func read(t *testing.T, pgm []byte) string {
	t.Helper()
	const module = "../../web/node_modules/zxing-wasm"
	if _, err := os.Stat(module); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal(err)
		}
		t.Skip("run npm install in app/web")
	}
	const program = `
const fs = require('node:fs');
const { readBarcodes, prepareZXingModule } = require(process.argv[1] + '/dist/cjs/reader/index.js');
const raw = fs.readFileSync(0);
const [, width, height] = raw.toString('latin1', 0, 40).match(/^P5 (\d+) (\d+) 255\n/).map(Number);
const grey = raw.subarray(raw.length - width * height);
const data = new Uint8ClampedArray(width * height * 4);
grey.forEach((v, i) => data.set([v, v, v, 255], i * 4));
prepareZXingModule({ overrides: { wasmBinary: fs.readFileSync(process.argv[1] + '/dist/reader/zxing_reader.wasm').buffer } });
readBarcodes({ width, height, data, colorSpace: 'srgb' }).then((found) => process.stdout.write(found.map((f) => f.text).join('|')));`
	folder, err := filepath.Abs(module)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("node", "--liftoff-only", "-e", program, folder)
	var trouble bytes.Buffer
	cmd.Stdin, cmd.Stderr = bytes.NewReader(pgm), &trouble
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v: %s", err, trouble.Bytes())
	}
	return string(out)
}
