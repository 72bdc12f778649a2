package identity

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"github.com/redis/go-redis/v9"
	"google.golang.org/grpc"
	gcodes "google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	identityv1 "gonghui/app/identity/v1"
	"gonghui/app/kit/fault"
	"gonghui/app/server"
	_ "gonghui/branding"
	"gonghui/deploy/local"
	"gonghui/tenant"
	"gonghui/tenant/pgtest"
)

// bodies finds those of a test.
type bodies map[string]*tenant.Tenant

func (b bodies) ByCode(_ context.Context, code string) (*tenant.Tenant, error) {
	if t := b[code]; t != nil {
		return t, nil
	}
	return nil, fault.Plain(http.StatusNotFound, "BODY_NOT_FOUND", "没有这个工会", "there is no such body")
}

// serve is a whole serving process with this module, at work until the test ends.
func serve(t *testing.T, rdb redis.UniversalClient, body *pgtest.Body) (s *server.Server, grpcAddr string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	port, err := local.FreePort(0)
	if err != nil {
		t.Fatal(err)
	}
	env := pgtest.Open(t)
	grpcAddr = fmt.Sprintf("127.0.0.1:%d", port)
	s, err = server.New(server.Config{Base: "gonghui.test", Listener: l, GRPC: grpcAddr, Demo: true, Modules: []string{"identity", "branding"}}, env.DB, env.Keys, rdb,
		bodies{body.Code: body.Tenant}, os.DirFS(t.TempDir()), slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	return s, grpcAddr
}

// What is for other modules is answered to them, with or without a session, and to nobody else, whoever asks.
func TestInnerCallsComeFromInsideOnly(t *testing.T) {
	st := open(t)
	srv, addr := serve(t, pgtest.Redis(t), st.body)
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- srv.Run(ctx) }()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	phone, file := mobile(), tenant.NewID()
	admin := mobile()
	st.enrol(t, st.body, "admin", "里外人", admin, nil)
	in := visit(st.body)
	if _, err := st.SignIn(in, &identityv1.SignInRequest{Phone: admin, Password: password}); err != nil {
		t.Fatal(err)
	}

	inside := identityv1.NewEntryServiceClient(srv.Conn("identity"))
	made, err := inside.OfferPlace(visit(st.body), &identityv1.OfferPlaceRequest{MemberId: file.String(), Name: "门里人", Phone: phone})
	if err != nil || made.Role != "member" {
		t.Fatalf("from inside without a session: %v, %v", made, err)
	}
	token, call := st.token(t, st.body, phone)
	if _, err := inside.TakePlace(call, &identityv1.TakePlaceRequest{PhoneToken: token, MemberId: file.String(), Name: "门里人", IdDigest: "digest of 门里人"}); err != nil {
		t.Fatal(err)
	}
	if me := tenant.SubjectFrom(st.as(t, call)); me.Ref != file {
		t.Errorf("the cookie of the outer call is of %v", me)
	}
	if _, err := inside.EndPlace(visit(st.body), &identityv1.EndPlaceRequest{MemberId: "no id"}); reason(err) != "INVALID_ARGUMENT" {
		t.Errorf("from inside the rules of the proto hold too: %v", err)
	}

	conn, err := grpc.NewClient(addr, grpc.WithTransportCredentials(insecure.NewCredentials()), grpc.WithAuthority(st.body.Code+".gonghui.test"))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	outside := identityv1.NewEntryServiceClient(conn)
	for name, token := range map[string]string{"a stranger": "", "an administrator": cookie(t, in)} {
		ctx := metadata.AppendToOutgoingContext(context.Background(), "authorization", "Bearer "+token)
		for what, call := range map[string]func() error{
			"OfferPlace": func() error {
				_, err := outside.OfferPlace(ctx, &identityv1.OfferPlaceRequest{MemberId: file.String(), Name: "外人", Phone: phone}, grpc.WaitForReady(true))
				return err
			},
			"PhoneOfToken": func() error {
				_, err := outside.PhoneOfToken(ctx, &identityv1.PhoneOfTokenRequest{PhoneToken: strings.Repeat("x", 43)}, grpc.WaitForReady(true))
				return err
			},
			"EndPlace, and a wrong id": func() error {
				_, err := outside.EndPlace(ctx, &identityv1.EndPlaceRequest{MemberId: "no id"}, grpc.WaitForReady(true))
				return err
			},
		} {
			if err := call(); status.Code(err) != gcodes.NotFound {
				t.Errorf("%s calls %s over gRPC: %v", name, what, err)
			}
		}
		for _, method := range []string{"OfferPlace", "TakePlace", "PhoneOfToken", "EndPlace"} {
			r := httptest.NewRequest(http.MethodPost, "/app.identity.v1.EntryService/"+method, strings.NewReader(`{}`))
			r.Host = st.body.Code + ".gonghui.test"
			r.AddCookie(&http.Cookie{Name: "__Host-gonghui", Value: token})
			w := httptest.NewRecorder()
			srv.Handler().ServeHTTP(w, r)
			if w.Code != http.StatusNotFound {
				t.Errorf("%s calls %s over HTTP: %d", name, method, w.Code)
			}
		}
	}
}

// With Redis away people hear that the service is, and that they may come back.
func TestRedisAwayIsSaid(t *testing.T) {
	st := open(t)
	srv, _ := serve(t, redis.NewClient(&redis.Options{Addr: "127.0.0.1:1", MaxRetries: -1}), st.body)
	for path, body := range map[string]string{
		"/v1/session:signIn":         `{"phone": "13700000000", "password": "some-passw0rd"}`,
		"/v1/codes:send":             `{"phone": "13700000000", "purpose": "sign_in"}`,
		"/v1/session:signInWithCode": `{"phone": "13700000000", "code": "123456"}`,
		"/v1/password:reset":         `{"phone": "13700000000", "code": "123456", "newPassword": "Good-passw0rd"}`,
	} {
		r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(body))
		r.Host = st.body.Code + ".gonghui.test"
		r.Header.Set("Content-Type", "application/json")
		w := httptest.NewRecorder()
		srv.Handler().ServeHTTP(w, r)
		var f struct{ Reason string }
		if err := json.Unmarshal(w.Body.Bytes(), &f); err != nil || w.Code != http.StatusServiceUnavailable || f.Reason != "UNAVAILABLE" || w.Header().Get("Set-Cookie") != "" {
			t.Errorf("%s: %d %s", path, w.Code, w.Body)
		}
	}
}
