package expect

import (
	"net/netip"
	"regexp"
	"strings"

	"jobzero/internal/expr"
	"jobzero/internal/principal"
)

// The functions about who may take a role on.

// trustsEverybody names the statements of a trust policy that let everybody in, in any account.
func trustsEverybody(args []any) (any, error) {
	return judge(args, func(s statement) (answer, string) {
		open := s.who(func(kind string) bool { return kind == "" || kind == "aws" || kind == "*" }, func(p string) bool { return strings.Trim(p, "*") == "" || principal.Wild(p) })
		if not, ok := s.parts["notprincipal"]; ok && not != nil {
			all := sure(true)
			if g, ok := not.(expr.Gap); ok {
				all = answer{gaps: []expr.Gap{g}}
			}
			open = open.or(all)
		}
		return s.allows().and(open).and(s.fixed().not()).and(s.strange().not()), s.label
	})
}

// trustedAccounts gives the accounts, as twelve digits, that a trust policy lets in as a whole and without a condition that
// narrows who comes, such as sts:ExternalId. What is not known lies in the list as a gap.
func trustedAccounts(args []any) (any, error) {
	all, _ := args[0].([]statement)
	out := []any{}
	for _, s := range all {
		if s.whole.is == expr.Unknown {
			if len(s.whole.gaps) == 0 {
				return nil, expr.Undecided("it is not clear what this says: " + s.label)
			}
			out = append(out, s.whole.gaps[0])
			continue
		}
		var accounts []any
		some := s.who(func(kind string) bool { return kind == "aws" }, func(p string) bool {
			id := wholeAccount(p)
			if id != "" {
				accounts = append(accounts, id)
			}
			return id != ""
		})
		a := s.allows().and(some).and(s.fixed().not())
		if a.is == expr.True {
			out = append(out, accounts...)
		}
		for _, doubt := range []answer{a, s.allows().and(s.someGap()).and(s.fixed().not())} {
			if doubt.is == expr.Unknown && len(doubt.gaps) > 0 {
				out = append(out, doubt.gaps[0])
			}
		}
	}
	return out, nil
}

// someGap is unknown when a principal is.
func (s statement) someGap() answer {
	return s.who(func(kind string) bool { return kind == "aws" }, func(string) bool { return false })
}

// openFederation names the providers whose every user a trust policy lets in: those of OpenID Connect without a condition that
// fixes the subject.
func openFederation(args []any) (any, error) {
	return judge(args, func(s statement) (answer, string) {
		doubt, text := sure(false), s.label
		open := s.who(func(kind string) bool { return kind == "federated" }, func(p string) bool {
			host, isOIDC := provider(p)
			if !isOIDC {
				return false
			}
			fixed := s.subject(host)
			switch fixed.is {
			case expr.Unknown:
				doubt = doubt.or(fixed)
			case expr.False:
				text += " lets in " + host
			case expr.True:
			}
			return fixed.is == expr.False
		})
		if open.is == expr.Unknown && s.subject("").is == expr.True { // of whichever provider: the claims of another are not there
			open = sure(false)
		}
		return s.allows().and(open.or(doubt)), text
	})
}

// who reports whether one of the principals of some kinds is as wanted; "*" alone has no kind.
func (s statement) who(kinds, wanted func(string) bool) answer {
	switch p := s.parts["principal"].(type) {
	case map[string]any:
		out := sure(false)
		for kind, names := range p {
			if kinds(strings.ToLower(kind)) {
				out = out.or(anyText(names, wanted))
			}
		}
		return out
	case nil:
		return sure(false)
	case string:
		return sure(kinds("") && wanted(p))
	default:
		return anyText(p, func(string) bool { return false })
	}
}

// wholeAccount is the account that a principal is; empty for one that is less.
func wholeAccount(p string) string {
	if principal.IsAccount(p) {
		return p
	}
	if a, err := principal.ParseARN(p); err == nil && a.Service == "iam" && a.Resource == "root" {
		return a.Account
	}
	return ""
}

