package source

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"gonghui/tenant"
	"gonghui/tenant/access/policy"
)

// Who is the subject whose rows are loaded.
type Who struct {
	Identity, Account, Body uuid.UUID
	Role                    string    // built-in role of the identity
	Ref                     uuid.UUID // the officer's row, when the identity is tied to one
	App                     uuid.UUID // an app that acts by itself; then there is no identity
	// A post or group looked at by itself, for what is granted to it: then there is nobody else.
	Kind string
	ID   uuid.UUID
}

// Name is the subject as rows have it.
func (w Who) Name() string {
	switch {
	case w.Kind != "":
		return w.Kind + ":" + w.ID.String()
	case w.App != uuid.Nil:
		return "app:" + w.App.String()
	}
	return "identity:" + w.Identity.String()
}

// Places are the built-in roles: what a place in a body brings with it.
var Places = map[string]struct {
	Scopes     []string
	Mode, Duty string
	Level      policy.Level
}{
	"admin":          {[]string{"body"}, "both", "", policy.Full},
	"officer":        {[]string{"body"}, "use", "", policy.Full},
	"member":         {[]string{"self"}, "use", "", policy.Full},
	"supervisor":     {[]string{"subtree", "industrial"}, "use", "", policy.Aggregate},
	"system_admin":   {[]string{"body"}, "both", "system", policy.Full},
	"security_admin": {[]string{"body"}, "both", "security", policy.Full},
	"audit_admin":    {[]string{"body"}, "both", "audit", policy.Full},
}

// Replaceable are the built-in roles that a body's own role, or a template from above, of the same code stands in for.
var Replaceable = []string{"officer", "member", "supervisor"}

// Adapter reads what is stored of one subject. It implements no more of casbin's adapter than that: rows are written by the
// services that check them.
type Adapter struct {
	DB tenant.DBTX
	// Entries is what the built-in roles say, by code; Duties whose duty a capability is.
	Entries map[string][]Entry
	Duties  map[string]string
	// Past takes in grants that have run out, for who asks why.
	Past bool
}

// Load returns the rows of a subject, and the ids of all that they depend on: a change of one of these changes the rows.
func (a *Adapter) Load(ctx context.Context, w Who) (*Rows, []uuid.UUID, error) {
	rows, err := NewRows()
	if err != nil {
		return nil, nil, err
	}
	l := &loading{Adapter: a, rows: rows, who: w, depends: []uuid.UUID{w.Identity, w.Account, w.Body, w.App}}
	if w.Ref != uuid.Nil {
		l.depends = append(l.depends, w.Ref)
	}
	grants, err := l.grants(ctx)
	if err != nil {
		return nil, nil, err
	}
	stand, err := l.standIn(ctx)
	if err != nil {
		return nil, nil, err
	}
	names, err := l.roles(ctx, grants, stand)
	if err != nil {
		return nil, nil, err
	}
	if err := l.write(grants, stand, names); err != nil {
		return nil, nil, err
	}
	return rows, l.depends, nil
}

type loading struct {
	*Adapter
	rows    *Rows
	who     Who
	depends []uuid.UUID
}

// stored is a grant as it is kept, with its role by id.
type stored struct {
	Grant
	role *uuid.UUID
}

// grantsSQL finds the ways to a subject, with the grants at their ends. A way without a grant is a row of its own: rights depend
// on it all the same.
const grantsSQL = `
with way as (
	select 'identity'::varchar as kind, $1::uuid as id, null::timestamptz as since, null::timestamptz as until
	union all select 'account', $2::uuid, null, null
	union all select 'app', $5::uuid, null, null
	union all select $7::varchar, $8::uuid, null, null
	union all select 'group', m.group_id, null, null from platform.subject_group_member m where m.identity_id = $1
	union all select 'post', h.post_id, h.valid_from, h.valid_to from platform.post_holder h
		where h.body_id = $3 and h.officer_id = $4 and ($6 or h.valid_to is null or h.valid_to > now())
)
select way.kind, way.id, way.since, way.until, g.id, g.role_id, coalesce(g.capability, ''), coalesce(g.scope, ''),
	coalesce(g.anchor_id, way.id), coalesce(g.depth, 0), coalesce(g.departments, '{}'),
	array(select i.body_id from platform.body_set_item i where i.set_id = g.set_id), g.set_id,
	coalesce(g.level, ''), coalesce(g.effect, '') = 'deny', coalesce(g.mode, ''), g.valid_from, g.valid_to
from way left join platform."grant" g on g.subject_id = way.id and g.subject_kind = way.kind and g.ended_at is null
	and ($6 or g.valid_to is null or g.valid_to > now())
where way.id <> '00000000-0000-0000-0000-000000000000'`

