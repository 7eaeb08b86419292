package org

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"jobzero/internal/resource"
)

// ExposureTag is the tag by which a resource can be made private although it is declared public. With any value but
// ExposurePrivate it means nothing: whoever may tag a resource must not be able to publish it.
const (
	ExposureTag     = "jobzero:exposure"
	ExposurePrivate = "private"
)

// Declaration is one approved statement of what a bucket, or whatever else can stand open to the world, is meant to be.
type Declaration struct {
	Bucket     string        `yaml:"bucket"`  // glob of bucket names; otherwise Type and Name
	Type       resource.Type `yaml:"type"`    // one of Exposable
	Name       string        `yaml:"name"`    // glob of names; see Names
	Account    string        `yaml:"account"` // glob of account IDs; any account when empty
	Public     *bool         `yaml:"public"`  // false takes back what a wider declaration gives
	Owner      string        `yaml:"owner"`   // team or person who answers for it
	Reason     string        `yaml:"reason"`
	Expires    Day           `yaml:"expires"` // the last day on which it counts
	ApprovedBy string        `yaml:"approved_by"`

	place string
}

// String names the declaration for people.
func (d Declaration) String() string {
	return "the declaration of " + cmp.Or(d.Bucket, d.Name) + " at " + d.place
}

// Live reports whether the declaration has not expired.
func (d Declaration) Live(now time.Time) bool { return now.Before(d.Expires.End()) }

// covers: a bucket's policy is known by the bucket's name, and as public as the bucket may be.
func (d Declaration) covers(r resource.Resource) bool {
	switch {
	case !within(d.Account, r.Account):
		return false
	case d.Bucket != "":
		return (r.Type == resource.Bucket || r.Type == "AWS::S3::BucketPolicy") && glob(d.Bucket, r.ID)
	}
	return d.Type == declaredAs(r.Type) && slices.ContainsFunc(Names(r), func(name string) bool { return glob(d.Name, name) })
}

// Intent is the content of one intent.yaml. It is immutable once parsed and safe for concurrent use. A nil Intent declares
// nothing.
type Intent struct {
	declarations []Declaration
}

// Declarations gives all of them, in the order of the file.
func (i *Intent) Declarations() []Declaration {
	if i == nil {
		return nil
	}
	return append([]Declaration(nil), i.declarations...)
}

// Exposure is what a resource is meant to be today.
type Exposure struct {
	Public   bool        // it may be public: declared, not expired, and not made private by its tag
	Declared bool        // a declaration that has not expired speaks of it
	Private  bool        // its tag makes it private
	Lapsed   bool        // it was declared public and the declaration has expired
	By       Declaration // the declaration that speaks of it, or the one that has lapsed
}

// Exposure works out what a resource is meant to be. A declaration that says public: false is stronger than those that say true.
func (i *Intent) Exposure(r resource.Resource, now time.Time) Exposure {
	e := Exposure{Private: strings.EqualFold(strings.TrimSpace(r.Tags[ExposureTag]), ExposurePrivate)}
	if i == nil {
		return e
	}
	public := false
	for _, d := range i.declarations {
		switch {
		case !d.covers(r):
		case d.Live(now) && !*d.Public:
			e.Declared, e.Lapsed, e.By = true, false, d
			return e
		case d.Live(now) && !e.Declared:
			e.Declared, e.Lapsed, e.By, public = true, false, d, true
		case !d.Live(now) && !e.Declared && !e.Lapsed && *d.Public:
			e.Lapsed, e.By = true, d
		}
	}
	e.Public = public && !e.Private
	return e
}

// Expired gives the declarations that no longer count: each wants its owner to renew it or to take it out.
func (i *Intent) Expired(now time.Time) []Declaration {
	var out []Declaration
	for _, d := range i.Declarations() {
		if !d.Live(now) {
			out = append(out, d)
		}
	}
	return out
}

// PublicIn reports whether any declaration that counts today lets a bucket of the account be public.
func (i *Intent) PublicIn(account string, now time.Time) bool {
	for _, d := range i.Declarations() {
		if d.Bucket != "" && d.Live(now) && *d.Public && within(d.Account, account) {
			return true
		}
	}
	return false
}
