package server

import (
	stderrors "errors"
	"io"
	"net/http"
	"strings"

	"github.com/go-kratos/kratos/v2/encoding"
	"github.com/go-kratos/kratos/v2/encoding/json"
	khttp "github.com/go-kratos/kratos/v2/transport/http"
	"google.golang.org/protobuf/proto"

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

func decodeWith(decode khttp.DecodeRequestFunc, field string) khttp.DecodeRequestFunc {
	return func(r *http.Request, v any) error {
		if err := decode(r, v); err != nil {
			return fault.Field(field, "参数格式不正确", "a parameter has the wrong form")
		}
		return nil
	}
}

func encodeReply(w http.ResponseWriter, _ *http.Request, v any) error {
	if v == nil {
		return nil
	}
	raw, err := encoding.GetCodec(json.Name).Marshal(v)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/json")
	_, err = w.Write(raw)
	return err
}
