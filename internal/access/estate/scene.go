package estate

import (
	"strings"

	"jobzero/internal/policy"
	"jobzero/internal/principal"
)

// scene is what is known of a call: what was given, and what is known of who calls and of what is called
// (docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html).
type scene struct {
	given policy.Context
	e     *Estate
	who   Supposed
	asset *Asset // nil: nothing is known of it
	owner string // account of what is called
}

// Value is the key's.
func (s *scene) Value(key string) policy.Value {
	if v := s.given.Value(key); v.State == policy.Present {
		return v
	}
	if v := s.fact(key); v.State != policy.Unknown {
		return v
	}
	return s.given.Value(key)
}

// fact is what the estate knows of a key.
func (s *scene) fact(key string) policy.Value {
	switch key {
	case "aws:principalorgid":
		return s.e.org(s.who.Account)
	case "aws:resourceorgid":
		return s.e.org(s.owner)
	case "aws:principalorgpaths":
		return s.e.path(s.who.Account)
	case "aws:resourceorgpaths":
		return s.e.path(s.owner)
	}
	before, tag, ok := strings.Cut(key, "/")
	if !ok {
		return policy.Value{}
	}
	switch {
	case before == "aws:principaltag":
		return s.tag(tag)
	case strings.HasSuffix(before, ":resourcetag"):
		if s.asset == nil {
			return policy.Value{}
		}
		return tagOf(s.asset.Tags, tag)
	}
	return policy.Value{}
}

// tag is the value of a tag of who calls.
func (s *scene) tag(name string) policy.Value {
	h := s.who.Holder
	if h == nil {
		return policy.Value{}
	}
	v := tagOf(h.Tags, name)
	if v.State == policy.Absent && strings.Contains(h.ARN, ":role/") {
		return policy.Value{} // a session may have brought one
	}
	return v
}

// tagOf is the value of a tag. Keys of conditions are the same in letters of either case. No tags at all are tags that were not read.
func tagOf(tags map[string]string, name string) policy.Value {
	if tags == nil {
		return policy.Value{}
	}
	for k, v := range tags {
		if strings.EqualFold(k, name) {
			return policy.Is(v)
		}
	}
	return policy.Not()
}

// seat is where an account is in its organisation.
type seat struct{ org, path string }

func (e *Estate) org(account string) policy.Value {
	if s, ok := e.seats[account]; ok && s.org != "" {
		return policy.Is(s.org)
	}
	return policy.Value{}
}

func (e *Estate) path(account string) policy.Value {
	if s, ok := e.seats[account]; ok && s.path != "" {
		return policy.Is(s.path)
	}
	return policy.Value{}
}

// sit notes where an account is. Its path is that of aws:PrincipalOrgPaths: the organisation, its root, units, each with a slash behind.
func (e *Estate) sit(account, arn string, above []string) {
	s := seat{}
	if a, err := principal.ParseARN(arn); err == nil { // arn:aws:organizations::111122223333:account/o-example/444455556666
		if parts := strings.Split(a.Resource, "/"); len(parts) == 3 {
			s.org = parts[1]
			s.path = strings.Join(append([]string{s.org}, above...), "/") + "/"
		}
	}
	e.seats[account] = s
}
