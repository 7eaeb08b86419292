package slack

import (
	"context"
	"errors"
	"net/url"
	"slices"

	"github.com/slack-go/slack"

	"jobzero/internal/fault"
)

// passing are answers that may be another one later; all others are for good
// (docs.slack.dev/reference/methods/chat.postMessage, errors; docs.slack.dev/apis/web-api/rate-limits).
func passing() []string {
	return []string{"ratelimited", "rate_limited", "message_limit_exceeded", "internal_error", "fatal_error", "request_timeout", "service_unavailable", "team_added_to_org"}
}

// refused gives an error of the library its code, and leaves out what may hold a token: addresses and headers.
func refused(err error, doing string) error {
	if err == nil {
		return nil
	}
	if s, ok := errors.AsType[*slack.RateLimitedError](err); ok {
		return fault.New(fault.Unavailable, "slack: %s: too many calls, asked to wait %s", doing, s.RetryAfter)
	}
	if s, ok := errors.AsType[slack.StatusCodeError](err); ok {
		code := fault.Denied
		if s.Code >= 500 || s.Code == 429 || s.Code == 408 {
			code = fault.Unavailable
		}
		return fault.New(code, "slack: %s: it answers %d", doing, s.Code)
	}
	if s, ok := errors.AsType[slack.SlackErrorResponse](err); ok {
		code := fault.Denied
		if slices.Contains(passing(), s.Err) {
			code = fault.Unavailable
		}
		return fault.New(code, "slack: %s: it answers %.100q", doing, s.Err)
	}
	if u, ok := errors.AsType[*url.Error](err); ok {
		return fault.New(fault.Unavailable, "slack: %s: it does not answer: %s", doing, u.Err)
	}
	if errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled) {
		return fault.New(fault.Unavailable, "slack: %s: it does not answer in time", doing)
	}
	return fault.New(fault.Unavailable, "slack: %s: its answer could not be read", doing)
}
