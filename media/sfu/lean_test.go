package sfu

import (
	"slices"
	"strings"
	"testing"
)

// As a browser offers: one place for pictures among many codings, and one line that carries none of ours.
const browserOffer = "v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=group:BUNDLE 0 1 2\r\n" +
	"m=audio 9 UDP/TLS/RTP/SAVPF 111 63 9 0 110\r\nc=IN IP4 0.0.0.0\r\na=mid:0\r\na=rtpmap:111 opus/48000/2\r\na=rtcp-fb:111 transport-cc\r\n" +
	"a=fmtp:111 minptime=10;useinbandfec=1\r\na=rtpmap:63 red/48000/2\r\na=fmtp:63 111/111\r\na=rtpmap:9 G722/8000\r\na=rtpmap:0 PCMU/8000\r\n" +
	"a=rtpmap:110 telephone-event/48000\r\na=ssrc:5 cname:x\r\n" +
	"m=video 9 UDP/TLS/RTP/SAVPF 96 97 102 103 104 105 112 98 99 100 101 45 46 116\r\na=mid:1\r\na=rtpmap:96 VP8/90000\r\na=rtcp-fb:96 nack pli\r\na=rtcp-fb:* ccm fir\r\n" +
	"a=rtpmap:97 rtx/90000\r\na=fmtp:97 apt=96\r\na=rtpmap:102 H264/90000\r\na=fmtp:102 level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42001f\r\n" +
	"a=rtpmap:103 rtx/90000\r\na=fmtp:103 apt=102\r\na=rtpmap:104 H264/90000\r\na=fmtp:104 packetization-mode=0;profile-level-id=42e01f\r\n" +
	"a=rtpmap:105 rtx/90000\r\na=fmtp:105 apt=104\r\na=rtpmap:112 H264/90000\r\na=fmtp:112 packetization-mode=1;profile-level-id=64001f\r\n" +
	"a=rtpmap:98 VP9/90000\r\na=fmtp:98 profile-id=0\r\na=rtpmap:99 rtx/90000\r\na=fmtp:99 apt=98\r\n" +
	"a=rtpmap:100 VP9/90000\r\na=fmtp:100 profile-id=2\r\na=rtpmap:101 rtx/90000\r\na=fmtp:101 apt=100\r\n" +
	"a=rtpmap:45 AV1/90000\r\na=rtcp-fb:45 nack\r\na=rtpmap:46 rtx/90000\r\na=fmtp:46 apt=45\r\na=rtpmap:116 ulpfec/90000\r\n" +
	"m=video 9 UDP/TLS/RTP/SAVPF 45\r\na=mid:2\r\na=rtpmap:45 AV1/90000\r\n"

func TestAnOfferWithoutWhatIsNotTaken(t *testing.T) {
	got := lean(browserOffer)
	for _, want := range []string{
		"m=audio 9 UDP/TLS/RTP/SAVPF 111 63\r\n", "m=video 9 UDP/TLS/RTP/SAVPF 96 97 102 103 98 99\r\n", "a=rtcp-fb:* ccm fir", "a=ssrc:5 cname:x",
		"m=video 9 UDP/TLS/RTP/SAVPF 45\r\na=mid:2\r\na=rtpmap:45 AV1/90000\r\n", "a=fmtp:111 minptime", "a=fmtp:63 111/111", "a=group:BUNDLE 0 1 2",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is gone:\n%s", want, got)
		}
	}
	for _, not := range []string{"G722", "PCMU", "telephone", "apt=45", "ulpfec", "a=rtcp-fb:45", "apt=104", "64001f", "profile-id=2", "apt=100"} {
		if strings.Contains(got, not) {
			t.Errorf("%q is still there:\n%s", not, got)
		}
	}
	if lean(got) != got {
		t.Error("it is not the same a second time")
	}
	before, err := sections(browserOffer)
	if err != nil {
		t.Fatal(err)
	}
	after, err := sections(got)
	if err != nil {
		t.Fatal(err)
	}
	for i := range before {
		if before[i].mid != after[i].mid || before[i].direction != after[i].direction || !slices.Equal(before[i].ssrcs, after[i].ssrcs) {
			t.Errorf("line %d: %+v became %+v", i, before[i], after[i])
		}
	}
}

func FuzzLean(f *testing.F) {
	f.Add(browserOffer)
	f.Add("\nm=\nm= \nm=audio")
	f.Fuzz(func(t *testing.T, offer string) {
		if got := lean(offer); len(got) > len(offer)+8*strings.Count(offer, "\nm=") {
			t.Errorf("it grew by %d", len(got)-len(offer))
		}
	})
}
