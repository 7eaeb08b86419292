package terraform

import (
	"bytes"
	"encoding/json"
	"math"
	"strings"

	"jobzero/internal/fault"
	"jobzero/internal/rawjson"
)

// The format is described in developer.hashicorp.com/terraform/internals/json-format; minor versions only add to it.

// plan is the text, taken apart as far as it is needed.
type plan struct {
	name     string
	text     []byte
	version  string
	changes  []change
	told     bool          // it has resource_changes
	later    rawjson.Value // planned_values, read when they are needed
	planned  map[string]stated
	steps    int // taken to find where values come from
	state    values
	conf     config
	warnings []string
}

// values are the resources of planned_values or of a state.
type values struct {
	Root *block `json:"root_module"`
}

type block struct {
	Address   string   `json:"address"`
	Resources []stated `json:"resources"`
	Children  []*block `json:"child_modules"`
}

// stated is a resource of them.
type stated struct {
	Address   string          `json:"address"`
	Mode      string          `json:"mode"`
	Type      string          `json:"type"`
	Provider  string          `json:"provider_name"`
	Index     any             `json:"index"`
	Values    json.RawMessage `json:"values"`
	Sensitive json.RawMessage `json:"sensitive_values"`
}

// change is one of resource_changes.
type change struct {
	Address  string `json:"address"`
	Module   string `json:"module_address"`
	Mode     string `json:"mode"`
	Type     string `json:"type"`
	Name     string `json:"name"`
	Index    any    `json:"index"`
	Provider string `json:"provider_name"`
	Deposed  string `json:"deposed"`
	Change   struct {
		Actions   []string        `json:"actions"`
		After     json.RawMessage `json:"after"`
		Unknown   json.RawMessage `json:"after_unknown"`
		Sensitive json.RawMessage `json:"after_sensitive"`
	} `json:"change"`
	line, col int
}

// parse takes a plan apart.
func parse(name string, data []byte) (*plan, error) {
	text, err := plain(name, data)
	if err != nil {
		return nil, err
	}
	p := &plan{name: name, text: text}
	parts := map[string]rawjson.Value{}
	if err := rawjson.Object(text, func(key []byte, v rawjson.Value) error {
		parts[string(key)] = v
		return nil
	}); err != nil {
		return nil, wrong(name, text, 0, err)
	}
	p.version, _ = parts["format_version"].Text()
	if major, _, _ := strings.Cut(p.version, "."); major != "0" && major != "1" {
		return nil, fault.New(fault.Invalid,
			"%s:1:1: this is no plan that can be read: format_version is %q, want 0.x or 1.x; write it with terraform show -json PLAN", name, p.version)
	}
	for key, into := range map[string]any{"values": &p.state, "configuration": &p.conf, "variables": &p.conf.Variables} {
		if err := p.decode(parts[key], into); err != nil {
			return nil, err
		}
	}
	changes, told := parts["resource_changes"]
	p.told = told && !changes.IsNull()
	p.later = parts["planned_values"]
	if string(parts["errored"]) == "true" || string(parts["complete"]) == "false" {
		p.warnings = append(p.warnings, "the plan is not complete: what it leaves out is not here")
	}
	if !parts["deferred_changes"].IsNull() && len(parts["deferred_changes"]) > 2 {
		p.warnings = append(p.warnings, "the plan defers changes to a later one: they are not here")
	}
	return p, p.readChanges(changes)
}

// decode reads a part; numbers keep their digits.
func (p *plan) decode(v rawjson.Value, into any) error {
	if v.IsNull() {
		return nil
	}
	d := json.NewDecoder(bytes.NewReader(v))
	d.UseNumber()
	if err := d.Decode(into); err != nil {
		return wrong(p.name, p.text, max(bytes.Index(p.text, v), 0), err)
	}
	return nil
}

// readChanges reads the changes one by one, so that the place of each is known.
func (p *plan) readChanges(list rawjson.Value) error {
	if !p.told {
		return nil
	}
	base := max(bytes.Index(p.text, list), 0)
	at, seen, line := base, 0, 1
	err := rawjson.Array(list, func(v rawjson.Value) error {
		at += max(bytes.Index(p.text[at:], v), 0)
		line += bytes.Count(p.text[seen:at], []byte("\n"))
		seen = at
		c := change{line: line, col: at - bytes.LastIndexByte(p.text[:at], '\n')}
		d := json.NewDecoder(bytes.NewReader(v))
		d.UseNumber()
		if err := d.Decode(&c); err != nil {
			return wrong(p.name, p.text, at, err)
		}
		if c.Address == "" || c.Type == "" {
			return wrong(p.name, p.text, at, fault.New(fault.Invalid, "a resource change without an address or type"))
		}
		if p.changes = append(p.changes, c); len(p.changes) > MaxChanges {
			return wrong(p.name, p.text, at, fault.New(fault.Invalid, "more than %d resource changes: split the workspace", MaxChanges))
		}
		at += len(v)
		return nil
	})
	if err != nil && fault.CodeOf(err) == fault.Internal {
		return wrong(p.name, p.text, base, err)
	}
	return err
}

// tree decodes a value; whole numbers are int64, others float64.
func tree(raw []byte) any {
	if len(raw) == 0 {
		return nil
	}
	var v any
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	if d.Decode(&v) != nil {
		return nil // the text was read as JSON before
	}
	return numbers(v)
}

func numbers(v any) any {
	switch v := v.(type) {
	case json.Number:
		if i, err := v.Int64(); err == nil {
			return i
		}
		f, err := v.Float64()
		if err != nil || math.IsInf(f, 0) {
			return v.String()
		}
		if f == math.Trunc(f) && math.Abs(f) < 1<<53 {
			return int64(f)
		}
		return f
	case []any:
		for i, e := range v {
			v[i] = numbers(e)
		}
	case map[string]any:
		for k, e := range v {
			v[k] = numbers(e)
		}
	}
	return v
}
