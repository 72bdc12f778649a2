package meeting

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	kerrors "github.com/go-kratos/kratos/v2/errors"
	"github.com/jackc/pgx/v5"
	"github.com/redis/go-redis/v9"
	"google.golang.org/grpc"

	identityv1 "gonghui/app/identity/v1"
	"gonghui/app/module"
	orgv1 "gonghui/app/org/v1"
	meetingv1 "gonghui/media/meeting/v1"
	"gonghui/media/object"
	"gonghui/tenant"
	accessv1 "gonghui/tenant/access/v1"
	directoryv1 "gonghui/tenant/directory/v1"
	"gonghui/tenant/pgtest"
)

func TestMain(m *testing.M) { pgtest.Main(m) }

// host gives the module what it uses of a host.
type host struct {
	module.Host
	env   *pgtest.Env
	redis redis.UniversalClient
	peer  *peer
	files object.Store
}

func (h host) DB() *tenant.DB                       { return h.env.DB }
func (h host) Keys() module.Keys                    { return h.env.Keys }
func (h host) Demo() bool                           { return true }
func (h host) LAN() *module.LAN                     { return nil }
func (h host) Base() string                         { return "gonghui.test" }
func (h host) Scheme() string                       { return "https" }
func (h host) Files() object.Store                  { return h.files }
func (h host) Redis() redis.UniversalClient         { return h.redis }
func (h host) Conn(string) grpc.ClientConnInterface { return h.peer }

// peer is an identity that knows some people, and an org in which an officer holds a post.
type peer struct {
	grpc.ClientConnInterface
	people  []*identityv1.Placed
	above   []*directoryv1.Body
	bodies  []*directoryv1.ReachedBody
	groups  []*accessv1.Group
	grouped []string
	notices []*identityv1.SendNoticeRequest
	mu      sync.Mutex
}

func (p *peer) Invoke(_ context.Context, _ string, in, out any, _ ...grpc.CallOption) error {
	switch reply := out.(type) {
	case *identityv1.ListPeopleReply:
		ask := in.(*identityv1.ListPeopleRequest)
		for _, who := range p.people {
			if ask.GetName() != "" {
				if who.GetName() == ask.GetName() {
					reply.People = append(reply.People, who)
				}
				continue
			}
			if slices.Contains(ask.GetIdentityIds(), who.GetIdentityId()) || len(ask.GetIdentityIds()) == 0 && who.GetIdentityId() > ask.GetAfterId() && strings.Contains(who.GetName(), ask.GetQuery()) && len(reply.People) < int(ask.GetSize()) {
				reply.People = append(reply.People, who)
			}
		}
	case *identityv1.SendNoticeReply:
		p.mu.Lock()
		defer p.mu.Unlock()
		ask := in.(*identityv1.SendNoticeRequest)
		p.notices = append(p.notices, ask)
		reply.Sent = int32(len(ask.GetIdentityIds()))
	case *identityv1.Me:
		reply.Name, reply.Phone = "王五", "13800005678"
	case *directoryv1.GetOwnBodyReply:
		reply.Ancestors = p.above
	case *directoryv1.NameBodiesReply:
		for _, b := range p.bodies {
			if slices.Contains(in.(*directoryv1.NameBodiesRequest).GetCodes(), b.GetCode()) {
				reply.Bodies = append(reply.Bodies, b)
			}
		}
	case *directoryv1.ListBelowReply:
		ask := in.(*directoryv1.ListBelowRequest)
		for _, b := range p.bodies {
			if b.GetWithin() && b.GetId() > ask.GetAfterId() && len(reply.Bodies) < int(ask.GetSize()) {
				reply.Bodies = append(reply.Bodies, b)
			}
		}
	case *accessv1.ListGroupsReply:
		reply.Groups = p.groups
	case *accessv1.ListGroupIdentitiesReply:
		reply.IdentityIds = p.grouped
	case *orgv1.NamePostsReply:
		reply.Posts = []*orgv1.NamedPost{{Name: "主席"}}
	default:
		return errors.New("not asked for here")
	}
	return nil
}

