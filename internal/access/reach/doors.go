package reach

import (
	"slices"
	"strings"

	"jobzero/internal/access/estate"
	"jobzero/internal/policy"
)

// doors are roles by whom their trust names. A door that looks at who exactly comes is personal: what one may, another of the same rights may not.
type doors struct {
	byARN     map[string][]int32
	byAccount map[string]*door
	anybody   door
	all, in   *policy.Document
}

type door struct{ common, personal []int32 }

func newDoors() doors {
	return doors{byARN: map[string][]int32{}, byAccount: map[string]*door{}, all: allowAll(), in: letIn()}
}

func (d *door) add(role int32, personal bool) {
	list := &d.common
	if personal {
		list = &d.personal
	}
	if n := len(*list); n == 0 || (*list)[n-1] != role {
		*list = append(*list, role)
	}
}

func (d *doors) account(id string) *door {
	if d.byAccount[id] == nil {
		d.byAccount[id] = &door{}
	}
	return d.byAccount[id]
}

// index notes whom a role trusts.
func (g *Graph) index(i int32) {
	h := g.holders[i]
	if !isRole(h.ARN) {
		return
	}
	if h.Trust == nil { // nobody said whom it trusts: its account may know
		g.doors.account(h.Account).add(i, true)
		return
	}
	for _, s := range h.Trust.Statements {
		if s.Allow {
			g.trusts(i, h, s)
		}
	}
}

func (g *Graph) trusts(i int32, h *estate.Holder, s *policy.Statement) {
	a, personal := g.byID[h.Account], asksWho(s)
	assumes := s.Names("sts:assumerole")
	if s.NotWho != nil && assumes {
		g.doors.anybody.add(i, true)
	}
	for _, who := range s.Who {
		switch {
		case who.Kind == "Service" && assumes:
			a.trusting[who.Name] = append(a.trusting[who.Name], i)
		case who.Kind == "Federated" && strings.Contains(who.Name, ":saml-provider/") && s.Names("sts:assumerolewithsaml"):
			a.saml[who.Name] = append(a.saml[who.Name], i)
		case !assumes || who.Kind != "AWS" && who.Kind != "":
		case who.Name == "*":
			g.doors.anybody.add(i, personal)
		case strings.Contains(who.Name, ":role/"), strings.Contains(who.Name, ":user/"):
			if list := g.doors.byARN[who.Name]; !slices.Contains(list, i) {
				g.doors.byARN[who.Name] = append(list, i)
			}
		case strings.HasPrefix(who.Name, "arn:") && !strings.HasSuffix(who.Name, ":root"):
			g.doors.account(accountOf(who.Name)).add(i, true)
		case strings.HasPrefix(who.Name, "arn:"):
			g.doors.account(accountOf(who.Name)).add(i, personal)
		default:
			g.doors.account(who.Name).add(i, personal)
		}
	}
}

// asksWho reports whether a statement looks at who exactly calls.
func asksWho(s *policy.Statement) bool {
	for _, c := range s.Conditions {
		if personalKey(c.Key) || slices.ContainsFunc(c.Values, hasVariable) {
			return true
		}
	}
	variable := func(p *policy.Pattern) bool { return hasVariable(p.String()) }
	return slices.ContainsFunc(s.Resources, variable) || slices.ContainsFunc(s.NotRes, variable)
}

func hasVariable(text string) bool { return strings.Contains(text, "${") }

func personalKey(key string) bool {
	key = strings.ToLower(key)
	return strings.HasPrefix(key, "aws:principal") && key != "aws:principalorgid" && key != "aws:principalaccount" ||
		strings.HasPrefix(key, "aws:user") || key == "aws:sourceidentity"
}

// entries are roles that are taken on from outside of what is known: by identity providers, by anybody, by accounts that are not here.
func (g *Graph) entries(h *estate.Holder) (out []string) {
	if h.Trust == nil {
		return nil
	}
	for _, s := range h.Trust.Statements {
		for _, who := range s.Who {
			outside := who.Kind == "Federated" || who.Name == "*"
			if who.Kind == "AWS" && who.Name != "*" {
				id := who.Name
				if strings.HasPrefix(id, "arn:") {
					id = accountOf(id)
				}
				outside = len(id) == 12 && g.byID[id] == nil
			}
			if s.Allow && outside && !slices.Contains(out, who.Name) {
				out = append(out, who.Name)
			}
		}
	}
	return out
}

// Entries are the roles that are taken on from outside of the accounts that are known, and by whom: identity providers, other accounts, anybody.
func (g *Graph) Entries() map[string][]string {
	out := map[string][]string{}
	for _, h := range g.holders {
		if by := g.entries(h); len(by) > 0 {
			out[h.ARN] = by
		}
	}
	return out
}

func (g *Graph) groupOf(n Node) *estate.Holder {
	return g.byID[g.holders[n.who].Account].groups[n.group]
}

// shares are assets by whom their policies name.
type shares struct {
	byARN, byAccount map[string][]int32
	anybody          []int32
}

func (x *shares) note(i int32, account string, d *policy.Document) {
	put := func(list []int32) []int32 {
		if n := len(list); n > 0 && list[n-1] == i {
			return list
		}
		return append(list, i)
	}
	within := func(id string) {
		if id != account { // what its own account may is asked of the account
			x.byAccount[id] = put(x.byAccount[id])
		}
	}
	for _, s := range d.Statements {
		if !s.Allow {
			continue
		}
		if s.NotWho != nil {
			x.anybody = put(x.anybody)
		}
		for _, who := range s.Who {
			switch {
			case who.Kind != "AWS" && who.Kind != "":
			case who.Name == "*":
				x.anybody = put(x.anybody)
			case strings.Contains(who.Name, ":role/"), strings.Contains(who.Name, ":user/"):
				x.byARN[who.Name] = put(x.byARN[who.Name])
			case strings.HasPrefix(who.Name, "arn:"):
				within(accountOf(who.Name))
			default:
				within(who.Name)
			}
		}
	}
}

// any reports whether a resource may let somebody in.
func (x *shares) any(h *estate.Holder) bool {
	return len(x.anybody) > 0 || len(x.byAccount[h.Account]) > 0 || len(x.byARN[h.ARN]) > 0
}

func byARN(x *estate.Asset, arn string) int { return strings.Compare(x.ARN, arn) }
