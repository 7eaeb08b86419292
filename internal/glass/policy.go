package glass

import (
	"fmt"
	"regexp"
	"slices"
	"time"

	"jobzero/internal/fault"
	"jobzero/internal/principal/person"
)

// Mode says how far software goes.
type Mode string

// The modes. Plan says what would be granted and grants nothing.
const (
	Plan    Mode = "plan"
	Enforce Mode = "enforce"
)

// Policy says who may ask for what and who answers. Its zero value lets nobody ask.
type Policy struct {
	Mode    Mode          `yaml:"mode"`    // plan (default) or enforce, where no line of enforce says otherwise
	Enforce []string      `yaml:"enforce"` // accounts in which access is granted; "*" for all
	Roles   []Rule        `yaml:"roles"`
	Answer  time.Duration `yaml:"answer"` // how long a request waits for its answer, and an approval to be carried out; then it is denied
	Review  time.Duration `yaml:"review"` // how long after its end a use has to be reviewed
}

// Rule is about one prepared role.
type Rule struct {
	Role      string        `yaml:"role"`     // its name, in each of the accounts
	Accounts  []string      `yaml:"accounts"` // "*" for all
	Longest   time.Duration `yaml:"longest"`
	Approvals int           `yaml:"approvals"` // how many others have to say yes; 1 when it is left out
	Approvers []string      `yaml:"approvers"` // who may
	People    []string      `yaml:"people"`    // who may ask; empty: anybody
}

// DefaultPolicy is what an empty file means.
func DefaultPolicy() Policy { return Policy{Mode: Plan, Answer: time.Hour, Review: 72 * time.Hour} }

// most is the longest that a use may last: as long as a session of a role can, API_AssumeRole: DurationSeconds.
const most = 12 * time.Hour

var (
	accountForm = regexp.MustCompile(`^(\d{12}|\*)$`)
	roleForm    = regexp.MustCompile(`^[\w+=,.@-]{1,64}$`)
)

// Validate names the first thing that is wrong.
func (p Policy) Validate() error {
	switch {
	case p.Mode != Plan && p.Mode != Enforce:
		return fault.New(fault.Invalid, "break_glass.mode: %q: use plan or enforce", p.Mode)
	case p.Answer < time.Minute || p.Answer > 24*time.Hour:
		return fault.New(fault.Invalid, "break_glass.answer: %s: want 1m to 24h", p.Answer)
	case p.Review < time.Hour || p.Review > 30*24*time.Hour:
		return fault.New(fault.Invalid, "break_glass.review: %s: want 1h to 720h", p.Review)
	}
	for i, a := range p.Enforce {
		if !accountForm.MatchString(a) {
			return fault.New(fault.Invalid, "break_glass.enforce[%d]: %q: want an account of twelve digits, in quotes, or \"*\"", i, a)
		}
	}
	for i, r := range p.Roles {
		if err := r.validate(fmt.Sprintf("break_glass.roles[%d]", i)); err != nil {
			return err
		}
	}
	return nil
}

func (r Rule) validate(at string) error {
	switch {
	case !roleForm.MatchString(r.Role):
		return fault.New(fault.Invalid, "%s.role: %q: want the name of a role under the path /break-glass/", at, r.Role)
	case len(r.Accounts) == 0 || slices.ContainsFunc(r.Accounts, func(a string) bool { return !accountForm.MatchString(a) }):
		return fault.New(fault.Invalid, "%s.accounts: want accounts of twelve digits, in quotes, or \"*\"", at)
	case r.Longest < time.Minute || r.Longest > most:
		return fault.New(fault.Invalid, "%s.longest: %s: want 1m to %s, which is as long as a session can be", at, r.Longest, most)
	case r.Approvals < 0 || r.needs() > len(r.Approvers):
		return fault.New(fault.Invalid, "%s.approvers: %d are named and %d have to say yes: name more", at, len(r.Approvers), r.needs())
	}
	return nil
}

func (r Rule) needs() int { return max(r.Approvals, 1) }

// ModeFor is the mode in an account.
func (p Policy) ModeFor(account string) Mode {
	if slices.Contains(p.Enforce, account) || slices.Contains(p.Enforce, "*") {
		return Enforce
	}
	return p.Mode
}

// rule is the first about a role in an account.
func (p Policy) rule(role, account string) (Rule, bool) {
	for _, r := range p.Roles {
		if r.Role == role && (slices.Contains(r.Accounts, account) || slices.Contains(r.Accounts, "*")) {
			return r, true
		}
	}
	return Rule{}, false
}

// named reports whether a list has a person, however the name is written.
func named(list []string, who string) bool {
	return slices.ContainsFunc(list, func(n string) bool { return person.Key(n) == person.Key(who) })
}
