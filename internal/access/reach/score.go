package reach

import (
	"strings"

	"jobzero/internal/policy"
)

// What the parts of a score are worth.
const (
	perAccount   = 1000
	perPrincipal = 10
	perStay      = 10
	perResource  = 2 // that it changes or controls
)

// weight is what a resource is worth that it reads the data of, by the class that its owner gave it. The words are those that such schemes use
// (csrc.nist.gov/pubs/sp/800/60/v1/r1/final knows no names of its own): what nobody has classed is taken for internal.
func weight(class string) int {
	switch strings.ToLower(class) {
	case "public":
		return 1
	case "", "internal", "private":
		return 2
	case "confidential", "sensitive":
		return 20
	case "restricted", "secret", "pii", "personal", "phi", "pci", "highly-confidential", "strictly-confidential":
		return 50
	}
	return 5
}

// Score says how much a credential is worth:
//
//	1000 for each account that it comes to administer
//	  10 for each other user or role that it becomes
//	   2 for each resource that it changes or controls
//	     for each resource that it reads the data of: 1 public, 2 internal or not classed, 5 of another class, 20 confidential, 50 restricted
//	  10 for each way to stay
//
// What is not certain counts a half. The number is for comparing credentials of one estate, and one before and after a change.
func (r *Radius) score() int {
	half := 0
	add := func(worth, sure, maybe int) { half += worth * (2*sure + maybe) }
	for _, a := range r.Accounts {
		switch a.Administered {
		case policy.Yes:
			add(perAccount, 1, 0)
		case policy.Maybe:
			add(perAccount, 0, 1)
		case policy.No:
		}
		add(perPrincipal, a.Principals, a.Perhaps)
	}
	for _, s := range r.Resources {
		add(perResource, max(s.Changes, s.Controls), 0)
	}
	for _, d := range r.Data {
		add(weight(d.Class), d.Reads, d.Perhaps)
	}
	for _, s := range r.Stays {
		if s.Truth == policy.Yes {
			add(perStay, 1, 0)
		} else {
			add(perStay, 0, 1)
		}
	}
	return (half + 1) / 2
}
