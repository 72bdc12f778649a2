// Package sign signs Android packages with the key of the body that they belong to: JAR signatures (v1) for Android before 7,
// APK Signature Scheme v2 for 7 and 8, v3 from 9 on. The same package and key give the same bytes.
package sign

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"strings"

	"gonghui/builder/apk/zipfile"
)

// Package signs an archive that zipfile has written and that is not signed yet. The signer needs no access to the package's
// content beyond digests, so the private key may live in another process.
func Package(unsigned []byte, id Identity) ([]byte, error) {
	archive, err := zipfile.Decode(unsigned)
	if err != nil {
		return nil, fmt.Errorf("sign: %w", err)
	}
	if len(archive.Between) > 0 {
		return nil, fmt.Errorf("sign: the package has a signing block already")
	}
	for _, f := range archive.Files {
		if strings.HasPrefix(f.Name, metaInf) {
			return nil, fmt.Errorf("sign: the package brings %s, a name of signatures", f.Name)
		}
	}
	meta, err := jar(archive.Files, id)
	if err != nil {
		return nil, fmt.Errorf("sign: v1: %w", err)
	}
	whole, err := zipfile.Encode(append(archive.Files, meta...))
	if err != nil {
		return nil, fmt.Errorf("sign: %w", err)
	}
	if archive, err = zipfile.Decode(whole); err != nil {
		return nil, fmt.Errorf("sign: %w", err)
	}
	block, err := signingBlock(whole[:archive.Directory], whole[archive.Directory:], id)
	if err != nil {
		return nil, err
	}
	out := make([]byte, 0, len(whole)+len(block))
	out = append(out, whole[:archive.Directory]...)
	out = append(out, block...)
	out = append(out, whole[archive.Directory:]...)
	// The end of the directory says where the directory begins, which is now after the block.
	binary.LittleEndian.PutUint32(out[len(out)-6:], uint32(archive.Directory+len(block)))
	return out, nil
}

const (
	blockMagic = "APK Sig Block 42"
	idV2       = 0x7109871a
	idV3       = 0xf05368c0

	// rsaPKCS1SHA256 is RSASSA-PKCS1-v1_5 with SHA2-256 over chunks; it signs the same to the same, which PSS does not.
	rsaPKCS1SHA256 = 0x0103

	// stripping tells readers of v2 that v3 must be there too, so that nobody can take it away.
	stripping = 0xbeeff00d

	minV3, maxV3 = 28, 0x7fffffff // API levels that go by v3

	chunkSize = 1 << 20
)

// signingBlock is v2 and v3 over files and directory; the directory's end still says where it is without the block,
// as the digests want it.
func signingBlock(files, directory []byte, id Identity) ([]byte, error) {
	const endSize = 22
	split := len(directory) - endSize
	digest := contentDigest(files, directory[:split], directory[split:])
	v2, err := signer(digest, id, prefixed(u32(nil, stripping, 3)), nil)
	if err != nil {
		return nil, fmt.Errorf("sign: v2: %w", err)
	}
	v3, err := signer(digest, id, nil, u32(nil, minV3, maxV3))
	if err != nil {
		return nil, fmt.Errorf("sign: v3: %w", err)
	}
	var pairs []byte
	for _, p := range []struct {
		id    uint32
		value []byte
	}{{idV2, v2}, {idV3, v3}} {
		pairs = binary.LittleEndian.AppendUint64(pairs, uint64(4+len(p.value)))
		pairs = append(u32(pairs, p.id), p.value...)
	}
	size := uint64(len(pairs) + 8 + len(blockMagic))
	out := binary.LittleEndian.AppendUint64(nil, size)
	out = append(out, pairs...)
	out = binary.LittleEndian.AppendUint64(out, size)
	return append(out, blockMagic...), nil
}

// signer is the value of a scheme's block: one signer, prefixed twice by its length. The levels stand both in what is signed and beside it.
func signer(digest []byte, id Identity, attributes, levels []byte) ([]byte, error) {
	var signed []byte
	signed = append(signed, prefixed(prefixed(append(u32(nil, rsaPKCS1SHA256), prefixed(digest)...)))...)
	signed = append(signed, prefixed(prefixed(id.Certificate.Raw))...)
	signed = append(signed, levels...)
	signed = append(signed, prefixed(attributes)...)
	signature, err := id.sign(signed)
	if err != nil {
		return nil, err
	}
	out := prefixed(signed)
	out = append(out, levels...)
	out = append(out, prefixed(prefixed(append(u32(nil, rsaPKCS1SHA256), prefixed(signature)...)))...)
	out = append(out, prefixed(id.Certificate.RawSubjectPublicKeyInfo)...)
	return prefixed(prefixed(out)), nil
}

// contentDigest is the digest of the digests of all chunks of the three parts.
func contentDigest(parts ...[]byte) []byte {
	var sums []byte
	n := uint32(0)
	for _, p := range parts {
		for len(p) > 0 {
			c := p[:min(chunkSize, len(p))]
			h := sha256.New()
			h.Write(u32([]byte{0xa5}, uint32(len(c))))
			h.Write(c)
			sums = h.Sum(sums)
			p = p[len(c):]
			n++
		}
	}
	sum := sha256.Sum256(append(u32([]byte{0x5a}, n), sums...))
	return sum[:]
}

func prefixed(b []byte) []byte { return append(u32(nil, uint32(len(b))), b...) }

func u32(b []byte, vs ...uint32) []byte {
	for _, v := range vs {
		b = binary.LittleEndian.AppendUint32(b, v)
	}
	return b
}

// sign signs a message with PKCS #1 v1.5 and SHA-256.
func (id Identity) sign(message []byte) ([]byte, error) {
	if _, ok := id.Key.Public().(*rsa.PublicKey); !ok {
		return nil, fmt.Errorf("the key is of %T, not RSA", id.Key.Public())
	}
	sum := sha256.Sum256(message)
	return id.Key.Sign(rand.Reader, sum[:], crypto.SHA256)
}
