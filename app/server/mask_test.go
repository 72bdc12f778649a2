package server

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	kgrpc "github.com/go-kratos/kratos/v2/transport/grpc"
	khttp "github.com/go-kratos/kratos/v2/transport/http"
	"github.com/google/uuid"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/metadata"
	"google.golang.org/protobuf/proto"

	_ "gonghui/app/member" // declares the capabilities of its RPCs
	memberv1 "gonghui/app/member/v1"
	"gonghui/app/module"
	"gonghui/tenant"
)

// careless is a service that hands out what it has and thinks of no mask.
type careless struct {
	memberv1.UnimplementedMemberServiceServer
	memberv1.UnimplementedDetailServiceServer
}

func plain() *memberv1.MemberFields {
	return &memberv1.MemberFields{Name: "张小三", IdNumber: "440103199001010123", Phone: "13800138000", Birth: "1990-01-01", Address: "广州市越秀区东风中路1号"}
}

func (careless) GetMember(context.Context, *memberv1.GetMemberRequest) (*memberv1.Member, error) {
	return &memberv1.Member{Id: "1", Fields: plain()}, nil
}

func (careless) GetOwnMember(context.Context, *memberv1.GetOwnMemberRequest) (*memberv1.Member, error) {
	return &memberv1.Member{Id: "1", Fields: plain()}, nil
}

func (careless) ListMembers(context.Context, *memberv1.ListMembersRequest) (*memberv1.ListMembersReply, error) {
	return &memberv1.ListMembersReply{Members: []*memberv1.Member{{Id: "1", Fields: plain()}}}, nil
}

func (c careless) ListForSupervision(ctx context.Context, _ *memberv1.ListForSupervisionRequest) (*memberv1.ListMembersReply, error) {
	return c.ListMembers(ctx, nil)
}

func (careless) RevealMember(context.Context, *memberv1.RevealMemberRequest) (*memberv1.RevealMemberReply, error) {
	return &memberv1.RevealMemberReply{IdNumber: plain().IdNumber, Phone: plain().Phone}, nil
}

var home = &tenant.Tenant{ID: tenant.NewID(), Code: "440103", Active: true, On: map[string]bool{"member": true}}

type oneBody struct{}

func (oneBody) ByCode(_ context.Context, code string) (*tenant.Tenant, error) {
	if code != home.Code {
		return nil, errNoHost
	}
	return home, nil
}

// anybody is an administrator whose token is the id of the own body.
type anybody struct{}

func (anybody) Authenticate(_ context.Context, token string, _ *tenant.Tenant) (*tenant.Subject, error) {
	body, err := uuid.Parse(token)
	return &tenant.Subject{Account: tenant.NewID(), Identity: tenant.NewID(), Role: "admin", Body: body, Proved: time.Now()}, err
}

