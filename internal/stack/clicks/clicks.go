package clicks

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"jobzero/internal/access/ledger"
	"jobzero/internal/design"
	"jobzero/internal/org"
	"jobzero/internal/resource"
)

// Unknown is the team of what nobody owns.
const Unknown = "unknown"

// Click is what one person changed of one resource by one action.
type Click struct {
	Team      string        `json:"team"` // that owns the resource
	Person    string        `json:"person"`
	Principal string        `json:"principal"`
	Account   string        `json:"account"`
	Region    string        `json:"region,omitempty"`
	Action    string        `json:"action"`
	Resource  string        `json:"resource"` // ARN
	Type      resource.Type `json:"type,omitempty"`
	ID        string        `json:"id,omitempty"`
	Count     int           `json:"count"` // calls in the console
	First     time.Time     `json:"first"`
	Last      time.Time     `json:"last"`
	Instead   Instead       `json:"instead"`
	Declared  []Place       `json:"declared,omitempty"` // where templates and Terraform have it
}

// Place is where a text has what was changed.
type Place struct {
	design.Place
	Line    int    `json:"line,omitempty"`
	Name    string `json:"name"`
	Perhaps bool   `json:"perhaps,omitempty"` // only the name that CloudFormation would make of it fits
}

// List gives the changes that people made in the console and that could have been made as code, the last first. Calls of which all were
// refused changed nothing. doing is how many calls there were that no code has a place for, such as starting a machine.
func List(v ledger.View, o *org.Org) (all []Click, doing int) {
	for _, r := range v.Rows() {
		if r.Console == 0 || r.Data || !r.Writes() || r.Refused >= r.Count || !r.Root.Human() {
			continue
		}
		ref := refOf(r.Account, r.Resource)
		instead, ok := insteadOf(r.Name, ref)
		if !ok || r.Free {
			doing += r.Console
			continue
		}
		all = append(all, Click{
			Team: owner(o, ref, r.Resource), Person: who(r.Root), Principal: r.Principal, Account: r.Account, Region: r.Region, Action: r.Name,
			Resource: r.Resource, Type: ref.Type, ID: ref.ID, Count: r.Console, First: r.First, Last: r.Last, Instead: instead,
		})
	}
	slices.SortStableFunc(all, func(a, b Click) int {
		return cmp.Or(b.Last.Compare(a.Last), strings.Compare(a.Person, b.Person), strings.Compare(a.Action, b.Action), strings.Compare(a.Resource, b.Resource))
	})
	return all, doing
}

func who(r ledger.Root) string {
	if r.ID == "" || r.ID == "*" {
		return string(r.Kind)
	}
	return r.ID
}

func owner(o *org.Org, ref resource.Ref, arn string) string {
	w := o.OwnerOf(ref, nil, arn)
	return cmp.Or(w.Team, w.Person, Unknown)
}

// Declare finds what was changed among the resources of a document.
func Declare(all []Click, d *design.Document) {
	for i := range all {
		c := &all[i]
		for j := range d.Resources {
			has := &d.Resources[j]
			is, perhaps := same(c, has)
			if !is {
				continue
			}
			at := has.Place
			if c.Instead.Type == has.Type && c.Instead.Property != "" {
				at = has.Where("properties." + c.Instead.Property)
			}
			c.Declared = append(c.Declared, Place{Place: at, Line: at.Line, Name: has.Name, Perhaps: perhaps})
		}
	}
}

// same reports whether a text's resource is what was changed, or only may be: of one without a name of its own CloudFormation makes
// one, STACK-NAME-RANDOM.
func same(c *Click, has *design.Declared) (is, perhaps bool) {
	if c.ID == "" || has.Type != c.Type && has.Type != c.Instead.Type {
		return false, false
	}
	if has.Type == c.Type {
		if has.ID == c.ID || has.ARN != "" && has.ARN == c.Resource || strings.HasSuffix(c.ID, ":"+has.ID) || has.ID == "/"+c.ID {
			return true, false
		}
		return has.ID == has.Name && strings.Contains(strings.ToLower(c.ID), "-"+strings.ToLower(has.Name)+"-"), true
	}
	for _, p := range []string{"Bucket", "RoleName", "FunctionName", "TableName", "SecretId", "KeyId", "GroupId"} { // what a part names its whole by
		if name, ok := has.Properties[p].(string); ok && (name == c.ID || name == c.Resource) {
			return true, false
		}
	}
	return false, false
}
