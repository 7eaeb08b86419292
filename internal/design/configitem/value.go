package configitem

import (
	"encoding/json"
	"math"
	"slices"
	"strconv"
	"strings"

	"jobzero/internal/doc"
	"jobzero/internal/resource/schema"
)

// as makes of a part what the schema wants.
func (r *reading) as(p part) (any, bool) {
	n := p.n
	if n.Kind == doc.Null {
		return nil, true
	}
	if p.want == nil || p.want.Kind == schema.JSON {
		r.took(p)
		if n.Kind == doc.String {
			if inner := r.l.inner(n); inner != nil {
				n = inner
			}
		}
		return plain(n), true
	}
	if p.want.Kind == schema.OneOf {
		p.want = among(n, p.want)
		return r.as(p)
	}
	if n.Kind == doc.String && p.want.Kind != schema.Text && p.want.Kind != schema.Time { // a text of JSON in place of a value
		if inner := r.l.inner(n); inner != nil {
			n, p.n = inner, inner
		}
	}
	switch p.want.Kind {
	case schema.List:
		return r.list(p)
	case schema.Map:
		return r.pairs(p)
	case schema.Object:
		if n.Kind != doc.Map {
			return nil, r.odd(p, "should be a map")
		}
		to := spot{in: map[string]any{}, shape: p.want.Shape, path: p.path, known: map[string]bool{}}
		r.object(n, p.full, &to)
		r.unsaid(&to)
		return to.in, true
	case schema.Tag:
		return r.tag(p)
	default:
		v, ok := scalar(bare(n), p.want)
		if !ok {
			return nil, r.odd(p, "has a form that its property does not take")
		}
		r.took(p)
		return v, true
	}
}

// bare is the word in {"value": "active"}, which some APIs write for words of a fixed list.
func bare(n *doc.Node) *doc.Node {
	if n.Kind == doc.Map && len(n.Pairs) == 1 && n.Pairs[0].Key.Text == "value" {
		return n.Pairs[0].Value
	}
	return n
}

// inList is the list in {"quantity": 1, "items": […]}, which CloudFront writes for lists.
func inList(n *doc.Node) *doc.Node {
	if items := n.Get("items"); is(items, doc.List) {
		return items
	}
	return n
}

func (r *reading) list(p part) (any, bool) {
	list := inList(p.n)
	if list != p.n {
		p.full += ".items"
	}
	if list.Kind != doc.List {
		if q := p.n.Get("quantity"); q != nil && q.Text == "0" {
			return []any{}, true
		}
		return nil, r.odd(p, "should be a list")
	}
	out := make([]any, 0, len(list.Items))
	for i, item := range list.Items {
		v, ok := r.as(part{n: item, want: p.want.Of, path: index(p.path, i), full: p.full})
		if !ok {
			v = nil // it keeps the place of the element
		}
		out = append(out, v)
	}
	return out, true
}

func (r *reading) pairs(p part) (any, bool) {
	if p.n.Kind != doc.Map {
		return nil, r.odd(p, "should be a map")
	}
	out := map[string]any{}
	for _, pair := range p.n.Pairs {
		key := pair.Key.Text
		if v, ok := r.as(part{n: pair.Value, want: p.want.Of, path: step(p.path, key), full: p.full}); ok && v != nil {
			out[key] = v
		}
	}
	return out, true
}

func (r *reading) tag(p part) (any, bool) {
	out := map[string]any{}
	for _, pair := range p.n.Pairs {
		switch strings.ToLower(pair.Key.Text) {
		case "key":
			out["Key"] = pair.Value.Text
		case "value":
			out["Value"] = pair.Value.Text
		}
	}
	if p.n.Kind != doc.Map || out["Key"] == nil {
		return nil, r.odd(p, "should be a tag")
	}
	r.took(p)
	return out, true
}

// among picks the one of several kinds that a value looks like; JSON takes any.
func among(n *doc.Node, want *schema.Value) *schema.Value {
	for _, one := range want.Among {
		switch {
		case one.Kind == schema.JSON,
			n.Kind == doc.List && one.Kind == schema.List,
			n.Kind == doc.Map && (one.Kind == schema.Object || one.Kind == schema.Map):
			return one
		}
	}
	for _, one := range want.Among {
		if _, ok := scalar(n, one); ok {
			return one
		}
	}
	return &schema.Value{Kind: schema.JSON}
}

func scalar(n *doc.Node, want *schema.Value) (any, bool) {
	if n.Kind == doc.Map || n.Kind == doc.List {
		return nil, false
	}
	switch want.Kind {
	case schema.Bool:
		b, err := strconv.ParseBool(n.Text)
		return b, err == nil
	case schema.Integer:
		if i, err := strconv.ParseInt(n.Text, 10, 64); err == nil {
			return i, true
		}
		f, err := strconv.ParseFloat(n.Text, 64) // 3.0, of versions that write all numbers so
		return int64(f), err == nil && f == math.Trunc(f) && math.Abs(f) < 1<<53
	case schema.Number:
		f, err := strconv.ParseFloat(n.Text, 64)
		return f, err == nil && !math.IsInf(f, 0)
	case schema.Text, schema.Time:
		return spelt(n.Text, want), true
	case schema.JSON, schema.Tag, schema.List, schema.Map, schema.Object, schema.OneOf:
	}
	return nil, false
}

// spelt writes a word as CloudFormation does, where only certain ones are allowed.
func spelt(word string, want *schema.Value) string {
	if slices.Contains(want.Allowed, word) {
		return word
	}
	bare := strings.NewReplacer("-", "", "_", "")
	for _, a := range want.Allowed {
		if strings.EqualFold(bare.Replace(a), bare.Replace(word)) {
			return a
		}
	}
	return word
}

// plain is a value as it stands.
func plain(n *doc.Node) any {
	switch n.Kind {
	case doc.List:
		out := make([]any, len(n.Items))
		for i, item := range n.Items {
			out[i] = plain(item)
		}
		return out
	case doc.Map:
		out := make(map[string]any, len(n.Pairs))
		for _, p := range n.Pairs {
			out[p.Key.Text] = plain(p.Value)
		}
		return out
	case doc.Bool:
		return n.Text == "true"
	case doc.Number:
		if i, err := strconv.ParseInt(n.Text, 10, 64); err == nil {
			return i
		}
		if f, err := json.Number(n.Text).Float64(); err == nil {
			return f
		}
		return n.Text
	case doc.String:
		return n.Text
	case doc.Null:
	}
	return nil
}
