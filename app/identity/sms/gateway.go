package sms

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"time"
)

// Gateway hands messages to a service over HTTP. Each is a POST of JSON
//
//	{"id": "…", "phone": "13800000000", "template": "sign_in", "params": {"code": "…"}, "text_zh": "…", "text_en": "…"}
//
// with X-Gonghui-Time (Unix seconds) and X-Gonghui-Signature: the HMAC-SHA-256, in hex, of time, a line feed and the body, by
// the common key. The id is the same in every try of one message, so that the service delivers it once. Any 2xx is success.
type Gateway struct {
	url    string
	key    []byte
	client *http.Client
	pause  time.Duration
}

const (
	tries      = 3
	tryTimeout = 3 * time.Second
)

// NewGateway makes a gateway of its address and the common key of at least 16 bytes. Only https leaves this machine.
func NewGateway(address string, key []byte) (*Gateway, error) {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return nil, errors.New("sms: the gateway has no valid address")
	}
	local := u.Hostname() == "localhost" || u.Hostname() == "127.0.0.1" || u.Hostname() == "::1"
	if u.Scheme != "https" && (u.Scheme != "http" || !local) {
		return nil, errors.New("sms: the address of the gateway must begin with https://")
	}
	if len(key) < 16 {
		return nil, errors.New("sms: the key of the gateway needs at least 16 characters")
	}
	return &Gateway{url: address, key: key, pause: 200 * time.Millisecond, client: &http.Client{
		Timeout:       tryTimeout,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}, nil
}

// Send hands the message over. It tries again, at most three times in all, when the service cannot be reached or answers 5xx.
func (g *Gateway) Send(ctx context.Context, phone, template string, params map[string]string) error {
	zh, en := Wording(template, params)
	body, err := json.Marshal(map[string]any{
		"id": rand.Text(), "phone": phone, "template": template, "params": params, "text_zh": zh, "text_en": en,
	})
	if err != nil {
		return err
	}
	for try := 1; ; try++ {
		again, err := g.post(ctx, body)
		if err == nil || !again || try == tries {
			return err
		}
		select {
		case <-ctx.Done():
			return errors.Join(ctx.Err(), err)
		case <-time.After(time.Duration(try) * g.pause):
		}
	}
}

// post is one try; again says whether another one may help. Its errors hold neither the phone nor the code.
func (g *Gateway) post(ctx context.Context, body []byte) (again bool, err error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, g.url, bytes.NewReader(body))
	if err != nil {
		return false, err
	}
	at := strconv.FormatInt(time.Now().Unix(), 10)
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("X-Gonghui-Time", at)
	req.Header.Set("X-Gonghui-Signature", Sign(g.key, at, body))
	resp, err := g.client.Do(req)
	if err != nil {
		return ctx.Err() == nil, fmt.Errorf("sms: gateway: %w", err)
	}
	defer resp.Body.Close()
	_, _ = io.Copy(io.Discard, io.LimitReader(resp.Body, 64<<10))
	if resp.StatusCode/100 == 2 {
		return false, nil
	}
	return resp.StatusCode >= 500, fmt.Errorf("sms: the gateway answered %d", resp.StatusCode)
}

// Sign is the signature of a body sent at a time.
func Sign(key []byte, at string, body []byte) string {
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(at + "\n"))
	mac.Write(body)
	return hex.EncodeToString(mac.Sum(nil))
}
