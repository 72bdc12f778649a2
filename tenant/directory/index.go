package directory

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"gonghui/tenant"
)

// index is a copy of all names, for search: a word from the middle of a name is found by reading all of them,
// which memory does in a millisecond or two where the table takes 7 to 25 (44,704 bodies; about 350 bytes each).
type index struct {
	version int64
	bodies  []indexed // by level, length of name, code: the order within a class of hits
}

type indexed struct {
	id                                  uuid.UUID
	code, name, short, pinyin, initials string // names in lower case
	rank, runes                         int
}

// ranks of levels, from the top.
var ranks = map[string]int{
	"national": 0, "national_industrial": 1, "province": 2, "city": 3, "county": 4, "town": 5, "village": 6, "grassroots": 7,
}

func loadIndex(ctx context.Context, db tenant.DBTX) (*index, error) {
	x := &index{}
	// The version is read first: a change in between is then read twice rather than missed.
	if err := db.QueryRow(ctx, "select version from platform.directory_version").Scan(&x.version); err != nil {
		return nil, err
	}
	rows, err := db.Query(ctx, "select id, code, name, short_name, pinyin, initials, level from platform.body")
	if err != nil {
		return nil, err
	}
	x.bodies, err = pgx.CollectRows(rows, func(scan pgx.CollectableRow) (b indexed, err error) {
		var level string
		err = scan.Scan(&b.id, &b.code, &b.name, &b.short, &b.pinyin, &b.initials, &level)
		b.name, b.short = strings.ToLower(b.name), strings.ToLower(b.short)
		b.rank, b.runes = ranks[level], utf8.RuneCountInString(b.name)
		return b, err
	})
	if err != nil {
		return nil, err
	}
	slices.SortFunc(x.bodies, func(a, b indexed) int { return a.place().compare(b.place()) })
	return x, nil
}

// place is where a hit stands among others.
type place struct {
	Class, Rank, Runes int
	Code               string
}

func (p place) compare(o place) int {
	return cmp.Or(cmp.Compare(p.Class, o.Class), cmp.Compare(p.Rank, o.Rank), cmp.Compare(p.Runes, o.Runes), cmp.Compare(p.Code, o.Code))
}

func (b *indexed) place() place { return place{0, b.rank, b.runes, b.code} }

// Classes of hits, the best first.
const (
	hitExact = iota
	hitHead
	hitMiddle
	miss
)

type hit struct {
	id uuid.UUID
	at place
}

// find returns up to n hits that stand behind after, the best first. With sees, only bodies that it takes count.
func (x *index) find(query string, n int, after place, more bool, sees func(uuid.UUID) bool) []hit {
	class := (*indexed).chinese
	if isLatin(query) {
		class = (*indexed).latin
	}
	var hits [miss][]hit
	for i := range x.bodies {
		b := &x.bodies[i]
		c := class(b, query)
		if c == miss || len(hits[c]) == n {
			continue
		}
		at := b.place()
		at.Class = c
		if more && at.compare(after) <= 0 || sees != nil && !sees(b.id) {
			continue
		}
		hits[c] = append(hits[c], hit{b.id, at})
	}
	found := slices.Concat(hits[:]...)
	return found[:min(n, len(found))]
}

func (b *indexed) chinese(q string) int {
	switch {
	case b.name == q || b.short == q:
		return hitExact
	case strings.HasPrefix(b.name, q) || strings.HasPrefix(b.short, q):
		return hitHead
	case strings.Contains(b.name, q) || strings.Contains(b.short, q):
		return hitMiddle
	}
	return miss
}

func (b *indexed) latin(q string) int {
	switch {
	case b.code == q || b.initials == q || b.pinyin == q || b.name == q:
		return hitExact
	case strings.HasPrefix(b.code, q) || strings.HasPrefix(b.initials, q) || strings.HasPrefix(b.pinyin, q) || strings.HasPrefix(b.name, q):
		return hitHead
	case strings.Contains(b.initials, q) || strings.Contains(b.pinyin, q) || strings.Contains(b.name, q):
		return hitMiddle
	}
	return miss
}

func isLatin(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r >= utf8.RuneSelf })
}
