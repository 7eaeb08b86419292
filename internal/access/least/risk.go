package least

import (
	_ "embed"
	"slices"
	"strings"
	"sync"

	"jobzero/internal/access/estate"
	"jobzero/internal/policy"
	"jobzero/internal/policy/names"
)

//go:embed risks.txt
var risksText string

// Danger is what makes a grant a risk.
type Danger string

// The dangers, the worst first.
const (
	Everything   Danger = "everything"      // all actions on all resources
	Passing      Danger = "passes roles"    // hands any role to a service
	Identities   Danger = "permissions"     // changes who may do what
	Exposing     Danger = "exposure"        // changes who reaches a resource
	Secrets      Danger = "credentials"     // gives back what lets one in
	Reading      Danger = "data"            // gives back what customers keep
	WholeService Danger = "service at once" // all actions of a service, those too that are yet to come
)

// Dangers are all of them, the worst first.
func Dangers() []Danger {
	return []Danger{Everything, Passing, Identities, Exposing, Secrets, Reading, WholeService}
}

// Why says in words what is wrong, and what to do.
func (d Danger) Why() string {
	return map[Danger]string{ //nolint:gosec // the word credentials is what it is about
		Everything:   "all actions on all resources: whoever has it owns the account",
		Passing:      "any role can be handed to a service, one with more permissions too: name the roles, and ask iam:PassedToService",
		Identities:   "who may do what can be changed without a limit on whom: name the resources, or put a permissions boundary before it",
		Exposing:     "any resource can be opened to others: name the resources",
		Secrets:      "hands out credentials that outlive this policy: name the resources",
		Reading:      "reads the data of every resource there is: name the resources",
		WholeService: "all actions of a service, those too that AWS adds tomorrow: name the actions",
	}[d]
}

// Risk is a danger in one statement.
type Risk struct {
	Danger      Danger
	Held        estate.Held
	Statement   *policy.Statement
	Actions     []string // or services, sorted
	Conditional bool     // the statement has conditions, which may be limit enough
}

// dangers are those that single actions have on all resources, by the index in the catalogue.
var dangers = sync.OnceValue(func() map[Danger]set {
	out := map[Danger]set{Passing: newSet(), Identities: newSet(), Exposing: newSet(), Secrets: newSet(), Reading: newSet()}
	how, about := map[string][]row{}, map[string]bool{}
	for _, r := range rows(risksText) {
		if r[0] == "identity" {
			about[r[1]] = true
		}
		how[r[1]] = append(how[r[1]], r)
	}
	for i := range open().all {
		k := &open().all[i]
		is := func(kind string) bool { return k.listed(how[k.service()], kind) }
		permission := k.action.Level == names.Permissions || k.action.Level == names.Write && is("permission")
		if k.name == passRole {
			out[Passing].add(i)
		}
		if permission && about[k.service()] {
			out[Identities].add(i)
		} else if permission {
			out[Exposing].add(i)
		}
		if is("secret") {
			out[Secrets].add(i)
		}
		if is("data") {
			out[Reading].add(i)
		}
	}
	return out
})

// listed reports whether rows of a kind name an action.
func (k *known) listed(list []row, kind string) bool {
	_, name, _ := strings.Cut(k.name, ":")
	for _, r := range list {
		if r[0] == kind && slices.ContainsFunc(r[2:], func(form string) bool { return policy.Like(strings.ToLower(form), name) }) {
			return true
		}
	}
	return false
}

// Risks are those of policies, statement by statement, the worst first. A statement counts where it names all resources; all actions of a
// service count on any. An error is as that of Reduce.
func Risks(list []estate.Held) ([]Risk, error) {
	st, err := read(list)
	if err != nil {
		return nil, err
	}
	var out []Risk
	for _, g := range st.allow {
		out = append(out, g.risks(st.never)...)
	}
	rank := Dangers()
	slices.SortStableFunc(out, func(a, b Risk) int { return slices.Index(rank, a.Danger) - slices.Index(rank, b.Danger) })
	return out, nil
}

func (g *grant) risks(never set) (out []Risk) {
	add := func(d Danger, actions []string) {
		if len(actions) > 0 {
			out = append(out, Risk{d, g.held, g.Statement, actions, g.when.text != ""})
		}
	}
	all := g.NotRes != nil || slices.ContainsFunc(g.Resources, (*policy.Pattern).All)
	if all && slices.ContainsFunc(g.Actions, (*policy.Pattern).All) {
		add(Everything, []string{"*"})
	}
	for _, d := range []Danger{Passing, Identities, Exposing, Secrets, Reading} {
		if all || d == Passing && g.anyRole() {
			add(d, g.acts.both(dangers()[d], never))
		}
	}
	add(WholeService, g.services())
	return out
}

// both gives the actions of two sets that are not in a third.
func (s set) both(other, never set) (out []string) {
	for i := range s {
		one := set{s[i] & other[i] &^ never[i]}
		one.each(func(j int) { out = append(out, open().all[i*64+j].action.Name) })
	}
	return out
}

// anyRole reports whether the resources take in all roles of an account.
func (g *grant) anyRole() bool {
	return slices.ContainsFunc(g.Resources, func(p *policy.Pattern) bool {
		_, name, ok := strings.Cut(p.String(), ":role/")
		return ok && strings.Trim(name, "*") == "" || !ok && strings.HasSuffix(p.String(), ":*")
	})
}

// services are those of which all actions are granted by one pattern.
func (g *grant) services() (out []string) {
	for _, p := range g.Actions {
		if service, name, _ := strings.Cut(p.String(), ":"); name != "" && strings.Trim(name, "*") == "" && !strings.ContainsAny(service, "*?") {
			out = append(out, service)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}
