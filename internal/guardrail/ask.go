package guardrail

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"jobzero/internal/expect"
	"jobzero/internal/expr"
	"jobzero/internal/fault"
	"jobzero/internal/resource"
)

// absent is the value of a property that is not there.
type absentValue struct{}

var absent any = absentValue{}

// other is a value that no expectation names.
const other = "jobzero-some-other-value"

// setting is what is known of a resource: values by their paths below properties. Nothing else is.
type setting map[string]any

// asker asks one expectation about resources of one type of which only some properties are known.
type asker struct {
	e     *expect.Expectation
	kind  resource.Type
	asks  []expr.Ask
	tests []expr.Form
	now   time.Time
}

func newAsker(e *expect.Expectation, kind resource.Type, now time.Time) asker {
	return asker{e: e, kind: kind, asks: e.Asks(), tests: e.Form().Tests(), now: now}
}

// maxHas is how many properties of which only the presence is asked are tried both ways.
const maxHas = 4

// result is the verdict on a resource of which nothing but the setting is known. Where the expression goes one way for what is
// there and another for what is not, both are tried: what both say holds.
func (a asker) result(s setting) expect.Result {
	has := a.has(s)
	out := a.one(s, nil, nil)
	if out != expect.Unknown || len(has) == 0 || len(has) > maxHas {
		return out
	}
	for mask := range 1 << len(has) {
		var there, gone []string
		for i, path := range has {
			if mask>>i&1 == 1 {
				there = append(there, path)
			} else {
				gone = append(gone, path)
			}
		}
		found := a.one(s, there, gone)
		switch {
		case mask == 0, found == expect.Fail && out == expect.NotApplicable:
			out = found
		case found == expect.NotApplicable && out == expect.Fail: // what it does not judge is refused with what it does
		case found != out:
			return expect.Unknown
		}
	}
	return out
}

// has gives the properties of which nothing but the presence is asked, and which the setting does not say.
func (a asker) has(s setting) (out []string) {
	for _, t := range a.tests {
		path := pathOf(t.Path)
		other := func(o expr.Form) bool {
			p := pathOf(o.Path)
			return o.Compare != "has" && (p == path || strings.HasPrefix(p, path+"."))
		}
		if t.Compare == "has" && !known(path, s) && !slices.Contains(out, path) && !slices.ContainsFunc(a.tests, other) {
			out = append(out, path)
		}
	}
	return out
}

// one is the verdict where some properties are there, with some value, and some are not.
func (a asker) one(s setting, there, gone []string) expect.Result {
	r := resource.Resource{Ref: resource.Ref{Type: a.kind, Account: "111122223333", Region: "eu-central-1", ID: "guardrail"}}
	properties := map[string]any{}
	for path, v := range s {
		put(properties, strings.Split(path, "."), v)
	}
	r.Properties = properties
	for _, path := range there {
		put(properties, strings.Split(strings.TrimPrefix(path, "properties."), "."), other)
	}
	for _, path := range a.unknown(s) {
		if !slices.Contains(gone, path) && !slices.Contains(there, path) {
			r.Unknown = append(r.Unknown, resource.Unknown{Path: path, Cause: "not asked for here", Code: fault.Unavailable})
		}
	}
	return a.e.Check(r, expect.Facts{Now: a.now}).Result
}

// put sets a value; [] makes a list of one element.
func put(in map[string]any, path []string, v any) {
	name, each := strings.CutSuffix(path[0], "[]")
	last := len(path) == 1
	switch {
	case last && v == absent:
	case last && each:
		in[name] = []any{v}
	case last:
		in[name] = v
	case each:
		list, _ := in[name].([]any)
		inner := map[string]any{}
		if len(list) > 0 {
			inner, _ = list[0].(map[string]any)
		}
		put(inner, path[1:], v)
		in[name] = []any{inner}
	default:
		inner, ok := in[name].(map[string]any)
		if !ok {
			inner = map[string]any{}
			in[name] = inner
		}
		put(inner, path[1:], v)
	}
}

