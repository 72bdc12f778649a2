// Package source holds policy as casbin has it: the model, the rows that belong to one subject, and what a casbin enforcer needs
// to answer from them. [Compiled] reads a policy out of casbin's model for package policy, which answers in the product; the
// enforcer answers the same questions by the rows alone, and is what the compiled answers are measured against.
package source

import (
	_ "embed"
	"sync"
	"time"

	"github.com/casbin/casbin/v2/model"
)

//go:embed model.conf
var conf string

var parsed = sync.OnceValues(func() (model.Model, error) { return model.NewModelFromString(conf) })

// NewModel is the model without rows.
func NewModel() (model.Model, error) {
	m, err := parsed()
	if err != nil {
		return nil, err
	}
	return m.Copy(), nil
}

// Fields of p.
const (
	pSub = iota
	pWhat
	pScope
	pAnchor
	pDepth
	pBodies
	pDepartments
	pLevel
	pEffect
	pMode
	pSince
	pUntil
	pDuty
	pID
	pEft
)

// Edges of time.
const (
	always = "0000-01-01T00:00:00.000000Z"
	never  = "9999-12-31T23:59:59.999999Z"
	layout = "2006-01-02T15:04:05.000000Z"
)

// Moment writes a moment as rows have it.
func Moment(t time.Time) string { return t.UTC().Format(layout) }

// since and until write the edges of a validity; nil is open.
func since(t *time.Time) string {
	if t == nil {
		return always
	}
	return Moment(*t)
}

func until(t *time.Time) string {
	if t == nil {
		return never
	}
	return Moment(*t)
}

// Names of subjects and of what is granted, so that ids of one kind are never taken for those of another.
const (
	roleName       = "role:"
	capabilityName = "may:"
)

// Business is the role of all capabilities that are nobody's duty. Nobody is given it; the security administrator holds it to
// give.
const Business = "business"
