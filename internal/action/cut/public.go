package cut

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"jobzero/internal/fault"
	"jobzero/internal/principal"
)

// Cut is what a policy comes to without the statements that surely let everybody in.
type Cut struct {
	Cut     bool    // there are such statements
	Rest    *string // what is left; nil: no statement
	Diff    string
	Loses   []string
	Unclear string // why it is not clear whether everybody is let in, where nothing surely lets them
}

// Public cuts a policy on a resource of a service in an account. A text that cannot be read is unclear, and not an error: what else there is
// against public access must not be held up by it.
func Public(text, service, account string) (c Cut, err error) {
	policy, err := Parse(text)
	if err != nil {
		return Cut{Unclear: fmt.Sprintf("the policy cannot be cut safely: %v", err)}, nil
	}
	var gone []int
	var unclear, lines []string
	for _, f := range policy.Public(principal.Scope{Service: service}) {
		if f.Verdict != principal.Yes {
			unclear = append(unclear, fmt.Sprintf("statement %d%s: %s", f.Index+1, quoted(f.Sid), f.Why))
			continue
		}
		gone = append(gone, f.Index)
		lines = append(lines, "- "+string(policy.Statements[f.Index].Raw))
		c.Loses = append(c.Loses, "everybody, "+Granted(policy, f))
	}
	if len(gone) == 0 {
		if len(unclear) > 0 {
			c.Unclear = "no statement surely lets everybody in, but it is not clear: " + strings.Join(unclear, "; ")
		}
		return c, nil
	}
	rest, err := policy.Without(gone...)
	if err != nil {
		return c, err
	}
	if c.Cut = true; rest != nil {
		left := string(rest)
		c.Rest = &left
	} else {
		lines = append(lines, "- (the policy itself: nothing would be left in it)")
	}
	c.Diff = strings.Join(lines, "\n")
	c.Loses = append(c.Loses, "callers of account "+account+" that have no other permission than the removed statements")
	return c, nil
}

// Parse reads a policy that is to be written back.
func Parse(text string) (principal.Policy, error) {
	if !utf8.ValidString(text) {
		return principal.Policy{}, fault.New(fault.Invalid, "the policy is no UTF-8")
	}
	return principal.ParsePolicy([]byte(text))
}

// Granted says in words which statement grants what.
func Granted(p principal.Policy, f principal.Public) string {
	s := p.Statements[f.Index]
	what := s.Actions
	if len(what) == 0 {
		what = append([]string{"everything but"}, s.NotActions...)
	}
	return fmt.Sprintf("by statement %d%s: %v on %v", f.Index+1, quoted(f.Sid), what, s.Resources)
}

func quoted(sid string) string {
	if sid == "" {
		return ""
	}
	return fmt.Sprintf(" %q", sid)
}