// unknown gives what the expectation asks for and the setting does not say.
func (a asker) unknown(s setting) (out []string) {
	for _, ask := range a.asks {
		path := pathOf(ask.Path)
		if known(path, s) || computed(ask, s) {
			continue
		}
		out = append(out, path)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// pathOf writes a path of an expression as resources have it: an element of a list is its first, as a setting has one.
func pathOf(steps []expr.Step) string {
	var b strings.Builder
	for i, s := range steps {
		switch {
		case s.Element:
			b.WriteString("[0]")
		case i > 0:
			b.WriteString("." + s.Name)
		default:
			b.WriteString(s.Name)
		}
	}
	return b.String()
}

// computed reports whether an ask is for members by names that the expression puts together, of something that the setting has.
// Who sets such members sets all of them.
func computed(a expr.Ask, s setting) bool {
	n := len(a.Path)
	if n == 0 || !a.Path[n-1].Element {
		return false
	}
	parent := pathOf(a.Path[:n-1]) + "."
	for have := range s {
		if strings.HasPrefix("properties."+have, parent) {
			return true
		}
	}
	return parent == "properties." && len(s) > 0
}

// known reports whether a setting says what stands at a path. A list that the setting does not have is not known as a whole, which
// is why the path is cut there.
func known(path string, s setting) bool {
	for have := range s {
		have = "properties." + strings.ReplaceAll(have, "[]", "[0]")
		if path == have || strings.HasPrefix(path, have+".") || strings.HasPrefix(path, have+"[") || strings.HasPrefix(have, path+".") || strings.HasPrefix(have, path+"[") {
			return true
		}
	}
	return false
}

// domain gives the values of a property that are told apart: those that are written, one that is not, and none at all.
func (a asker) domain(p *property, path string) []any {
	var out []any
	add := func(v any) {
		if !slices.Contains(out, v) {
			out = append(out, v)
		}
	}
	for _, v := range p.values {
		add(v)
	}
	numbers := false
	for _, t := range a.tests {
		if pathOf(t.Path) != "properties."+path {
			continue
		}
		for _, v := range append(slices.Clone(t.Values), t.Default) {
			switch v := v.(type) {
			case bool:
				add(true)
				add(false)
			case string:
				add(v)
			case int64:
				numbers = true
				add(v - 1)
				add(v)
				add(v + 1)
			}
		}
	}
	for _, r := range p.rows {
		if r.value == "bool" && len(r.words) == 0 {
			add(true)
			add(false)
		}
		if r.value == "string" && r.key == "ecs:privileged" {
			add(true)
			add(false)
		}
	}
	if !p.closed && !numbers && !slices.Contains(out, any(true)) {
		add(other)
	}
	return append(out, absent)
}

// word is a value as a policy writes it.
func word(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case bool, int64, float64:
		return fmt.Sprint(v)
	}
	text, err := json.Marshal(v)
	if err != nil {
		return ""
	}
	return string(text)
}

// literal reads a value of the table.
func literalOf(text string) any {
	var v any
	if json.Unmarshal([]byte(text), &v) == nil {
		if f, ok := v.(float64); ok {
			return int64(f)
		}
		return v
	}
	return text
}

// resultOfTwo is the verdict on a list of two elements, in the worse of both orders.
func (a asker) resultOfTwo(path string, v, w any) expect.Result {
	out := expect.Fail
	for _, pair := range [][2]any{{v, w}, {w, v}} {
		properties := map[string]any{}
		before, after, _ := strings.Cut(path, "[]")
		list := make([]any, 0, 2)
		for _, x := range pair {
			if after == "" {
				list = append(list, x)
				continue
			}
			inner := map[string]any{}
			put(inner, strings.Split(strings.TrimPrefix(after, "."), "."), x)
			list = append(list, inner)
		}
		put(properties, strings.Split(before, "."), list)
		r := resource.Resource{Ref: resource.Ref{Type: a.kind, Account: "111122223333", Region: "eu-central-1", ID: "guardrail"}, Properties: properties}
		for _, u := range a.unknown(setting{path: v}) {
			r.Unknown = append(r.Unknown, resource.Unknown{Path: u, Cause: "not asked for here", Code: fault.Unavailable})
			if strings.Contains(u, "[0]") {
				r.Unknown = append(r.Unknown, resource.Unknown{Path: strings.ReplaceAll(u, "[0]", "[1]"), Cause: "not asked for here", Code: fault.Unavailable})
			}
		}
		if found := a.e.Check(r, expect.Facts{Now: a.now}).Result; found != expect.Fail {
			out = found
		}
	}
	return out
}
