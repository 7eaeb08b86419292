package testmoto

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
)

// Call is one API call that the emulator has seen: an independent witness of what the product did.
type Call struct {
	Method  string // HTTP method
	Service string // signing name: s3, ec2, iam, sts, sqs, events …
	Action  string // such as PutPublicAccessBlock; for REST paths not known here, the method and path
	Account string // from the account header; empty for calls that were signed with assumed keys
	Key     string // the access key that signed the call
	URL     string
	Body    []byte

	invocation string // the SDK's number of the call, which all its attempts have; empty when another client made it
}

var scope = regexp.MustCompile(`Credential=([^/]+)/\d+/[^/]*/([^/]+)/aws4_request`)

// Write says whether the call changes a resource. A consumer's own work on its queue and assuming a role are no writes.
func (c Call) Write() bool {
	queueing := []string{"DeleteMessage", "DeleteMessageBatch", "ChangeMessageVisibility", "ChangeMessageVisibilityBatch"}
	if c.Service == "sqs" && slices.Contains(queueing, c.Action) {
		return false
	}
	reads := []string{"Get", "List", "Describe", "Head", "Lookup", "Select", "BatchGet", "AssumeRole", "Receive"}
	if strings.HasPrefix(c.Action, http.MethodGet+" ") || strings.HasPrefix(c.Action, http.MethodHead+" ") {
		return false
	}
	return !slices.ContainsFunc(reads, func(p string) bool { return strings.HasPrefix(c.Action, p) })
}

// String is the call in one line.
func (c Call) String() string {
	return fmt.Sprintf("%s:%s (%s %s)", c.Service, c.Action, c.Method, c.URL)
}

// Writes keeps the calls that change a resource.
func Writes(calls []Call) []Call {
	return slices.DeleteFunc(slices.Clone(calls), func(c Call) bool { return !c.Write() })
}

// Record forgets the earlier recording and starts a new one. The recording is one for the whole server: tests that use it
// on a shared server must tell their calls by account, or start a server of their own.
func (s *Server) Record(ctx context.Context) error {
	if _, err := s.control(ctx, http.MethodPost, "/moto-api/recorder/reset-recording"); err != nil {
		return err
	}
	_, err := s.control(ctx, http.MethodPost, "/moto-api/recorder/start-recording")
	return err
}

// StopRecording ends the recording; what was recorded stays.
func (s *Server) StopRecording(ctx context.Context) error {
	_, err := s.control(ctx, http.MethodPost, "/moto-api/recorder/stop-recording")
	return err
}

// Calls is everything recorded so far, in order, without moto's own control API. What the SDK sent again because the connection broke under
// it is one call of the product, and counts once.
func (s *Server) Calls(ctx context.Context) ([]Call, error) {
	raw, err := s.control(ctx, http.MethodGet, "/moto-api/recorder/download-recording")
	if err != nil {
		return nil, err
	}
	var calls []Call
	seen := map[string]bool{}
	all := json.NewDecoder(bytes.NewReader(raw)) // not by lines: what comes at the same time may come on the same one
	for {
		var e entry
		if err := all.Decode(&e); errors.Is(err, io.EOF) {
			return calls, nil
		} else if err != nil {
			return nil, fmt.Errorf("read the emulator's recording: %w", err)
		}
		if c, ok := e.call(); ok && (c.invocation == "" || !seen[c.invocation]) {
			seen[c.invocation] = true
			calls = append(calls, c)
		}
	}
}

// entry is one line of moto's recording.
type entry struct {
	Headers map[string]string `json:"headers"`
	Method  string            `json:"method"`
	URL     string            `json:"url"`
	Body    string            `json:"body"`
	Encoded bool              `json:"body_encoded"`
}

// call reads the entry; false means that it was no AWS call.
func (e entry) call() (Call, bool) {
	u, err := url.Parse(e.URL)
	if err != nil || strings.HasPrefix(u.Path, "/moto-api/") {
		return Call{}, false
	}
	h := http.Header{}
	for k, v := range e.Headers {
		h.Set(k, v)
	}
	c := Call{Method: e.Method, URL: e.URL, Body: []byte(e.Body), Account: h.Get(accountHeader), invocation: h.Get("Amz-Sdk-Invocation-Id")}
	if e.Encoded {
		if b, err := base64.StdEncoding.DecodeString(e.Body); err == nil {
			c.Body = b
		}
	}
	if m := scope.FindStringSubmatch(h.Get("Authorization")); m != nil {
		c.Key, c.Service = m[1], m[2]
	}
	c.Action = action(c, u, h)
	return c, true
}
