package server

import (
	"context"
	"net/netip"
	"strings"

	"github.com/go-kratos/kratos/v2/middleware"
	"github.com/go-kratos/kratos/v2/transport"
	"google.golang.org/grpc"
	"google.golang.org/grpc/peer"
	"google.golang.org/protobuf/proto"

	"gonghui/app/module"
	"gonghui/tenant"
	"gonghui/tenant/access"
)

// gate is the chain before every RPC, whichever way it came: capability, then the rules of the proto.
func (r *registry) gate(ctx context.Context, operation string, in any) error {
	route, ok := r.routes[operation]
	if !ok {
		return errNoHost
	}
	if err := r.edge.admit(ctx, route); err != nil {
		return err
	}
	return validate(in.(proto.Message))
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
		if err := r.gate(ctx, tr.Operation(), in); err != nil {
			return nil, err
		}
		out, err := next(ctx, in)
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
	if err := r.gate(access.Inside(ctx), info.FullMethod, in); err != nil {
		return nil, err
	}
	return handler(ctx, in)
}

var _ module.Routes = (*registry)(nil)