func (l *loading) grants(ctx context.Context) ([]stored, error) {
	rows, err := l.DB.Query(ctx, grantsSQL, l.who.Identity, l.who.Account, l.who.Body, l.who.Ref, l.who.App, l.Past, l.who.Kind, l.who.ID)
	if err != nil {
		return nil, err
	}
	var all []stored
	var kind, level string
	var way uuid.UUID
	var since, until *time.Time
	var id, set *uuid.UUID
	var g stored
	_, err = pgx.ForEachRow(rows, []any{
		&kind, &way, &since, &until, &id, &g.role, &g.Capability, &g.Scope, &g.Anchor, &g.Depth, &g.Departments, &g.Bodies, &set,
		&level, &g.Deny, &g.Mode, &g.From, &g.To,
	}, func() error {
		l.depends = append(l.depends, way)
		if (kind == "group" || kind == "post") && l.who.Identity != uuid.Nil {
			if err := l.rows.Stand(l.who.Identity, kind, way, since, until); err != nil {
				return err
			}
		}
		if kind == "account" {
			if err := l.rows.Stand(l.who.Identity, kind, way, nil, nil); err != nil {
				return err
			}
		}
		if id == nil {
			return nil
		}
		g.ID, g.Kind, g.Subject = *id, kind, way
		g.Level, _ = policy.ParseLevel(level)
		if set != nil {
			l.depends = append(l.depends, *set)
		}
		all = append(all, g)
		g = stored{}
		return nil
	})
	return all, err
}

// standInSQL finds the role that stands in for a built-in one in a body: the locked template from the highest above, else the
// body's own role, else the open template from the nearest above.
const standInSQL = `
select c.ancestor_id, r.id from platform.closure c
left join platform.role r on r.body_id = c.ancestor_id and r.code = $2 and (c.depth = 0 or r.template <> '')
where c.line = 'primary' and c.descendant_id = $1
order by coalesce(r.template = 'locked' and c.depth > 0, false) desc, case when r.template = 'locked' then -c.depth else c.depth end`

func (l *loading) standIn(ctx context.Context) (*uuid.UUID, error) {
	replaceable := false
	for _, code := range Replaceable {
		replaceable = replaceable || code == l.who.Role
	}
	if !replaceable {
		return nil, nil
	}
	rows, err := l.DB.Query(ctx, standInSQL, l.who.Body, l.who.Role)
	if err != nil {
		return nil, err
	}
	var found *uuid.UUID
	var above uuid.UUID
	var role *uuid.UUID
	_, err = pgx.ForEachRow(rows, []any{&above, &role}, func() error {
		l.depends = append(l.depends, above)
		if found == nil && role != nil {
			id := *role
			found = &id
		}
		return nil
	})
	return found, err
}

// rolesSQL reads roles with all that they inherit from.
const rolesSQL = `
with recursive chain as (
	select r.id, r.parent_id from platform.role r where r.id = any($1)
	union select r.id, r.parent_id from chain join platform.role r on r.id = chain.parent_id
)
select r.id, r.body_id is null, r.code, r.parent_id, coalesce(c.capability, ''), coalesce(c.level, ''), coalesce(c.effect, '') = 'deny'
from chain join platform.role r on r.id = chain.id left join platform.role_capability c on c.role_id = r.id`

