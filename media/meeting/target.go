package meeting

import (
	"context"
	"encoding/json"
	"slices"
	"strings"

	"github.com/google/uuid"

	identityv1 "gonghui/app/identity/v1"
	"gonghui/app/kit/field"
	"gonghui/media/meeting/internal/db"
	"gonghui/media/meeting/live"
	meetingv1 "gonghui/media/meeting/v1"
	"gonghui/tenant"
	accessv1 "gonghui/tenant/access/v1"
	directoryv1 "gonghui/tenant/directory/v1"
)

// Kinds of targets.
const (
	toGroup   = "group"
	toBody    = "body"
	toSubtree = "subtree"
)

// resolveJob looks again who is in the groups that are invited, when the meeting begins.
const resolveJob = "meeting.resolve"

// target is whom an invitation reaches beyond those named.
type target struct {
	id               uuid.UUID
	kind, code, name string
	role             string
	members          members // of a group
}

// members are who is in a group, and how they are called.
type members struct {
	ids   []uuid.UUID
	names []string
}

// readTargets looks up whom a plan reaches beyond those named.
func (s *Service) readTargets(ctx context.Context, p *plan) error {
	var groups, codes []string
	for _, in := range p.GetTargets() {
		if in.GetKind() == toGroup {
			groups = append(groups, strings.ToLower(in.GetGroupId()))
		} else {
			codes = append(codes, in.GetBodyCode())
		}
	}
	if err := s.readGroups(ctx, p, groups); err != nil {
		return err
	}
	if err := s.readBodies(ctx, p, codes); err != nil {
		return err
	}
	ids := map[uuid.UUID]bool{}
	people := len(p.identities)
	for _, t := range p.targets {
		if ids[t.id] {
			return errTargetTwice
		}
		ids[t.id] = true
		people += len(t.members.ids)
	}
	if people > mostPeople {
		return errTargetMany
	}
	return nil
}

func (s *Service) readGroups(ctx context.Context, p *plan, groups []string) error {
	if len(groups) == 0 {
		return nil
	}
	for _, id := range groups {
		if _, err := field.ID("plan.targets", id); err != nil {
			return err
		}
	}
	found, err := accessv1.NewGroupServiceClient(s.conn("access")).NameGroups(ctx, &accessv1.NameGroupsRequest{Ids: groups, Size: 200})
	if err != nil {
		return err
	}
	names := map[string]string{}
	for _, g := range found.GetGroups() {
		names[g.GetId()] = g.GetName()
	}
	for _, in := range p.GetTargets() {
		if in.GetKind() != toGroup {
			continue
		}
		id := strings.ToLower(in.GetGroupId())
		name, ok := names[id]
		if !ok {
			return errGroup
		}
		t := target{id: uuid.MustParse(id), kind: toGroup, name: name, role: in.GetRole()}
		if t.members, err = s.membersOf(ctx, t.id); err != nil {
			return err
		}
		p.targets = append(p.targets, t)
	}
	return nil
}

func (s *Service) readBodies(ctx context.Context, p *plan, codes []string) error {
	if len(codes) == 0 {
		return nil
	}
	found, err := directoryv1.NewReachServiceClient(s.conn("directory")).NameBodies(ctx, &directoryv1.NameBodiesRequest{Codes: codes})
	if err != nil {
		return err
	}
	for _, in := range p.GetTargets() {
		if in.GetKind() == toGroup {
			continue
		}
		n := slices.IndexFunc(found.GetBodies(), func(b *directoryv1.ReachedBody) bool { return b.GetCode() == in.GetBodyCode() })
		switch {
		case n < 0:
			return errBody
		case in.GetKind() == toBody && in.GetBodyCode() == tenant.From(ctx).Code:
			return errOwnBody
		case in.GetKind() == toSubtree && !found.GetBodies()[n].GetWithin():
			return errNotBelow
		}
		b := found.GetBodies()[n]
		id, err := uuid.Parse(b.GetId())
		if err != nil {
			return err
		}
		p.targets = append(p.targets, target{id: id, kind: in.GetKind(), code: b.GetCode(), name: b.GetName(), role: in.GetRole()})
	}
	return nil
}

