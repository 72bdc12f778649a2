package tenant

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"
)

// Noun is a kind of objects whose acts are recorded with the object's state. State reads one of them as a single jsonb value: no row,
// or null, where there is none. Its $1 and on are the keys by which the object is called. Figures that change by themselves (when it
// was last seen, how often it was used) have no place in it.
type Noun struct{ Kind, State string }

// Seen is an object as it was before an act.
type Seen struct {
	noun  Noun
	keys  []any
	state json.RawMessage
}

// See reads the state of an object that an act is about to change. Who changes it holds its lock already, or locks it by the query.
func (n Noun) See(ctx context.Context, db DBTX, keys ...any) (Seen, error) {
	s := Seen{noun: n, keys: keys}
	err := db.QueryRow(ctx, n.State, keys...).Scan((*[]byte)(&s.state))
	if errors.Is(err, pgx.ErrNoRows) {
		err = nil
	}
	if err != nil {
		err = fmt.Errorf("state of %s: %w", n.Kind, err)
	}
	return s, err
}

// State is what was seen, for an act that is recorded by hand; nil where there was nothing.
func (s Seen) State() any {
	if s.state == nil {
		return nil
	}
	return s.state
}

// Changed records an act that has changed the object: with its state before and after, and the names of what differs where the act
// names nothing itself.
func (s Seen) Changed(ctx context.Context, db DBTX, a Act) error {
	if err := s.Into(ctx, db, &a); err != nil {
		return err
	}
	record(ctx, db, a)
	return nil
}

// Into is Changed for an act that is recorded in more than one trail: it fills in what the act has done, and records nothing.
func (s Seen) Into(ctx context.Context, db DBTX, a *Act) error {
	now, err := s.noun.See(ctx, db, s.keys...)
	if err != nil {
		return err
	}
	if a.Changed == nil && s.state != nil {
		a.Changed = differing(s.state, now.state)
	}
	s.noun.fill(a, s.keys, s.state, now.state)
	return nil
}

// Made records an act that has made the object, with its state.
func (n Noun) Made(ctx context.Context, db DBTX, a Act, keys ...any) error {
	s, err := n.See(ctx, db, keys...)
	if err != nil {
		return err
	}
	n.fill(&a, keys, nil, s.state)
	record(ctx, db, a)
	return nil
}

// Gone records an act that is about to remove the object, with the state that it leaves.
func (n Noun) Gone(ctx context.Context, db DBTX, a Act, keys ...any) error {
	s, err := n.See(ctx, db, keys...)
	if err == nil {
		s.Gone(ctx, db, a)
	}
	return err
}

// Gone records an act that has removed the object.
func (s Seen) Gone(ctx context.Context, db DBTX, a Act) {
	s.noun.fill(&a, s.keys, s.state, nil)
	record(ctx, db, a)
}

// fill says on what an act was done: the object's kind, its first key unless the act names it otherwise, and its states.
func (n Noun) fill(a *Act, keys []any, before, after json.RawMessage) {
	a.Kind = n.Kind
	if a.Object == "" {
		a.Object = fmt.Sprint(keys[0])
	}
	if before != nil {
		a.Before = before
	}
	if after != nil {
		a.After = after
	}
}

// record puts an act into the trail of the door in which it was done.
func record(ctx context.Context, db DBTX, a Act) {
	if trail, _ := db.trail(); trail == "" {
		AuditPlatform(ctx, db, a)
		return
	}
	Audit(ctx, db, a)
}

// differing are the names by which two states differ, sorted; none where one of them is no object.
func differing(before, after json.RawMessage) (names []string) {
	var old, young map[string]json.RawMessage
	if json.Unmarshal(before, &old) != nil || json.Unmarshal(after, &young) != nil {
		return nil
	}
	for name, is := range young {
		if was, ok := old[name]; !ok || !bytes.Equal(was, is) {
			names = append(names, name)
		}
	}
	for name := range old {
		if _, ok := young[name]; !ok {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}
