package audit

import (
	"cmp"
	"context"
	"encoding/hex"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"gonghui/app/kit/chain"
	"gonghui/tenant"
)

// Hex is a sum that reads as hexadecimal digits.
type Hex []byte

// MarshalText implements encoding.TextMarshaler.
func (h Hex) MarshalText() ([]byte, error) { return []byte(hex.EncodeToString(h)), nil }

// UnmarshalText implements encoding.TextUnmarshaler.
func (h *Hex) UnmarshalText(text []byte) (err error) {
	*h, err = hex.DecodeString(string(text))
	return err
}

func (h Hex) sum() (s chain.Sum) {
	if len(h) == len(s) {
		copy(s[:], h)
	}
	return s
}

// Kept is a signed head as it can be kept outside the database: a later verification can be held against it.
type Kept struct {
	Trail string    `json:"trail"` // code of the body; empty for the shared trail
	Count int64     `json:"count"` // rows so far
	Hash  Hex       `json:"hash"`
	At    time.Time `json:"at"`
	Sign  Hex       `json:"sign"`
}

func (k *Kept) hash() chain.Sum { return k.Hash.sum() }

func (k *Kept) valid(key chain.Key) bool {
	return len(k.Sign) > 0 && k.Sign.sum().Equal(key.Head(chain.Head{Trail: k.Trail, Count: k.Count, Hash: k.hash(), At: k.At}))
}

// String is a head in one line, to be noted down: count, time, hash and signature, parted by colons.
func (k *Kept) String() string {
	if k.Count == 0 {
		return ""
	}
	return fmt.Sprintf("%d:%d:%x:%x", k.Count, k.At.UnixMicro(), []byte(k.Hash), []byte(k.Sign))
}

// ParseHead reads what String wrote of a head of the trail.
func ParseHead(trail, line string) (Kept, bool) {
	p := strings.Split(strings.TrimSpace(line), ":")
	if len(p) != 4 {
		return Kept{}, false
	}
	count, err1 := strconv.ParseInt(p[0], 10, 64)
	at, err2 := strconv.ParseInt(p[1], 10, 64)
	hash, err3 := hex.DecodeString(p[2])
	sign, err4 := hex.DecodeString(p[3])
	if err1 != nil || err2 != nil || err3 != nil || err4 != nil || count < 1 || len(hash) != len(chain.Sum{}) || len(sign) != len(chain.Sum{}) {
		return Kept{}, false
	}
	return Kept{Trail: trail, Count: count, Hash: hash, At: time.UnixMicro(at).UTC(), Sign: sign}, true
}

func sortKept(all []Kept) {
	slices.SortStableFunc(all, func(a, b Kept) int { return cmp.Compare(a.Count, b.Count) })
}

func headsOf(ctx context.Context, tx tenant.DBTX, trail string, after, upto int64) ([]Kept, error) {
	rows, err := tx.Query(ctx, `select trail, count, hash, at, sign from platform.audit_head
		where trail = $1 and count > $2 and count <= $3 order by count`, trail, after, upto)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, scanKept)
}

func scanKept(rows pgx.CollectableRow) (k Kept, err error) {
	err = rows.Scan(&k.Trail, &k.Count, (*[]byte)(&k.Hash), &k.At, (*[]byte)(&k.Sign))
	return k, err
}

func lastHead(ctx context.Context, tx tenant.DBTX, trail string) (k Kept, err error) {
	err = tx.QueryRow(ctx, `select trail, count, hash, at, sign from platform.audit_head where trail = $1 order by count desc limit 1`, trail).
		Scan(&k.Trail, &k.Count, (*[]byte)(&k.Hash), &k.At, (*[]byte)(&k.Sign))
	return k, err
}

// Heads returns the last head of every trail, of one page of trails: those that come after the given one.
func Heads(ctx context.Context, db *tenant.DB, after string, first bool) (heads []Kept, err error) {
	err = db.Platform(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		rows, err := tx.Query(ctx, `with recursive trails (trail) as (
				(select trail from platform.audit_head where $2 or trail > $1 order by trail limit 1)
				union all
				select (select h.trail from platform.audit_head h where h.trail > t.trail order by h.trail limit 1) from trails t where t.trail is not null
			)
			select h.trail, h.count, h.hash, h.at, h.sign from (select trail from trails where trail is not null limit $3) t,
				lateral (select trail, count, hash, at, sign from platform.audit_head where trail = t.trail order by count desc limit 1) h`,
			after, first, chunk)
		if err != nil {
			return err
		}
		heads, err = pgx.CollectRows(rows, scanKept)
		return err
	})
	return heads, err
}

// AllHeads calls f with the last head of every trail.
func AllHeads(ctx context.Context, db *tenant.DB, f func(Kept) error) error {
	for after, first := "", true; ; first = false {
		heads, err := Heads(ctx, db, after, first)
		if err != nil || len(heads) == 0 {
			return err
		}
		for _, k := range heads {
			if err := f(k); err != nil {
				return err
			}
		}
		after = heads[len(heads)-1].Trail
	}
}

// Part is a part of a trail that lies in a file. It takes the place of its rows in the chain.
type Part struct {
	Trail  string    `json:"trail"`
	First  int64     `json:"first"`
	Last   int64     `json:"last"`
	Before Hex       `json:"before"` // the link before the first row
	Hash   Hex       `json:"hash"`   // the link of the last row
	From   time.Time `json:"from"`   // times of the first and the last row
	To     time.Time `json:"to"`
	File   string    `json:"file"`
	Size   int64     `json:"size"`
	SHA256 Hex       `json:"sha256"`
	At     time.Time `json:"at"`
	Sign   Hex       `json:"sign"`
}

func (p *Part) before() chain.Sum { return p.Before.sum() }
func (p *Part) hash() chain.Sum   { return p.Hash.sum() }

func (p *Part) valid(key chain.Key, trail string) bool {
	return len(p.Sign) > 0 && p.Sign.sum().Equal(p.sign(key, trail))
}

func (p *Part) sign(key chain.Key, trail string) chain.Sum {
	return key.Checkpoint(chain.Checkpoint{
		Trail: trail, First: p.First, Last: p.Last, Before: p.before(), Hash: p.hash(), File: p.SHA256.sum(), Size: p.Size, At: p.At,
	})
}

func partsOf(ctx context.Context, tx tenant.DBTX, trail string) ([]Part, error) {
	rows, err := tx.Query(ctx, `select trail, first_seq, last_seq, before, hash, from_at, to_at, file, size, sha256, at, sign
		from platform.audit_archive where trail = $1 order by last_seq`, trail)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, scanPart)
}

func scanPart(rows pgx.CollectableRow) (p Part, err error) {
	err = rows.Scan(&p.Trail, &p.First, &p.Last, (*[]byte)(&p.Before), (*[]byte)(&p.Hash), &p.From, &p.To, &p.File, &p.Size, (*[]byte)(&p.SHA256), &p.At, (*[]byte)(&p.Sign))
	return p, err
}
