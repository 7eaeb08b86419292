package effect

import (
	"encoding/json"

	"jobzero/internal/fault"
)

// MostAnswer is how much of an answer is kept, in bytes.
const MostAnswer = 64 << 10

// Answer is what somebody answered, as JSON: as it is where it is JSON, otherwise as a text; cut where it is too long.
func Answer(status int, body []byte) (json.RawMessage, error) {
	out := struct {
		Status int             `json:"status"`
		Body   json.RawMessage `json:"body,omitempty"`
		Cut    bool            `json:"cut,omitempty"` // there was more
	}{Status: status}
	if len(body) > MostAnswer {
		body, out.Cut = body[:MostAnswer], true
	}
	switch {
	case len(body) == 0:
	case !out.Cut && json.Valid(body):
		out.Body = body
	default:
		text, err := json.Marshal(string(body))
		if err != nil {
			return nil, fault.Wrap(fault.Internal, err, "keep an answer")
		}
		out.Body = text
	}
	text, err := json.Marshal(out)
	return text, fault.Wrap(fault.Internal, err, "keep an answer")
}
