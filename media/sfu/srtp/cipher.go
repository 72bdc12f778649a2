package srtp

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/sha1"
	"crypto/subtle"
	"encoding/binary"
	"errors"
	"hash"
)

// ErrForged says that a packet is not from the other side, or was changed on its way.
var ErrForged = errors.New("srtp: packet does not bear the other side's mark")

// suite encrypts and decrypts packets of one direction. index is the packet's: rollover counter and sequence number, or RTCP's.
// It is not for use by two at a time.
type suite interface {
	// seal appends to the clear header dst what it makes of payload.
	seal(dst, payload []byte, ssrc uint32, index uint64) []byte
	// open decrypts in place and returns the packet without its tag.
	open(packet []byte, header int, ssrc uint32, index uint64) ([]byte, error)
	// sealRTCP and openRTCP do the same for a compound packet.
	sealRTCP(dst, packet []byte, ssrc, index uint32) []byte
	openRTCP(packet []byte) ([]byte, error)
}

func newSuite(p Profile, key, salt []byte) (suite, error) {
	k, s, err := p.lengths()
	if err != nil {
		return nil, err
	}
	if len(key) != k || len(salt) != s {
		return nil, errors.New("srtp: key or salt of a wrong length")
	}
	if p == AES128CMSHA {
		return newCounter(key, salt)
	}
	return newGalois(key, salt)
}

// derived are the session keys of one kind of packet.
type derived struct{ key, auth, salt []byte }

func deriveAll(key, salt []byte, label byte) (d derived, err error) {
	for _, x := range []struct {
		to    *[]byte
		label byte
		n     int
	}{{&d.key, label, len(key)}, {&d.auth, label + 1, sha1.Size}, {&d.salt, label + 2, len(salt)}} {
		if *x.to, err = derive(x.label, key, salt, x.n); err != nil {
			return d, err
		}
	}
	return d, nil
}

// galois is AES-GCM (RFC 7714), with tags of 16 bytes.
type galois struct {
	rtp, rtcp         cipher.AEAD
	rtpSalt, rtcpSalt [12]byte
	nonce             [12]byte
	clear             [12]byte // RTCP's header and index, as data that is authenticated
}

const tag = 16

func newGalois(key, salt []byte) (*galois, error) {
	g := &galois{}
	for _, x := range []struct {
		label byte
		aead  *cipher.AEAD
		salt  *[12]byte
	}{{0, &g.rtp, &g.rtpSalt}, {3, &g.rtcp, &g.rtcpSalt}} {
		d, err := deriveAll(key, salt, x.label)
		if err != nil {
			return nil, err
		}
		block, err := aes.NewCipher(d.key)
		if err != nil {
			return nil, err
		}
		if *x.aead, err = cipher.NewGCM(block); err != nil {
			return nil, err
		}
		copy(x.salt[:], d.salt)
	}
	return g, nil
}

func (g *galois) number(salt *[12]byte, ssrc uint32, index uint64) []byte {
	g.nonce = *salt
	for i := range 4 {
		g.nonce[2+i] ^= byte(ssrc >> (24 - 8*i))
	}
	for i := range 6 {
		g.nonce[6+i] ^= byte(index >> (40 - 8*i))
	}
	return g.nonce[:]
}

func (g *galois) seal(dst, payload []byte, ssrc uint32, index uint64) []byte {
	return g.rtp.Seal(dst, g.number(&g.rtpSalt, ssrc, index), payload, dst)
}

func (g *galois) open(b []byte, header int, ssrc uint32, index uint64) ([]byte, error) {
	if len(b) < header+tag {
		return nil, ErrForged
	}
	plain, err := g.rtp.Open(b[header:header], g.number(&g.rtpSalt, ssrc, index), b[header:], b[:header])
	if err != nil {
		return nil, ErrForged
	}
	return b[:header+len(plain)], nil
}

func (g *galois) sealRTCP(dst, b []byte, ssrc, index uint32) []byte {
	word := index | 1<<31
	copy(g.clear[:8], b)
	binary.BigEndian.PutUint32(g.clear[8:], word)
	dst = append(dst, b[:8]...)
	dst = g.rtcp.Seal(dst, g.number(&g.rtcpSalt, ssrc, uint64(index)), b[8:], g.clear[:])
	return binary.BigEndian.AppendUint32(dst, word)
}

