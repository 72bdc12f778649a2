package directory

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"gonghui/app/kit/pinyin"
	"gonghui/tenant"
	"gonghui/tenant/directory/division"
	"gonghui/tenant/rollup/figure"
)

// seedChunk is how many bodies are written in a transaction: long enough to be fast, short enough to let the drainer in.
const seedChunk = 2000

// Seed adds the bodies that the directory does not have yet and returns how many they were. Bodies that are there stay as
// they are, wherever they have been moved. A parent must be there or among bodies.
func Seed(ctx context.Context, db *tenant.DB, bodies []division.Body, progress func(done, total int)) (added int, err error) {
	ordered, err := parentsFirst(bodies)
	if err != nil {
		return 0, err
	}
	for done := 0; done < len(ordered); {
		chunk := ordered[done:min(done+seedChunk, len(ordered))]
		var n int
		err := db.Platform(ctx, func(ctx context.Context, db tenant.DBTX) (err error) {
			n, err = seed(ctx, db, chunk)
			return err
		})
		if err != nil {
			return added, fmt.Errorf("seed bodies from %s: %w", chunk[0].Code, err)
		}
		added += n
		done += len(chunk)
		if progress != nil {
			progress(done, len(ordered))
		}
	}
	return added, nil
}

// parentsFirst orders bodies so that a parent comes before what lies under it. Parents outside bodies do not count.
func parentsFirst(bodies []division.Body) ([]division.Body, error) {
	at := make(map[string]int, len(bodies))
	for i, b := range bodies {
		at[b.Code] = i
	}
	const (
		open = 1 + iota
		done
	)
	state := make([]int8, len(bodies))
	ordered := make([]division.Body, 0, len(bodies))
	var visit func(i int) error
	visit = func(i int) error {
		switch state[i] {
		case open:
			return fmt.Errorf("seed: body %s lies below itself", bodies[i].Code)
		case done:
			return nil
		}
		state[i] = open
		for _, parent := range []string{bodies[i].Parent, bodies[i].IndustrialParent} {
			if j, ok := at[parent]; ok {
				if err := visit(j); err != nil {
					return err
				}
			}
		}
		state[i] = done
		ordered = append(ordered, bodies[i])
		return nil
	}
	for i := range bodies {
		if err := visit(i); err != nil {
			return nil, err
		}
	}
	return ordered, nil
}

func seed(ctx context.Context, db tenant.DBTX, bodies []division.Body) (int, error) {
	if err := figure.Lock(ctx, db); err != nil {
		return 0, err
	}
	bodies, err := missing(ctx, db, bodies)
	if err != nil || len(bodies) == 0 {
		return 0, err
	}
	n := len(bodies)
	ids := make([]uuid.UUID, n)
	code, name, short, full, initials, level, kind, div, line, parent, parentInd := column(n), column(n), column(n), column(n), column(n),
		column(n), column(n), column(n), column(n), column(n), column(n)
	for i, b := range bodies {
		ids[i] = tenant.NewID()
		code[i], name[i], short[i], full[i], initials[i] = b.Code, b.Name, b.ShortName, spelled(b.Name), pinyin.Initials(b.Name)
		level[i], kind[i], div[i], line[i], parent[i], parentInd[i] = b.Level, b.Kind, b.DivisionCode, b.PrimaryLine, b.Parent, b.IndustrialParent
	}
	if _, err := db.Exec(ctx, `insert into platform.body (id, code, name, short_name, pinyin, initials, level, kind, division_code, primary_line)
		select b.id, b.code, b.name, b.short_name, b.pinyin, b.initials, b.level, b.kind, b.division_code, b.primary_line
		from unnest($1::uuid[], $2::varchar[], $3::varchar[], $4::varchar[], $5::varchar[], $6::varchar[], $7::varchar[],
			$8::varchar[], $9::varchar[], $10::varchar[])
			b(id, code, name, short_name, pinyin, initials, level, kind, division_code, primary_line)`, ids, code, name, short, full, initials, level, kind, div, line); err != nil {
		return 0, err
	}
	if err := seedParents(ctx, db, ids, territorial, parent); err != nil {
		return 0, err
	}
	if err := seedParents(ctx, db, ids, industrial, parentInd); err != nil {
		return 0, err
	}
	if _, err := db.Exec(ctx, seedClosureSQL, ids); err != nil {
		return 0, err
	}
	if _, err := db.Exec(ctx, seedFiguresSQL, ids); err != nil {
		return 0, err
	}
	return n, changed(ctx, db)
}

func column(n int) []string { return make([]string, n) }

// missing leaves out the bodies that are there.
func missing(ctx context.Context, db tenant.DBTX, bodies []division.Body) ([]division.Body, error) {
	codes := column(len(bodies))
	for i, b := range bodies {
		codes[i] = b.Code
	}
	var have []string
	if err := db.QueryRow(ctx, "select array(select code from platform.body where code = any($1))", codes).Scan(&have); err != nil {
		return nil, err
	}
	there := make(map[string]bool, len(have))
	for _, code := range have {
		there[code] = true
	}
	rest := make([]division.Body, 0, len(bodies)-len(have))
	for _, b := range bodies {
		if !there[b.Code] {
			rest = append(rest, b)
		}
	}
	return rest, nil
}

func seedParents(ctx context.Context, db tenant.DBTX, ids []uuid.UUID, line string, parents []string) error {
	var want int64
	for _, p := range parents {
		if p != "" {
			want++
		}
	}
	tag, err := db.Exec(ctx, `insert into platform.body_parent (body_id, line, parent_id)
		select c.id, $2, p.id from unnest($1::uuid[], $3::varchar[]) c(id, parent) join platform.body p on p.code = c.parent`, ids, line, parents)
	if err == nil && tag.RowsAffected() != want {
		err = fmt.Errorf("%d bodies name a %s parent that does not exist", want-tag.RowsAffected(), line)
	}
	return err
}

// seedClosureSQL climbs from new bodies on every line at once; led is the line that leads on from an ancestor. Nothing lies
// below a new body but new ones. With LIMIT each step is a look-up by key, however large the directory already is.
const seedClosureSQL = `
with recursive up as (
	select l as line, b.id as descendant_id, b.id as ancestor_id, 0 as depth, case l when 'primary' then b.primary_line else l end as led
	from unnest($1::uuid[]) id join platform.body b using (id), unnest('{primary, territorial, industrial}'::varchar[]) l
	union all
	select u.line, u.descendant_id, above.id, u.depth + 1, above.led from up u cross join lateral (
		select b.id, case u.line when 'primary' then b.primary_line else u.line end as led
		from platform.body_parent p join platform.body b on b.id = p.parent_id
		where p.body_id = u.ancestor_id and p.line = u.led limit 1
	) above
)
insert into platform.closure (line, ancestor_id, descendant_id, depth) select line, ancestor_id, descendant_id, depth from up`

const seedFiguresSQL = `with own as (select id as body_id, 'directory.bodies' as metric, 1 as n from unnest($1::uuid[]) id)` +
	figure.Up + figure.Days
