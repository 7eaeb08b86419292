package estate

import (
	"jobzero/internal/access"
	"jobzero/internal/fault"
	"jobzero/internal/policy"
)

// Held is a policy that a user or role has.
type Held struct {
	Document *policy.Document
	ARN      string // of a managed policy; empty: it is written into its holder
	Group    string // ARN of the group that a user has it from; empty: his own
}

// Held gives the policies of a user or role, those of its groups too, and what is attached to it of which the text is not known.
func (e *Estate) Held(h *Holder) (list []Held, unread []string) {
	add := func(from *Holder, group string) {
		for _, d := range from.Own {
			list = append(list, Held{Document: d, Group: group})
		}
		for _, arn := range from.Attached {
			if d, ok := e.documents[arn]; ok {
				list = append(list, Held{d, arn, group})
			} else {
				unread = append(unread, arn)
			}
		}
	}
	add(h, "")
	for _, name := range h.Groups {
		if g, ok := e.groups[name]; ok {
			add(g, g.ARN)
		} else {
			unread = append(unread, "the group "+name)
		}
	}
	return list, unread
}

// Try decides as Can does, with what a change makes of the policies that have a say. The lists are shared: a change makes new ones.
func (e *Estate) Try(who string, change func(*access.Policies), q Question) (access.Decision, error) {
	h, ok := e.holder(who)
	if !ok {
		return access.Decision{}, fault.New(fault.NotFound, "nobody here is called %s", who)
	}
	changed := *h
	change(&changed.policies)
	return e.decide(&changed, h.caller, q), nil
}
