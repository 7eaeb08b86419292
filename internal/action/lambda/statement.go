package lambda

import (
	"fmt"
	"strings"

	"jobzero/internal/action/setting"
	"jobzero/internal/fault"
	"jobzero/internal/principal"
)

// open are the permissions of a function that surely let everybody in.
type open struct {
	Public  []permission
	Unclear string `json:",omitempty"` // why others may
}

// permission is a statement of a function's policy, as AddPermission takes it apart
// (docs.aws.amazon.com/lambda/latest/api/API_AddPermission.html).
type permission struct {
	Sid, Action, Principal string
	URLAuth                string `json:",omitempty"` // NONE or AWS_IAM
	Token                  string `json:",omitempty"`
	ViaURL                 bool   `json:",omitempty"`
	Text                   string // as it stands in the policy
	Strange                string `json:",omitempty"` // what AddPermission cannot write
}

// permissions reads the public statements of a policy; only the one of the ID, where one is given.
func permissions(text, sid string) (o open, err error) {
	policy, err := principal.ParsePolicy([]byte(text))
	if err != nil {
		return o, fault.Wrap(fault.Unavailable, err, "read the permissions of a function")
	}
	var unclear []string
	for _, f := range policy.Public(principal.Scope{Service: "lambda"}) {
		switch {
		case sid != "" && f.Sid != sid:
		case f.Verdict == principal.Yes:
			o.Public = append(o.Public, permissionOf(policy.Statements[f.Index]))
		default:
			unclear = append(unclear, fmt.Sprintf("statement %q: %s", f.Sid, f.Why))
		}
	}
	if len(unclear) > 0 {
		o.Unclear = "it is not clear whether everybody is let in: " + strings.Join(unclear, "; ")
	}
	return o, nil
}

func permissionOf(s principal.Statement) permission {
	p := permission{Sid: s.Sid, Text: string(s.Raw), Principal: "*"}
	switch {
	case s.Sid == "":
		p.Strange = "it has no ID"
	case len(s.Actions) != 1 || len(s.NotActions)+len(s.NotPrincipals) > 0 || len(s.Principals) != 1 || s.Principals[0].Name != "*":
		p.Strange = "it says more than one permission can"
	default:
		p.Action = s.Actions[0]
	}
	for _, c := range s.Conditions {
		one := ""
		if len(c.Values) == 1 {
			one = c.Values[0]
		}
		switch key := strings.ToLower(c.Operator + " " + c.Key); {
		case key == "stringequals lambda:functionurlauthtype" && one != "":
			p.URLAuth = one
		case key == "stringequals lambda:eventsourcetoken" && one != "":
			p.Token = one
		case key == "bool lambda:invokedviafunctionurl" && one == "true":
			p.ViaURL = true
		default:
			p.Strange = "it has a condition on " + c.Key
		}
	}
	return p
}

// input is what AddPermission takes to make it again.
func (p permission) input() setting.In {
	in := setting.In{"StatementId": p.Sid, "Action": p.Action, "Principal": p.Principal}
	if p.URLAuth != "" {
		in["FunctionUrlAuthType"] = p.URLAuth
	}
	if p.Token != "" {
		in["EventSourceToken"] = p.Token
	}
	if p.ViaURL {
		in["InvokedViaFunctionUrl"] = true
	}
	return in
}
