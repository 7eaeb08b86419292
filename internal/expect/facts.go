package expect

import (
	"strings"
	"sync"
	"time"

	"jobzero/internal/expr"
	"jobzero/internal/fault"
	"jobzero/internal/org"
	"jobzero/internal/resource"
)

// Facts is what an expectation may ask about besides the resource.
type Facts struct {
	Intent *org.Intent // nil: nothing is declared
	Org    *org.Org    // nil: nobody is known
	Now    time.Time
}

// environment is the one environment of all expectations. It is immutable, and dear to make.
var environment = sync.OnceValues(declare)

// declare says what an expression may use.
func declare() (*expr.Env, error) {
	return expr.NewEnv([]expr.Var{
		{Name: "resource", Kind: expr.Map, Fields: []string{"type", "id", "account", "region", "arn", "tags", "properties", "related", "gone"}},
		{Name: "intent", Kind: expr.Map, Fields: []string{"public", "declared", "lapsed", "tag_private", "owner", "reason", "expires"}},
		{Name: "org", Kind: expr.Map, Fields: []string{"account", "environment", "unit", "accounts"}},
		{Name: "now", Kind: expr.Time},
	}, functions()...)
}

// scene is a resource and the facts, ready to be judged by many expectations.
type scene struct {
	input    *expr.Input
	exposure org.Exposure
	causes   map[string]resource.Unknown // by the path that the expression sees
}

func newScene(r resource.Resource, f Facts) scene {
	s := scene{exposure: f.Intent.Exposure(r.Ref, r.Tags, f.Now), causes: map[string]resource.Unknown{}}
	if r.Type == resource.AccountPublicAccess {
		s.exposure.Public = f.Intent.PublicIn(r.Account, f.Now)
	}
	if r.Account == "" {
		s.unknown("resource.account", resource.Unknown{Cause: "nothing says in which account it is"})
	}
	for _, u := range r.Unknown {
		s.unknown("resource."+u.Path, u)
		if r.Type == resource.SSOAssignment && (u.Path == "properties" || u.Path == "properties.TargetId") {
			for _, of := range []string{"org.account", "org.environment", "org.unit"} {
				s.unknown(of, u)
			}
		}
		if u.Path != "tags" && !strings.HasPrefix(u.Path, "tags.") && !strings.HasPrefix(u.Path, "tags[") {
			continue
		}
		// The tag that makes a bucket private may be among those that were not read.
		s.unknown("intent.tag_private", u)
		if _, public := f.Intent.PublicBucket(r.Ref, f.Now); public {
			s.unknown("intent.public", u)
		}
	}
	var holes []expr.Hole
	for p, u := range s.causes {
		holes = append(holes, expr.Hole{Path: p, Marks: marks(u)})
	}
	a, _ := f.Org.Account(about(r))
	s.input = expr.NewInput(map[string]any{
		"resource": fields(r),
		"intent": map[string]any{
			"public": s.exposure.Public, "declared": s.exposure.Declared, "lapsed": s.exposure.Lapsed,
			"tag_private": s.exposure.Private, "owner": s.exposure.By.Owner, "reason": s.exposure.By.Reason,
			"expires": s.exposure.By.Expires.String(),
		},
		"org": organisation(f.Org, a),
		"now": f.Now,
	}, holes)
	return s
}

// about is the account that a resource is about: the one that it is in, but for the lines of the organisation's list and for who is let
// into another account.
func about(r resource.Resource) string {
	if r.Type == resource.OrgAccount {
		return r.ID
	}
	if r.Type == resource.SSOAssignment {
		target, _ := r.Properties["TargetId"].(string)
		return target
	}
	return r.Account
}

// organisation is what is known of the organisation. Where nobody listed its accounts there is no org.accounts, so that whether
// one is ours is unknown.
func organisation(o *org.Org, a org.Account) map[string]any {
	out := map[string]any{"account": a.Name, "environment": a.Environment, "unit": a.Unit}
	if o == nil || len(o.Accounts) == 0 {
		return out
	}
	ids := make([]any, len(o.Accounts))
	for i, a := range o.Accounts {
		ids[i] = a.ID
	}
	out["accounts"] = ids
	return out
}

func (s scene) unknown(path string, u resource.Unknown) {
	path = strings.TrimSuffix(path, ".")
	if s.causes[path].Cause == "" {
		s.causes[path] = u
	}
}

func fields(r resource.Resource) map[string]any {
	return map[string]any{
		"type": string(r.Type), "id": r.ID, "account": r.Account, "region": r.Region, "arn": r.ARN, "gone": r.Gone,
		"tags": expr.Value(r.Tags), "properties": expr.Value(r.Properties), "related": expr.Value(r.Related),
	}
}

// words says in words what an expression stumbled over.
func (s scene) words(blame []string) string {
	var out []string
	for _, b := range blame {
		cause, isPath := s.causes[b]
		switch {
		case !isPath:
			out = append(out, b)
		case cause.Cause == "":
			out = append(out, strings.TrimPrefix(b, "resource.")+" could not be read")
		case cause.Code == "": // nobody failed to read it: nobody can know it yet
			out = append(out, strings.TrimPrefix(b, "resource.")+" is not known: "+cause.Cause)
		default:
			out = append(out, strings.TrimPrefix(b, "resource.")+" could not be read: "+cause.Cause)
		}
	}
	return strings.Join(out, "; ")
}

// unread is why what an expression stumbled over could not be read; empty when it is not that alone.
func (s scene) unread(blame []string) fault.Code {
	var code fault.Code
	for _, b := range blame {
		switch c := s.causes[b].Code; {
		case c == "":
			return ""
		case c == fault.Denied || code == "":
			code = c
		}
	}
	return code
}

// kept reports whether an expression stumbled over nothing but values that AWS never gives back, or that no reader looks for.
func (s scene) kept(blame []string) bool {
	for _, b := range blame {
		if c := s.causes[b].Cause; c != resource.NeverGivenBack && c != resource.NotRead {
			return false
		}
	}
	return len(blame) > 0
}
