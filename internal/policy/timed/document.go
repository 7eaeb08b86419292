package timed

import (
	"bytes"
	"encoding/json"
	"slices"
	"time"

	"jobzero/internal/fault"
)

// Document is the text of a policy, of which each statement stays as it was written.
type Document struct {
	version, id json.RawMessage
	list        []json.RawMessage
}

// Read reads a policy; an empty text is one without statements.
func Read(text string) (Document, error) {
	if text == "" {
		return Document{version: json.RawMessage(`"2012-10-17"`)}, nil
	}
	var top map[string]json.RawMessage
	if err := json.Unmarshal([]byte(text), &top); err != nil {
		return Document{}, fault.Wrap(fault.Invalid, err, "read a policy")
	}
	d := Document{version: top["Version"], id: top["Id"]}
	for key := range top {
		if key != "Version" && key != "Id" && key != "Statement" {
			return Document{}, fault.New(fault.Invalid, "a policy with %q, which would be lost: change it by hand", key)
		}
	}
	all := bytes.TrimSpace(top["Statement"])
	switch {
	case len(all) == 0:
		return d, nil
	case all[0] == '{': // one statement needs no list
		d.list = []json.RawMessage{all}
		return d, nil
	}
	if err := json.Unmarshal(all, &d.list); err != nil {
		return Document{}, fault.Wrap(fault.Invalid, err, "read the statements of a policy")
	}
	return d, nil
}

// Text writes the policy.
func (d Document) Text() (string, error) {
	out := struct {
		Version   json.RawMessage `json:",omitempty"`
		ID        json.RawMessage `json:"Id,omitempty"`
		Statement []json.RawMessage
	}{d.version, d.id, slices.Concat([]json.RawMessage{}, d.list)}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(out); err != nil {
		return "", fault.Wrap(fault.Internal, err, "write a policy")
	}
	return string(bytes.TrimSpace(b.Bytes())), nil
}

// Empty reports whether there is no statement.
func (d Document) Empty() bool { return len(d.list) == 0 }

// Find gives the statement of a Sid; nil when there is none.
func (d Document) Find(sid string) json.RawMessage {
	for _, s := range d.list {
		if head(s).Sid == sid {
			return s
		}
	}
	return nil
}

// With is the policy with a statement, in the place of the one of its Sid where there is one.
func (d Document) With(s json.RawMessage) Document {
	d.list = append(slices.Clone(d.Without(head(s).Sid).list), s)
	return d
}

// Without is the policy without the statement of a Sid.
func (d Document) Without(sid string) Document {
	d.list = slices.DeleteFunc(slices.Clone(d.list), func(s json.RawMessage) bool { return sid != "" && head(s).Sid == sid })
	return d
}

// longest is the longest life of a session of a role, API_AssumeRole: DurationSeconds, and some time for clocks that differ.
const longest = 13 * time.Hour

// Fresh is the policy without the ends of sessions none of which can be alive at a time. What is not written by End stays.
func (d Document) Fresh(at time.Time) Document {
	d.list = slices.DeleteFunc(slices.Clone(d.list), func(s json.RawMessage) bool {
		over := head(s).over()
		return !over.IsZero() && over.Before(at.Add(-longest))
	})
	return d
}

type heading struct {
	Sid       string
	Effect    string
	Condition map[string]map[string]any
}

func head(s json.RawMessage) (h heading) {
	_ = json.Unmarshal(s, &h) // of what cannot be read nothing is known, and it is left as it is
	return h
}

// over is the time that an End has; zero of any other statement.
func (h heading) over() time.Time {
	if h.Effect != "Deny" || len(h.Sid) < len("Sessions") || h.Sid[:len("Sessions")] != "Sessions" {
		return time.Time{}
	}
	for operator, key := range map[string]string{"DateLessThan": "aws:TokenIssueTime", "DateGreaterThanEquals": "aws:CurrentTime"} {
		if text, ok := h.Condition[operator][key].(string); ok {
			if t, err := time.Parse(Stamp, text); err == nil {
				return t
			}
		}
	}
	return time.Time{}
}
