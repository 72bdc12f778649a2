package server

import (
	"context"
	"fmt"
	"net/http"
	"sort"
	"strings"
	"time"

	khttp "github.com/go-kratos/kratos/v2/transport/http"
	"google.golang.org/genproto/googleapis/api/annotations"
	"google.golang.org/grpc"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"

	"gonghui/app/module"
	"gonghui/app/module/mask"
	modulev1 "gonghui/app/module/v1"
	"gonghui/tenant/access"
)

// Route is one way in: an RPC or a route of its own, with the capability it asks for. Every walk over the product's
// doors goes over these.
type Route struct {
	Operation  string // "/app.member.v1.MemberService/GetMember", or "GET /handoff"
	Method     string
	Path       string // "/v1/members/{id}"
	Capability string
	Realm      modulev1.Realm
	Level      modulev1.Level                 // how much of the people in it the reply shows
	StepUp     bool                           // a fresh proof of who calls is asked for
	Input      protoreflect.MessageDescriptor // nil for a route that is no RPC
	Output     protoreflect.MessageDescriptor // nil for a route that is no RPC
	mask       *mask.Plan                     // nil when the reply is not to be masked
	need       access.Level                   // that the caller must hold for what the reply shows of people
}

// registry takes up what the modules mount.
type registry struct {
	grpc   grpc.ServiceRegistrar
	http   *khttp.Server
	local  *conn
	edge   *Edge
	routes map[string]Route
	// recorder writes down what was refused; nil when no module here does.
	recorder module.Recorder
}

func (r *registry) HTTP() *khttp.Server { return r.http }

// RegisterService implements grpc.ServiceRegistrar: the service answers over gRPC and in process.
func (r *registry) RegisterService(desc *grpc.ServiceDesc, impl any) {
	r.grpc.RegisterService(desc, impl)
	r.local.register(desc, impl)
	for _, route := range describe(desc.ServiceName) {
		r.add(route)
	}
}

// Handle registers a route that is no RPC.
func (r *registry) Handle(method, path, capability string, realm modulev1.Realm, h module.Handler) {
	route := Route{Operation: method + " " + path, Method: method, Path: path, Capability: capability, Realm: realm}
	r.add(route)
	r.http.Route("/").Handle(method, path, func(ctx khttp.Context) error {
		came(ctx.Request().Context(), path)
		err := r.edge.admit(ctx.Request().Context(), route)
		if err == nil {
			err = r.edge.known(ctx.Request().Context(), h(ctx.Response(), ctx.Request()))
		}
		r.refused(ctx.Request().Context(), route, err)
		return err
	})
}

// Open registers a route that is no RPC and open to pages of other sites.
func (r *registry) Open(method, path, capability string, realm modulev1.Realm, h module.Handler) {
	r.edge.cross.AddInsecureBypassPattern(method + " " + path)
	r.Handle(method, path, capability, realm, h)
}

// Unseen registers a route of which nothing is kept and that is not told who calls it.
func (r *registry) Unseen(method, path string, realm modulev1.Realm, h module.Handler) {
	route := Route{Operation: method + " " + path, Method: method, Path: path, Capability: access.Public, Realm: realm}
	r.add(route)
	r.edge.unseen[route.Operation] = true
	r.http.Route("/").Handle(method, path, func(ctx khttp.Context) error {
		err := r.edge.admit(ctx.Request().Context(), route)
		if err == nil {
			err = r.edge.known(ctx.Request().Context(), h(ctx.Response(), ctx.Request()))
		}
		return err
	})
}

// transferTime bounds how long a file may take on its way.
const transferTime = 15 * time.Minute