// membersOf are those of a group who have a place in the body now; more than may come to a meeting are not looked at.
func (s *Service) membersOf(ctx context.Context, group uuid.UUID) (all members, err error) {
	const size = 500
	after := ""
	for len(all.ids) <= mostPeople {
		in, err := accessv1.NewGroupServiceClient(s.conn("access")).ListGroupIdentities(ctx, &accessv1.ListGroupIdentitiesRequest{
			GroupId: group.String(), AfterId: after, Size: size,
		})
		if err != nil || len(in.GetIdentityIds()) == 0 {
			return all, err
		}
		placed, err := identityv1.NewPeopleServiceClient(s.conn("identity")).ListPeople(ctx, &identityv1.ListPeopleRequest{IdentityIds: in.GetIdentityIds()})
		if err != nil {
			return all, err
		}
		for _, who := range placed.GetPeople() {
			id, err := uuid.Parse(who.GetIdentityId())
			if err != nil {
				return all, err
			}
			all.ids, all.names = append(all.ids, id), append(all.names, who.GetName())
		}
		if len(in.GetIdentityIds()) < size {
			break
		}
		after = in.GetIdentityIds()[size-1]
	}
	return all, nil
}

// readAway finds those of other bodies among who is invited by name: they have been at a meeting here before.
func (s *Service) readAway(ctx context.Context, ids []uuid.UUID) (map[uuid.UUID]db.KnownAwayRow, error) {
	away := map[uuid.UUID]db.KnownAwayRow{}
	if len(ids) == 0 {
		return away, nil
	}
	err := s.db.Snapshot(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		rows, err := s.sql.KnownAway(ctx, tx, db.KnownAwayParams{Own: tenant.From(ctx).Code, Identities: ids, Size: int32(len(ids))})
		for _, r := range rows {
			away[r.IdentityID] = r
		}
		return err
	})
	return away, err
}

// invite writes who is invited in the place of who was, and has it told to other bodies. series: the same is told of all times of a
// recurring meeting at once, by who calls this for the last of them.
func (s *Service) invite(ctx context.Context, tx tenant.DBTX, id uuid.UUID, p *plan) error {
	if err := s.sql.ClearInvitees(ctx, tx, id); err != nil {
		return err
	}
	if err := s.sql.ClearTargets(ctx, tx, id); err != nil {
		return err
	}
	if len(p.identities) > 0 {
		_, err := s.sql.InsertInvitees(ctx, tx, db.InsertInviteesParams{MeetingID: id, Identities: p.identities, Names: p.names, Roles: p.roles, Homes: p.homes})
		if err != nil {
			return err
		}
	}
	if len(p.targets) > 0 {
		arg := db.InsertTargetsParams{MeetingID: id}
		for _, t := range p.targets {
			arg.Ids, arg.Kinds, arg.Codes = append(arg.Ids, t.id), append(arg.Kinds, t.kind), append(arg.Codes, t.code)
			arg.Names, arg.Roles = append(arg.Names, t.name), append(arg.Roles, t.role)
		}
		if err := s.sql.InsertTargets(ctx, tx, arg); err != nil {
			return err
		}
	}
	for _, t := range p.targets {
		if _, err := s.inviteGroup(ctx, tx, id, &t.id, t.role, t.members); err != nil {
			return err
		}
	}
	return s.inviteSubstitutes(ctx, tx, id)
}

func (s *Service) inviteGroup(ctx context.Context, tx tenant.DBTX, id uuid.UUID, group *uuid.UUID, role string, who members) (int64, error) {
	if len(who.ids) == 0 {
		return 0, nil
	}
	return s.sql.InsertInvitees(ctx, tx, db.InsertInviteesParams{
		MeetingID: id, Identities: who.ids, Names: who.names, Roles: slices.Repeat([]string{role}, len(who.ids)), Homes: slices.Repeat([]string{""}, len(who.ids)), Via: group,
	})
}

