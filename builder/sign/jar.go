package sign

import (
	"bytes"
	"crypto/sha256"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/base64"
	"fmt"
	"math/big"

	"gonghui/builder/apk/zipfile"
)

const metaInf = "META-INF/"

// jar are the three files of a JAR signature over those files.
func jar(files []zipfile.File, id Identity) ([]zipfile.File, error) {
	const head = "Manifest-Version: 1.0\r\nCreated-By: 1.0 (Gonghui)\r\n\r\n"
	var sections, signed bytes.Buffer
	for _, f := range files {
		content, err := f.Content()
		if err != nil {
			return nil, err
		}
		part := section(f.Name, content)
		sections.Write(part)
		signed.Write(section(f.Name, part))
	}
	manifest := append([]byte(head), sections.Bytes()...)
	var sf bytes.Buffer
	sf.WriteString("Signature-Version: 1.0\r\nCreated-By: 1.0 (Gonghui)\r\n")
	fmt.Fprintf(&sf, "SHA-256-Digest-Manifest: %s\r\n", digest64(manifest))
	// Readers that know the later schemes refuse a package that has lost them.
	sf.WriteString("X-Android-APK-Signed: 2, 3\r\n\r\n")
	sf.Write(signed.Bytes())
	block, err := cms(sf.Bytes(), id)
	if err != nil {
		return nil, err
	}
	return []zipfile.File{
		zipfile.Deflated(metaInf+"MANIFEST.MF", manifest),
		zipfile.Deflated(metaInf+"CERT.SF", sf.Bytes()),
		zipfile.Deflated(metaInf+"CERT.RSA", block),
	}, nil
}

// section is one file's section, of the manifest over its content or of the signature file over its section.
func section(name string, of []byte) []byte {
	return fmt.Appendf(wrapped("Name: "+name), "SHA-256-Digest: %s\r\n\r\n", digest64(of))
}

// wrapped breaks a line after 70 bytes: none may be longer than 72 with its end (JAR File Specification, Notes on Manifest and
// Signature Files).
func wrapped(line string) []byte {
	const width = 70
	var b []byte
	for len(line) > width {
		b = append(append(b, line[:width]...), "\r\n"...)
		line = " " + line[width:]
	}
	return append(append(b, line...), "\r\n"...)
}

func digest64(b []byte) string {
	sum := sha256.Sum256(b)
	return base64.StdEncoding.EncodeToString(sum[:])
}

var (
	oidData       = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 7, 1}
	oidSignedData = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 7, 2}
	oidSHA256     = asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 2, 1}
	oidRSA        = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 1}
)

// The parts of a detached signature (RFC 5652, section 5).
type (
	contentInfo struct {
		Type    asn1.ObjectIdentifier
		Content signedData `asn1:"explicit,tag:0"`
	}
	signedData struct {
		Version      int
		Digests      []pkix.AlgorithmIdentifier `asn1:"set"`
		Content      struct{ Type asn1.ObjectIdentifier }
		Certificates asn1.RawValue
		Signers      []signerInfo `asn1:"set"`
	}
	signerInfo struct {
		Version   int
		ID        issuerAndSerial
		Digest    pkix.AlgorithmIdentifier
		Algorithm pkix.AlgorithmIdentifier
		Signature []byte
	}
	issuerAndSerial struct {
		Issuer asn1.RawValue
		Serial *big.Int
	}
)

// cms is a detached signature without signed attributes, which would bring the time in.
func cms(content []byte, id Identity) ([]byte, error) {
	signature, err := id.sign(content)
	if err != nil {
		return nil, err
	}
	sha := pkix.AlgorithmIdentifier{Algorithm: oidSHA256, Parameters: asn1.NullRawValue}
	data := signedData{
		Version:      1,
		Digests:      []pkix.AlgorithmIdentifier{sha},
		Certificates: asn1.RawValue{Class: asn1.ClassContextSpecific, Tag: 0, IsCompound: true, Bytes: id.Certificate.Raw},
		Signers: []signerInfo{{
			Version:   1,
			ID:        issuerAndSerial{asn1.RawValue{FullBytes: id.Certificate.RawIssuer}, id.Certificate.SerialNumber},
			Digest:    sha,
			Algorithm: pkix.AlgorithmIdentifier{Algorithm: oidRSA, Parameters: asn1.NullRawValue},
			Signature: signature,
		}},
	}
	data.Content.Type = oidData
	return asn1.Marshal(contentInfo{oidSignedData, data})
}
