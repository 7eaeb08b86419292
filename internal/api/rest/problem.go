package rest

import (
	"errors"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"jobzero/internal/fault"
)

// statuses is what each code of an error is over HTTP. There is no other place that says so.
func statuses() map[fault.Code]int {
	return map[fault.Code]int{
		fault.Invalid:     http.StatusUnprocessableEntity,
		fault.NotFound:    http.StatusNotFound,
		fault.Conflict:    http.StatusConflict,
		fault.Denied:      http.StatusForbidden,
		fault.Unavailable: http.StatusServiceUnavailable,
		fault.Internal:    http.StatusInternalServerError,
	}
}

// errStale says that what is to be changed is not any more what the caller has read.
var errStale = errors.New("it has changed since you read it: read it again, and send the ETag that it has then")

// problem is an error as programs read it. What is our own fault, or the weather's, is only named: its text may hold what nobody should read.
func (s *server) problem(err error) error {
	if err == nil {
		return nil
	}
	if _, ok := errors.AsType[huma.StatusError](err); ok {
		return err
	}
	status, text := statuses()[fault.CodeOf(err)], err.Error()
	switch {
	case errors.Is(err, errStale):
		status = http.StatusPreconditionFailed
	case status == http.StatusInternalServerError || status == http.StatusServiceUnavailable:
		s.log.Error("a program asked", "error", err)
		text = "the log says more"
	}
	return &huma.ErrorModel{Title: http.StatusText(status), Status: status, Detail: text}
}
