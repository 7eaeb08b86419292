package expect

import (
	"regexp"
	"strings"
)

// The functions about what a policy of an identity allows. A Deny does not take anything back here: it may stand in a part
// that is not known, and it is forgotten when the Allow is copied.

// adminStatements names the statements of a policy that allow everything on everything: whoever has one can give himself the
// rest. An Allow of all but some actions counts unless it leaves out the management of access.
func adminStatements(args []any) (any, error) {
	return judge(args, func(s statement) (answer, string) {
		all := s.but("action", func(p string) bool {
			return strings.Trim(p, "*:") == "" || p == "" || like(p, "iam:AttachRolePolicy") && s.parts["notaction"] != nil
		})
		return s.allows().and(all).and(s.everywhere()), s.label
	})
}

// wideStatements names the statements that allow one of the actions on everything, with the first such action. A condition
// about what is called, such as iam:PassedToService, narrows it; one about how or whence does not.
func wideStatements(args []any) (any, error) {
	wanted, _ := args[1].([]any)
	return judge(args, func(s statement) (answer, string) {
		out, first := sure(false), ""
		for _, w := range wanted {
			action, _ := w.(string)
			one := s.but("action", func(p string) bool { return like(p, action) })
			if one.is == sure(true).is && first == "" {
				first = action
			}
			out = out.or(one)
		}
		return s.allows().and(out).and(s.everywhere()).and(s.narrowed().not()), s.label + " allows " + first
	})
}

var wholeService = regexp.MustCompile(`^[A-Za-z0-9-]+:\*+$`)

// wholeServices names the statements that allow every action of a service on everything.
func wholeServices(args []any) (any, error) {
	return judge(args, func(s statement) (answer, string) {
		text := s.label
		all := anyText(s.parts["action"], func(p string) bool {
			whole := wholeService.MatchString(p)
			if whole {
				text += " " + p
			}
			return whole
		})
		return s.allows().and(all).and(s.everywhere()).and(s.narrowed().not()), text
	})
}

// every is a resource that is everything, or everything in IAM, such as arn:aws:iam::111122223333:role/*.
var every = regexp.MustCompile(`^(\*+|arn:[^:]*:[^:]*:[^:]*:[^:]*:\*+(/\*+)?|arn:[^:]*:(iam|\*):[^:]*:[^:]*:(role|user|group|policy)/\*+)$`)

// everywhere reports whether the statement is about everything.
func (s statement) everywhere() answer {
	out := anyText(s.parts["resource"], every.MatchString)
	if not, ok := s.parts["notresource"]; ok && not != nil {
		out = out.or(anyText(not, func(r string) bool { return strings.Trim(r, "*") == "" }).not())
	}
	return out
}

// ambient are condition keys that say who calls, how and whence: they do not make less of what is reached.
var ambient = regexp.MustCompile(`^aws:(source(ip|vpc|vpce|vpcarn|account|arn|orgid|identity)|vpcsourceip|securetransport|multifactorauth(present|age)` +
	`|currenttime|epochtime|tokenissuetime|useragent|referer|requestedregion|via(awsservice|mcp.*)|calledvia.*|principal.*|userid|username|federatedprovider)`)

// narrowed reports whether a condition makes less of what is reached.
func (s statement) narrowed() answer {
	return s.condition(func(operator, key string) func(string) bool {
		if ambient.MatchString(key) || strings.Contains(operator, "not") || operator == "null" || strings.HasPrefix(operator, "forallvalues:") {
			return nil
		}
		return func(value string) bool { return strings.Trim(value, "*") != "" }
	})
}

// condition reports whether one of the conditions narrows: the rule gives for an operator and a key, in lower case, what a
// value must be, or nothing when the key never does. One value that does not is enough to be let through.
func (s statement) condition(rule func(operator, key string) func(value string) bool) answer {
	operators, ok := s.parts["condition"].(map[string]any)
	if !ok { // absent, or not known
		return anyText(s.parts["condition"], func(string) bool { return false })
	}
	out := sure(false)
	for operator, keys := range operators {
		m, ok := keys.(map[string]any)
		if !ok {
			out = out.or(anyText(keys, func(string) bool { return false }))
			continue
		}
		for key, values := range m {
			good := rule(strings.ToLower(operator), strings.ToLower(key))
			if good == nil {
				continue
			}
			wide := anyText(values, func(v string) bool { return !good(v) })
			list, isList := values.([]any)
			if isList && len(list) == 0 {
				wide = sure(true)
			}
			out = out.or(wide.not())
		}
	}
	return out
}
