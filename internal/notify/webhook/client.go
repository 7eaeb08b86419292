package webhook

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"syscall"

	"jobzero/internal/effect"
	"jobzero/internal/fault"
	"jobzero/internal/notice"
)

// Do posts, and gives the answer as JSON. An address that is busy or does not answer is Unavailable; one that says no is Denied.
func (c Config) Do(ctx context.Context, p notice.Post) (json.RawMessage, error) {
	l := c.Open()
	defer l.Close()
	return l.Do(ctx, p)
}

// Line is an address that is posted to more than once: connections are kept until Close.
type Line struct {
	config Config
	client *http.Client
	done   func()
}

// Open connects to nobody yet.
func (c Config) Open() *Line {
	client, done := c.client()
	return &Line{c, client, done}
}

// Close lets go of what is connected.
func (l *Line) Close() { l.done() }

// Do is that of Config.
func (l *Line) Do(ctx context.Context, p notice.Post) (json.RawMessage, error) {
	c := l.config
	ctx, cancel := context.WithTimeout(ctx, c.patience())
	defer cancel()
	req, err := c.request(ctx, p)
	if err != nil {
		return nil, err
	}
	res, err := l.client.Do(req)
	if err != nil {
		if f, ok := errors.AsType[*fault.Error](err); ok {
			return nil, f
		}
		return nil, fault.New(fault.Unavailable, "webhook %s does not answer: %s", c.Name, cause(err))
	}
	defer res.Body.Close()
	body, err := io.ReadAll(io.LimitReader(res.Body, effect.MostAnswer+1))
	if err != nil {
		return nil, fault.New(fault.Unavailable, "webhook %s: its answer broke off: %s", c.Name, cause(err))
	}
	return c.judge(res.StatusCode, body)
}

// judge tells what was taken from what is to be sent again, and from what a person has to look at.
func (c Config) judge(status int, body []byte) (json.RawMessage, error) {
	const some = 200 // bytes of a refusal, for people
	switch {
	case status >= 200 && status < 300:
		return effect.Answer(status, body)
	case status == http.StatusTooManyRequests || status == http.StatusRequestTimeout || status >= 500:
		return nil, fault.New(fault.Unavailable, "webhook %s answers %d: %.*q", c.Name, status, some, body)
	case status >= 300 && status < 400:
		return nil, fault.New(fault.Denied, "webhook %s answers %d: it is somewhere else, and redirections are not followed: mend its url", c.Name, status)
	}
	return nil, fault.New(fault.Denied, "webhook %s answers %d: %.*q", c.Name, status, some, body)
}

// request is signed as Standard Webhooks has it: HMAC-SHA256 over id, time and body, with dots between, by each secret that is valid, with
// spaces between (github.com/standard-webhooks/standard-webhooks, spec/standard-webhooks.md).
func (c Config) request(ctx context.Context, p notice.Post) (*http.Request, error) {
	keys, err := c.keys()
	if err != nil {
		return nil, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, c.URL.Reveal(), bytes.NewReader(p.Body))
	if err != nil {
		return nil, fault.New(fault.Invalid, "webhook %s: its url is none", c.Name)
	}
	at := strconv.FormatInt(p.At.Unix(), 10)
	signed := make([]string, len(keys))
	for i, key := range keys {
		mac := hmac.New(sha256.New, key)
		mac.Write([]byte(p.ID + "." + at + "."))
		mac.Write(p.Body)
		signed[i] = "v1," + base64.StdEncoding.EncodeToString(mac.Sum(nil))
	}
	for name, value := range map[string]string{
		"Content-Type": "application/json", "User-Agent": "jobzero",
		"Webhook-Id": p.ID, "Webhook-Timestamp": at, "Webhook-Signature": strings.Join(signed, " "),
		"Idempotency-Key": strconv.Quote(p.ID), // draft-ietf-httpapi-idempotency-key-header: a quoted text
	} {
		req.Header.Set(name, value)
	}
	return req, nil
}

// client connects to what it was allowed to: through no proxy of the environment, and to no other place that an answer names.
func (c Config) client() (client *http.Client, done func()) {
	dial := &net.Dialer{Control: func(_, address string, _ syscall.RawConn) error { return c.checkDial(address) }}
	way := &http.Transport{DialContext: dial.DialContext, ForceAttemptHTTP2: true, MaxResponseHeaderBytes: effect.MostAnswer}
	return &http.Client{
		Transport:     way,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}, way.CloseIdleConnections
}

// cause is an error without the address, which often holds a secret.
func cause(err error) string {
	if inner := errors.Unwrap(err); inner != nil {
		return inner.Error()
	}
	return "the request failed"
}
