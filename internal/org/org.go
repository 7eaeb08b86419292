package org

import "jobzero/internal/ticket"

// Org is the content of one org.yaml. It is immutable once parsed and safe for concurrent use; to reload, parse again and
// swap the pointer. A nil Org knows nobody.
type Org struct {
	Accounts     []Account `yaml:"accounts"`
	Units        []Unit    `yaml:"units"`
	Environments []string  `yaml:"environments"`
	Teams        []Team    `yaml:"teams"`
	People       []Person  `yaml:"people"`
	Services     []Service `yaml:"services"`
	Patterns     []Pattern `yaml:"patterns"`
	Tools        []Tool    `yaml:"tools"`
	Changes      []Change  `yaml:"changes"`
	Default      string    `yaml:"default"` // team or person who owns what nobody else does

	index index
}

// Account is one AWS account.
type Account struct {
	ID          string `yaml:"id"` // twelve digits
	Name        string `yaml:"name"`
	Unit        string `yaml:"unit"`
	Environment string `yaml:"environment"`
	Owner       string `yaml:"owner"` // team or person

	// Tags are what people say about the account here; those that AWS keeps are not asked.
	Tags map[string]string `yaml:"tags"`
}

// Unit is one organisational unit; a unit without a parent is a root.
type Unit struct {
	Name   string `yaml:"name"`
	Parent string `yaml:"parent"`
	Owner  string `yaml:"owner"` // team or person
}

// Team is a group that owns things.
type Team struct {
	Name    string   `yaml:"name"`
	Lead    string   `yaml:"lead"`    // person
	Members []string `yaml:"members"` // people
	Contact string   `yaml:"contact"` // an address or a channel, in the team's own words
}

// Person is one person. The managers of all people make the chain of command.
type Person struct {
	ID      string `yaml:"id"`
	Name    string `yaml:"name"`
	Email   string `yaml:"email"`
	Manager string `yaml:"manager"` // person
}

// Service is something that a team runs. A resource belongs to it when it is in one of Accounts (any account, if there are
// none) and matches one of Resources or carries all of Tags (any resource, if there are neither).
type Service struct {
	Name      string            `yaml:"name"`
	Owner     string            `yaml:"owner"`    // team or person
	Accounts  []string          `yaml:"accounts"` // IDs or names
	Resources []Match           `yaml:"resources"`
	Tags      map[string]string `yaml:"tags"` // key to a glob of its value
}

// Pattern gives what it matches to a team. The first one in the file that matches counts.
type Pattern struct {
	Match `yaml:",inline"`
	Team  string `yaml:"team"` // team or person
}

// index finds by name; it is built while checking.
type index struct {
	accounts map[string]*Account // by ID
	named    map[string]*Account // by name
	units    map[string]*Unit
	teams    map[string]*Team
	people   map[string]*Person
	teamOf   map[string]string // person to the first team that they lead or are in
}

// Account finds an account by its ID.
func (o *Org) Account(id string) (Account, bool) {
	if o == nil || o.index.accounts[id] == nil {
		return Account{}, false
	}
	return *o.index.accounts[id], true
}

// UnitsOf are the organisational unit of an account and those above it, the nearest first.
func (o *Org) UnitsOf(account string) []string {
	a, _ := o.Account(account)
	if o == nil {
		return nil
	}
	var out []string
	for u := o.index.units[a.Unit]; u != nil; u = o.index.units[u.Parent] {
		out = append(out, u.Name)
	}
	return out
}

// Person finds a person by ID.
func (o *Org) Person(id string) (Person, bool) {
	if o == nil || o.index.people[id] == nil {
		return Person{}, false
	}
	return *o.index.people[id], true
}

// Team finds a team by name.
func (o *Org) Team(name string) (Team, bool) {
	if o == nil || o.index.teams[name] == nil {
		return Team{}, false
	}
	return *o.index.teams[name], true
}

// Chain is the chain of command: the person's manager first, the top last. It is empty for somebody unknown.
func (o *Org) Chain(person string) []Person {
	var out []Person
	p, ok := o.Person(person)
	for ok && p.Manager != "" {
		if p, ok = o.Person(p.Manager); ok {
			out = append(out, p)
		}
	}
	return out
}

// owner resolves the word that a file uses for an owner: a team, or else a person.
func (o *Org) owner(word, via string) ticket.Owner {
	if t, ok := o.Team(word); ok {
		return ticket.Owner{Team: t.Name, Person: t.Lead, Via: via}
	}
	if p, ok := o.Person(word); ok {
		return ticket.Owner{Team: o.index.teamOf[p.ID], Person: p.ID, Via: via}
	}
	return ticket.Owner{}
}

// Owner resolves a word such as an intent's owner, which must name a team or a person; via is how it was come by.
func (o *Org) Owner(word, via string) (ticket.Owner, bool) {
	w := o.owner(word, via)
	return w, w != ticket.Owner{}
}
