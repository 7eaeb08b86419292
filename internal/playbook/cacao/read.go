package cacao

import (
	"encoding/json"
	"errors"
	"reflect"
	"strings"

	"jobzero/internal/doc"
	"jobzero/internal/fault"
)

// The limits of one playbook.
const (
	MaxBytes  = 512 << 10
	maxValues = 50_000
	maxSteps  = 500
)

// Read reads a playbook, and says what is wrong with it: with file, line, column and the path in the JSON. What is odd, but no error, is a
// remark. file is only named in errors.
func Read(file string, text []byte) (*Playbook, []Remark, error) {
	if !strings.HasSuffix(file, ".json") && !json.Valid(text) {
		return nil, nil, fault.New(fault.Invalid, "%s: is no JSON: a playbook of CACAO is one JSON object", file)
	}
	nodes, err := doc.Reader{Max: MaxBytes, Nodes: maxValues}.Parse(file, text)
	switch {
	case err != nil:
		return nil, nil, err
	case len(nodes) != 1:
		return nil, nil, fault.New(fault.Invalid, "%s: is empty: a playbook of CACAO is one JSON object", file)
	}
	p, s := &Playbook{}, &shaping{}
	s.object(nodes[0], reflect.ValueOf(p).Elem(), "")
	if len(s.bad) == 0 && len(p.Workflow) > maxSteps {
		s.wrong(nodes[0], "workflow", "has %d steps: %d at most are read", len(p.Workflow), maxSteps)
	}
	if len(s.bad) > 0 {
		return nil, nil, fault.Wrap(fault.Invalid, errors.Join(s.bad...), "%s is no valid playbook of CACAO 2.0", file)
	}
	return p, append(s.remarks, p.loose()...), nil
}
