package access_test

import (
	"slices"
	"testing"

	"gonghui/app/module"
	"gonghui/tenant"
	"gonghui/tenant/access"
	accessv1 "gonghui/tenant/access/v1"
	"gonghui/tenant/pgtest"
)

// withDB gives the module what reading groups takes of a host.
type withDB struct {
	module.Host
	db *tenant.DB
}

func (h withDB) DB() *tenant.DB { return h.db }

// groupElsewhere checks what other modules are told of a group with one member: everything for its own body, nothing for another.
func (w *world) groupElsewhere(t *testing.T, own, other *pgtest.Body, group, member string) {
	t.Helper()
	s := access.New(withDB{db: w.DB})
	for _, c := range []struct {
		body *pgtest.Body
		in   *accessv1.NameGroupsRequest
		want int
	}{
		{own, &accessv1.NameGroupsRequest{}, 1},
		{own, &accessv1.NameGroupsRequest{Ids: []string{group}}, 1},
		{own, &accessv1.NameGroupsRequest{Query: "普查"}, 1},
		{own, &accessv1.NameGroupsRequest{Query: "别的"}, 0},
		{own, &accessv1.NameGroupsRequest{AfterId: group}, 0},
		{other, &accessv1.NameGroupsRequest{Ids: []string{group}}, 0},
	} {
		got, err := s.NameGroups(c.body.Ctx, c.in)
		if err != nil || len(got.GetGroups()) != c.want || c.want == 1 && (got.GetGroups()[0].GetId() != group || got.GetGroups()[0].GetMembers() != 1) {
			t.Errorf("%v names %v, %v", c.in, got, err)
		}
	}
	who, err := s.ListGroupIdentities(own.Ctx, &accessv1.ListGroupIdentitiesRequest{GroupId: group})
	if err != nil || !slices.Equal(who.GetIdentityIds(), []string{member}) {
		t.Errorf("in the group: %v, %v", who, err)
	}
	if who, err := s.ListGroupIdentities(own.Ctx, &accessv1.ListGroupIdentitiesRequest{GroupId: group, AfterId: member}); err != nil || len(who.GetIdentityIds()) != 0 {
		t.Errorf("behind the last: %v, %v", who, err)
	}
	if who, err := s.ListGroupIdentities(other.Ctx, &accessv1.ListGroupIdentitiesRequest{GroupId: group}); err != nil || len(who.GetIdentityIds()) != 0 {
		t.Errorf("another body is told %v, %v", who, err)
	}
	if _, err := s.NameGroups(own.Ctx, &accessv1.NameGroupsRequest{Ids: []string{"x"}}); err == nil {
		t.Error("what is no id was taken")
	}
}
