package meeting

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"math/big"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pion/turn/v5"
	"github.com/pion/webrtc/v4"
	"google.golang.org/protobuf/proto"

	meetingv1 "gonghui/media/meeting/v1"
	"gonghui/media/sfu/client"
	signalv1 "gonghui/media/signal/v1"
)

// certificate writes a certificate and its key to files.
func certificate(t *testing.T) (cert, key string) {
	t.Helper()
	k, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &k.PublicKey, k)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := x509.MarshalPKCS8PrivateKey(k)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	cert, key = filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	for name, b := range map[string]*pem.Block{cert: {Type: "CERTIFICATE", Bytes: der}, key: {Type: "PRIVATE KEY", Bytes: raw}} {
		if err := os.WriteFile(name, pem.EncodeToMemory(b), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return cert, key
}

func TestSettingsOfTheRelay(t *testing.T) {
	cert, key := certificate(t)
	for _, c := range []struct{ turn, name, cert, key, wrong string }{
		{"", "", "", "", ""},
		{"udp://127.0.0.1:0, tcp://:3478,tls://:5349", "turn.example.org", cert, key, ""},
		{"udp://127.0.0.1", "", "", "", "GONGHUI_MEDIA_TURN"},
		{"127.0.0.1:3478", "", "", "", "GONGHUI_MEDIA_TURN"},
		{"http://:3478", "", "", "", "GONGHUI_MEDIA_TURN"},
		{"udp://:3478/x", "", "", "", "GONGHUI_MEDIA_TURN"},
		{"udp://:3478,udp://:3479", "", "", "", "GONGHUI_MEDIA_TURN"},
		{"tls://:5349", "", "", "", "GONGHUI_MEDIA_TURN_CERT"},
		{"tls://:5349", "", cert, cert, "GONGHUI_MEDIA_TURN_CERT"},
		{"udp://:3478", "turn.example.org:3478", "", "", "GONGHUI_MEDIA_TURN_NAME"},
	} {
		for name, value := range map[string]string{"": c.turn, "_NAME": c.name, "_CERT": c.cert, "_KEY": c.key} {
			t.Setenv("GONGHUI_MEDIA_TURN"+name, value)
		}
		_, err := relayFromEnv()
		if c.wrong == "" && err != nil || c.wrong != "" && (err == nil || !strings.HasPrefix(err.Error(), c.wrong+":") && !strings.Contains(err.Error(), c.wrong)) {
			t.Errorf("%+v: %v", c, err)
		}
	}
}

func TestNamesOfTheRelay(t *testing.T) {
	to, also := reached(netip.MustParseAddrPort("0.0.0.0:3480"), []string{"203.0.113.9"})
	if !to.IsValid() || to.Addr().IsUnspecified() || to.Port() != 3480 || also[0].String() != "203.0.113.9:3480" {
		t.Errorf("%v, also %v", to, also)
	}
	at := net.TCPAddrFromAddrPort(netip.MustParseAddrPort("[::]:5349"))
	for _, c := range []struct {
		name, kind string
		announced  []string
		want       string
	}{
		{"turn.example.org", "tls", []string{"203.0.113.9"}, "turns:turn.example.org:5349?transport=tcp"},
		{"", "tcp", []string{"203.0.113.9"}, "turn:203.0.113.9:5349?transport=tcp"},
		{"", "udp", nil, "turn:" + to.Addr().String() + ":5349?transport=udp"},
	} {
		if got := (relaySettings{name: c.name}).address(c.kind, at, to, c.announced); got != c.want {
			t.Errorf("%s, not %s", got, c.want)
		}
	}
}

// Who takes part is told of the relay, with credentials of their own, and can see and be seen through it alone, also when it is asked for
// anew; it leads to the media server's socket and nowhere else.
func TestThroughTheRelay(t *testing.T) {
	cert, key := certificate(t)
	t.Setenv("GONGHUI_MEDIA_TURN", "udp://127.0.0.1:0,tcp://127.0.0.1:0,tls://127.0.0.1:0")
	t.Setenv("GONGHUI_MEDIA_TURN_CERT", cert)
	t.Setenv("GONGHUI_MEDIA_TURN_KEY", key)
	s := begin(t)
	host, member := s.as("officer", "刘主席"), s.as("member", "王会员")
	m := s.plan(t, host, func(in *meetingv1.CreateMeetingRequest) { in.Instant = true })
	card, err := s.FindMeeting(member, &meetingv1.FindMeetingRequest{Number: m.GetNumber()})
	if err != nil || !card.GetRelay() {
		t.Fatalf("the card tells of no relay: %v, %v", card, err)
	}
	first := s.sits(t, host, m)
	k, err := s.JoinMeeting(member, &meetingv1.JoinMeetingRequest{Id: m.GetId()})
	if err != nil {
		t.Fatal(err)
	}
	second := s.connect(t, member, k)
	told := second.join(k).GetJoined().GetIceServers()
	again := second.say(&signalv1.FromClient{What: &signalv1.FromClient_Relays{Relays: &signalv1.Relays{}}}).GetRelays().GetIceServers()
	for _, servers := range [][]*signalv1.IceServer{told, again} {
		if len(servers) != 1 || len(servers[0].GetUrls()) != 3 || !strings.HasSuffix(servers[0].GetUsername(), ":"+k.GetParticipant()) {
			t.Fatalf("told %v", servers)
		}
	}
	wants := []string{"turn:127.0.0.1:", "turn:127.0.0.1:", "turns:127.0.0.1:"}
	for i, u := range again[0].GetUrls() {
		if !strings.HasPrefix(u, wants[i]) {
			t.Errorf("%s, not %s…", u, wants[i])
		}
	}

	over := again[0]
	tcp := over.GetUrls()[slices.IndexFunc(over.GetUrls(), func(u string) bool { return strings.HasPrefix(u, "turn:") && strings.HasSuffix(u, "=tcp") })]
	one := first.media(client.Options{Layers: []string{""}, See: 1})
	two := second.media(client.Options{See: 1, Relay: &webrtc.ICEServer{URLs: []string{tcp}, Username: over.GetUsername(), Credential: over.GetCredential()}})
	if got := first.say(&signalv1.FromClient{What: &signalv1.FromClient_Own{Own: &signalv1.Own{Camera: proto.Bool(true)}}}); got.GetDone() == nil {
		t.Fatalf("own: %v", got)
	}
	mid := two.Places(webrtc.RTPCodecTypeVideo)[0]
	view := &signalv1.View{Mid: mid, Participant: first.id, Source: "camera", Height: 180}
	if got := second.say(&signalv1.FromClient{What: &signalv1.FromClient_Show{Show: &signalv1.Show{Views: []*signalv1.View{view}}}}); got.GetDone() == nil {
		t.Fatalf("show: %v", got)
	}
	n := uint32(0)
	eventually(t, "pictures come through the relay", func() bool {
		n++
		return one.Show(0, n*900, 1) == nil && two.Count(mid).Frames > 20
	})

	// The same credentials, asked for any other socket of this machine.
	elsewhere, err := net.ListenPacket("udp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer elsewhere.Close()
	address := strings.TrimSuffix(strings.TrimPrefix(over.GetUrls()[0], "turn:"), "?transport=udp")
	local, err := net.ListenPacket("udp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer local.Close()
	thief, err := turn.NewClient(&turn.ClientConfig{STUNServerAddr: address, TURNServerAddr: address, Conn: local, Username: over.GetUsername(), Password: over.GetCredential(), Realm: "gonghui"})
	if err != nil {
		t.Fatal(err)
	}
	defer thief.Close()
	if err := thief.Listen(); err != nil {
		t.Fatal(err)
	}
	way, err := thief.Allocate()
	if err != nil {
		t.Fatal(err)
	}
	for range 5 {
		_, _ = way.WriteTo([]byte("hello"), elsewhere.LocalAddr())
	}
	if err := elsewhere.SetReadDeadline(time.Now().Add(300 * time.Millisecond)); err != nil {
		t.Fatal(err)
	}
	if n, from, err := elsewhere.ReadFrom(make([]byte, 100)); err == nil {
		t.Errorf("the relay brought %d bytes from %v", n, from)
	}
}
