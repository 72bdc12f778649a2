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

// index is a copy of all names and places, for search: a word from the middle of a name is found by reading all of them,
// which memory does in a millisecond or two where the table takes 7 to 25 (44,704 bodies; about 350 bytes each).
type index struct {
	version int64
	bodies  []indexed // by level, length of name, code: the order within a class of hits
	at      map[uuid.UUID]int32
}

type indexed struct {
	id                                  uuid.UUID
	code, name, short, pinyin, initials string // names in lower case
	rank, runes                         int
	parents                             [3]int32 // positions, -1 for none: territorial, industrial, primary
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
	rows, err := db.Query(ctx, `select b.id, b.code, b.name, b.short_name, b.pinyin, b.initials, b.level, t.parent_id, i.parent_id, b.primary_line
		from platform.body b
		left join platform.body_parent t on t.body_id = b.id and t.line = 'territorial'
		left join platform.body_parent i on i.body_id = b.id and i.line = 'industrial'`)
	if err != nil {
		return nil, err
	}
	type row struct {
		indexed
		above [3]uuid.NullUUID
	}
	all, err := pgx.CollectRows(rows, func(scan pgx.CollectableRow) (r row, err error) {
		var level, primaryLine string
		err = scan.Scan(&r.id, &r.code, &r.name, &r.short, &r.pinyin, &r.initials, &level, &r.above[0], &r.above[1], &primaryLine)
		r.name, r.short = strings.ToLower(r.name), strings.ToLower(r.short)
		r.rank, r.runes = ranks[level], utf8.RuneCountInString(r.name)
		r.above[2] = r.above[0]
		if primaryLine == industrial {
			r.above[2] = r.above[1]
		}
		return r, err
	})
	if err != nil {
		return nil, err
	}
	slices.SortFunc(all, func(a, b row) int { return a.place().compare(b.place()) })
	x.bodies, x.at = make([]indexed, len(all)), make(map[uuid.UUID]int32, len(all))
	for i := range all {
		x.at[all[i].id] = int32(i)
	}
	for i := range all {
		for line, above := range all[i].above {
			all[i].parents[line] = -1
			if p, ok := x.at[above.UUID]; ok && above.Valid {
				all[i].parents[line] = p
			}
		}
		x.bodies[i] = all[i].indexed
	}
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

// find returns up to n hits that stand behind after, the best first. With bound, only the anchor and what lies below it
// on any line count.
func (x *index) find(query string, n int, after place, more bool, anchor uuid.UUID, bound bool) []hit {
	top, known := x.at[anchor]
	if bound && !known {
		return nil
	}
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
		if more && at.compare(after) <= 0 || bound && !x.below(int32(i), top) {
			continue
		}
		hits[c] = append(hits[c], hit{b.id, at})
	}
	found := slices.Concat(hits[:]...)
	return found[:min(n, len(found))]
}

// below reports whether a body is top or stands under it on any line.
func (x *index) below(body, top int32) bool {
	for line := range 3 {
		for at := body; at >= 0; at = x.bodies[at].parents[line] {
			if at == top {
				return true
			}
		}
	}
	return false
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
