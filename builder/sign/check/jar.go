package check

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"crypto/x509"
	"encoding/asn1"
	"encoding/base64"
	"encoding/binary"
	"io"
	"strings"

	"golang.org/x/crypto/cryptobyte"
	der "golang.org/x/crypto/cryptobyte/asn1"
)

// maxContent bounds what all files together may unfold to, in bytes.
const maxContent = 16 << 20

// oldest verifies v1: the signature over CERT.SF, its digests of the sections of MANIFEST.MF, theirs of the files.
func oldest(l layout) (*x509.Certificate, error) {
	end := bytes.Clone(l.end)
	binary.LittleEndian.PutUint32(end[16:], uint32(len(l.files)))
	plain := bytes.Join([][]byte{l.files, l.directory, end}, nil)
	z, err := zip.NewReader(bytes.NewReader(plain), int64(len(plain)))
	if err != nil {
		return nil, bad("zip: %v", err)
	}
	files := map[string][]byte{}
	left := int64(maxContent)
	for _, f := range z.File {
		if _, twice := files[f.Name]; twice {
			return nil, bad("%s stands twice", f.Name)
		}
		content, err := unfold(f, left)
		if err != nil {
			return nil, err
		}
		files[f.Name] = content
		left -= int64(len(content))
	}
	manifest, sf, block := files["META-INF/MANIFEST.MF"], files["META-INF/CERT.SF"], files["META-INF/CERT.RSA"]
	c, err := detached(block, sf)
	if err != nil {
		return nil, err
	}
	delete(files, "META-INF/MANIFEST.MF")
	delete(files, "META-INF/CERT.SF")
	delete(files, "META-INF/CERT.RSA")

	head, sections, err := parse(manifest)
	if err != nil {
		return nil, err
	}
	if head["Manifest-Version"] != "1.0" || len(sections) != len(files) {
		return nil, bad("the manifest tells of %d files, the package has %d", len(sections), len(files))
	}
	signedHead, signed, err := parse(sf)
	if err != nil {
		return nil, err
	}
	if signedHead["X-Android-APK-Signed"] != "2, 3" || signedHead["SHA-256-Digest-Manifest"] != sum(manifest) || len(signed) != len(files) {
		return nil, bad("the signature file is not of this manifest")
	}
	for name, content := range files {
		if sections[name].digest != sum(content) {
			return nil, bad("v1: %s is not what was signed", name)
		}
		if signed[name].digest != sum(sections[name].raw) {
			return nil, bad("v1: the section of %s is not what was signed", name)
		}
	}
	return c, nil
}

func unfold(f *zip.File, most int64) ([]byte, error) {
	r, err := f.Open()
	if err != nil {
		return nil, bad("%s: %v", f.Name, err)
	}
	b, err := io.ReadAll(io.LimitReader(r, most+1))
	if err != nil || int64(len(b)) > most {
		return nil, bad("%s does not unfold, or to too much", f.Name)
	}
	return b, nil
}

func sum(b []byte) string {
	s := sha256.Sum256(b)
	return base64.StdEncoding.EncodeToString(s[:])
}

type entry struct {
	digest string
	raw    []byte
}

// parse reads a manifest: its head, and the section of each file with the bytes that it consists of.
func parse(b []byte) (map[string]string, map[string]entry, error) {
	var head map[string]string
	sections := map[string]entry{}
	for len(b) > 0 {
		raw, rest, ok := bytes.Cut(b, []byte("\r\n\r\n"))
		if !ok {
			return nil, nil, bad("a manifest that does not end in an empty line")
		}
		raw = b[:len(raw)+4]
		b = rest
		values := map[string]string{}
		text := strings.ReplaceAll(strings.TrimSuffix(string(raw), "\r\n\r\n"), "\r\n ", "")
		for line := range strings.SplitSeq(text, "\r\n") {
			key, value, ok := strings.Cut(line, ": ")
			if _, twice := values[key]; !ok || twice {
				return nil, nil, bad("manifest line %q", line)
			}
			values[key] = value
		}
		if head == nil {
			head = values
			continue
		}
		name := values["Name"]
		if _, twice := sections[name]; twice || name == "" || len(values) != 2 || values["SHA-256-Digest"] == "" {
			return nil, nil, bad("manifest section of %q", name)
		}
		sections[name] = entry{values["SHA-256-Digest"], raw}
	}
	return head, sections, nil
}

var (
	data       = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 7, 1}
	signedData = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 7, 2}
	sha256ID   = asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 2, 1}
	rsaID      = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 1}
)

// detached verifies a signature in CMS (RFC 5652) without signed attributes over a content that stands elsewhere.
func detached(block, content []byte) (*x509.Certificate, error) {
	var info, explicit, signed, digests, encap, certs, signers, signer, id cryptobyte.String
	var issuer, certDER cryptobyte.String
	var signature []byte
	version, signerVersion := 0, 0
	serial := cryptobyte.String{}
	in := cryptobyte.String(block)
	var typ, contentType asn1.ObjectIdentifier
	ok := in.ReadASN1(&info, der.SEQUENCE) && in.Empty() &&
		info.ReadASN1ObjectIdentifier(&typ) && typ.Equal(signedData) &&
		info.ReadASN1(&explicit, der.Tag(0).ContextSpecific().Constructed()) && info.Empty() &&
		explicit.ReadASN1(&signed, der.SEQUENCE) && explicit.Empty() &&
		signed.ReadASN1Integer(&version) && version == 1 &&
		signed.ReadASN1(&digests, der.SET) && algorithm(&digests, sha256ID) && digests.Empty() &&
		signed.ReadASN1(&encap, der.SEQUENCE) && encap.ReadASN1ObjectIdentifier(&contentType) && contentType.Equal(data) && encap.Empty() &&
		signed.ReadASN1(&certs, der.Tag(0).ContextSpecific().Constructed()) && certs.ReadASN1Element(&certDER, der.SEQUENCE) && certs.Empty() &&
		signed.ReadASN1(&signers, der.SET) && signed.Empty() &&
		signers.ReadASN1(&signer, der.SEQUENCE) && signers.Empty() &&
		signer.ReadASN1Integer(&signerVersion) && signerVersion == 1 &&
		signer.ReadASN1(&id, der.SEQUENCE) && id.ReadASN1Element(&issuer, der.SEQUENCE) && id.ReadASN1Element(&serial, der.INTEGER) && id.Empty() &&
		algorithm(&signer, sha256ID) && algorithm(&signer, rsaID) &&
		signer.ReadASN1Bytes(&signature, der.OCTET_STRING) && signer.Empty()
	if !ok {
		return nil, bad("v1: the signature block is of another form")
	}
	c, err := certificate(certDER)
	if err != nil {
		return nil, err
	}
	wantSerial, err := asn1.Marshal(c.SerialNumber)
	if err != nil || !bytes.Equal(serial, wantSerial) || !bytes.Equal(issuer, c.RawIssuer) {
		return nil, bad("v1: the signer is not the certificate's")
	}
	return c, signedBy(c, content, signature)
}

func algorithm(s *cryptobyte.String, want asn1.ObjectIdentifier) bool {
	var seq, null cryptobyte.String
	var id asn1.ObjectIdentifier
	return s.ReadASN1(&seq, der.SEQUENCE) && seq.ReadASN1ObjectIdentifier(&id) && id.Equal(want) &&
		seq.ReadASN1(&null, der.NULL) && null.Empty() && seq.Empty()
}
