package server

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	stderrors "errors"
	"io"
	"net"
	"net/http"
	"runtime/debug"
	"strconv"
	"strings"
	"time"

	"github.com/go-kratos/kratos/v2/encoding/json"
	"github.com/go-kratos/kratos/v2/errors"
	"github.com/jackc/pgx/v5/pgconn"
	"google.golang.org/grpc/status"

	"gonghui/app/kit/fault"
	"gonghui/tenant"
)

var (
	errInternal = fault.Plain(http.StatusInternalServerError, "INTERNAL", "服务器出了问题，请稍后再试", "something went wrong here; try again later")
	errTimeout  = fault.Plain(http.StatusGatewayTimeout, "TIMEOUT", "处理超时，请稍后再试", "this took too long; try again later")
	errBusy     = fault.Plain(http.StatusServiceUnavailable, "UNAVAILABLE", "服务暂时不可用，请稍后再试", "the service is not available just now; try again shortly")
)

// known turns an error that no module named into one that may be shown; the original goes to the log.
func (e *Edge) known(ctx context.Context, err error) error {
	if err == nil {
		return nil
	}
	var named *errors.Error
	if stderrors.As(err, &named) {
		return named
	}
	if st, ok := status.FromError(err); ok {
		return errors.FromError(st.Err())
	}
	var tooLarge *http.MaxBytesError
	if stderrors.As(err, &tooLarge) {
		return err
	}
	if stderrors.Is(err, context.Canceled) || stderrors.Is(err, context.DeadlineExceeded) || ctx.Err() != nil {
		return errTimeout
	}
	e.Log.Error("request failed", "request", tenant.CallFrom(ctx).Request, "error", err)
	if away(err) {
		return errBusy
	}
	return errInternal
}

// away reports whether a server behind this one cannot be reached, hung up, or has no room.
func away(err error) bool {
	var pe *pgconn.PgError
	if stderrors.As(err, &pe) {
		return strings.HasPrefix(pe.Code, "57P") || strings.HasPrefix(pe.Code, "53")
	}
	var ce *pgconn.ConnectError
	var ne *net.OpError
	return stderrors.Is(err, tenant.ErrHungUp) || stderrors.As(err, &ce) || stderrors.As(err, &ne) || stderrors.Is(err, io.ErrUnexpectedEOF) || stderrors.Is(err, io.EOF) || pgconn.SafeToRetry(err)
}

// writeError is the one shape of an error over HTTP: code, reason, message and metadata, as JSON.
func writeError(w http.ResponseWriter, _ *http.Request, err error) {
	var named *errors.Error
	var tooLarge *http.MaxBytesError
	switch {
	case stderrors.As(err, &tooLarge):
		named = fault.Plain(http.StatusRequestEntityTooLarge, "BODY_TOO_LARGE", "提交的内容过大", "the request is too large")
	case stderrors.As(err, &named):
	default:
		named = errInternal
	}
	if named.Code == 499 || named.Code < 400 || named.Code > 599 {
		named = errTimeout
	}
	status := &errors.Status{Code: named.Code, Reason: named.Reason, Message: named.Message, Metadata: map[string]string{}}
	for k, v := range named.Metadata {
		status.Metadata[k] = v
	}
	status.Metadata["request"] = w.Header().Get("X-Request-Id")
	body, merr := json.MarshalOptions.Marshal(status)
	if merr != nil {
		body = []byte(`{"code":500,"reason":"INTERNAL"}`)
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(int(named.Code))
	_, _ = w.Write(body)
}

func tooMany(w http.ResponseWriter, wait time.Duration) error {
	seconds := strconv.Itoa(int(wait.Seconds()) + 1)
	w.Header().Set("Retry-After", seconds)
	return fault.Plain(http.StatusTooManyRequests, "RATE_LIMITED", "操作太频繁，请稍后再试", "too many requests; try again shortly")
}

// requestID takes the caller's id when it is a sane one.
func requestID(r *http.Request) string { return limitID(r.Header.Get("X-Request-Id")) }

func limitID(id string) string {
	if len(id) >= 8 && len(id) <= 40 && !strings.ContainsFunc(id, func(c rune) bool {
		return (c < '0' || c > '9') && (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && c != '-'
	}) {
		return id
	}
	var raw [10]byte
	_, _ = rand.Read(raw[:])
	return hex.EncodeToString(raw[:])
}

func stack() string { return string(debug.Stack()) }
