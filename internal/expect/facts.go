package expect

import (
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"jobzero/internal/access/ask"
	"jobzero/internal/expr"
	"jobzero/internal/fault"
	"jobzero/internal/org"
	"jobzero/internal/resource"
)

// Facts is what an expectation may ask about besides the resource.
type Facts struct {
	Intent *org.Intent // nil: nothing is declared
	Org    *org.Org    // nil: nobody is known
	Access *ask.Known  // nil: nobody read who may do what
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
		ask.Variable(),
	}, append(functions(), ask.Functions()...)...)
}

// scene is a resource and the facts, ready to be judged by many expectations.
type scene struct {
	input    *expr.Input
	exposure org.Exposure
	unknown  []resource.Unknown // of the resource
	besides  []cause
}

// cause is why something else that an expression may ask about is not known.
type cause struct {
	path string
	resource.Unknown
}

func newScene(r resource.Resource, f Facts) scene {
	s := scene{exposure: f.Intent.Exposure(r, f.Now), unknown: r.Unknown}
	public := s.exposure.Declared && *s.exposure.By.Public // whatever the tags say that are known
	if r.Type == resource.AccountPublicAccess {
		s.exposure.Public = f.Intent.PublicIn(r.Account, f.Now)
	}
	if r.Account == "" {
		s.besides = append(s.besides, cause{"resource.account", resource.Unknown{Cause: "nothing says in which account it is"}})
	}
	for _, u := range r.Unknown {
		if r.Type == resource.SSOAssignment && (u.Path == "properties" || u.Path == "properties.TargetId") {
			for _, of := range []string{"org.account", "org.environment", "org.unit"} {
				s.besides = append(s.besides, cause{of, u})
			}
		}
		refused := s.exposure.Declared && !public // which no other declaration changes
		if !refused && f.Intent.MayTurn(r, u.Path, public, f.Now) {
			s.besides = append(s.besides, cause{"intent.public", u})
		}
		if u.Path != "tags" && !strings.HasPrefix(u.Path, "tags.") && !strings.HasPrefix(u.Path, "tags[") {
			continue
		}
		// The tag that makes a bucket private may be among those that were not read.
		s.besides = append(s.besides, cause{"intent.tag_private", u})
		if public {
			s.besides = append(s.besides, cause{"intent.public", u})
		}
	}
	a, _ := f.Org.Account(about(r))
	s.input = expr.Fresh(map[string]any{
		"resource": fields(r), "intent": intended(s.exposure), "org": organisation(f.Org, a), "now": f.Now,
		ask.Name: f.Access.Value(),
	}, s.holes())
	return s
}

func (s scene) holes() []expr.Hole {
	out := make([]expr.Hole, 0, len(s.unknown)+len(s.besides))
	for _, u := range s.unknown {
		out = append(out, expr.Hole{In: "resource", Path: u.Path, Marks: marks(u)})
	}
	for _, c := range s.besides {
		out = append(out, expr.Hole{Path: c.path, Marks: marks(c.Unknown)})
	}
	return out
}

// undeclared is what is meant with most resources: nothing.
var undeclared = intention(org.Exposure{})

func intended(e org.Exposure) map[string]any {
	if e == (org.Exposure{}) {
		return undeclared
	}
	return intention(e)
}

func intention(e org.Exposure) map[string]any {
	return map[string]any{
		"public": e.Public, "declared": e.Declared, "lapsed": e.Lapsed, "tag_private": e.Private, "owner": e.By.Owner, "reason": e.By.Reason,
		"expires": e.By.Expires.String(),
	}
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
	if o == nil {
		return nobody
	}
	out := map[string]any{"account": a.Name, "environment": a.Environment, "unit": a.Unit}
	if len(o.Accounts) > 0 {
		out["accounts"] = accounts(o)
	}
	return out
}

var nobody = map[string]any{"account": "", "environment": "", "unit": ""}

// accounts are the IDs of an organisation's accounts. Those of the last one are remembered: a sweep has one organisation, of thousands of
// accounts.
func accounts(o *org.Org) []any {
	if last := lastListed.Load(); last != nil && last.of == o {
		return last.ids
	}
	ids := make([]any, len(o.Accounts))
	for i, a := range o.Accounts {
		ids[i] = a.ID
	}
	lastListed.Store(&listing{o, ids})
	return ids
}

type listing struct {
	of  *org.Org
	ids []any
}

var lastListed atomic.Pointer[listing]

// cause is why a path is not known; false for what is no path. Of several causes it is the first that says something.
func (s scene) cause(path string) (found resource.Unknown, ok bool) {
	if in, isPart := strings.CutPrefix(path+".", "resource."); isPart {
		for _, u := range s.unknown {
			if strings.TrimSuffix(u.Path, ".") == strings.TrimSuffix(in, ".") && found.Cause == "" {
				found, ok = u, true
			}
		}
	}
	for _, c := range s.besides {
		if c.path == path && found.Cause == "" {
			found, ok = c.Unknown, true
		}
	}
	if path == ask.Name {
		return resource.Unknown{Path: path, Cause: "nobody read who may do what"}, true
	}
	return found, ok
}

var fieldNames = []string{"type", "id", "account", "region", "arn", "gone", "tags", "properties", "related"}

func fields(r resource.Resource) *expr.Record {
	return expr.NewRecord(fieldNames, string(r.Type), r.ID, r.Account, r.Region, r.ARN, r.Gone, expr.Value(r.Tags), expr.Value(r.Properties), expr.Value(r.Related))
}

// words says in words what an expression stumbled over.
func (s scene) words(blame []string) string {
	var out []string
	for _, b := range blame {
		cause, isPath := s.cause(b)
		switch {
		case !isPath:
			out = append(out, expr.Blamed(b))
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
		switch c, _ := s.cause(b); {
		case c.Code == "":
			return ""
		case c.Code == fault.Denied || code == "":
			code = c.Code
		}
	}
	return code
}

// kept reports whether an expression stumbled over nothing but values that AWS never gives back, or that no reader looks for.
func (s scene) kept(blame []string) bool {
	for _, b := range blame {
		if c, _ := s.cause(b); c.Cause != resource.NeverGivenBack && c.Cause != resource.NotRead {
			return false
		}
	}
	return len(blame) > 0
}
