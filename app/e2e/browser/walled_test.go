package browser

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// walls is a place on this machine from where the product is reached over a wire of its own: a network namespace, in which a rule of nft
// can drop what it likes, and a browser there that trusts an authority of our own, as the machine of a body does that has one.
type walls struct {
	Space   string `json:"space"`   // name of the namespace
	Address string `json:"address"` // of the product, as seen from inside
	Browser string `json:"browser"` // Chromium inside
	Cert    string `json:"cert"`    // PEM of *.gonghui.localhost, and its key
	Key     string `json:"key"`
}

// spaces counts those made by this process.
var spaces atomic.Int32

// built makes them; nil where the machine does not let us, which a root with the tools may take for a fault.
func built(t *testing.T) *walls {
	t.Helper()
	if os.Geteuid() != 0 {
		t.Log("no network namespaces without root: the journeys through walls are left out")
		return nil
	}
	dir := t.TempDir()
	// Tests of several processes may run at a time: each place has a name and four addresses of its own.
	count := spaces.Add(1)
	n := (os.Getpid() + int(count)*4099) % (1 << 14)
	name := fmt.Sprintf("gh%d-%d", os.Getpid(), count)
	w := &walls{
		Space: name, Address: fmt.Sprintf("10.213.%d.%d", n>>6, n&63<<2+1), Browser: filepath.Join(dir, "chromium"),
		Cert: filepath.Join(dir, "cert.pem"), Key: filepath.Join(dir, "key.pem"),
	}
	inside, out, in := fmt.Sprintf("10.213.%d.%d", n>>6, n&63<<2+2), name+"a", name+"b"
	must := func(command string) {
		t.Helper()
		words := strings.Fields(command)
		if said, err := exec.Command(words[0], words[1:]...).CombinedOutput(); err != nil {
			t.Fatalf("%s: %v\n%s", command, err, said)
		}
	}
	must("ip netns add " + w.Space)
	t.Cleanup(func() { _ = exec.Command("ip", "netns", "del", w.Space).Run() })
	must("ip link add " + out + " type veth peer name " + in + " netns " + w.Space)
	t.Cleanup(func() { _ = exec.Command("ip", "link", "del", out).Run() })
	must("ip address add " + w.Address + "/30 dev " + out)
	must("ip link set " + out + " up")
	must("ip -n " + w.Space + " address add " + inside + "/30 dev " + in)
	must("ip -n " + w.Space + " link set lo up")
	must("ip -n " + w.Space + " link set " + in + " up")

	authority := filepath.Join(dir, "authority.pem")
	w.certify(t, authority)
	store := filepath.Join(dir, ".pki/nssdb")
	if err := os.MkdirAll(store, 0o700); err != nil {
		t.Fatal(err)
	}
	must("certutil -d sql:" + store + " -N --empty-password")
	must("certutil -d sql:" + store + " -A -n gonghui -t C,, -i " + authority)
	script := fmt.Sprintf("#!/bin/sh\nHOME=%s exec ip netns exec %s /usr/bin/chromium \"$@\"\n", dir, w.Space)
	if err := os.WriteFile(w.Browser, []byte(script), 0o700); err != nil { //nolint:gosec // it is a program
		t.Fatal(err)
	}
	return w
}

// env makes the product serve meetings on the wire, with a relay over TLS.
func (w *walls) env() []string {
	return []string{
		"GONGHUI_MEDIA_ADDRESS=" + w.Address + ":0", "GONGHUI_MEDIA_TURN=tls://" + w.Address + ":0", "GONGHUI_MEDIA_TURN_NAME=turn.gonghui.localhost",
		"GONGHUI_MEDIA_TURN_CERT=" + w.Cert, "GONGHUI_MEDIA_TURN_KEY=" + w.Key,
	}
}

// certify makes an authority and has it sign for the product's names.
func (w *walls) certify(t *testing.T, authority string) {
	t.Helper()
	now := time.Now()
	sign := func(c, by *x509.Certificate, key, byKey *ecdsa.PrivateKey) []byte {
		t.Helper()
		c.SerialNumber, c.NotBefore, c.NotAfter = big.NewInt(now.UnixNano()), now.Add(-time.Hour), now.Add(48*time.Hour)
		raw, err := x509.CreateCertificate(rand.Reader, c, by, &key.PublicKey, byKey)
		if err != nil {
			t.Fatal(err)
		}
		return raw
	}
	write := func(path, kind string, raw []byte) {
		t.Helper()
		if err := os.WriteFile(path, pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: raw}), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	rootKey, leafKey := newKey(t), newKey(t)
	root := &x509.Certificate{
		Subject: pkix.Name{CommonName: "Gonghui tests"}, IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageDigitalSignature,
	}
	rootRaw := sign(root, root, rootKey, rootKey)
	leaf := &x509.Certificate{
		Subject: pkix.Name{CommonName: "gonghui.localhost"}, DNSNames: []string{"gonghui.localhost", "*.gonghui.localhost"},
		IPAddresses: []net.IP{net.ParseIP(w.Address)}, KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	write(authority, "CERTIFICATE", rootRaw)
	write(w.Cert, "CERTIFICATE", sign(leaf, root, leafKey, rootKey))
	key, err := x509.MarshalPKCS8PrivateKey(leafKey)
	if err != nil {
		t.Fatal(err)
	}
	write(w.Key, "PRIVATE KEY", key)
}

func newKey(t *testing.T) *ecdsa.PrivateKey {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key
}
