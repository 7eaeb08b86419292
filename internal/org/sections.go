package org

import (
	"slices"
	"strings"

	"jobzero/internal/doc"
)

func (c *checker) accounts() {
	for i, a := range c.org.Accounts {
		if a.ID != "" && !isAccount(a.ID) {
			c.errorf(c.at("accounts", i, "id"), "account id %q: want twelve digits, in quotes", a.ID)
		}
		one(c, "unit", a.Unit, c.org.index.units, c.at("accounts", i, "unit"))
		if a.Environment != "" && !slices.Contains(c.org.Environments, a.Environment) {
			c.errorf(c.at("accounts", i, "environment"), "no environment is called %q%s", a.Environment, hint(a.Environment, c.org.Environments))
		}
		c.owner(a.Owner, c.at("accounts", i, "owner"))
	}
}

func isAccount(id string) bool {
	return len(id) == 12 && strings.Trim(id, "0123456789") == ""
}

func (c *checker) units() {
	up := map[string]string{}
	for i, u := range c.org.Units {
		one(c, "unit", u.Parent, c.org.index.units, c.at("units", i, "parent"))
		c.owner(u.Owner, c.at("units", i, "owner"))
		up[u.Name] = u.Parent
	}
	for i, u := range c.org.Units {
		if ring := cycle(u.Name, up); ring != nil {
			c.errorf(c.at("units", i, "parent"), "unit %s is above itself: %s", u.Name, strings.Join(ring, " in "))
			return
		}
	}
}

func (c *checker) people() {
	up := map[string]string{}
	for i, p := range c.org.People {
		one(c, "person", p.Manager, c.org.index.people, c.at("people", i, "manager"))
		up[p.ID] = p.Manager
		if p.Email != "" && !strings.Contains(p.Email, "@") {
			c.errorf(c.at("people", i, "email"), "%q is no e-mail address", p.Email)
		}
	}
	for i, p := range c.org.People {
		if ring := cycle(p.ID, up); ring != nil {
			c.errorf(c.at("people", i, "manager"), "the chain of command of %s is a ring: %s", p.ID, strings.Join(ring, " reports to "))
			return
		}
	}
}

// cycle follows up from a name and gives the ring if it comes back to it.
func cycle(from string, up map[string]string) []string {
	path := []string{from}
	for at := up[from]; at != "" && len(path) <= len(up); at = up[at] {
		path = append(path, at)
		if at == from {
			return path
		}
	}
	return nil
}

func (c *checker) teams() {
	for i, t := range c.org.Teams {
		if _, both := c.org.index.people[t.Name]; both && t.Name != "" {
			c.errorf(c.at("teams", i, "name"), "%q is a team and a person: an owner must be one of them", t.Name)
		}
		one(c, "person", t.Lead, c.org.index.people, c.at("teams", i, "lead"))
		for j, m := range t.Members {
			n := c.at("teams", i, "members")
			if n != nil && j < len(n.Items) {
				n = n.Items[j]
			}
			one(c, "person", m, c.org.index.people, n)
		}
		for _, p := range append([]string{t.Lead}, t.Members...) {
			if _, has := c.org.index.teamOf[p]; !has && p != "" {
				c.org.index.teamOf[p] = t.Name
			}
		}
	}
}

func (c *checker) services() {
	for i, s := range c.org.Services {
		c.owner(s.Owner, c.at("services", i, "owner"))
		if s.Owner == "" {
			c.errorf(c.at("services", i, "owner"), "service %q has no owner: name a team", s.Name)
		}
		if len(s.Accounts)+len(s.Resources)+len(s.Tags) == 0 {
			c.errorf(c.at("services", i, "name"), "service %q would own everything: give accounts, resources or tags", s.Name)
		}
		for _, a := range s.Accounts {
			if _, known := c.org.index.accounts[a]; !known {
				one(c, "account", a, c.org.index.named, c.at("services", i, "accounts"))
			}
		}
		for _, m := range s.Resources {
			c.match(m, c.at("services", i, "resources"))
		}
	}
}

func (c *checker) patterns() {
	for i, p := range c.org.Patterns {
		c.match(p.Match, c.at("patterns", i, ""))
		c.owner(p.Team, c.at("patterns", i, "team"))
		if p.Team == "" {
			c.errorf(c.at("patterns", i, "team"), "a pattern without a team")
		}
	}
}

func (c *checker) match(m Match, n *doc.Node) {
	switch {
	case m.empty():
		c.errorf(n, "this matches nothing: give account, type, id, arn or path")
	case !accountGlob(m.Account):
		c.errorf(n, "account %q: want twelve digits, in quotes, or a glob", m.Account)
	}
}

// accountGlob reports whether a glob can match an account's ID. It finds IDs that lost their leading zeros for want of quotes.
func accountGlob(s string) bool {
	return s == "" || isAccount(s) || strings.Contains(s, "*") || len(s) == 12 && strings.Trim(s, "0123456789?") == ""
}
