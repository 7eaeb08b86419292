package guardrail

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"jobzero/internal/expect"
	"jobzero/internal/fault"
	"jobzero/internal/finding"
	"jobzero/internal/policy/names"
)

// Perimeter is what resource control policies let in.
type Perimeter struct {
	Organisation string   // o-…
	Accounts     []string // of others that are let in, twelve digits
	Resources    []string // ARNs, with wildcards, that are meant for everybody
}

// open are the functions that ask whom a policy lets in, by the place of the service's name among their arguments; -1: the service
// is that of the type.
var open = map[string]int{"openStatements": 0, "accountStatements": -1, "trustsEverybody": -1, "trustedAccounts": -1}

// bound is what of a service is bound, and of whom it is known that they call from outside of any organisation.
func boundActions(service string) ([]string, string) {
	switch service {
	case "sts":
		return []string{"sts:AssumeRole", "sts:SetContext"}, "" // web identities and SAML have no organisation, nor need one
	case "cognito-idp", "cognito-identity":
		return nil, "people who sign in to an application call it without any account"
	case "signin", "support", "health", "pricing":
		return nil, "it has no resources of its own"
	}
	if !names.Bound(service) {
		return nil, "AWS has no resource control policies for " + service
	}
	return []string{service + ":*"}, ""
}

// RCP makes resource control policies of the expectations about policies of resources. They take the effect of a wrong policy
// away; that it is written they do not prevent.
func RCP(o Options, p Perimeter) (Made, error) {
	if !strings.HasPrefix(p.Organisation, "o-") {
		return Made{}, fault.New(fault.Invalid, "--org-id %q: want the organisation's ID, o- and ten to 32 letters", p.Organisation)
	}
	m := Made{Verb: "PREVENTED", Language: "resource control policies"}
	var all []*Statement
	for _, e := range o.Expectations {
		c := Coverage{Expectation: e.ID, Title: e.Title, Severity: e.Severity, Extent: Nothing}
		list := resourceStatements(e, p, &c)
		if all = append(all, list...); len(list) > 0 {
			c.Extent = Part
			c.Leaves = append(c.Leaves, "that such a policy is written; its effect is taken away")
		}
		m.Coverage = append(m.Coverage, c)
	}
	var err error
	if m.Files, m.LeftOut, err = pack("rcp", all, o.Exempt, MaxFiles); err != nil {
		return m, err
	}
	m.settle()
	return m, nil
}

// resourceStatements are those that one expectation asks for.
func resourceStatements(e *expect.Expectation, p Perimeter, c *Coverage) (out []*Statement) {
	calls := e.Calls()
	var reasons []string
	for _, args := range calls["plainCalls"] {
		actions, reason := boundActions(args[0])
		if actions == nil {
			reasons = append(reasons, reason)
			continue
		}
		s := denied(e, "OnlyEncryptedCalls", actions, Condition{"BoolIfExists", "aws:SecureTransport", []string{"false"}})
		out = append(out, s)
	}
	for _, name := range slices.Sorted(maps.Keys(open)) {
		at := open[name]
		for _, args := range calls[name] {
			services := servicesOf(e)
			if at >= 0 {
				services = []string{args[at]}
			}
			for _, service := range services {
				actions, reason := boundActions(service)
				if actions == nil {
					reasons = append(reasons, reason)
					continue
				}
				out = append(out, perimeter(e, actions, p)...)
			}
		}
	}
	slices.SortStableFunc(out, func(a, b *Statement) int { return cmp.Compare(a.Sid, b.Sid) })
	slices.Sort(reasons)
	reasons = slices.Compact(reasons)
	switch {
	case len(out) == 0 && len(reasons) > 0:
		c.Why = strings.Join(reasons, "; ")
	case len(out) == 0:
		c.Why = "it is not about whom a policy of a resource lets in, or how"
	case len(reasons) > 0:
		c.Leaves = append(c.Leaves, reasons...)
	}
	return out
}

// servicesOf are the services of what an expectation judges.
func servicesOf(e *expect.Expectation) (out []string) {
	for _, t := range e.Types {
		name := strings.ToLower(strings.Split(string(t), "::")[1])
		if to, ok := prefixes[name]; ok {
			name = to
		}
		out = append(out, name)
	}
	return out
}

// prefixes are services by the names that CloudFormation has for them.
var prefixes = map[string]string{
	"iam":               "sts", // roles are taken on
	"opensearchservice": "es", "opensearchserverless": "aoss", "efs": "elasticfilesystem", "cognito": "cognito-idp", "msk": "kafka",
}

func denied(e *expect.Expectation, sid string, actions []string, c ...Condition) *Statement {
	return &Statement{
		Sid: sid, Actions: actions, Resource: "*", Conditions: c, For: []string{e.ID}, Severity: e.Severity, Principal: true,
	}
}

// perimeter keeps out principals of others, and services of AWS that call for resources of others
// (docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_data-perimeters.html).
func perimeter(e *expect.Expectation, actions []string, p Perimeter) []*Statement {
	who := []Condition{
		{"StringNotEqualsIfExists", "aws:PrincipalOrgID", []string{p.Organisation}},
		{"BoolIfExists", "aws:PrincipalIsAWSService", []string{"false"}},
	}
	service := []Condition{
		{"StringNotEqualsIfExists", "aws:SourceOrgID", []string{p.Organisation}},
		{"Null", "aws:SourceAccount", []string{"false"}},
		{"Bool", "aws:PrincipalIsAWSService", []string{"true"}},
	}
	if len(p.Accounts) > 0 {
		who = append(who, Condition{"StringNotEqualsIfExists", "aws:PrincipalAccount", p.Accounts})
		service = append(service, Condition{"StringNotEqualsIfExists", "aws:SourceAccount", p.Accounts})
	}
	out := []*Statement{denied(e, "OnlyOurOrganisation", actions, who...)}
	if actions[0] != "sts:AssumeRole" {
		out = append(out, denied(e, "ServicesOnlyForUs", actions, service...))
	}
	for _, s := range out {
		if len(p.Resources) > 0 {
			s.Except = p.Resources
		}
	}
	return out
}

// worst is the more severe one.
func worst(a, b finding.Severity) finding.Severity {
	if b.Rank() > a.Rank() {
		return b
	}
	return a
}
