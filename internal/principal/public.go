package principal

import (
	"fmt"
	"strings"
)

// Verdict says how sure it is that a statement lets everybody in.
type Verdict string

// The verdicts. There is no third one: a statement that is in neither is not reported.
const (
	Yes   Verdict = "yes"
	Maybe Verdict = "maybe" // something in it is not understood; never to be read as "no"
)

// Scope is what the policy hangs on. Its zero value understands the aws: condition keys only.
type Scope struct {
	Service string // such as s3, kms, sns or elasticfilesystem, whose own condition keys are then known
}

// Public is one statement that grants, or may grant, to everybody.
type Public struct {
	Index   int // of the statement in the policy, from 0
	Sid     string
	Verdict Verdict
	Why     string
}

// Public names the statements of a resource policy that grant to everybody.
//
// The meaning of "public" is S3's own (docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html,
// "The meaning of public"): a policy is taken to be public until a statement is seen to grant only to fixed values, without
// wildcards and policy variables, of a principal or of certain condition keys; a source range wider than /8 (IPv4) or /32 (IPv6)
// is public too, and so is an ARN with a wildcard, see Wild. One difference, to the side of not knowing: condition keys and operators
// that neither AWS nor we have judged give Maybe.
//
// Denies are not computed away: a statement is reported even if a Deny in the same policy takes back what it grants. But when a
// Deny leaves nobody but fixed callers (all but our organisation, our network …) the verdict is Maybe: those callers may have
// no other permission than the public statement, and cutting it would cut them off.
func (p Policy) Public(sc Scope) []Public {
	var out []Public
	for i, s := range p.Statements {
		if v, why := s.public(sc); v != "" {
			out = append(out, p.doubt(Public{Index: i, Sid: s.Sid, Verdict: v, Why: why}, sc))
		}
	}
	return out
}

func (s Statement) public(sc Scope) (Verdict, string) {
	if s.Effect != "Allow" {
		return "", ""
	}
	verdict, who := s.everybody()
	if verdict == "" {
		return "", ""
	}
	limit := unlimited
	var why []string
	for _, c := range s.Conditions {
		l, text := c.limits(sc)
		if l == limited {
			return "", ""
		}
		if l == unclear {
			limit = unclear
		}
		why = append(why, text)
	}
	for _, u := range s.Unknown {
		limit = unclear
		why = append(why, fmt.Sprintf("element %q is not known", u))
	}
	if limit == unclear {
		verdict = Maybe
	}
	if len(why) == 0 {
		return verdict, who
	}
	return verdict, who + "; " + strings.Join(why, "; ")
}

// everybody says whether the principals of an Allow are everybody, before its conditions are looked at.
func (s Statement) everybody() (Verdict, string) {
	switch {
	case s.hasNotPrin:
		return Yes, "Allow with NotPrincipal grants to everybody else, anonymous callers too"
	case !s.hasPrincipal:
		return Maybe, "names no principal"
	}
	verdict, why := Verdict(""), ""
	for _, g := range s.Principals {
		switch {
		case g.Name == "*" && (g.Kind == "" || strings.EqualFold(g.Kind, "AWS") || g.Kind == "*"):
			return Yes, "Principal is everybody"
		case g.Name == Gap && strings.EqualFold(g.Kind, "Service"): // one service of AWS or another
		case g.Name == Gap:
			verdict, why = Maybe, "a principal is not known"
		case Wild(g.Name) && (g.Kind == "" || strings.EqualFold(g.Kind, "AWS")):
			return Yes, fmt.Sprintf("principal %q has a wildcard: AWS refuses it, and it is taken for everybody", g.Name)
		case strings.ContainsAny(g.Name, "*?") || strings.Contains(g.Name, "${"):
			verdict, why = Maybe, fmt.Sprintf("principal %q has a wildcard", g.Name)
		}
	}
	return verdict, why
}

// Wild reports whether a principal is an ARN with a wildcard. AWS matches no part of a principal and refuses such a policy
// (docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html); who is meant is more than one, so it is
// taken for everybody.
func Wild(principal string) bool {
	return strings.HasPrefix(principal, "arn:") && strings.ContainsAny(principal, "*?") && !strings.Contains(principal, "${")
}
