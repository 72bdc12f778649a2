package server

import (
	"context"
	"errors"
	"maps"
	"net/netip"
	"strings"

	kerrors "github.com/go-kratos/kratos/v2/errors"
	"github.com/go-kratos/kratos/v2/middleware"
	"github.com/go-kratos/kratos/v2/transport"
	"google.golang.org/grpc"
	"google.golang.org/grpc/peer"
	"google.golang.org/protobuf/proto"

	"gonghui/app/module"
	"gonghui/app/module/mask"
	modulev1 "gonghui/app/module/v1"
	"gonghui/tenant"
	"gonghui/tenant/access"
)

// gate stands before every RPC, whichever way it came: capability, then the rules of the proto; and after it: what the reply may
// show.
func (r *registry) gate(ctx context.Context, operation string, in any, next func() (any, error)) (any, error) {
	route, ok := r.routes[operation]
	if !ok {
		return nil, errNoHost
	}
	if err := r.edge.admit(ctx, route); err != nil {
		return nil, missing(err, route.Capability)
	}
	if err := validate(in.(proto.Message)); err != nil {
		return nil, err
	}
	out, err := next()
	if err == nil && route.mask != nil {
		route.mask.Apply(out.(proto.Message).ProtoReflect(), depth(ctx, route.Level))
	}
	return out, err
}

// missing names, in a refusal for want of a right, the right: who is refused can ask why, and who could give it.
func missing(err error, capability string) error {
	var e *kerrors.Error
	if !errors.As(err, &e) || e.Reason != "FORBIDDEN" {
		return err
	}
	told := maps.Clone(e.Metadata)
	told["capability"] = capability
	return e.WithMetadata(told)
}

// depth is how much of a reply is masked. Who looks on from another body, or from the supervision host, sees no names.
func depth(ctx context.Context, level modulev1.Level) mask.Depth {
	switch level {
	case modulev1.Level_LEVEL_FULL:
		return mask.Nothing
	case modulev1.Level_LEVEL_AGGREGATE:
		return mask.All
	}
	t, s := tenant.From(ctx), tenant.SubjectFrom(ctx)
	if t == nil || s != nil && s.Body != t.ID {
		return mask.Abroad
	}
	return mask.Home
}

// middleware is the gate for kratos' HTTP and gRPC servers.
func (r *registry) middleware(next middleware.Handler) middleware.Handler {
	return func(ctx context.Context, in any) (any, error) {
		tr, ok := transport.FromServerContext(ctx)
		if !ok {
			return nil, errInternal
		}
		if tr.Kind() == transport.KindGRPC {
			h := tr.RequestHeader()
			token, _ := strings.CutPrefix(h.Get("authorization"), "Bearer ")
			key := h.Get("idempotency-key")
			if err := checkKey(key); err != nil {
				return nil, err
			}
			placed, err := r.edge.place(ctx, tenant.Call{
				Host: h.Get(":authority"), Source: peerOf(ctx), Request: limitID(h.Get("x-request-id")), Device: h.Get("user-agent"), IdempotencyKey: key,
			}, token)
			if err != nil {
				return nil, r.edge.known(ctx, err)
			}
			ctx = placed
		}
		came(ctx, r.routes[tr.Operation()].Path)
		out, err := r.gate(ctx, tr.Operation(), in, func() (any, error) { return next(ctx, in) })
		r.refused(ctx, r.routes[tr.Operation()], err)
		return out, r.edge.known(ctx, err)
	}
}

// peerOf is the address of who called over gRPC.
func peerOf(ctx context.Context) string {
	p, ok := peer.FromContext(ctx)
	if !ok {
		return ""
	}
	addr, err := netip.ParseAddrPort(p.Addr.String())
	if err != nil {
		return ""
	}
	return addr.Addr().Unmap().String()
}

// intercept is the gate for calls in process.
func (r *registry) intercept(ctx context.Context, in any, info *grpc.UnaryServerInfo, handler grpc.UnaryHandler) (any, error) {
	return r.gate(access.Inside(ctx), info.FullMethod, in, func() (any, error) { return handler(ctx, in) })
}

var _ module.Routes = (*registry)(nil)
