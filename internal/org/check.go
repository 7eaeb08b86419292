package org

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"jobzero/internal/doc"
	"jobzero/internal/fault"
)

// maxErrors is how many mistakes one reading reports: a person corrects a few and looks again.
const maxErrors = 20

// checker walks an Org beside the nodes that it was read from, so that every mistake has its place.
type checker struct {
	org  *Org
	root *doc.Node
	name string
	errs []error
}

func (c *checker) all() {
	c.fill()
	c.accounts()
	c.units()
	c.teams()
	c.people()
	c.services()
	c.patterns()
	c.tools()
	c.changes()
	c.owner(c.org.Default, c.root.Get("default"))
}

// at is the node of a key of the i-th entry of a section; the entry itself when it has no such key.
func (c *checker) at(section string, i int, key string) *doc.Node {
	list := c.root.Get(section)
	if list == nil || i >= len(list.Items) {
		return list
	}
	if n := list.Items[i].Get(key); n != nil {
		return n
	}
	return list.Items[i]
}

func (c *checker) errorf(n *doc.Node, format string, args ...any) {
	switch {
	case len(c.errs) >= maxErrors:
	case n == nil:
		c.errs = append(c.errs, fault.New(fault.Invalid, "%s:1:1: %s", c.name, fmt.Sprintf(format, args...)))
	default:
		c.errs = append(c.errs, n.Errorf(format, args...))
	}
}

// fill builds the index and finds what is missing or there twice.
func (c *checker) fill() {
	o := c.org
	o.index = index{
		accounts: map[string]*Account{}, named: map[string]*Account{}, units: map[string]*Unit{},
		teams: map[string]*Team{}, people: map[string]*Person{}, teamOf: map[string]string{},
	}
	for i := range o.Accounts {
		a := &o.Accounts[i]
		put(c, o.index.accounts, a.ID, a, c.at("accounts", i, "id"))
		if a.Name != "" {
			put(c, o.index.named, a.Name, a, c.at("accounts", i, "name"))
		}
	}
	for i := range o.Units {
		put(c, o.index.units, o.Units[i].Name, &o.Units[i], c.at("units", i, "name"))
	}
	for i := range o.People {
		put(c, o.index.people, o.People[i].ID, &o.People[i], c.at("people", i, "id"))
	}
	for i := range o.Teams {
		put(c, o.index.teams, o.Teams[i].Name, &o.Teams[i], c.at("teams", i, "name"))
	}
	services, environments := map[string]bool{}, map[string]bool{}
	for i := range o.Services {
		put(c, services, o.Services[i].Name, true, c.at("services", i, "name"))
	}
	for i, e := range o.Environments {
		put(c, environments, e, true, c.at("environments", i, ""))
	}
}

func put[T any](c *checker, m map[string]T, key string, v T, n *doc.Node) {
	if key == "" {
		c.errorf(n, "a name or id is missing here")
		return
	}
	if _, twice := m[key]; twice {
		c.errorf(n, "%q is there already", key)
		return
	}
	m[key] = v
}

// owner checks a word that must name a team or a person; an empty one is allowed.
func (c *checker) owner(word string, n *doc.Node) {
	if _, ok := c.org.Owner(word, ""); word == "" || ok {
		return
	}
	known := slices.Concat(slices.Sorted(maps.Keys(c.org.index.teams)), slices.Sorted(maps.Keys(c.org.index.people)))
	c.errorf(n, "no team and no person is called %q%s", word, hint(word, known))
}

// one checks a word that must be a key of m; an empty one is allowed.
func one[T any](c *checker, kind, word string, m map[string]T, n *doc.Node) {
	if _, ok := m[word]; word == "" || ok {
		return
	}
	c.errorf(n, "no %s is called %q%s", kind, word, hint(word, slices.Sorted(maps.Keys(m))))
}

func hint(word string, known []string) string {
	if near := nearest(word, known); near != "" {
		return fmt.Sprintf(": did you mean %q?", near)
	}
	if len(known) == 0 {
		return ": there are none"
	}
	if len(known) > 10 {
		return ""
	}
	return ": use one of " + strings.Join(known, ", ")
}
