// Package meeting is video meetings of a union body: planned, found by number or link, let in at the door, led by a host, and written
// down. While one runs, package live knows how it stands, and package sfu carries sound and pictures.
package meeting

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/uuid"
	"github.com/redis/go-redis/v9"
	"google.golang.org/grpc"
	"google.golang.org/protobuf/proto"

	"gonghui/app/module"
	modulev1 "gonghui/app/module/v1"
	"gonghui/media/meeting/cluster"
	"gonghui/media/meeting/internal/db"
	"gonghui/media/meeting/live"
	meetingv1 "gonghui/media/meeting/v1"
	"gonghui/media/signal/token"
	"gonghui/tenant"
	"gonghui/tenant/access"
)

//go:embed migrate/*.sql
var migrations embed.FS

func init() {
	staff := []string{"admin", "officer"}
	everybody := []string{"admin", "officer", "member", "system_admin", "security_admin", "audit_admin"}
	module.Register(module.Info{
		Name:   "meeting",
		Title:  module.Text{Zh: "视频会议", En: "Video meetings"},
		About:  module.Text{Zh: "浏览器里的视频会议：预约、等候室、主持、聊天、出席记录", En: "Video meetings in the browser: planned, with a waiting room, a host, chat and a record of who came"},
		Order:  70,
		Preset: true,
		Tenant: migrations,
		Capabilities: []module.Capability{
			{Name: "meeting.read", Title: module.Text{Zh: "查看本工会的会议与出席记录", En: "See the union's meetings and who came"}, Roles: staff},
			{Name: "meeting.join", Title: module.Text{Zh: "参加会议", En: "Take part in meetings"}, Roles: everybody},
			{Name: "meeting.host", Title: module.Text{Zh: "召集会议", En: "Hold meetings"}, Roles: staff},
			{Name: textRight, Title: module.Text{Zh: "用短信提醒参会人", En: "Remind people of meetings by text message"}, Roles: []string{"admin"}},
			{Name: recordRight, Title: module.Text{Zh: "录制会议", En: "Record meetings"}, Roles: staff},
			{Name: recordingsRight, Title: module.Text{Zh: "查看、保留和删除全部会议录制", En: "See, keep and delete all recordings of meetings"}, Roles: []string{"admin"}, Sensitive: true},
			{Name: saveRight, Title: module.Text{Zh: "下载会议录制", En: "Download recordings of meetings"}, Roles: staff, Sensitive: true},
			{Name: "meeting.manage", Title: module.Text{Zh: "修改、取消和结束他人召集的会议", En: "Change, call off and end meetings that others hold"}, Roles: []string{"admin"}},
		},
		Menu: []module.MenuEntry{
			{Key: "meetings", Path: "/meetings", Icon: "video", Title: module.Text{Zh: "会议", En: "Meetings"}, Capability: "meeting.join", Order: 60},
		},
		Columns: []module.Column{
			{Key: "meetings", Place: "portal", Path: "/meetings", Title: module.Text{Zh: "今日会议", En: "Today's meetings"}, Capability: "meeting.join", Order: 45},
		},
		Metrics: metrics,
		Sealed:  []module.Sealed{{Table: "meeting", Columns: []string{"password", "guest_key"}}, {Table: "meeting_vote", Columns: []string{"secret"}}},
		New:     func(host module.Host) (module.Service, error) { return New(host) },
	})
}

// Service holds the meetings of the body in the context.
type Service struct {
	meetingv1.UnimplementedMeetingServiceServer
	meetingv1.UnimplementedPlanServiceServer
	meetingv1.UnimplementedReminderServiceServer
	meetingv1.UnimplementedPlaceServiceServer
	host      module.Host
	db        *tenant.DB
	conn      func(module string) grpc.ClientConnInterface
	keys      module.Keys
	sql       *db.Queries
	tokens    *token.Tokens
	redis     redis.UniversalClient
	media     media
	boxes     boxes
	kept      time.Duration // how long the place of who dropped out is kept
	countdown time.Duration // before breakout rooms that are being closed are over
	nodes     *cluster.Node // nil: this process is alone
	alone     *cluster.Alone

	shelf   shelf
	storing sync.WaitGroup // tapes on their way into the store
	filming sync.Mutex     // one film at a time

	mu      sync.Mutex
	halls   map[hallKey]*hall
	conns   map[*conn]struct{}
	parting sync.WaitGroup // halls that are on their way to other nodes
	leaving atomic.Int64   // people who are

	homeNews chan struct{} // something has changed at the home of who came with a pass
}