// inviteSubstitutes keeps those invited who come in somebody's place.
func (s *Service) inviteSubstitutes(ctx context.Context, tx tenant.DBTX, id uuid.UUID) error {
	rows, err := s.sql.ListSubstitutes(ctx, tx, id)
	if err != nil {
		return err
	}
	for _, r := range rows {
		role := r.Role
		if role == "" {
			role = live.Speaker
		}
		_, err := s.sql.InsertInvitees(ctx, tx, db.InsertInviteesParams{
			MeetingID: id, Identities: []uuid.UUID{r.SubstituteID}, Names: []string{r.Substitute}, Roles: []string{role}, Homes: []string{r.Home},
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// resolving is the argument of the job that looks again who is in the groups invited.
type resolving struct {
	Meeting uuid.UUID `json:"meeting"`
}

// enqueueResolve has it looked again who is in the groups that are invited to a meeting.
func (s *Service) enqueueResolve(ctx context.Context, tx tenant.DBTX, meeting uuid.UUID) error {
	targets, err := s.sql.ListTargets(ctx, tx, meeting)
	if err != nil || !slices.ContainsFunc(targets, func(t db.ListTargetsRow) bool { return t.Kind == toGroup }) {
		return err
	}
	return tenant.Enqueue(tx, resolveJob, resolving{meeting})
}

// resolve invites who has come into a group since the invitation, and uninvites who has left it.
func (s *Service) resolve(ctx context.Context, args json.RawMessage) error {
	var r resolving
	if err := json.Unmarshal(args, &r); err != nil {
		return err
	}
	var targets []db.ListTargetsRow
	err := s.db.Snapshot(ctx, func(ctx context.Context, tx tenant.DBTX) (err error) {
		targets, err = s.sql.ListTargets(ctx, tx, r.Meeting)
		return err
	})
	if err != nil {
		return err
	}
	for _, t := range targets {
		if t.Kind != toGroup {
			continue
		}
		now, err := s.membersOf(ctx, t.TargetID)
		if err != nil {
			return err
		}
		err = s.db.Tx(ctx, func(ctx context.Context, tx tenant.DBTX) error {
			gone, err := s.sql.ClearVia(ctx, tx, db.ClearViaParams{MeetingID: r.Meeting, Via: &t.TargetID, Keep: append([]uuid.UUID{}, now.ids...)})
			if err != nil {
				return err
			}
			fresh, err := s.inviteGroup(ctx, tx, r.Meeting, &t.TargetID, t.Role, now)
			if err == nil && (len(gone) > 0 || fresh > 0) {
				tenant.Audit(ctx, tx, tenant.Act{Act: "meeting.resolve", Kind: "meeting", Object: r.Meeting.String(), Reason: t.Name, Changed: []string{"invitees"}})
			}
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// reached is what somebody of another body is in a meeting by its invitations; empty: they are not invited.
func (s *Service) reached(ctx context.Context, tx tenant.DBTX, m *db.Meeting, c *comer) (string, error) {
	roles, err := s.sql.RolesOf(ctx, tx, db.RolesOfParams{Self: *c.identity, Meetings: []uuid.UUID{m.ID}})
	if err != nil || len(roles) > 0 {
		return first(roles), err
	}
	if !c.staff {
		return "", nil
	}
	targets, err := s.sql.ListTargets(ctx, tx, m.ID)
	for _, t := range targets {
		if t.Kind == toBody && t.Code == c.home || t.Kind == toSubtree && (t.Code == c.home || slices.Contains(c.above, t.Code)) {
			return t.Role, nil
		}
	}
	return "", err
}

func first(roles []db.RolesOfRow) string {
	if len(roles) == 0 {
		return ""
	}
	return roles[0].Role
}

// invitesAway reports whether people of other bodies are invited to a meeting.
func (s *Service) invitesAway(ctx context.Context, tx tenant.DBTX, id uuid.UUID) (bool, error) {
	targets, err := s.sql.ListTargets(ctx, tx, id)
	if err != nil || slices.ContainsFunc(targets, func(t db.ListTargetsRow) bool { return t.Kind != toGroup }) {
		return err == nil, err
	}
	away, err := s.sql.ListAway(ctx, tx, id)
	return len(away) > 0, err
}

func targetsOf(rows []db.ListTargetsRow) []*meetingv1.Target {
	var out []*meetingv1.Target
	for _, r := range rows {
		t := &meetingv1.Target{Kind: r.Kind, BodyCode: r.Code, Role: r.Role, Name: r.Name, Told: r.Told}
		if r.Kind == toGroup {
			t.GroupId = r.TargetID.String()
		}
		out = append(out, t)
	}
	return out
}

// ListInvitableGroups returns the groups that can be invited.
func (s *Service) ListInvitableGroups(ctx context.Context, in *meetingv1.ListInvitableGroupsRequest) (*meetingv1.ListInvitableGroupsReply, error) {
	found, err := accessv1.NewGroupServiceClient(s.conn("access")).NameGroups(ctx, &accessv1.NameGroupsRequest{Query: in.GetQuery(), Size: 50})
	if err != nil {
		return nil, err
	}
	reply := &meetingv1.ListInvitableGroupsReply{}
	for _, g := range found.GetGroups() {
		reply.Groups = append(reply.Groups, &meetingv1.InvitableGroup{Id: g.GetId(), Name: g.GetName(), Members: g.GetMembers()})
	}
	return reply, nil
}
