package org

import (
	"slices"
	"strings"
	"time"

	"jobzero/internal/fault"
)

// Change is a change that was approved: who may do what where, from when until when. Each list that is not empty has to have a pattern that
// fits; what is not known of a call fits no pattern.
type Change struct {
	ID         string   `yaml:"id"` // as it is called where it was approved
	Reason     string   `yaml:"reason"`
	Principals []string `yaml:"principals"` // as a tool's
	Actions    []string `yaml:"actions"`    // as a tool's
	Accounts   []string `yaml:"accounts"`   // IDs or names
	Resources  []string `yaml:"resources"`  // globs of ARNs or IDs
	From       Instant  `yaml:"from"`
	Until      Instant  `yaml:"until"`
	Owner      string   `yaml:"owner"`       // team or person whose change it is
	ApprovedBy string   `yaml:"approved_by"` // somebody else
}

// Instant is a time, written 2026-12-31T22:00:00Z.
type Instant struct{ time.Time }

// UnmarshalYAML reads an instant.
func (t *Instant) UnmarshalYAML(text []byte) error {
	word := strings.Trim(strings.TrimSpace(string(text)), `"'`)
	at, err := time.Parse(time.RFC3339, word)
	if err != nil {
		return fault.New(fault.Invalid, "%q is no time: write it as 2026-12-31T22:00:00Z", word)
	}
	t.Time = at.UTC()
	return nil
}

// longest is how long a change may last: what is approved for ever is no change.
const longest = 31 * 24 * time.Hour

// ChangesOf gives the approved changes that a call at a time is a part of.
func (o *Org) ChangesOf(c Call, at time.Time) (out []Change) {
	if o == nil {
		return nil
	}
	for _, x := range o.Changes {
		if at.Before(x.From.Time) || !at.Before(x.Until.Time) || !o.signsIn(x.Principals, c.Principal) || !fold(x.Actions, c.Action) || !o.in(x.Accounts, c.Account) {
			continue
		}
		if len(x.Resources) == 0 || c.Resource != "" && slices.ContainsFunc(x.Resources, func(p string) bool { return glob(p, c.Resource) }) {
			out = append(out, x)
		}
	}
	return out
}

func (c *checker) changes() {
	names := map[string]bool{}
	for i, x := range c.org.Changes {
		put(c, names, x.ID, true, c.at("changes", i, "id"))
		c.owner(x.Owner, c.at("changes", i, "owner"))
		c.owner(x.ApprovedBy, c.at("changes", i, "approved_by"))
		c.callers("changes", i, x.Principals)
		c.calls("changes", i, x.Actions, x.Accounts)
		switch long := x.Until.Sub(x.From.Time); {
		case x.Reason == "" || x.Owner == "" || x.ApprovedBy == "" || len(x.Principals) == 0 || len(x.Actions) == 0 || x.From.IsZero() || x.Until.IsZero():
			c.errorf(c.at("changes", i, ""), "change %q: id, reason, principals, actions, from, until, owner and approved_by are all needed", x.ID)
		case x.Owner == x.ApprovedBy:
			c.errorf(c.at("changes", i, "approved_by"), "%s cannot approve a change of their own: somebody else does", x.Owner)
		case long <= 0 || long > longest:
			c.errorf(c.at("changes", i, "until"), "a change lasts more than nothing and 31 days at the most")
		}
	}
}
