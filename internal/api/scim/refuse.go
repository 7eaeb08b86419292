package scim

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"

	"jobzero/internal/fault"
)

// refusal is an answer that is no success (RFC 7644, 3.12). Kind is its scimType, which only some have.
type refusal struct {
	status       int
	kind, detail string
}

// Error is what the answer says.
func (r *refusal) Error() string { return r.detail }

// The scimTypes that are used.
const (
	invalidFilter = "invalidFilter"
	invalidPath   = "invalidPath"
	invalidSyntax = "invalidSyntax"
	invalidValue  = "invalidValue"
	mutability    = "mutability"
	noTarget      = "noTarget"
	tooMany       = "tooMany"
	uniqueness    = "uniqueness"
)

// bad is a request that is wrong in itself.
func bad(kind, format string, args ...any) error {
	return &refusal{http.StatusBadRequest, kind, fmt.Sprintf(format, args...)}
}

// refusalOf translates an error. What is our own fault says nothing about itself.
func refusalOf(err error) *refusal {
	if r, ok := errors.AsType[*refusal](err); ok {
		return r
	}
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return &refusal{http.StatusRequestEntityTooLarge, "", fmt.Sprintf("the body is longer than %d bytes", maxBody)}
	}
	switch fault.CodeOf(err) {
	case fault.Invalid:
		return &refusal{http.StatusBadRequest, invalidValue, err.Error()}
	case fault.NotFound:
		return &refusal{http.StatusNotFound, "", err.Error()}
	case fault.Conflict:
		return &refusal{http.StatusConflict, uniqueness, err.Error()}
	case fault.Unavailable:
		return &refusal{http.StatusServiceUnavailable, "", "the store does not answer: try again"}
	case fault.Internal, fault.Denied:
	}
	return &refusal{http.StatusInternalServerError, "", "something is wrong here: see the log"}
}

const errorSchema = "urn:ietf:params:scim:api:messages:2.0:Error"

func (s *server) refuse(w http.ResponseWriter, r *http.Request, err error) {
	no := refusalOf(err)
	if no.status == http.StatusInternalServerError {
		s.log.Error("answering a directory", "method", r.Method, "path", r.URL.Path, "error", err)
	}
	body := map[string]any{"schemas": []string{errorSchema}, "status": strconv.Itoa(no.status), "detail": no.detail}
	if no.kind != "" {
		body["scimType"] = no.kind
	}
	if no.status == http.StatusServiceUnavailable {
		w.Header().Set("Retry-After", "5")
	}
	answer(w, no.status, body)
}

func answer(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/scim+json; charset=utf-8")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body) // the caller has gone: there is nobody left to tell
}