// roles writes what the roles say and returns how rows name them: built-in ones by their codes.
func (l *loading) roles(ctx context.Context, grants []stored, stand *uuid.UUID) (map[uuid.UUID]string, error) {
	var ids []uuid.UUID
	for _, g := range grants {
		if g.role != nil {
			ids = append(ids, *g.role)
		}
	}
	if stand != nil {
		ids = append(ids, *stand)
	}
	names := map[uuid.UUID]string{}
	if len(ids) == 0 {
		return names, nil
	}
	rows, err := l.DB.Query(ctx, rolesSQL, ids)
	if err != nil {
		return nil, err
	}
	type heir struct{ role, parent uuid.UUID }
	var heirs []heir
	var entries []Entry
	var id uuid.UUID
	var parent *uuid.UUID
	var builtin, deny bool
	var code, capability, level string
	_, err = pgx.ForEachRow(rows, []any{&id, &builtin, &code, &parent, &capability, &level, &deny}, func() error {
		if _, again := names[id]; !again {
			l.depends = append(l.depends, id)
			if names[id] = id.String(); builtin {
				names[id] = code
			}
			if parent != nil {
				heirs = append(heirs, heir{id, *parent})
			}
		}
		if capability != "" {
			e := Entry{Role: names[id], Capability: capability, Deny: deny}
			e.Level, _ = policy.ParseLevel(level)
			entries = append(entries, e)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	for _, e := range entries {
		if err := l.rows.Say(e); err != nil {
			return nil, err
		}
	}
	for _, h := range heirs {
		if err := l.rows.Inherit(names[h.role], names[h.parent]); err != nil {
			return nil, err
		}
	}
	return names, nil
}

// write adds the grants, what comes with the identity's place, and what the built-in roles among them say.
func (l *loading) write(grants []stored, stand *uuid.UUID, names map[uuid.UUID]string) error {
	used := map[string]bool{}
	for _, name := range names {
		used[name] = true
	}
	if Places[l.who.Role].Duty != "" {
		grants = nil // who has one of the three duties has nothing else
	}
	for _, g := range grants {
		if g.role != nil {
			g.Role = names[*g.role]
		}
		if err := l.rows.Grant(g.Grant); err != nil {
			return err
		}
	}
	if place, ok := Places[l.who.Role]; ok && l.who.App == uuid.Nil && l.who.Kind == "" {
		role := l.who.Role
		if stand != nil {
			role = names[*stand]
		}
		for _, scope := range place.Scopes {
			if err := l.place(used, role, place.Mode, scope); err != nil {
				return err
			}
		}
		if place.Duty == "security" {
			if err := l.place(used, Business, "give", place.Scopes[0]); err != nil {
				return err
			}
		}
	}
	for role, entries := range l.Entries {
		if !used[role] {
			continue
		}
		for _, e := range entries {
			if err := l.rows.Say(e); err != nil {
				return err
			}
		}
	}
	for capability, duty := range l.Duties {
		if err := l.rows.Duty(capability, duty); err != nil {
			return err
		}
	}
	return nil
}

// place adds what comes with the identity's place as the grant of a role.
func (l *loading) place(used map[string]bool, role, mode, scope string) error {
	used[role] = true
	p := Places[l.who.Role]
	return l.rows.Grant(Grant{
		Kind: "identity", Subject: l.who.Identity, Role: role, Scope: scope, Anchor: l.who.Body, Level: p.Level, Mode: mode, Duty: p.Duty,
	})
}

// bodiesSQL reads what the index must know of all bodies. They come as they lie: sorting millions of ids is done sooner here than there.
const bodiesSQL = `select b.id, t.parent_id, i.parent_id, b.primary_line = 'industrial', coalesce(p.separated, false)
	from platform.body b
	left join platform.body_parent t on t.body_id = b.id and t.line = 'territorial'
	left join platform.body_parent i on i.body_id = b.id and i.line = 'industrial'
	left join platform.body_policy p on p.body_id = b.id`

// Version counts the changes of the directory and of rights. What is read after it is of this version or a later one.
func (a *Adapter) Version(ctx context.Context) (version int64, err error) {
	err = a.DB.QueryRow(ctx, "select d.version + e.version from platform.directory_version d, platform.access_epoch e").Scan(&version)
	return version, err
}

// Bodies reads all bodies.
func (a *Adapter) Bodies(ctx context.Context) (bodies []policy.Body, err error) {
	rows, err := a.DB.Query(ctx, bodiesSQL)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		b, err := readBody(rows.RawValues())
		if err != nil {
			return nil, err
		}
		bodies = append(bodies, b)
	}
	slices.SortFunc(bodies, func(a, b policy.Body) int { return bytes.Compare(a.ID[:], b.ID[:]) })
	return bodies, rows.Err()
}

// readBody reads a row of bodiesSQL as it came over the wire, ids of 16 bytes and truths of one: there is one for every body of the
// nation.
func readBody(row [][]byte) (b policy.Body, err error) {
	for n, to := range []*uuid.UUID{&b.ID, &b.Territorial, &b.Industrial} {
		if row[n] == nil && n > 0 {
			continue
		}
		if copy(to[:], row[n]) != len(to) {
			return b, fmt.Errorf("access: column %d of the bodies is no id", n)
		}
	}
	for n, to := range []*bool{&b.LedByIndustry, &b.Separated} {
		if len(row[3+n]) != 1 {
			return b, fmt.Errorf("access: column %d of the bodies is no truth", 3+n)
		}
		*to = row[3+n][0] != 0
	}
	return b, nil
}
