package trail

import (
	"slices"
	"strings"

	"jobzero/internal/policy"
)

// tags has the keys of tags that the call gives. A call whose parameters have nothing called tag gives none; tags in a form that is
// not known are not known.
func (f *facts) tags(rest string) policy.Value {
	m, ok := f.params.(map[string]any)
	if !f.known || !ok {
		return policy.Value{}
	}
	given, clear := map[string]string{}, true
	for name, v := range m {
		if strings.Contains(strings.ToLower(name), "tag") {
			clear = readTags(v, given) && clear
		}
	}
	if rest == "tagkeys" {
		keys := make([]string, 0, len(given))
		for k := range given {
			keys = append(keys, k)
		}
		slices.Sort(keys)
		switch {
		case !clear:
			return policy.Value{}
		case len(keys) == 0:
			return policy.Not()
		}
		return policy.Value{State: policy.Present, Texts: keys}
	}
	want := strings.TrimPrefix(rest, "requesttag/")
	for k, v := range given {
		if strings.EqualFold(k, want) {
			return policy.Is(v)
		}
	}
	if !clear {
		return policy.Value{}
	}
	return policy.Not()
}

// readTags reads tags as services write them: a map, a list of keys and values, and EC2's list of specifications.
func readTags(v any, into map[string]string) bool {
	switch v := v.(type) {
	case nil:
		return true
	case []any:
		for _, e := range v {
			if !readTags(e, into) {
				return false
			}
		}
		return true
	case map[string]any:
		key, value := pick(v, "key", "tagKey"), pick(v, "value", "tagValue")
		if key != nil {
			k, ok := key.(string)
			text, _ := value.(string)
			into[k] = text
			return ok
		}
		if inner := pick(v, "items", "tags", "tagSet"); inner != nil {
			return readTags(inner, into)
		}
		if _, about := v["resourceType"]; about {
			return true
		}
		for k, value := range v {
			text, ok := value.(string)
			if !ok {
				return false
			}
			into[k] = text
		}
		return true
	}
	return false
}

func pick(m map[string]any, names ...string) any {
	for k, v := range m {
		for _, n := range names {
			if strings.EqualFold(k, n) {
				return v
			}
		}
	}
	return nil
}
