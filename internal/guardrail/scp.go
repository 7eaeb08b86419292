package guardrail

import (
	"slices"
	"strings"
	"time"

	"jobzero/internal/expect"
	"jobzero/internal/finding"
)

// Options are what to make.
type Options struct {
	Expectations []*expect.Expectation
	Exempt       []string // ARNs of principals, with wildcards, that nothing is denied to
	Gentle       bool     // leave out what also refuses what is right, or stops what runs
	Baseline     bool     // also what no expectation says: leaving the organisation, the root user, keys of users
	Now          time.Time
}

// Made is what was made of expectations.
type Made struct {
	Files    []File
	Coverage []Coverage
	LeftOut  []*Statement // for which there was no room
	Verb     string       // what Coverage says of an expectation: PREVENTED, SAID, DETECTED
	Language string       // in which it is said
}

// SCP makes service control policies.
func SCP(o Options) (Made, error) {
	m := Made{Verb: "PREVENTED", Language: "service control policies"}
	var all []*Statement
	if o.Baseline {
		all = append(all, baseline()...)
	}
	for _, e := range o.Expectations {
		list, c := Derive(e, o.Now)
		if o.Gentle {
			list = slices.DeleteFunc(list, func(s *Statement) bool { return s.Freezes || s.Strict })
			if c.Costs = nil; len(list) == 0 && c.Extent != Nothing {
				c.Extent, c.Leaves = Nothing, nil
				c.Why = "what would prevent it refuses what is right, too; it is left out with --gentle"
			}
		}
		all = append(all, list...)
		m.Coverage = append(m.Coverage, c)
	}
	var err error
	if m.Files, m.LeftOut, err = pack("scp", all, o.Exempt, MaxFiles); err != nil {
		return m, err
	}
	m.settle()
	return m, nil
}

// settle says in the coverage which statements there are, and for which there was no room.
func (m *Made) settle() {
	in, out := map[string][]string{}, map[string][]string{}
	for _, f := range m.Files {
		for _, s := range f.Statements {
			for _, id := range s.For {
				in[id] = append(in[id], s.Sid)
			}
		}
	}
	for _, s := range m.LeftOut {
		for _, id := range s.For {
			out[id] = append(out[id], s.Sid)
		}
	}
	for i := range m.Coverage {
		c := &m.Coverage[i]
		c.Statements, c.LeftOut = in[c.Expectation], out[c.Expectation]
		switch {
		case len(c.LeftOut) > 0 && len(c.Statements) == 0:
			c.Extent, c.Leaves, c.Why = Nothing, nil, "there was no room for it in the policies that may be attached to one target"
		case len(c.LeftOut) > 0:
			c.Extent = Part
			c.Leaves = append(c.Leaves, "statements for which there was no room: "+strings.Join(c.LeftOut, ", "))
		}
	}
}

// baseline is what no expectation about resources says.
func baseline() []*Statement {
	return []*Statement{
		{
			Sid: "StayInTheOrganisation", Actions: []string{"account:CloseAccount", "organizations:LeaveOrganization"}, Resource: "*",
			For: []string{"baseline"}, Severity: finding.Critical,
		},
		{
			Sid: "NoRootUser", Actions: []string{"*"}, Resource: "*", For: []string{"baseline"}, Severity: finding.High,
			Conditions: []Condition{{"ArnLike", "aws:PrincipalArn", []string{"arn:*:iam::*:root"}}},
		},
		{
			Sid: "NoKeysOfUsers", Actions: []string{"iam:CreateAccessKey", "iam:CreateUser"}, Resource: "*", For: []string{"baseline"}, Severity: finding.Medium,
		},
	}
}
