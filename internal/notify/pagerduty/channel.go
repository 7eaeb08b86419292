package pagerduty

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"jobzero/internal/fault"
	"jobzero/internal/notice"
	"jobzero/internal/notify"
)

// Name is how the channel is called.
const Name = "pagerduty"

// Channel is a service in PagerDuty, which tells whoever is on duty there.
type Channel struct{ Config Config }

var (
	_ notify.Channel  = Channel{}
	_ notify.Follower = Channel{}
)

// Name is how it is called.
func (c Channel) Name() string { return Name }

// Personal says no: whom it reaches is decided there.
func (c Channel) Personal() bool { return false }

// Address is the service.
func (c Channel) Address(notify.Person) (notify.Address, error) {
	return notify.Address{To: Name, Shown: "the service of the routing key"}, nil
}

// Send triggers the alert of the thread. The same key again is no new alert.
func (c Channel) Send(ctx context.Context, l notify.Letter) (string, error) {
	e := triggered(l)
	return e.DedupKey, c.post(ctx, e)
}

// Follow acknowledges the alert when somebody has answered, and resolves it when nobody need any more.
func (c Channel) Follow(ctx context.Context, l notify.Letter) error {
	e := event{Action: resolve, DedupKey: dedup(l.Message)}
	if l.State == notice.Acknowledged {
		e.Action = acknowledge
	}
	return c.post(ctx, e)
}

const (
	patience   = 20 * time.Second
	mostAnswer = 4 << 10
	path       = "/v2/enqueue"
)

func (c Channel) post(ctx context.Context, e event) error {
	e.RoutingKey = c.Config.RoutingKey.Reveal()
	body, err := json.Marshal(e)
	if err != nil {
		return fault.Wrap(fault.Internal, err, "write an event for PagerDuty")
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, cmp.Or(c.Config.Endpoint, usual)+path, bytes.NewReader(body))
	if err != nil {
		return fault.New(fault.Invalid, "notify.pagerduty.endpoint is no address")
	}
	req.Header.Set("Content-Type", "application/json")
	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	res, err := client.Do(req)
	if err != nil {
		if u, ok := errors.AsType[*url.Error](err); ok {
			err = u.Err
		}
		return fault.Wrap(fault.Unavailable, err, "PagerDuty does not answer")
	}
	defer res.Body.Close()
	return judge(res)
}

// judge tells what was taken from what is to be sent again: 202 is taken, 429 and 5xx are tried again, all else is for good.
func judge(res *http.Response) error {
	text, err := io.ReadAll(io.LimitReader(res.Body, mostAnswer))
	if err != nil {
		text = nil // the status says enough
	}
	var said struct {
		Message string   `json:"message"`
		Errors  []string `json:"errors"`
	}
	_ = json.Unmarshal(text, &said) // what is no JSON says nothing
	why := strings.Join(append([]string{said.Message}, said.Errors...), "; ")
	switch {
	case res.StatusCode == http.StatusAccepted:
		return nil
	case res.StatusCode == http.StatusTooManyRequests || res.StatusCode >= http.StatusInternalServerError:
		return fault.New(fault.Unavailable, "PagerDuty answers %d: %.200q", res.StatusCode, why)
	}
	return fault.New(fault.Denied, "PagerDuty answers %d: %.200q", res.StatusCode, why)
}
