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
			whole := wholeService.MatchString(p) || p != "" && strings.Trim(p, "*") == ""
			if whole {
				text += " " + p
			}
			return whole
		})
		return s.allows().and(all), text
	})
}
