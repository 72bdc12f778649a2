// Package chain is the arithmetic of a sealed trail: a keyed digest for each row, links that tie the rows in their order, and
// signed heads that say how long the trail is. It knows no database.
//
// A row's digest needs the key, so whoever holds the database alone can neither change a row nor add one. A link ties a
// digest to all that came before it. A head signs how many rows there are and the last link, so an end that was cut off
// shows wherever a head was kept.
package chain

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"hash"
	"time"

	"github.com/google/uuid"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
)

// Sum is an SHA-256 or an HMAC with it.
type Sum [sha256.Size]byte

// Key makes digests that nobody else can make.
type Key []byte

// Derive makes the key of trails from the stable secret of a key file. It stays the same over rotations of that file.
func Derive(secret []byte) Key {
	mac := hmac.New(sha256.New, secret)
	mac.Write([]byte("audit trail 1"))
	return mac.Sum(nil)
}

// Row is what a row of a trail says. All of it goes into the digest.
type Row struct {
	ID       uuid.UUID
	At       time.Time // microseconds count, as in the database
	Account  *uuid.UUID
	Identity *uuid.UUID
	Who      string // name of who acted, as it was then
	Role     string // role of the identity in use
	Anchor   string // code of the body where that role is anchored
	Body     string // code of the body on whose host it was done; in the shared trail only
	Act      string // "member.create"
	Kind     string // kind of the object: "member"
	Object   string
	Result   string // ok | refused
	Reason   string
	Changed  string // names of the changed fields, as JSON
	Before   string // digests of the object's state
	After    string
	Source   string // address of the caller
	Request  string
}

// Row is the digest of a row of a trail. It is bound to the trail, so a row cannot be carried into another one.
func (k Key) Row(trail string, r *Row) Sum {
	w := k.writer("row")
	w.text(trail)
	w.raw(r.ID[:])
	w.number(uint64(r.At.UnixMicro()))
	for _, id := range []*uuid.UUID{r.Account, r.Identity} {
		if id == nil {
			w.raw(nil)
		} else {
			w.raw(id[:])
		}
	}
	for _, s := range []string{
		r.Who, r.Role, r.Anchor, r.Body, r.Act, r.Kind, r.Object, r.Result, r.Reason, r.Changed, r.Before, r.After, r.Source, r.Request,
	} {
		w.text(s)
	}
	return w.sum()
}

// Link ties the row that stands at place seq, counted from 1, to the link before it. It needs no key: anybody can follow a
// chain whose digests he was given.
func Link(before Sum, seq int64, id uuid.UUID, digest Sum) Sum {
	w := writer{sha256.New()}
	w.text("link")
	w.raw(before[:])
	w.number(uint64(seq))
	w.raw(id[:])
	w.raw(digest[:])
	return w.sum()
}

// Head says how far a trail had come at a moment.
type Head struct {
	Trail string // code of the body; empty for the shared trail
	Count int64  // rows so far
	Hash  Sum    // the last link
	At    time.Time
}

// Head signs a head.
func (k Key) Head(h Head) Sum {
	w := k.writer("head")
	w.text(h.Trail)
	w.number(uint64(h.Count))
	w.raw(h.Hash[:])
	w.number(uint64(h.At.UnixMicro()))
	return w.sum()
}

// Checkpoint says that the rows First to Last of a trail lie in a file, and how the chain goes on from there.
type Checkpoint struct {
	Trail        string
	First, Last  int64
	Before, Hash Sum // the link before the first row, and that of the last
	File         Sum // SHA-256 of the file
	Size         int64
	At           time.Time
}

// Checkpoint signs a checkpoint.
func (k Key) Checkpoint(c Checkpoint) Sum {
	w := k.writer("checkpoint")
	w.text(c.Trail)
	w.number(uint64(c.First))
	w.number(uint64(c.Last))
	w.raw(c.Before[:])
	w.raw(c.Hash[:])
	w.raw(c.File[:])
	w.number(uint64(c.Size))
	w.number(uint64(c.At.UnixMicro()))
	return w.sum()
}

// State is the digest of an object's state, 43 characters: equal for equal states of one object, and telling nothing else.
// A nil state, before a creation or after a removal, has none.
func (k Key) State(kind, object string, state any) string {
	if state == nil {
		return ""
	}
	raw, err := Canonical(state)
	if err != nil {
		panic(err) // states are plain values of ours
	}
	w := k.writer("state")
	w.text(kind)
	w.text(object)
	w.raw(raw)
	s := w.sum()
	return base64.RawURLEncoding.EncodeToString(s[:])
}

// Canonical is the one form of a state as JSON: names sorted, no space between, numbers as they were written. A message is taken as
// protobuf says it in JSON, anything else as encoding/json does.
func Canonical(state any) ([]byte, error) {
	var raw []byte
	var err error
	if m, ok := state.(proto.Message); ok {
		raw, err = protojson.Marshal(m)
	} else {
		raw, err = json.Marshal(state)
	}
	if err != nil {
		return nil, err
	}
	read := json.NewDecoder(bytes.NewReader(raw))
	read.UseNumber()
	var plain any
	if err := read.Decode(&plain); err != nil {
		return nil, err
	}
	var out bytes.Buffer
	write := json.NewEncoder(&out)
	write.SetEscapeHTML(false)
	err = write.Encode(plain)
	return bytes.TrimSuffix(out.Bytes(), []byte("\n")), err
}

// Equal compares without telling by its time where two sums differ.
func (s Sum) Equal(o Sum) bool { return hmac.Equal(s[:], o[:]) }

// writer takes fields with their lengths, so that no two rows read the same.
type writer struct{ hash.Hash }

func (k Key) writer(what string) writer {
	w := writer{hmac.New(sha256.New, k)}
	w.text(what)
	return w
}

func (w writer) number(n uint64) {
	var b [8]byte
	binary.BigEndian.PutUint64(b[:], n)
	_, _ = w.Write(b[:])
}

func (w writer) raw(b []byte) {
	w.number(uint64(len(b)))
	_, _ = w.Write(b)
}

func (w writer) text(s string) { w.raw([]byte(s)) }

func (w writer) sum() (s Sum) {
	w.Hash.Sum(s[:0])
	return s
}
