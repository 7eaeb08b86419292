package estate

import (
	"strings"

	"jobzero/internal/policy"
	"jobzero/internal/principal"
	"jobzero/internal/resource"
)

// scene is what is known of a call: what was given, and what is known of who calls and of what is called
// (docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html).
type scene struct {
	given policy.Context
	e     *Estate
	who   Supposed
	asset *Asset // nil: nothing is known of it
	arn   string // of what is called
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
	case before == "s3:buckettag", strings.HasSuffix(before, ":resourcetag") && strings.HasPrefix(s.arn, bucketARN):
		return s.bucket().bucketTag(tag)
	case strings.HasSuffix(before, ":resourcetag"):
		if s.asset == nil {
			return policy.Value{}
		}
		return tagOf(s.asset.Tags, tag)
	}
	return policy.Value{}
}

// bucketARN is how the ARNs of buckets, and of what is in them, begin.
const bucketARN = "arn:aws:s3:::"

// bucket is the bucket that is called, or in which lies what is; nil when nothing is known of it.
func (s *scene) bucket() *Asset {
	if s.asset != nil {
		return s.asset
	}
	name, _, _ := strings.Cut(strings.TrimPrefix(s.arn, bucketARN), "/")
	return s.e.assets[bucketARN+name]
}

// bucketTag is the value of a tag of a bucket, for what is in it too. Its tags count for access only where attribute-based access control was
// switched on for the bucket, which it is not from the beginning
// (docs.aws.amazon.com/AmazonS3/latest/userguide/buckets-tagging-enable-abac.html).
func (a *Asset) bucketTag(name string) policy.Value {
	switch {
	case a == nil || a.Type != resource.Bucket || a.abac == policy.Maybe:
		return policy.Value{}
	case a.abac == policy.No:
		return policy.Not()
	}
	return tagOf(a.Tags, name)
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

// Manages reports whether an account manages an organisation that was read.
func (e *Estate) Manages(account string) bool { return e.managers[account] }

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
			e.managers[a.Account] = true // whose account stands in all ARNs of the organisation
			s.path = strings.Join(append([]string{s.org}, above...), "/") + "/"
		}
	}
	e.seats[account] = s
}
