package access

import (
	"context"

	"github.com/google/uuid"

	"gonghui/tenant"
	"gonghui/tenant/access/policy"
	"gonghui/tenant/access/source"
)

// giver is who acts, as one who gives rights on: by the rows as they are in the transaction, not by what is kept.
type giver struct {
	tree   *tree
	policy *policy.Policy
	who    source.Who
}

// giver reads the policy of the subject of the context. The index of bodies may be as old as news takes; a body that it does not
// know yet lies in nobody's scope.
func (e *Engine) giver(ctx context.Context, db tenant.DBTX) (*giver, error) {
	s := tenant.SubjectFrom(ctx)
	if s == nil {
		return nil, errSession
	}
	g := &giver{tree: e.trees.Load(), who: whoOf(s)}
	var err error
	if g.tree == nil {
		if g.tree, err = e.readTree(ctx); err != nil {
			return nil, err
		}
	}
	g.policy, _, err = load(ctx, db, g.who)
	return g, err
}

// beyond names where a term goes beyond what the giver holds to give.
func (g *giver) beyond(capability int32, t policy.Term) string {
	ix := g.tree.Index
	if _, known := ix.Position(g.who.Body); !known {
		ix = policy.NewIndex([]policy.Body{{ID: g.who.Body}})
	}
	return policy.Beyond(ix, g.policy, g.who.Body, capability, t)
}

// separated reports whether a body keeps its three administrators apart.
func (g *giver) separated(body uuid.UUID) bool {
	at, ok := g.tree.Position(body)
	return ok && g.tree.Separated(at)
}
