package org

import (
	"slices"
	"strings"

	"jobzero/internal/resource"
	"jobzero/internal/ticket"
)

// The ways in which an owner is found, strongest first.
const (
	ViaPattern = "pattern"
	ViaService = "service"
	ViaTag     = "tag"
	ViaAccount = "account"
	ViaUnit    = "unit"
	ViaDefault = "default"
)

// ownerTags are the tags that name an owner. They count only when they name a team of the org: a tag is a claim of whoever
// may tag.
var ownerTags = [...]string{"owner", "Owner"}

// Match is a set of globs; all that are given must match. A star stands for any text, a question mark for one character.
type Match struct {
	Account string `yaml:"account"` // account ID
	Type    string `yaml:"type"`    // such as AWS::S3::Bucket
	ID      string `yaml:"id"`
	ARN     string `yaml:"arn"`
	Path    string `yaml:"path"` // the last part of the ARN, such as role/service/backup
}

// empty reports whether nothing is given.
func (m Match) empty() bool { return m == Match{} }

// matches reports whether all given globs match.
func (m Match) matches(ref resource.Ref, arn string) bool {
	path := ""
	if parts := strings.SplitN(arn, ":", 6); len(parts) == 6 {
		path = parts[5]
	}
	return !m.empty() && within(m.Account, ref.Account) && within(m.Type, string(ref.Type)) &&
		within(m.ID, ref.ID) && within(m.ARN, arn) && within(m.Path, path)
}

func within(pattern, s string) bool { return pattern == "" || glob(pattern, s) }

// OwnerOf says who answers for a resource: by pattern, service, tag, account, unit (going up), default, in this order. An
// account is asked about with a Ref that has only Account. Owner{} means that nobody does.
func (o *Org) OwnerOf(ref resource.Ref, tags map[string]string, arn string) ticket.Owner {
	if o == nil {
		return ticket.Owner{}
	}
	for _, p := range o.Patterns {
		if p.matches(ref, arn) {
			return o.owner(p.Team, ViaPattern)
		}
	}
	for _, s := range o.Services {
		if s.Owner != "" && o.serves(s, ref, tags, arn) {
			return o.owner(s.Owner, ViaService)
		}
	}
	for _, key := range ownerTags {
		if _, ok := o.Team(tags[key]); ok {
			return o.owner(tags[key], ViaTag)
		}
	}
	a, _ := o.Account(ref.Account)
	if a.Owner != "" {
		return o.owner(a.Owner, ViaAccount)
	}
	for u := o.index.units[a.Unit]; u != nil; u = o.index.units[u.Parent] {
		if u.Owner != "" {
			return o.owner(u.Owner, ViaUnit)
		}
	}
	return o.owner(o.Default, ViaDefault)
}

// ServiceOf names the service that a resource belongs to.
func (o *Org) ServiceOf(ref resource.Ref, tags map[string]string, arn string) (Service, bool) {
	if o == nil {
		return Service{}, false
	}
	for _, s := range o.Services {
		if o.serves(s, ref, tags, arn) {
			return s, true
		}
	}
	return Service{}, false
}

func (o *Org) serves(s Service, ref resource.Ref, tags map[string]string, arn string) bool {
	if len(s.Accounts) > 0 {
		a, _ := o.Account(ref.Account)
		if !slices.Contains(s.Accounts, ref.Account) && (a.Name == "" || !slices.Contains(s.Accounts, a.Name)) {
			return false
		}
	}
	if len(s.Resources) == 0 && len(s.Tags) == 0 {
		return true
	}
	if slices.ContainsFunc(s.Resources, func(m Match) bool { return m.matches(ref, arn) }) {
		return true
	}
	for key, want := range s.Tags {
		if have, ok := tags[key]; !ok || !glob(want, have) {
			return false
		}
	}
	return len(s.Tags) > 0
}
