package reach

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"jobzero/internal/access"
	"jobzero/internal/access/estate"
	"jobzero/internal/fault"
	"jobzero/internal/policy"
)

// Circle is a circle of people around a resource; each holds those before it.
type Circle int

// The circles.
const (
	Account      Circle = iota // its own account alone
	Organisation               // other accounts that are known, or of the organisation
	Outside                    // accounts that its policy names and nobody here knows
	Strangers                  // anybody with an account of AWS
	World                      // anybody
)

// String is the circle in a word.
func (c Circle) String() string {
	return [...]string{"account", "organisation", "outside", "strangers", "world"}[c]
}

// Audience is the widest circle that a resource lets in by itself: for certain, and perhaps.
type Audience struct {
	Sure, Most Circle
	Unknown    []string // what it hangs on, where the two differ
}

// Resources are the ARNs of all that are known, sorted.
func (g *Graph) Resources() []string {
	out := make([]string, len(g.assets))
	for i, x := range g.assets {
		out[i] = x.ARN
	}
	return out
}

// Audience finds out whom a resource lets in, to do anything with it or with what is in it, by its own policies and those of its
// organisation. Its account's own users and roles are let in by theirs: see ReachedBy. Services of AWS and providers of identities are
// not asked about, and neither is a Change. An error is fault.NotFound: nothing is known of it.
func (g *Graph) Audience(arn string) (Audience, error) {
	at, ok := slices.BinarySearchFunc(g.assets, arn, byARN)
	if !ok {
		return Audience{}, fault.New(fault.NotFound, "no resource %s was read", arn)
	}
	x := g.assets[at]
	out := Audience{}
	if len(x.Unread) > 0 {
		out.Most, out.Unknown = World, slices.Clone(x.Unread)
	}
	for _, s := range g.outsiders(x) {
		if s.circle <= out.Sure {
			continue
		}
		a := g.lets(x, s)
		switch a.truth {
		case policy.Yes:
			out.Sure, out.Most = s.circle, max(out.Most, s.circle)
		case policy.Maybe:
			out.Most, out.Unknown = max(out.Most, s.circle), joinedTexts(out.Unknown, a.unknown)
		case policy.No:
		}
	}
	return g.blocked(x, out), nil
}

// blocked is what is left of an audience when S3 does not heed a public policy.
func (g *Graph) blocked(x *estate.Asset, a Audience) Audience {
	if a.Most < Strangers {
		return a
	}
	switch g.e.Blocked(x) {
	case policy.Yes:
		if a.Sure >= Strangers {
			return Audience{}
		}
		a.Sure = Account // it may be public, and nobody is let in then
		a.Most = min(a.Most, Outside)
	case policy.Maybe:
		a.Sure = Account
		a.Unknown = joinedTexts(a.Unknown, []string{"whether public access to " + x.ARN + " is blocked"})
	case policy.No:
	}
	return a
}

// outsider is somebody who is tried.
type outsider struct {
	circle Circle
	caller access.Caller
}

// outsiders are those who may be let in, the widest circle first: whom the policies name, and, where they let in whoever a condition lets in, somebody
// of each account that is known or that a condition names, a stranger, and anybody.
func (g *Graph) outsiders(x *estate.Asset) (out []outsider) {
	asked := map[string]bool{x.Account: true}
	ask := func(account, name string) {
		if key := account + name; !asked[key] {
			asked[key] = true
			out = append(out, g.member(account, name))
		}
	}
	wide := false
	for _, s := range allowing(x) {
		wide = wide || len(s.NotWho) > 0
		for _, who := range s.Who {
			switch account := accountOf(who.Name); {
			case who.Kind == "" || who.Name == "*":
				wide = true
			case who.Kind != "AWS" || account == x.Account:
			case account == "": // an account alone
				ask(who.Name, "")
			default:
				ask(account, who.Name)
			}
		}
	}
	if wide {
		for _, id := range g.ours() {
			ask(id, "")
		}
		for _, id := range conditional(x) {
			ask(id, "")
		}
		out = append(out, outsider{circle: World}, g.someone(Strangers), g.someone(Organisation))
	}
	slices.SortStableFunc(out, func(a, b outsider) int { return int(b.circle) - int(a.circle) })
	return out
}

var accountID = regexp.MustCompile(`\b\d{12}\b`)

// conditional are the accounts that the conditions of a resource's policies speak of.
func conditional(x *estate.Asset) (out []string) {
	for _, s := range allowing(x) {
		for _, c := range s.Conditions {
			for _, v := range c.Values {
				out = append(out, accountID.FindAllString(v, -1)...)
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// someone is somebody of an account that nobody knows: a stranger, or of one of the organisation that was not read.
func (g *Graph) someone(c Circle) outsider {
	out := g.member(g.stranger(), "")
	out.circle = c
	return out
}

// member is somebody of an account: the one who is named, if one is.
func (g *Graph) member(account, name string) outsider {
	circle := Outside
	if _, ours := slices.BinarySearch(g.ours(), account); ours {
		circle = Organisation
	}
	for _, arn := range []string{name, "arn:aws:iam::" + account + ":role/" + newName} {
		if !strings.Contains(arn, ":root") && !strings.Contains(arn, "*") {
			if c, err := access.NewCaller(access.IAM, arn, account); err == nil {
				return outsider{circle, c}
			}
		}
	}
	return outsider{circle, access.Caller{}} // a name that is none lets in whoever it is: it is asked as anybody
}

// ours are the accounts that are known, sorted: those of which something was read, and those of the organisation.
func (g *Graph) ours() []string {
	if g.members == nil {
		g.members = g.e.Members()
		for _, a := range g.accounts {
			g.members = append(g.members, a.id)
		}
		slices.Sort(g.members)
		g.members = slices.Compact(g.members)
	}
	return g.members
}

// stranger is an account that nobody knows.
func (g *Graph) stranger() string {
	for n := 999_999_999_999; ; n-- {
		id := strconv.Itoa(n)
		if _, ours := slices.BinarySearch(g.ours(), id); !ours {
			return id
		}
	}
}

// allowing are the statements of a resource's policies that let somebody in.
func allowing(x *estate.Asset) (out []*policy.Statement) {
	for _, d := range x.Policies {
		for _, s := range d.Statements {
			if s.Allow {
				out = append(out, s)
			}
		}
	}
	return out
}
