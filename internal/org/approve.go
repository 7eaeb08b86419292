package org

import (
	"errors"
	"io/fs"
	"slices"
	"strings"

	"jobzero/internal/doc"
	"jobzero/internal/fault"
	"jobzero/internal/resource"
)

// minLiteral is how many characters of a pattern must be written out: a file of intent names what it publishes.
const minLiteral = 3

// LoadIntent reads and checks an intent.yaml.
func LoadIntent(fsys fs.FS, path string) (*Intent, error) {
	data, err := read(fsys, path)
	if err != nil {
		return nil, err
	}
	return ParseIntent(path, data)
}

// ParseIntent reads and checks the text of an intent.yaml, a list of declarations. All mistakes found are in the error, one a
// line, each with file:line:col. An empty text declares nothing.
func ParseIntent(name string, data []byte) (*Intent, error) {
	nodes, err := doc.Parse(name, data)
	if err != nil {
		return nil, err
	}
	in := &Intent{}
	if err := doc.Decode(name, data, &in.declarations); err != nil {
		return nil, err
	}
	var errs []error
	for i := range in.declarations {
		n := nodes[0].Items[i]
		in.declarations[i].place = n.Place()
		if err := in.declarations[i].check(n); err != nil && len(errs) < maxErrors {
			errs = append(errs, err)
		}
	}
	if len(errs) > 0 {
		return nil, errors.Join(errs...)
	}
	return in, nil
}

func (d Declaration) check(n *doc.Node) error {
	what, key := d.Bucket, "bucket"
	if d.Type != "" || d.Name != "" {
		what, key = d.Name, "name"
	}
	for _, f := range []struct{ key, value string }{
		{key, what}, {"owner", d.Owner}, {"reason", d.Reason}, {"approved_by", d.ApprovedBy}, {"expires", d.Expires.String()},
	} {
		if strings.TrimSpace(f.value) == "" {
			return n.Errorf("%s is missing: a declaration says bucket, or type and name, and public, owner, reason, expires and approved_by", f.key)
		}
	}
	literal := strings.NewReplacer("*", "", "?", "", "-", "", ".", "").Replace(what)
	switch {
	case key == "name" && d.Bucket != "":
		return n.Errorf("a declaration is about a bucket, or about what type and name say, not about both")
	case key == "name" && !slices.Contains(Exposable(), d.Type):
		return n.Errorf("type %q cannot be declared public: want %s, or bucket", d.Type, listed(Exposable()))
	case d.Public == nil:
		return n.Errorf("public is missing: say public: true, or public: false to take back a wider declaration")
	case *d.Public && len(literal) < minLiteral:
		return n.Get(key).Errorf("%s %q is too wide: write at least %d letters or digits of the name", key, what, minLiteral)
	case !accountGlob(d.Account):
		return n.Get("account").Errorf("account %q: want twelve digits, in quotes, or a glob", d.Account)
	}
	return nil
}

func listed(types []resource.Type) string {
	out := make([]string, len(types))
	for i, t := range types {
		out[i] = string(t)
	}
	return strings.Join(out, ", ")
}

// CheckIntent finds owners and approvers that the organisation does not know.
func (o *Org) CheckIntent(in *Intent) error {
	var errs []error
	for _, d := range in.Declarations() {
		for _, word := range []string{d.Owner, d.ApprovedBy} {
			if _, ok := o.Owner(word, ""); !ok && len(errs) < maxErrors {
				errs = append(errs, unknownOwner(d, word))
			}
		}
	}
	return errors.Join(errs...)
}

func unknownOwner(d Declaration, word string) error {
	return fault.New(fault.Invalid, "%s: no team and no person is called %q", d.place, word)
}

// ExampleIntent is an intent.yaml that shows every key. The manual prints it and a test reads it.
func ExampleIntent() string {
	return `# What is meant to be public: buckets, load balancers, security groups. What is not here is private; a tag jobzero:exposure=private makes
# a resource private all the same, and no tag can make it public.
- bucket: shop-website-*
  account: "111122223333"            # left out: in any account
  public: true
  owner: shop                        # a team or a person of org.yaml
  reason: The shop's own website, static files only.
  expires: 2027-12-31                # the last day on which this counts
  approved_by: alex
- bucket: shop-website-staging
  public: false                      # takes back what the pattern above gives
  owner: shop
  reason: Staging is for employees.
  expires: 2027-12-31
  approved_by: alex
# A load balancer by its name; a security group by its name or ID, and its rules with it. In a text without a name it is the one that it has
# there. Ports for administration and data stay closed whatever is declared.
- type: AWS::ElasticLoadBalancingV2::LoadBalancer
  name: shop-web
  public: true
  owner: shop
  reason: What customers of the shop call.
  expires: 2027-12-31
  approved_by: alex
- type: AWS::EC2::SecurityGroup
  name: shop-web
  public: true
  owner: shop
  reason: Ports 80 and 443 of the load balancer of the shop.
  expires: 2027-12-31
  approved_by: alex
`
}
