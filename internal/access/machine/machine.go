package machine

import (
	"slices"
	"strings"
	"time"

	"jobzero/internal/access/estate"
	"jobzero/internal/access/holding"
	"jobzero/internal/access/ledger"
	"jobzero/internal/access/tie"
	"jobzero/internal/resource"
)

// Kind is what an identity is, by who may take it on.
type Kind string

// The kinds. A role that several may take on is of the first that fits.
const (
	ServiceLinked Kind = "service-linked role" // a service has made it, and it alone takes it on
	Cross         Kind = "cross-account role"  // another account may take it on
	OIDC          Kind = "OIDC role"           // bearers of tokens of an outside issuer may take it on
	SAML          Kind = "SAML role"           // whom a directory outside vouches for may take it on
	Service       Kind = "service role"        // services of AWS take it on
	Inside        Kind = "role"                // somebody in its account may take it on
	Unread        Kind = "role, trust unread"
	User          Kind = "user" // of IAM, joined to nobody
	Provider      Kind = "identity provider"
)

// Identity is one of them.
type Identity struct {
	ARN     string            `json:"arn"`
	Account string            `json:"account"`
	Kind    Kind              `json:"kind"`
	Tags    map[string]string `json:"tags,omitempty"`
	Stack   string            `json:"stack,omitempty"` // of CloudFormation, that has made it
	Trusts  []string          `json:"trusts,omitempty"`
	Runs    []string          `json:"runs,omitempty"` // what runs with it: functions, tasks, machines, profiles; of a provider the roles that trust it
	Created time.Time         `json:"created,omitzero"`
	Used    time.Time         `json:"last_used,omitzero"`
	Told    bool              `json:"told"`                // somebody said when it was last used; without Used: never, as far as is looked back
	Source  string            `json:"source,omitempty"`    // who said so: iam, or ledger
	Human   string            `json:"human,omitempty"`     // the last person behind it, or who last changed it
	HumanAt time.Time         `json:"human_at,omitzero"`   //
	HumanBy string            `json:"human_how,omitempty"` // used it, or changed it
	Person  string            `json:"person,omitempty"`    // who answers for it by its tags: an ID; see tie
}

// Idle reports whether nobody has used it for so long, or ever since it was made that long ago. Known is false where nobody can tell.
func (i *Identity) Idle(since time.Duration, now time.Time) (idle, known bool) {
	switch {
	case i.Kind == Provider:
		return false, true
	case !i.Told:
		return false, false
	case !i.Used.IsZero():
		return now.Sub(i.Used) >= since, true
	case i.Created.IsZero():
		return false, false
	}
	return now.Sub(i.Created) >= since, true
}

// Input is what identities are made of.
type Input struct {
	World  *holding.World
	Estate *estate.Estate
	Joins  []tie.Join
	Ledger *ledger.View // nil: there is none
}

// People is how many roles were left out because people come in by them: those of permission sets.
type People struct{ Roles, Users int }

// All gives every identity that is no person's, by ARN.
func All(in Input) (out []*Identity, left People) {
	runs := running(in.Estate)
	owner, own := map[string]string{}, map[string]bool{}
	for _, j := range in.Joins {
		switch {
		case j.Kind == tie.Machine && j.Sure != tie.Perhaps:
			owner[j.Principal] = string(j.Person)
		case j.Kind == tie.User && j.Sure != tie.Perhaps:
			own[j.Principal] = true
		}
	}
	for _, r := range holding.Sorted(in.World.Roles) {
		if strings.Contains(r.ARN, ":role/aws-reserved/sso.amazonaws.com/") {
			left.Roles++
			continue
		}
		i := &Identity{ARN: r.ARN, Account: r.Account, Tags: r.Tags, Created: r.Created, Used: r.Used, Told: r.Told, Source: "iam"}
		i.Kind, i.Trusts = trusted(in.Estate, r)
		i.Runs = slices.Compact(slices.Sorted(slices.Values(append(runs[r.ARN], r.Profiles...))))
		out = append(out, i)
	}
	for _, u := range holding.Sorted(in.World.Users) {
		if own[u.ARN] {
			left.Users++
			continue
		}
		out = append(out, user(u))
	}
	out = append(out, providers(in.Estate, out)...)
	for _, i := range out {
		i.Person, i.Stack = owner[i.ARN], i.Tags["aws:cloudformation:stack-name"]
		if !i.Told {
			i.Source = ""
		}
	}
	if in.Ledger != nil {
		heard(out, *in.Ledger)
	}
	slices.SortFunc(out, func(a, b *Identity) int { return strings.Compare(a.ARN, b.ARN) })
	return out, left
}

// user is a user of IAM. When it was used is known when it is of all of its keys and its password that work.
func user(u *holding.User) *Identity {
	i := &Identity{ARN: u.ARN, Account: u.Account, Kind: User, Tags: u.Tags, Created: u.Created, Source: "iam"}
	i.Told = u.Read[holding.AccessKey] && u.Read[holding.Password]
	for _, c := range u.Credentials {
		if c.Kind != holding.AccessKey && c.Kind != holding.Password {
			continue
		}
		i.Told = i.Told && c.Told
		if c.Used.After(i.Used) {
			i.Used = c.Used
		}
	}
	return i
}

// running gives what runs with each role.
func running(e *estate.Estate) map[string][]string {
	out := map[string][]string{}
	for _, a := range e.Assets() {
		if a.Runs != "" && a.Type != resource.InstanceProfile {
			out[a.Runs] = append(out[a.Runs], a.ARN)
		}
	}
	return out
}

// providers are those of identities from outside, with the roles that trust each.
func providers(e *estate.Estate, roles []*Identity) (out []*Identity) {
	for _, a := range e.Assets() {
		if a.Type != resource.OIDCProvider && a.Type != resource.SAMLProvider {
			continue
		}
		i := &Identity{ARN: a.ARN, Account: a.Account, Kind: Provider, Tags: a.Tags}
		for _, r := range roles {
			if slices.Contains(r.Trusts, a.ARN) {
				i.Runs = append(i.Runs, r.ARN)
			}
		}
		out = append(out, i)
	}
	return out
}