// New makes the service. The media server starts with the first who joins.
func New(host module.Host) (*Service, error) {
	settings, err := settingsFromEnv(host)
	if err != nil {
		return nil, err
	}
	beside, err := relayFromEnv()
	if err != nil {
		return nil, err
	}
	beside.secret = []byte(host.Keys().Digest("meeting_relay", ""))
	tokens, err := token.New([]byte(host.Keys().Digest("meeting_token", "")))
	if err != nil {
		return nil, fmt.Errorf("meeting: %w", err)
	}
	s := &Service{
		host: host, db: host.DB(), conn: host.Conn, keys: host.Keys(), sql: db.New(), tokens: tokens, redis: host.Redis(),
		shelf: shelfFromEnv(), media: media{settings: settings, beside: beside}, kept: seatKept, countdown: countdown, halls: map[hallKey]*hall{}, conns: map[*conn]struct{}{},
		homeNews: make(chan struct{}, 1),
	}
	node, err := nodeFromEnv()
	if err == nil && node.Internal != "" {
		err = s.join(node)
	} else if err == nil {
		s.alone = cluster.NewAlone(s.redis, NodesPrefix(s.keys), nodeName()+" "+tenant.NewID().String()[24:])
	}
	if err != nil {
		return nil, fmt.Errorf("meeting: %w", err)
	}
	// A session that ends, or stands for somebody else, is in no meeting any more: the page joins anew, if it may.
	for topic, id := range map[string]func(*tenant.Subject) uuid.UUID{
		"session":  func(me *tenant.Subject) uuid.UUID { return me.Session },
		"identity": func(me *tenant.Subject) uuid.UUID { return me.Identity },
		"account":  func(me *tenant.Subject) uuid.UUID { return me.Account },
	} {
		s.db.News.On(topic, func(key string) { s.dismiss(key, id) })
	}
	s.db.News.On("identity", s.homeChanged)
	return s, nil
}

// dismiss hangs up on those whose session has an id. Their seats are given up at once.
func (s *Service) dismiss(key string, id func(*tenant.Subject) uuid.UUID) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for c := range s.conns {
		if me := tenant.SubjectFrom(c.ctx); me != nil && id(me).String() == key {
			c.dismissed.Store(true)
			c.Close(live.Restart)
		}
	}
}

// Mount registers the service for gRPC and HTTP, and the WebSocket of meetings.
func (s *Service) Mount(r module.Routes) {
	meetingv1.RegisterMeetingServiceServer(r, s)
	meetingv1.RegisterMeetingServiceHTTPServer(r.HTTP(), s)
	films := &recordings{Service: s}
	meetingv1.RegisterRecordingServiceServer(r, films)
	meetingv1.RegisterRecordingServiceHTTPServer(r.HTTP(), films)
	r.Transfer(http.MethodGet, "/v1/recordings/{id}/film", "meeting.join", modulev1.Realm_REALM_TENANT, 0, films.film)
	papers := &agendas{Service: s}
	meetingv1.RegisterAgendaServiceServer(r, papers)
	meetingv1.RegisterAgendaServiceHTTPServer(r.HTTP(), papers)
	r.Transfer(http.MethodPost, "/v1/meetings:paper", "meeting.host", modulev1.Realm_REALM_TENANT, largestPaper+1, papers.upload)
	// Guests have no session: the address itself says for whom it is, and what it leads to is looked up anew.
	r.Transfer(http.MethodPost, "/v1/meetings:chatFile", access.Public, modulev1.Realm_REALM_TENANT, largestFile+1, papers.sendFile)
	r.Transfer(http.MethodGet, "/v1/papers/{id}/file", access.Public, modulev1.Realm_REALM_TENANT, 0, papers.file)
	s.mountPlan(r)
	// Guests have no session: the token of the first message says who may come in.
	r.Handle(http.MethodGet, "/v1/meetings/{id}/signal", access.Public, modulev1.Realm_REALM_TENANT, s.socket)
	r.Handle(http.MethodGet, "/v1/meetings/{id}/minutes.docx", "meeting.join", modulev1.Realm_REALM_TENANT, s.minutesFile)
	// A ballot says neither who casts it nor from where: see ballot/README.md.
	r.Unseen(http.MethodPost, castPath, modulev1.Realm_REALM_TENANT, s.cast)
}

// Run waits until the process ends, and lets everybody in a meeting go: to another node, or their pages come back to another one.
func (s *Service) Run(ctx context.Context) error {
	after := context.WithoutCancel(ctx)
	s.storing.Go(func() { s.adopt(ctx) })
	work, stop := context.WithCancel(after)
	defer stop()
	failed := make(chan error, 1)
	var wg sync.WaitGroup
	wg.Go(func() { s.watchRights(work) })
	wg.Go(func() { s.watchHomes(work) })
	if s.nodes != nil {
		wg.Go(func() {
			if err := s.nodes.Run(work); err != nil {
				failed <- err
			}
		})
	} else {
		wg.Go(func() { s.alone.Run(work) })
	}
	var err error
	select {
	case <-ctx.Done():
	case err = <-failed:
	}
	s.finish(after)
	s.stored()
	err = errors.Join(err, s.media.close())
	stop()
	wg.Wait()
	return err
}

// Jobs are what is queued: the end of meetings that nobody ended, and what bodies tell each other.
func (s *Service) Jobs() map[string]tenant.Job {
	return map[string]tenant.Job{
		closeJob: s.closeForgotten, composeJob: s.compose, settleJob: s.settleRecording, eraseJob: s.erase, expireJob: s.expire,
		tellJob: s.spread, pointJob: s.point, answeredJob: s.takeAnswer, resolveJob: s.resolve, remindJob: s.remind,
		papersJob: s.settlePapers,
	}
}

// fill makes reply a copy of m, also when the transaction is run again.
func fill(reply, m proto.Message) {
	proto.Reset(reply)
	proto.Merge(reply, m)
}
