package policy

import (
	"fmt"
	"slices"
	"strings"

	"jobzero/internal/doc"
)

// who reads Principal and NotPrincipal, and refuses what policies of this kind may not have
// (docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps_syntax.html and …_scps_syntax.html).
func (p *parser) who(n *doc.Node, s *Statement, all map[string]*doc.Node) (err error) {
	yes, no := all["Principal"], all["NotPrincipal"]
	switch {
	case yes != nil && no != nil:
		return no.Errorf("Principal and NotPrincipal stand side by side: use one of them")
	case (p.doc.Kind == SCP || p.doc.Kind == Identity) && (yes != nil || no != nil):
		at := yes
		if at == nil {
			at = no
		}
		return at.Errorf("a policy of this kind names no principal: use a condition on aws:PrincipalArn")
	case p.doc.Kind == RCP && no != nil:
		return no.Errorf("a resource control policy has no NotPrincipal: use a condition on aws:PrincipalArn")
	case (p.doc.Kind == RCP || p.doc.Kind == Resource) && yes == nil && no == nil:
		return n.Errorf("Principal is missing")
	}
	if yes != nil {
		s.Who, err = p.grantees(yes)
	} else if no != nil {
		s.NotWho, err = p.grantees(no)
	}
	s.whoAsked = yes != nil || no != nil
	if err != nil || p.doc.Kind != RCP {
		return err
	}
	return p.resourceControl(n, s, all)
}

// allowsAll reports whether a statement allows everything to everybody.
func (s *Statement) allowsAll() bool {
	one := func(list []*Pattern) bool { return len(list) == 1 && list[0].any() }
	return s.Allow && one(s.Actions) && one(s.Resources) && len(s.Conditions) == 0 && len(s.Who) == 1 && s.Who[0].Name == "*"
}

// resourceControl holds a statement against what resource control policies may say.
func (p *parser) resourceControl(n *doc.Node, s *Statement, all map[string]*doc.Node) error {
	switch {
	case s.Allow && s.allowsAll(): // RCPFullAWSAccess itself
		return nil
	case s.Allow:
		return all["Effect"].Errorf("a resource control policy only denies: RCPFullAWSAccess, which AWS attaches, allows")
	case len(s.Who) != 1 || s.Who[0].Name != "*":
		return all["Principal"].Errorf("a resource control policy is for everybody: write \"Principal\": \"*\" and a condition")
	case all["NotAction"] != nil:
		return all["NotAction"].Errorf("a resource control policy has no NotAction: name the actions")
	}
	for _, a := range s.Actions {
		if a.any() {
			p.warn(n, "AWS takes no Action \"*\" in a resource control policy of one's own: name the services, such as s3:*")
		}
	}
	return nil
}

func (p *parser) grantees(n *doc.Node) ([]Grantee, error) {
	if n.Kind == doc.String && strings.HasPrefix(n.Text, "arn:") && p.doc.Kind == Resource {
		p.warn(n, "AWS takes no Principal %s: write {\"AWS\": %s}, as which it is read", quote(n.Text), quote(n.Text))
		return []Grantee{{"AWS", n.Text}}, nil
	}
	if n.Kind != doc.Map {
		if n.Kind != doc.String || n.Text != "*" {
			return nil, n.Errorf("Principal: want \"*\" or an object of AWS, Service, Federated or CanonicalUser")
		}
		return []Grantee{{"", "*"}}, nil
	}
	kinds := []string{"AWS", "Service", "Federated", "CanonicalUser"}
	out := []Grantee{}
	for _, k := range n.Pairs {
		if !slices.Contains(kinds, k.Key.Text) {
			return nil, k.Key.Errorf("there is no kind of principal %s%s", quote(k.Key.Text), nearest(k.Key.Text, kinds))
		}
		names, err := textsOf(k.Value, k.Key.Text)
		if err != nil {
			return nil, err
		}
		for _, name := range names {
			out = append(out, Grantee{k.Key.Text, name.Text})
		}
	}
	return out, nil
}

func quote(s string) string { return fmt.Sprintf("%q", s) }

// nearest is a hint at the name that was most likely meant; empty when none is near.
func nearest(word string, names []string) string {
	best, far := "", 1+len(word)/3
	for _, n := range names {
		if d := doc.Distance(strings.ToLower(word), strings.ToLower(n)); d < far || d == far && n < best {
			best, far = n, d
		}
	}
	if best == "" {
		return ""
	}
	return ": did you mean " + best + "?"
}
