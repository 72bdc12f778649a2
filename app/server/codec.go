package server

import (
	stderrors "errors"
	"io"
	"net/http"
	"strings"
	"sync"

	"github.com/go-kratos/kratos/v2/encoding/json"
	khttp "github.com/go-kratos/kratos/v2/transport/http"
	"github.com/gorilla/mux"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	"gonghui/app/kit/fault"
)

// decodeBody reads the JSON of a request. Fields that the proto does not have are ignored, so that an older server can
// answer a newer page.
func decodeBody(r *http.Request, v any) error {
	raw, err := io.ReadAll(r.Body)
	if err != nil {
		var large *http.MaxBytesError
		if stderrors.As(err, &large) {
			return err
		}
		return fault.Field("body", "请求没有完整到达", "the request did not arrive whole")
	}
	if len(raw) == 0 {
		return nil
	}
	if t := r.Header.Get("Content-Type"); t != "" && !strings.HasPrefix(t, "application/json") {
		return fault.Field("Content-Type", "只接受 application/json", "only application/json is taken")
	}
	if err := json.UnmarshalOptions.Unmarshal(raw, v.(proto.Message)); err != nil {
		return fault.Field("body", "不是有效的 JSON 请求："+place(err), "is not a valid JSON request: "+place(err))
	}
	return nil
}

// place is where in the JSON the trouble is; the rest of the decoder's message may repeat what was sent.
func place(err error) string {
	msg := strings.TrimPrefix(strings.ReplaceAll(err.Error(), "\u00a0", " "), "proto: ")
	if i := strings.Index(msg, ")"); i > 0 && strings.HasPrefix(msg, "(line") {
		return msg[1:i]
	}
	return "syntax"
}

// decodeQuery reads the parameters after the question mark.
func decodeQuery(r *http.Request, v any) error {
	if r.URL.RawQuery == "" {
		return nil
	}
	return decodeWith(khttp.DefaultRequestQuery, "query")(r, v)
}

// decodePath reads the parameters in the path. Most are texts of the request itself, such as an id, for which the general
// decoder is a long way.
func decodePath(r *http.Request, v any) error {
	m := v.(proto.Message).ProtoReflect()
	for name, text := range mux.Vars(r) {
		field := m.Descriptor().Fields().ByName(protoreflect.Name(name))
		if field == nil || field.Kind() != protoreflect.StringKind || field.IsList() {
			return decodeWith(khttp.DefaultRequestVars, "path")(r, v)
		}
		m.Set(field, protoreflect.ValueOfString(text))
	}
	return nil
}

func decodeWith(decode khttp.DecodeRequestFunc, field string) khttp.DecodeRequestFunc {
	return func(r *http.Request, v any) (err error) {
		defer func() {
			// The decoder falls over a time that is the text null.
			if fell := recover(); fell != nil || err != nil {
				err = fault.Field(field, "参数格式不正确", "a parameter has the wrong form")
			}
		}()
		return decode(r, v)
	}
}

// buffers are reused: most replies are of one size.
var buffers = sync.Pool{New: func() any { return new([]byte) }}

// keptBuffer is the largest buffer that is worth keeping.
const keptBuffer = 64 << 10

func encodeReply(w http.ResponseWriter, _ *http.Request, v any) error {
	if v == nil {
		return nil
	}
	buffer := buffers.Get().(*[]byte)
	defer buffers.Put(buffer)
	raw, err := json.MarshalOptions.MarshalAppend((*buffer)[:0], v.(proto.Message))
	if err != nil {
		return err
	}
	if cap(raw) <= keptBuffer {
		*buffer = raw
	}
	w.Header().Set("Content-Type", "application/json")
	_, err = w.Write(raw)
	return err
}
