package configitem

import (
	"net/url"
	"strings"

	"jobzero/internal/doc"
	"jobzero/internal/resource/schema"
)

// part is a part of a configuration on its way to a property.
type part struct {
	n    *doc.Node
	want *schema.Value // nil: anything
	path string        // of the property
	full string        // of the source
	args []string
}

// verb makes a property of a part. known is false where it noted that the property is unknown; nil is a property that is not there.
type verb func(r *reading, p part) (v any, known bool)

func verbs() map[string]verb {
	return map[string]verb{
		"word":     (*reading).word,     // W: whether the text is W
		"each":     (*reading).each,     // K: of every object in a list the text K
		"last":     (*reading).last,     // what follows the last slash
		"status":   (*reading).status,   // Off is nothing
		"present":  (*reading).present,  // true when there is anything
		"document": (*reading).document, // a policy as a text, often with the escapes of URLs
		"policy":   (*reading).policy,   // a policy with its text, as a relation
		"grants":   (*reading).grants,   // the access list of a bucket
		"rules":    (*reading).rules,    // Source|Destination: permissions of a security group, one rule for each peer
		"inline":   (*reading).inline,   // policies of a principal
		"version":  (*reading).version,  // the default version of a policy
		"listeners": func(r *reading, p part) (any, bool) { // each has its listener one level below
			return r.from(p, "listener")
		},
		"untold": func(r *reading, p part) (any, bool) {
			if leaves(p.n) == 0 {
				return nil, true
			}
			return nil, r.odd(p, "is recorded in a form that is not translated")
		},
	}
}

func (r *reading) word(p part) (any, bool) {
	n := bare(p.n)
	if n.Kind != doc.String {
		return nil, r.odd(p, "should be a text")
	}
	r.took(p)
	return n.Text == p.args[0], true
}

func (r *reading) each(p part) (any, bool) {
	out := []any{}
	list := inList(p.n)
	if list.Kind != doc.List {
		return nil, r.odd(p, "should be a list")
	}
	for _, item := range list.Items {
		v := item.Get(p.args[0])
		if item.Kind == doc.String {
			v = item
		}
		if v == nil || v.Kind != doc.String {
			return nil, r.odd(p, "has an element without "+p.args[0])
		}
		out = append(out, v.Text)
	}
	r.took(p)
	return out, true
}

func (r *reading) last(p part) (any, bool) {
	if p.n.Kind != doc.String {
		return nil, r.odd(p, "should be a text")
	}
	r.took(p)
	return p.n.Text[strings.LastIndexByte(p.n.Text, '/')+1:], true
}

func (r *reading) status(p part) (any, bool) {
	if p.n.Text == "Off" {
		return nil, true
	}
	return r.as(p)
}

func (r *reading) present(part) (any, bool) { return true, true }

func (r *reading) document(p part) (any, bool) {
	v, ok := r.policyText(p)
	if !ok {
		return nil, r.odd(p, "is no policy that can be read")
	}
	r.took(p)
	return v, true
}

// policyText reads a policy, as it is or as a text.
func (r *reading) policyText(p part) (any, bool) {
	n := p.n
	if n.Kind == doc.String {
		if n = r.l.inner(p.n); n == nil {
			text, err := url.QueryUnescape(strings.ReplaceAll(p.n.Text, "+", "%2B"))
			if err != nil {
				return nil, false
			}
			if n = r.l.parse(p.n, text); n == nil {
				return nil, false
			}
		}
	}
	return plain(n), n.Kind == doc.Map
}

// policy is the relation that readers of the live account make: the document and its text.
func (r *reading) policy(p part) (any, bool) {
	v, ok := r.policyText(p)
	if !ok {
		return nil, r.odd(p, "is no policy that can be read")
	}
	r.took(p)
	return map[string]any{"PolicyDocument": v, "PolicyText": p.n.Text}, true
}

func (r *reading) inline(p part) (any, bool) {
	out := []any{}
	for i, item := range p.n.Items {
		one := map[string]any{}
		if name := item.Get("policyName"); name != nil {
			one["PolicyName"] = name.Text
		}
		path := index(p.path, i)
		d := item.Get("policyDocument")
		if d == nil {
			r.lack(path+".PolicyDocument", "the item does not say what is in the policy")
		} else if v, ok := r.document(part{n: d, path: path + ".PolicyDocument", full: p.full + ".policyDocument"}); ok {
			one["PolicyDocument"] = v
		}
		out = append(out, one)
	}
	r.took(p)
	return out, true
}

func (r *reading) version(p part) (any, bool) {
	for _, item := range p.n.Items {
		if d := item.Get("isDefaultVersion"); d != nil && d.Text == "true" && item.Get("document") != nil {
			return r.document(part{n: item.Get("document"), path: p.path, full: p.full + ".document"})
		}
	}
	return nil, r.odd(p, "has no default version")
}

func (r *reading) from(p part, key string) (any, bool) {
	out := []any{}
	for i, item := range p.n.Items {
		inner := item.Get(key)
		if inner == nil {
			return nil, r.odd(p, "has an element without "+key)
		}
		v, ok := r.as(part{n: inner, want: p.want.Of, path: index(p.path, i), full: p.full + "." + key})
		if !ok {
			v = nil
		}
		if m, isMap := v.(map[string]any); isMap && item.Get("policyNames") != nil {
			delete(m, "PolicyNames")
			m["PolicyNames"] = plain(item.Get("policyNames"))
			r.drop(index(p.path, i) + ".PolicyNames")
		}
		out = append(out, v)
	}
	return out, true
}