// Transfer registers a route of files. It is not bound by the time that requests have; a client that is gone ends it by the
// failure to read or write.
func (r *registry) Transfer(method, path, capability string, realm modulev1.Realm, most int64, h module.Handler) {
	route := Route{Operation: method + " " + path, Method: method, Path: path, Capability: capability, Realm: realm}
	r.add(route)
	if most > 0 {
		r.edge.bodies[route.Operation] = most
	}
	r.http.Route("/").Handle(method, path, func(ctx khttp.Context) error {
		req := ctx.Request()
		came(req.Context(), path)
		if err := r.edge.admit(req.Context(), route); err != nil {
			r.refused(req.Context(), route, err)
			return err
		}
		_ = http.NewResponseController(ctx.Response()).SetReadDeadline(time.Now().Add(transferTime))
		long, cancel := context.WithTimeout(context.WithoutCancel(req.Context()), transferTime)
		defer cancel()
		err := r.edge.known(long, h(ctx.Response(), req.WithContext(long)))
		r.refused(long, route, err)
		if rec, ok := req.Context().Value(recorderKey{}).(*recorder); ok && err != nil && rec.status != 0 {
			panic(http.ErrAbortHandler) // half a file is on its way: the client must not take it for a whole one
		}
		return err
	})
}

func (r *registry) add(route Route) {
	if _, twice := r.routes[route.Operation]; twice {
		panic("server: two routes " + route.Operation)
	}
	r.routes[route.Operation] = route
}

// needs is what a caller must hold for a reply with people in it, by its level.
var needs = map[modulev1.Level]access.Level{
	modulev1.Level_LEVEL_AGGREGATE: access.Aggregate, modulev1.Level_LEVEL_MASKED: access.Masked, modulev1.Level_LEVEL_FULL: access.Full,
}

// describe reads the routes of a service from its proto.
func describe(service string) []Route {
	d, err := protoregistry.GlobalFiles.FindDescriptorByName(protoreflect.FullName(service))
	if err != nil {
		panic(fmt.Sprintf("server: %s: %v", service, err))
	}
	methods := d.(protoreflect.ServiceDescriptor).Methods()
	routes := make([]Route, 0, methods.Len())
	for i := range methods.Len() {
		m := methods.Get(i)
		opts := m.Options()
		route := Route{
			Operation:  fmt.Sprintf("/%s/%s", service, m.Name()),
			Capability: proto.GetExtension(opts, modulev1.E_Capability).(string),
			Realm:      proto.GetExtension(opts, modulev1.E_Realm).(modulev1.Realm),
			Level:      proto.GetExtension(opts, modulev1.E_Level).(modulev1.Level),
			StepUp:     proto.GetExtension(opts, modulev1.E_StepUp).(bool),
			Input:      m.Input(),
			Output:     m.Output(),
		}
		if plan := mask.Of(route.Output); plan != nil {
			route.need = needs[route.Level]
			if route.Level != modulev1.Level_LEVEL_FULL {
				route.mask = plan
			}
		}
		if rule, ok := proto.GetExtension(opts, annotations.E_Http).(*annotations.HttpRule); ok && rule != nil {
			switch p := rule.Pattern.(type) {
			case *annotations.HttpRule_Get:
				route.Method, route.Path = http.MethodGet, p.Get
			case *annotations.HttpRule_Post:
				route.Method, route.Path = http.MethodPost, p.Post
			case *annotations.HttpRule_Put:
				route.Method, route.Path = http.MethodPut, p.Put
			case *annotations.HttpRule_Delete:
				route.Method, route.Path = http.MethodDelete, p.Delete
			case *annotations.HttpRule_Patch:
				route.Method, route.Path = http.MethodPatch, p.Patch
			}
		}
		routes = append(routes, route)
	}
	return routes
}

// Routes lists every door of the product, sorted by operation.
func (s *Server) Routes() []Route {
	all := make([]Route, 0, len(s.registry.routes))
	for _, r := range s.registry.routes {
		all = append(all, r)
	}
	sort.Slice(all, func(i, j int) bool { return strings.Compare(all[i].Operation, all[j].Operation) < 0 })
	return all
}