// doors serves a careless service over HTTP and gRPC and in process.
func doors(t *testing.T) (web http.Handler, rpc *grpc.ClientConn, local *conn) {
	t.Helper()
	edge := &Edge{
		Base: "gonghui.test", Directory: oneBody{}, Auth: anybody{}, Log: slog.New(slog.DiscardHandler),
		limits: newLimiter(true), bodies: map[string]int64{}, cross: http.NewCrossOriginProtection(),
	}
	r := &registry{edge: edge, routes: map[string]Route{}, local: &conn{methods: map[string]method{}}}
	r.local.check = r.intercept
	h := khttp.NewServer(khttp.Filter(edge.Filter), khttp.Middleware(r.middleware), khttp.RequestDecoder(decodeBody), khttp.RequestVarsDecoder(decodePath), khttp.ResponseEncoder(encodeReply), khttp.ErrorEncoder(writeError))
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	g := kgrpc.NewServer(kgrpc.Listener(l), kgrpc.Middleware(r.middleware))
	r.http, r.grpc = h, g
	memberv1.RegisterMemberServiceServer(r, careless{})
	memberv1.RegisterDetailServiceServer(r, careless{})
	memberv1.RegisterMemberServiceHTTPServer(r.HTTP(), careless{})
	go func() { _ = g.Start(context.Background()) }()
	t.Cleanup(func() { _ = g.Stop(context.Background()) })
	rpc, err = grpc.NewClient(l.Addr().String(), grpc.WithTransportCredentials(insecure.NewCredentials()), grpc.WithAuthority(home.Code+".gonghui.test"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { rpc.Close() })
	return h, rpc, r.local
}

// shown is what an answer holds, and what it must not.
type shown struct{ want, not []string }

const anyID = "01930000-0000-7000-8000-000000000001"

// However a call comes, what its handler forgot is masked: at home the numbers, from another body names and the rest too.
func TestRepliesAreMaskedWhicheverWayTheyGo(t *testing.T) {
	web, rpc, local := doors(t)
	overHTTP := func(method, path, body string) func(t *testing.T, viewer uuid.UUID) string {
		return func(t *testing.T, viewer uuid.UUID) string {
			req := httptest.NewRequest(method, "http://"+home.Code+".gonghui.test"+path, strings.NewReader(body))
			req.AddCookie(&http.Cookie{Name: module.Cookie, Value: viewer.String()})
			rec := httptest.NewRecorder()
			web.ServeHTTP(rec, req)
			raw, _ := io.ReadAll(rec.Body)
			if rec.Code != http.StatusOK {
				t.Fatalf("%s: %d %s", path, rec.Code, raw)
			}
			return string(raw)
		}
	}
	called := func(operation string, in any, out proto.Message, c grpc.ClientConnInterface, inside bool) func(t *testing.T, viewer uuid.UUID) string {
		return func(t *testing.T, viewer uuid.UUID) string {
			ctx := metadata.AppendToOutgoingContext(context.Background(), "authorization", "Bearer "+viewer.String())
			if inside {
				s, _ := anybody{}.Authenticate(ctx, viewer.String(), home)
				ctx = tenant.WithSubject(tenant.With(context.Background(), home), s)
			}
			proto.Reset(out)
			if err := c.Invoke(ctx, operation, in, out); err != nil {
				t.Fatalf("%s: %v", operation, err)
			}
			return fmt.Sprint(out)
		}
	}
	service := "/app.member.v1.MemberService/"
	get := &memberv1.GetMemberRequest{Id: anyID}
	look := &memberv1.ListForSupervisionRequest{RequestId: anyID, State: "active"}
	f := plain()
	atHome := shown{[]string{f.Name, "440***********0123", "138****8000", f.Birth, f.Address}, []string{f.IdNumber, f.Phone}}
	abroad := shown{[]string{"张*三", "440***********0123", "138****8000", "1990-**-**", "广州市越秀区****"}, []string{f.IdNumber, f.Phone, f.Name, f.Birth, f.Address}}
	for name, way := range map[string]struct {
		call   func(*testing.T, uuid.UUID) string
		viewer uuid.UUID
		shown
	}{
		"HTTP":            {overHTTP(http.MethodGet, "/v1/members/"+anyID, ""), home.ID, atHome},
		"HTTP list":       {overHTTP(http.MethodGet, "/v1/members", ""), home.ID, atHome},
		"gRPC":            {called(service+"GetMember", get, &memberv1.Member{}, rpc, false), home.ID, atHome},
		"gRPC list":       {called(service+"ListMembers", &memberv1.ListMembersRequest{}, &memberv1.ListMembersReply{}, rpc, false), home.ID, atHome},
		"in process":      {called(service+"GetMember", get, &memberv1.Member{}, local, true), home.ID, atHome},
		"in process list": {called(service+"ListMembers", &memberv1.ListMembersRequest{}, &memberv1.ListMembersReply{}, local, true), home.ID, atHome},
		"from another body": {
			called("/app.member.v1.DetailService/ListForSupervision", look, &memberv1.ListMembersReply{}, local, true), tenant.NewID(), abroad,
		},
	} {
		got := way.call(t, way.viewer)
		for _, w := range way.want {
			if !strings.Contains(got, w) {
				t.Errorf("%s: no %s in %s", name, w, got)
			}
		}
		for _, n := range way.not {
			if strings.Contains(got, n) {
				t.Errorf("%s: %s in the clear: %s", name, n, got)
			}
		}
	}
	// What is there to show numbers in full does.
	if got := overHTTP(http.MethodPost, "/v1/members/"+anyID+":reveal", `{"reason":"核对证件"}`)(t, home.ID); !strings.Contains(got, plain().IdNumber) {
		t.Errorf("revealed: %s", got)
	}
}
