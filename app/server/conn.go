package server

import (
	"context"
	"fmt"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"

	"gonghui/tenant"
)

// conn calls the services of this process as a gRPC connection would: the request is copied, and the chain of the edge
// stands before every call.
type conn struct {
	methods map[string]method
	check   grpc.UnaryServerInterceptor
}

type method struct {
	impl    any
	handler grpc.MethodHandler
}

func (c *conn) register(desc *grpc.ServiceDesc, impl any) {
	for _, m := range desc.Methods {
		c.methods["/"+desc.ServiceName+"/"+m.MethodName] = method{impl, m.Handler}
	}
}

// Invoke implements grpc.ClientConnInterface. A call from inside a door is refused: it would hold two connections, or
// read another module's tables in this one's transaction.
func (c *conn) Invoke(ctx context.Context, operation string, in, out any, _ ...grpc.CallOption) error {
	if tenant.InDoor(ctx) {
		return tenant.ErrNestedDoor
	}
	m, ok := c.methods[operation]
	if !ok {
		return status.Errorf(codes.Unimplemented, "no service here answers %s", operation)
	}
	decode := func(v any) error {
		proto.Merge(v.(proto.Message), in.(proto.Message))
		return nil
	}
	reply, err := m.handler(m.impl, ctx, decode, c.check)
	if err != nil {
		return err
	}
	proto.Merge(out.(proto.Message), reply.(proto.Message))
	return nil
}

// NewStream implements grpc.ClientConnInterface; modules have no streaming RPCs.
func (c *conn) NewStream(context.Context, *grpc.StreamDesc, string, ...grpc.CallOption) (grpc.ClientStream, error) {
	return nil, fmt.Errorf("server: streams are not offered in process")
}