func (g *galois) openRTCP(b []byte) ([]byte, error) {
	if len(b) < 8+tag+4 {
		return nil, ErrForged
	}
	body := b[:len(b)-4]
	word := binary.BigEndian.Uint32(b[len(b)-4:])
	copy(g.clear[:8], b)
	binary.BigEndian.PutUint32(g.clear[8:], word)
	nonce := g.number(&g.rtcpSalt, binary.BigEndian.Uint32(b[4:]), uint64(word&^(1<<31)))
	if word>>31 == 0 {
		return nil, ErrForged // what is only authenticated no browser sends
	}
	plain, err := g.rtcp.Open(body[8:8], nonce, body[8:], g.clear[:])
	if err != nil {
		return nil, ErrForged
	}
	return b[:8+len(plain)], nil
}

// counter is AES in counter mode with HMAC-SHA1 (RFC 3711), tags of 10 bytes.
type counter struct {
	rtp, rtcp         cipher.Block
	rtpMac, rtcpMac   hash.Hash
	rtpSalt, rtcpSalt [14]byte
	block, stream     [16]byte
	sum               [sha1.Size]byte
	word              [4]byte
}

const shortTag = 10

func newCounter(key, salt []byte) (*counter, error) {
	c := &counter{}
	for _, x := range []struct {
		label byte
		block *cipher.Block
		mac   *hash.Hash
		salt  *[14]byte
	}{{0, &c.rtp, &c.rtpMac, &c.rtpSalt}, {3, &c.rtcp, &c.rtcpMac, &c.rtcpSalt}} {
		d, err := deriveAll(key, salt, x.label)
		if err != nil {
			return nil, err
		}
		if *x.block, err = aes.NewCipher(d.key); err != nil {
			return nil, err
		}
		*x.mac = hmac.New(sha1.New, d.auth)
		copy(x.salt[:], d.salt)
	}
	return c, nil
}

// crypt is the counter mode of RFC 3711 section 4.1.1; encryption and decryption are the same.
func (c *counter) crypt(block cipher.Block, salt *[14]byte, dst, src []byte, ssrc uint32, index uint64) {
	c.block = [16]byte{}
	copy(c.block[:], salt[:])
	for i := range 4 {
		c.block[4+i] ^= byte(ssrc >> (24 - 8*i))
	}
	for i := range 6 {
		c.block[8+i] ^= byte(index >> (40 - 8*i))
	}
	for n := uint16(0); len(src) > 0; n++ {
		c.block[14], c.block[15] = byte(n>>8), byte(n)
		block.Encrypt(c.stream[:], c.block[:])
		k := subtle.XORBytes(dst, src, c.stream[:])
		dst, src = dst[k:], src[k:]
	}
}

// mark computes the tag of a packet and the word that is authenticated with it.
func (c *counter) mark(mac hash.Hash, packet []byte, word uint32) []byte {
	binary.BigEndian.PutUint32(c.word[:], word)
	mac.Reset()
	mac.Write(packet)
	mac.Write(c.word[:])
	return mac.Sum(c.sum[:0])[:shortTag]
}

func (c *counter) seal(dst, payload []byte, ssrc uint32, index uint64) []byte {
	n := len(dst)
	dst = append(dst, payload...)
	c.crypt(c.rtp, &c.rtpSalt, dst[n:], dst[n:], ssrc, index)
	return append(dst, c.mark(c.rtpMac, dst, uint32(index>>16))...)
}

func (c *counter) open(b []byte, header int, ssrc uint32, index uint64) ([]byte, error) {
	end := len(b) - shortTag
	if end < header || subtle.ConstantTimeCompare(b[end:], c.mark(c.rtpMac, b[:end], uint32(index>>16))) != 1 {
		return nil, ErrForged
	}
	c.crypt(c.rtp, &c.rtpSalt, b[header:end], b[header:end], ssrc, index)
	return b[:end], nil
}

func (c *counter) sealRTCP(dst, b []byte, ssrc, index uint32) []byte {
	at := len(dst)
	dst = append(dst, b...)
	c.crypt(c.rtcp, &c.rtcpSalt, dst[at+8:], dst[at+8:], ssrc, uint64(index))
	mark := c.mark(c.rtcpMac, dst[at:], index|1<<31)
	return append(append(dst, c.word[:]...), mark...)
}

func (c *counter) openRTCP(b []byte) ([]byte, error) {
	end := len(b) - shortTag - 4
	if end < 8 {
		return nil, ErrForged
	}
	word := binary.BigEndian.Uint32(b[end:])
	if subtle.ConstantTimeCompare(b[end+4:], c.mark(c.rtcpMac, b[:end], word)) != 1 || word>>31 == 0 {
		return nil, ErrForged
	}
	c.crypt(c.rtcp, &c.rtcpSalt, b[8:end], b[8:end], binary.BigEndian.Uint32(b[4:]), uint64(word&^(1<<31)))
	return b[:end], nil
}