// stage is a body at work and a second one that must see nothing of it.
type stage struct {
	*Service
	env         *pgtest.Env
	body, watch *pgtest.Body
	peer        *peer
}

func begin(t *testing.T) *stage {
	t.Helper()
	env := pgtest.Open(t)
	p := &peer{}
	service, err := New(host{env: env, redis: pgtest.Redis(t), peer: p, files: object.NewLocal(t.TempDir())})
	if err != nil {
		t.Fatal(err)
	}
	service.shelf = shelf{t.TempDir()}
	s := &stage{service, env, env.Body(t, nil), env.Body(t, nil), p}
	t.Cleanup(func() {
		_ = service.media.close()
		role := env.DB.Config().Role(s.watch.Code)
		for _, table := range []string{
			"meeting", "meeting_invitee", "meeting_person", "meeting_stay", "meeting_line", "meeting_option", "meeting_room", "meeting_part", "meeting_vote", "meeting_vote_line",
			"meeting_voter", "meeting_ballot", "meeting_receipt", "meeting_target", "meeting_occurrence", "meeting_pointer", "meeting_answer", "meeting_feed", "meeting_minutes",
			"meeting_recording", "meeting_consent", "meeting_reminding", "meeting_dismissal", "meeting_place", "meeting_booking", "meeting_item", "meeting_paper", "meeting_reader", "audit_log",
		} {
			if n := env.Count(t, "select count(*) from "+role+"."+table); n != 0 {
				t.Errorf("the second body has %d rows in %s", n, table)
			}
		}
	})
	return s
}

// as is a context in which somebody new with the role acts; the people of the body know them.
func (s *stage) as(role, name string) context.Context {
	ctx := pgtest.As(s.body.Ctx, s.body.Tenant, role)
	me := *tenant.SubjectFrom(ctx)
	me.Name = name
	if role != "member" {
		me.Ref = tenant.NewID()
	}
	s.peer.people = append(s.peer.people, &identityv1.Placed{IdentityId: me.Identity.String(), Name: name, Role: role})
	return tenant.WithSubject(ctx, &me)
}

// stranger is somebody without a session on the body's host, from a network of their own.
func (s *stage) stranger() context.Context {
	n := tenant.NewID()
	source := fmt.Sprintf("2001:db8:%x:%x::1", n[12:14], n[14:])
	return tenant.WithCall(tenant.With(context.Background(), s.body.Tenant), tenant.Call{Source: source})
}

func (s *stage) plan(t *testing.T, ctx context.Context, change func(*meetingv1.CreateMeetingRequest)) *meetingv1.Meeting {
	t.Helper()
	in := &meetingv1.CreateMeetingRequest{Plan: &meetingv1.Plan{Title: "季度例会", Minutes: 60, OpenTo: "body"}}
	if change != nil {
		change(in)
	}
	m, err := s.CreateMeeting(ctx, in)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// want checks an error by its reason or by the field of a bad request; empty: there is none.
func want(t *testing.T, what string, err error, reason string) {
	t.Helper()
	if reason == "" {
		if err != nil {
			t.Errorf("%s: %v", what, err)
		}
		return
	}
	got := kerrors.FromError(err)
	if err == nil || got.Code >= 500 || got.Reason != reason && got.Metadata["field"] != reason || got.Metadata["zh"] == "" {
		t.Errorf("%s: %v, want %s", what, err, reason)
	}
}

// exec changes rows with the superuser.
func (s *stage) exec(t *testing.T, sql string) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), s.env.Admin)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.Background())
	if _, err := conn.Exec(t.Context(), sql); err != nil {
		t.Fatal(err)
	}
}

func soon(d time.Duration) time.Time { return time.Now().Add(d).Truncate(time.Second) }
