package principal

import "strings"

// Foreign is one statement that grants, or may grant, to a whole account that is not one's own.
type Foreign struct {
	Index   int // of the statement in the policy, from 0
	Sid     string
	Account string // Gap when it is not known which
	Verdict Verdict
}

// WholeAccounts names the accounts other than own that a statement lets in without any condition that says who or from where:
// whoever is let in by the administrators over there. own is empty when it is not known; each account is then a Maybe.
func (p Policy) WholeAccounts(own string) []Foreign {
	var out []Foreign
	for i, s := range p.Statements {
		if s.Effect != "Allow" || s.conditional() {
			continue
		}
		for _, g := range s.Principals {
			f := Foreign{Index: i, Sid: s.Sid, Verdict: Yes}
			switch f.Account = wholeAccount(g); {
			case f.Account == "" || f.Account == own:
				continue
			case f.Account == Gap || own == "" || s.unclear():
				f.Verdict = Maybe
			}
			out = append(out, f)
		}
	}
	return out
}

// wholeAccount is the account that a principal stands for as a whole: its number alone, or its root; empty for any other.
func wholeAccount(g Grantee) string {
	switch {
	case g.Name == Gap && g.Kind == "":
		return Gap
	case !strings.EqualFold(g.Kind, "AWS"):
		return ""
	case g.Name == Gap || IsAccount(g.Name):
		return g.Name
	}
	a, err := ParseARN(g.Name)
	if err != nil || a.Service != "iam" || a.Resource != "root" || !IsAccount(a.Account) {
		return ""
	}
	return a.Account
}

// conditional reports whether a condition says more than that the connection has to be encrypted.
func (s Statement) conditional() bool {
	for _, c := range s.Conditions {
		if !strings.EqualFold(c.Key, "aws:SecureTransport") && c.Key != Gap {
			return true
		}
	}
	return false
}

// unclear reports whether there is something in it that is not known or not understood.
func (s Statement) unclear() bool {
	for _, c := range s.Conditions {
		if c.Key == Gap {
			return true
		}
	}
	return len(s.Unknown) > 0
}
