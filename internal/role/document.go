package role

import (
	"bytes"
	"cmp"
	"encoding/json"
	"slices"
	"strings"
	"unicode/utf8"

	"jobzero/internal/fault"
)

// MaxManaged is how many characters a managed policy may have, white space not counted
// (docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html).
const MaxManaged = 6144

// Statement is one statement of a policy, in the order in which people read it.
type Statement struct {
	Sid       string                    `json:"Sid,omitempty"`
	Effect    string                    `json:"Effect"`
	Action    []string                  `json:"Action,omitempty"`
	NotAction []string                  `json:"NotAction,omitempty"`
	Resource  []string                  `json:"Resource"`
	Condition map[string]map[string]any `json:"Condition,omitempty"`
}

// Document is a policy.
type Document struct {
	Version   string      `json:"Version"`
	Statement []Statement `json:"Statement"`
}

// Text is the policy without white space.
func (d Document) Text() ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(d); err != nil {
		return nil, fault.Wrap(fault.Internal, err, "write a policy")
	}
	return bytes.TrimSpace(b.Bytes()), nil
}

// Size is how many characters AWS counts.
func (d Document) Size() int {
	text, err := d.Text()
	if err != nil {
		return MaxManaged + 1
	}
	return utf8.RuneCount(text)
}

// Documents are the policies of grants: as few as the size allows.
func Documents(grants []Grant) ([]Document, error) {
	var out []Document
	part := -1
	for _, s := range statements(grants) {
		if s.part != part {
			part = s.part
			out = append(out, Document{Version: version})
		}
		var err error
		if out, err = place(out, s.Statement); err != nil {
			return nil, err
		}
	}
	return out, nil
}

const version = "2012-10-17"

// place puts a statement into the last document, and what has no room there into further ones.
func place(out []Document, s Statement) ([]Document, error) {
	for len(s.Action) > 0 {
		d := &out[len(out)-1]
		n := fitting(*d, s)
		if n == 0 && len(d.Statement) == 0 {
			return nil, fault.New(fault.Internal, "%s has more resources than fit into a policy", s.Action[0])
		}
		if n > 0 {
			some := s
			some.Action = s.Action[:n]
			d.Statement, s.Action = append(d.Statement, some), s.Action[n:]
		}
		if len(s.Action) > 0 {
			out = append(out, Document{Version: version})
		}
	}
	return out, nil
}

// fitting is how many actions of a statement have room in a document.
func fitting(d Document, s Statement) int {
	n := len(s.Action)
	for n > 0 {
		some := s
		some.Action = s.Action[:n]
		with := Document{d.Version, append(slices.Clone(d.Statement), some)}
		if over := with.Size() - MaxManaged; over > 0 {
			n -= max(1, over/maxName) // never too many at once
			continue
		}
		return n
	}
	return 0
}

// maxName is longer than the name of any action with its quotes.
const maxName = 100

type parted struct {
	Statement
	part int
}

// statements are grants with the same resources and conditions put together, a Deny first.
func statements(grants []Grant) (out []parted) {
	at := map[string]int{}
	for _, g := range grants {
		s := parted{Statement{Effect: "Allow", Action: []string{g.Action}, Resource: g.Resources, Condition: g.Condition}, g.part}
		if g.Deny {
			s.Effect = "Deny"
		}
		text, err := json.Marshal([]any{s.part, s.Effect, s.Resource, s.Condition})
		if err != nil {
			continue // of texts and lists of texts, which can be written
		}
		if i, ok := at[string(text)]; ok {
			out[i].Action = append(out[i].Action, g.Action)
			continue
		}
		at[string(text)] = len(out)
		out = append(out, s)
	}
	slices.SortStableFunc(out, func(a, b parted) int { return cmp.Or(a.part-b.part, strings.Compare(b.Effect, a.Effect)) })
	return out
}
