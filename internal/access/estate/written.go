package estate

import (
	"encoding/json"
	"strconv"
	"strings"

	"jobzero/internal/fault"
	"jobzero/internal/policy"
	"jobzero/internal/resource"
)

// found are policies of a resource, and what is said of those that are not known.
type found struct {
	docs   []*policy.Document
	unread []string
}

// written reads the policies at a path of a resource: one, or a list.
func (e *Estate) written(r resource.Resource, path string, kind policy.Kind) (out found, err error) {
	if why, open := opened(r, path); open {
		return found{unread: []string{path + " of " + r.String() + ": " + why}}, nil
	}
	list, many := at(r, path).([]any)
	if !many {
		list = []any{at(r, path)}
	}
	for i, v := range list {
		where := path
		if many {
			where += "[" + strconv.Itoa(i) + "]"
		}
		one, err := e.one(r, where, "policy of "+r.ID, kind, v)
		if err != nil {
			return found{}, err
		}
		out.docs, out.unread = append(out.docs, one.docs...), append(out.unread, one.unread...)
	}
	return out, nil
}

// one reads one policy of a resource. The name is for people.
func (e *Estate) one(r resource.Resource, path, name string, kind policy.Kind, v any) (found, error) {
	if why, open := opened(r, path); open {
		return found{unread: []string{path + " of " + r.String() + ": " + why}}, nil
	}
	if m, ok := v.(map[string]any); ok && m["Statement"] == nil {
		for _, key := range []string{"PolicyDocument", "ResourcePolicy"} { // what a policy that is a resource of its own is written in
			if _, there := m[key]; there {
				return e.one(r, path+"."+key, name, kind, m[key])
			}
		}
	}
	if v == nil || v == "" {
		return found{}, nil
	}
	whole, why := patched(r, path, v)
	if why != "" {
		return found{unread: []string{path + " of " + r.String() + ": " + why}}, nil
	}
	raw, err := json.Marshal(whole)
	if err != nil {
		return found{}, fault.Wrap(fault.Invalid, err, "%s of %s", path, r)
	}
	d, err := e.document(name, kind, raw)
	if err != nil {
		return found{}, fault.Wrap(fault.Invalid, err, "%s", r)
	}
	return found{docs: []*policy.Document{d}}, nil
}

// take adds what is attached to a resource.
func (t *thing) take(f found) {
	t.unread = append(t.unread, f.unread...)
	t.policies = append(t.policies, f.docs...)
}

// opened says whether what stands at a path is not known as a whole, and why.
func opened(r resource.Resource, path string) (why string, open bool) {
	for _, u := range r.Unknown {
		if u.Path == path || strings.HasPrefix(path, u.Path+".") {
			return u.Cause, true
		}
	}
	return "", false
}

// patched is a policy with a hole where a resource that it names is not known. When anything else of it is not known it says why.
func patched(r resource.Resource, path string, v any) (whole any, why string) {
	for _, u := range r.Unknown {
		rest, ok := strings.CutPrefix(u.Path, path)
		if !ok || rest != "" && rest[0] != '.' && rest[0] != '[' {
			continue
		}
		m, is := v.(map[string]any)
		if !is || m["Version"] != "2012-10-17" { // an older one has no variables, and so no holes
			return nil, u.Cause
		}
		if v, ok = hole(m, rest); !ok {
			return nil, u.Cause
		}
	}
	return v, ""
}

// hole gives the policy with a hole for one resource, by a path such as .Statement[0].Resource[1].
func hole(m map[string]any, path string) (map[string]any, bool) {
	rest, ok := strings.CutPrefix(path, ".Statement")
	if !ok {
		return nil, false
	}
	n, rest, inList := numbered(rest)
	list, many := m["Statement"].([]any)
	if many != inList {
		return nil, false
	}
	if !many {
		list, n = []any{m["Statement"]}, 0
	}
	if n >= len(list) {
		return nil, false
	}
	s, ok := list[n].(map[string]any)
	if !ok {
		return nil, false
	}
	key, rest := strings.TrimPrefix(rest, "."), ""
	if i := strings.IndexByte(key, '['); i >= 0 {
		key, rest = key[:i], key[i:]
	}
	if key != "Resource" && key != "NotResource" {
		return nil, false
	}
	var value any = policy.Hole
	if i, end, ok := numbered(rest); ok {
		texts, _ := s[key].([]any)
		if end != "" || i > len(texts) {
			return nil, false
		}
		texts = append([]any(nil), texts...)
		if i == len(texts) {
			texts = append(texts, nil)
		}
		texts[i] = policy.Hole
		value = texts
	} else if rest != "" {
		return nil, false
	}
	list = append([]any(nil), list...)
	list[n] = with(s, key, value)
	return with(m, "Statement", list), true
}

func with(m map[string]any, key string, value any) map[string]any {
	out := make(map[string]any, len(m)+1)
	for k, v := range m {
		out[k] = v
	}
	out[key] = value
	return out
}

// numbered reads [n] at the beginning of a path.
func numbered(path string) (n int, rest string, ok bool) {
	inside, after, ok := strings.Cut(strings.TrimPrefix(path, "["), "]")
	if !ok || !strings.HasPrefix(path, "[") {
		return 0, path, false
	}
	n, err := strconv.Atoi(inside)
	return n, after, err == nil && n >= 0
}

// at is the value at a path that begins with properties or related; nil where there is none.
func at(r resource.Resource, path string) any {
	room, rest, _ := strings.Cut(path, ".")
	m := r.Properties
	if room == "related" {
		m = r.Related
	}
	for {
		key, more, deeper := strings.Cut(rest, ".")
		v := m[key]
		if !deeper {
			return v
		}
		m, _ = v.(map[string]any)
		rest = more
	}
}
