package org

import (
	"errors"
	"io/fs"
	"strings"

	"jobzero/internal/doc"
	"jobzero/internal/fault"
)

// LoadWaivers reads and checks a waivers.yaml.
func LoadWaivers(fsys fs.FS, path string) (*Waivers, error) {
	data, err := read(fsys, path)
	if err != nil {
		return nil, err
	}
	return ParseWaivers(path, data)
}

// ParseWaivers reads and checks the text of a waivers.yaml, a list of waivers. All mistakes found are in the error, one a line,
// each with file:line:col. An empty text waives nothing.
func ParseWaivers(name string, data []byte) (*Waivers, error) {
	nodes, err := doc.Parse(name, data)
	if err != nil {
		return nil, err
	}
	w := &Waivers{}
	if err := doc.Decode(name, data, &w.all); err != nil {
		return nil, err
	}
	var errs []error
	for i := range w.all {
		n := nodes[0].Items[i]
		w.all[i].place = n.Place()
		if err := w.all[i].check(n); err != nil && len(errs) < maxErrors {
			errs = append(errs, err)
		}
	}
	if len(errs) > 0 {
		return nil, errors.Join(errs...)
	}
	return w, nil
}

func (w Waiver) check(n *doc.Node) error {
	if len(w.Expectations) == 0 {
		return n.Errorf("expectations is missing: say which are waived, by their IDs")
	}
	for _, f := range []struct{ key, value string }{
		{"owner", w.Owner}, {"reason", w.Reason}, {"approved_by", w.ApprovedBy}, {"expires", w.Expires.String()},
	} {
		if strings.TrimSpace(f.value) == "" {
			return n.Errorf("%s is missing: a waiver says expectations, where, owner, reason, expires and approved_by", f.key)
		}
	}
	if w.Owner == w.ApprovedBy {
		return n.Get("approved_by").Errorf("%s cannot approve a waiver of their own: somebody else does", w.Owner)
	}
	where := len(w.Resources) + len(w.Accounts) + len(w.Units) + len(w.Environments) + len(w.Tags) + len(w.Files)
	if where == 0 {
		return n.Errorf("it does not say where: name resources, accounts, units, environments, tags or files; an expectation that nobody has to meet is taken out")
	}
	for _, list := range []struct {
		key      string
		patterns []string
	}{{"expectations", w.Expectations}, {"resources", w.Resources}, {"files", w.Files}} {
		for _, p := range list.patterns {
			if strings.ContainsAny(p, "*?") && len(strings.NewReplacer("*", "", "?", "", "-", "", ".", "", "/", "").Replace(p)) < minLiteral {
				return n.Get(list.key).Errorf("%s %q is too wide: write at least %d letters or digits of the name", list.key, p, minLiteral)
			}
		}
	}
	return nil
}

// CheckWaivers finds owners and approvers that the organisation does not know, and expectations that there are not. ids are all
// that there are.
func (o *Org) CheckWaivers(w *Waivers, ids []string) error {
	var errs []error
	add := func(x Waiver, format string, args ...any) {
		if len(errs) < maxErrors {
			errs = append(errs, fault.New(fault.Invalid, "%s: "+format, append([]any{x.place}, args...)...))
		}
	}
	for _, x := range w.All() {
		if o != nil {
			for _, word := range []string{x.Owner, x.ApprovedBy} {
				if _, ok := o.Owner(word, ""); !ok {
					add(x, "no team and no person is called %q", word)
				}
			}
		}
		for _, p := range x.Expectations {
			if !anyOf([]string{p}, ids...) {
				add(x, "no expectation is called %s%s", p, hint(p, ids))
			}
		}
	}
	return errors.Join(errs...)
}

// ExampleWaivers is a waivers.yaml that shows every key. The manual prints it and a test reads it.
func ExampleWaivers() string {
	return `# What need not be met, where, and until when. A waiver that has expired counts no more, and is a finding by itself.
- expectations: [s3-bucket-encryption]
  resources: [shop-website-*]        # IDs, ARNs, or names in a template or plan
  types: ["AWS::S3::Bucket"]
  accounts: ["111122223333"]         # IDs or names
  reason: Public files only; the content network cannot read them otherwise.
  ticket: SHOP-418
  owner: shop                        # a team or a person of org.yaml
  approved_by: alex                  # somebody else
  expires: 2027-03-31                # the last day on which it counts
- expectations: [ec2-no-open-*]
  environments: [test]
  units: [retail]                    # with the units below it
  tags: {purpose: honeypot*}         # of the resource
  files: [infra/honeypot/*]          # of templates and plans: what is live is not waived by this one
  reason: It is there to be found.
  owner: shop
  approved_by: alex
  expires: 2027-03-31
`
}
