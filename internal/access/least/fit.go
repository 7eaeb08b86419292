package least

import (
	"fmt"

	"jobzero/internal/access"
	"jobzero/internal/fault"
	"jobzero/internal/policy"
)

// AWS's limits in characters without white space, and in policies (docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html).
const (
	maxManaged    = 6144
	maxUserInline = 2048
	maxRoleInline = 10240
	maxAttached   = 10
)

// fit writes the policies in the most exact shape that AWS takes. Where none does, those that were there stay.
func (p *Plan) fit(parts *narrower, o Options) error {
	inline := maxRoleInline
	if p.Subject.Kind == User {
		inline = maxUserInline
	}
	room := maxAttached - len(p.Subject.Unread)
	if parts.work < 0 {
		p.Notes = append(p.Notes, "its policies say too much to be written anew within AWS's limits: they are left as they were")
		return p.leave()
	}
	deny := denials(parts.st.deny)
	var split [][]statement
	var said string
	for i, s := range shapes {
		list := append(deny[:len(deny):len(deny)], parts.write(s)...)
		if len(list) == 0 {
			return nil
		}
		if o.Inline {
			if packed, ok := pack(list, inline); ok && len(packed) == 1 {
				return p.write(packed, s.said)
			}
		}
		packed, ok := pack(list, maxManaged)
		switch {
		case !ok || len(packed) > room:
		case len(packed) == 1 && !o.Inline:
			return p.write(packed, s.said)
		case split == nil && (s.prefixes || i == len(shapes)-1):
			split, said = packed, s.said
		}
	}
	switch {
	case split == nil:
		p.Notes = append(p.Notes, fmt.Sprintf("written out it does not fit into %d policies of %d characters: it is left as it was", room, maxManaged))
		return p.leave()
	case o.Inline:
		p.Notes = append(p.Notes, fmt.Sprintf("it does not fit into %d characters within the principal: it is written as managed policies", inline))
	}
	return p.write(split, said)
}

// leave writes the policies that are there.
func (p *Plan) leave() error {
	for _, h := range p.Subject.Policies {
		var list []statement
		for _, s := range h.Document.Statements {
			list = append(list, statementOf(h.Document, s))
		}
		t, err := textOf(h.Document.Name, list)
		if err != nil {
			return err
		}
		p.Policies = append(p.Policies, t)
	}
	return nil
}

// write makes the texts.
func (p *Plan) write(packed [][]statement, said string) error {
	if said != "" {
		p.Notes = append(p.Notes, "to fit into AWS's limits "+said)
	}
	if len(packed) > 1 {
		p.Notes = append(p.Notes, fmt.Sprintf("it is split into %d policies", len(packed)))
	}
	for i, list := range packed {
		name := "least"
		if len(packed) > 1 {
			name = fmt.Sprintf("least-%d", i+1)
		}
		t, err := textOf(name, list)
		if err != nil {
			return err
		}
		p.Policies = append(p.Policies, t)
	}
	return nil
}

// maxProved bounds how many uses are tried. The construction gives the rest.
const maxProved = 20_000

// prove decides over uses with the policies before and after. What was allowed must be, and what hung on something may only hang on it.
func (p *Plan) prove(used []Use) error {
	if len(p.Subject.Holders) == 0 {
		return nil
	}
	caller, err := access.NewCaller(access.IAM, p.Subject.Holders[0], "")
	if err != nil {
		return err
	}
	before := access.Policies{Identity: documentsOf(p.Subject.Policies)}
	after := access.Policies{Identity: p.Documents()}
	most := min(maxProved, 10*maxWork/(1+p.Before.Statements*p.Before.Statements)) // a decision that is open names what each statement hangs on
	for _, u := range used {
		if !u.Went() || u.Resource == "" || p.Proved == most {
			continue
		}
		c := access.Call{Caller: caller, Action: u.Action, Resource: u.Resource, Account: caller.Account()}
		c.Context = access.Partial(&c, policy.Keys{})
		was, is := before.Decide(&c).Outcome, after.Decide(&c).Outcome
		if was == access.Allowed && is != access.Allowed || was == access.Unknown && is != access.Unknown && is != access.Allowed {
			return fault.New(fault.Internal, "%s on %s was %s and would be %s: nothing is changed; please report this", u.Action, u.Resource, was, is)
		}
		p.Proved++
	}
	return nil
}
