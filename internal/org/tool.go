package org

import (
	"slices"
	"strings"
)

// Tool is a program that changes things by itself, such as a deployment pipeline. It is known by whom it signs in as, which AWS has checked;
// never by what it says of itself, which anybody can say.
type Tool struct {
	Name       string   `yaml:"name"`
	Principals []string `yaml:"principals"` // globs of ARNs of its roles and users, each with its account or with * for any account of this file
	Actions    []string `yaml:"actions"`    // what it is there to do: globs such as s3:Put*, as records name the service and the operation
	Accounts   []string `yaml:"accounts"`   // where it does that: IDs or names; everywhere where there are none
	Owner      string   `yaml:"owner"`      // team or person
}

// Call is one call, as its record tells of it.
type Call struct {
	Principal string // ARN
	Action    string // such as s3:PutBucketPolicy
	Account   string
	Resource  string // ARN or ID; empty: not known
}

// ToolOf gives the first tool that signs in as the principal of a call, and whether the call is something that it is there to do.
func (o *Org) ToolOf(c Call) (t Tool, does, ok bool) {
	if o == nil {
		return Tool{}, false, false
	}
	for _, t := range o.Tools {
		if o.signsIn(t.Principals, c.Principal) {
			return t, fold(t.Actions, c.Action) && o.in(t.Accounts, c.Account), true
		}
	}
	return Tool{}, false, false
}

// signsIn reports whether a principal is one of some. A pattern for any account is for accounts of the organisation alone: in a foreign one
// anybody can make a role of any name.
func (o *Org) signsIn(patterns []string, arn string) bool {
	parts := strings.SplitN(arn, ":", 6)
	if len(parts) < 6 {
		return false
	}
	return slices.ContainsFunc(patterns, func(p string) bool {
		of := strings.SplitN(p, ":", 6)
		if len(of) < 6 || !glob(of[5], parts[5]) || !glob(of[1], parts[1]) || of[2] != parts[2] {
			return false
		}
		_, ours := o.Account(parts[4])
		return of[4] == parts[4] || of[4] == "*" && ours
	})
}

// fold reports whether an action fits one of some; the case of letters says nothing, as in policies.
func fold(patterns []string, action string) bool {
	return action != "" && slices.ContainsFunc(patterns, func(p string) bool { return glob(strings.ToLower(p), strings.ToLower(action)) })
}

// in reports whether an account is one of those that are named; of none, all are.
func (o *Org) in(accounts []string, id string) bool {
	a, _ := o.Account(id)
	return len(accounts) == 0 || slices.Contains(accounts, id) || a.Name != "" && slices.Contains(accounts, a.Name)
}

func (c *checker) tools() {
	names := map[string]bool{}
	for i, t := range c.org.Tools {
		put(c, names, t.Name, true, c.at("tools", i, "name"))
		c.owner(t.Owner, c.at("tools", i, "owner"))
		if t.Owner == "" || len(t.Principals) == 0 || len(t.Actions) == 0 {
			c.errorf(c.at("tools", i, ""), "tool %q: name, principals, actions and owner are all needed", t.Name)
		}
		c.callers("tools", i, t.Principals)
		c.calls("tools", i, t.Actions, t.Accounts)
	}
}

// callers checks patterns of principals.
func (c *checker) callers(section string, i int, patterns []string) {
	for _, p := range patterns {
		of := strings.SplitN(p, ":", 6)
		at := c.at(section, i, "principals")
		switch {
		case len(of) < 6 || of[0] != "arn" || of[2] != "iam" && of[2] != "sts":
			c.errorf(at, "principals: %q: want the ARN of a role or user, such as arn:aws:iam::111122223333:role/deploy", p)
		case of[4] != "*" && !isAccount(of[4]):
			c.errorf(at, "principals: %q: want twelve digits where the account stands, or * for any account of this file", p)
		case len(strings.NewReplacer("*", "", "?", "", "role/", "", "user/", "", "assumed-role/", "").Replace(of[5])) < minLiteral:
			c.errorf(at, "principals: %q is too wide: write at least %d letters of the name", p, minLiteral)
		}
	}
}

// calls checks patterns of actions, and accounts.
func (c *checker) calls(section string, i int, actions, accounts []string) {
	for _, a := range actions {
		service, _, ok := strings.Cut(a, ":")
		if !ok || service == "" || strings.ContainsAny(service, "*?") {
			c.errorf(c.at(section, i, "actions"), "actions: %q: want a service and an operation, such as s3:Put*", a)
		}
	}
	for _, a := range accounts {
		if _, known := c.org.index.accounts[a]; !known {
			one(c, "account", a, c.org.index.named, c.at(section, i, "accounts"))
		}
	}
}