// callers are condition keys whose fixed value says who the caller is.
var callers = map[string]bool{
	"aws:principalorgid": true, "aws:principalorgpaths": true, "aws:principalaccount": true, "aws:principalarn": true, "aws:sourceaccount": true,
	"aws:sourcearn": true, "aws:sourceorgid": true, "aws:sourceorgpaths": true, "aws:sourcevpc": true, "aws:sourcevpce": true, "aws:sourceip": true,
	"aws:userid": true, "sts:externalid": true,
}

// fixed reports whether a condition lets in only callers that the policy's author named.
func (s statement) fixed() answer {
	return s.condition(func(operator, key string) func(string) bool {
		operator = strings.TrimPrefix(operator, "foranyvalue:")
		if !callers[key] || strings.Contains(operator, "not") || strings.HasSuffix(operator, "ifexists") || operator == "null" || strings.Contains(operator, ":") {
			return nil
		}
		if key == "aws:sourceip" {
			return func(v string) bool {
				p, err := netip.ParsePrefix(v)
				return err != nil || p.Addr().Is4() && p.Bits() >= minBits4 || !p.Addr().Is4() && p.Bits() >= minBits6
			}
		}
		return func(v string) bool {
			return len(beforeWild(v)) >= len("o-0123456789") || !strings.ContainsAny(v, "*?") && v != ""
		}
	})
}

// strange is unknown when a condition has a key that is not judged here, and false otherwise.
func (s statement) strange() answer {
	odd := s.condition(func(_, key string) func(string) bool {
		if callers[key] || ambient.MatchString(key) {
			return nil
		}
		return func(string) bool { return true }
	})
	if odd.is == expr.True {
		return answer{}
	}
	return odd
}

// beforeWild is what a pattern says for certain: its text before the first wildcard or variable.
func beforeWild(v string) string {
	if i := strings.IndexAny(v, "*?$"); i >= 0 {
		return v[:i]
	}
	return v
}

// provider is the host and path of a provider of OpenID Connect; false for SAML.
func provider(p string) (string, bool) {
	if _, host, ok := strings.Cut(p, ":oidc-provider/"); ok {
		return strings.ToLower(host), true
	}
	return strings.ToLower(p), !strings.HasPrefix(p, "arn:") && p != ""
}

// byAudience are providers whose audience is an application of one's own, so that it says who comes.
var byAudience = map[string]bool{
	"cognito-identity.amazonaws.com": true, "accounts.google.com": true, "www.amazon.com": true, "graph.facebook.com": true,
}

// owners are what a subject must say for certain, before its first wildcard, so that nobody else's can look like it. The forms
// are those of GitHub (repo:OWNER/REPOSITORY:…), GitLab (project_path:GROUP/PROJECT:…), Terraform (organization:NAME:project:…)
// and Kubernetes (system:serviceaccount:NAMESPACE:NAME).
var (
	owners = regexp.MustCompile(`^(repo:[^:/]+/|project_path:[^:/]+/|organization:[^:]+:|system:serviceaccount:[^:]+:)`)
	formed = regexp.MustCompile(`^(repo|project_path|organization|system):`)
)

// subject reports whether a condition fixes who of a provider's users comes; of any provider's when none is named.
func (s statement) subject(host string) answer {
	return s.condition(func(operator, key string) func(string) bool {
		of, claim, ok := cutLast(key)
		if !ok || host != "" && of != host || host == "" && strings.HasSuffix(operator, "ifexists") || strings.HasPrefix(of, "aws") ||
			claim == "iss" || claim == "aud" && !byAudience[of] ||
			strings.Contains(operator, "not") || operator == "null" || strings.HasPrefix(operator, "forallvalues:") {
			return nil
		}
		return func(v string) bool {
			certain := beforeWild(v)
			switch {
			case v != "" && (certain == v || !strings.Contains(operator, "like")):
				return true // an exact text; StringEquals knows no wildcards
			case formed.MatchString(certain):
				return owners.MatchString(certain)
			}
			return len(certain) >= 6 && !strings.HasSuffix(certain, ":")
		}
	})
}

// cutLast cuts at the last colon.
func cutLast(s string) (before, after string, ok bool) {
	i := strings.LastIndexByte(s, ':')
	if i < 0 {
		return s, "", false
	}
	return s[:i], s[i+1:], true
}
