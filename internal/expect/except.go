package expect

import (
	"strings"

	"jobzero/internal/expr"
)

// exceptStatements names the statements that allow all but what they list: an Allow with NotAction, NotResource or NotPrincipal.
func exceptStatements(args []any) (any, error) {
	return judge(args, func(s statement) (answer, string) {
		out, text := sure(false), s.label
		for _, element := range []string{"NotAction", "NotResource", "NotPrincipal"} {
			switch v := s.parts[strings.ToLower(element)].(type) {
			case nil:
			case expr.Gap: // it may not be there
				out = out.or(answer{gaps: []expr.Gap{v}})
			default:
				out, text = sure(true), text+" by "+element
			}
		}
		return s.allows().and(out), text
	})
}

// wholeActions names the statements that allow every action of a service, or of all, on whatever it is.
func wholeActions(args []any) (any, error) {
	return judge(args, func(s statement) (answer, string) {
		text := s.label
		all := anyText(s.parts["action"], func(p string) bool {
			if whole(p) {
				text += " " + p
			}
			return whole(p)
		})
		return s.allows().and(all), text
	})
}

// whole reports whether a pattern is all actions of a service, or of all.
func whole(pattern string) bool {
	return wholeService.MatchString(pattern) || pattern != "" && strings.Trim(pattern, "*") == ""
}

// namelessStatements names the statements that list one of the actions and allow it on everything, with the first such action, as
// wideStatements does. What allows all actions of a service, or all but some, is left to wholeActions and exceptStatements.
func namelessStatements(args []any) (any, error) {
	wanted, _ := args[1].([]any)
	return judge(args, func(s statement) (answer, string) {
		out, first := sure(false), ""
		for _, w := range wanted {
			action, _ := w.(string)
			one := anyText(s.parts["action"], func(p string) bool { return like(p, action) && !whole(p) })
			if one.is == expr.True && first == "" {
				first = action
			}
			out = out.or(one)
		}
		return s.allows().and(out).and(s.everywhere()).and(s.narrowed().not()), s.label + " allows " + first
	})
}
