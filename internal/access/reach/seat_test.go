package reach_test

import (
	"strings"
	"testing"

	"jobzero/internal/access/reach"
	"jobzero/internal/policy"
)

// TestSeats: whoever may give out permission sets in the account that manages the organisation becomes what they are, in every account; in
// another account only its own, and one that may do half of it nothing.
func TestSeats(t *testing.T) {
	const manager = "999988887777"
	const seat = "aws-reserved/sso.amazonaws.com/AWSReservedSSO_Admin_0123456789abcdef"
	saml := []m{trust("Federated", "arn:aws:iam::111122223333:saml-provider/AWSSSO_0123456789abcdef_DO_NOT_DELETE")}
	for name, c := range map[string]struct {
		account string
		actions []string
		tree    bool
		method  string // of a step to the role; empty: there is none
	}{
		"assigns, as the manager":        {manager, []string{"sso:CreateAccountAssignment"}, true, "assign-set"},
		"writes, as the manager":         {manager, []string{"sso:PutInlinePolicyToPermissionSet", "sso:ProvisionPermissionSet"}, true, "write-set"},
		"writes and carries nothing":     {manager, []string{"sso:PutInlinePolicyToPermissionSet"}, true, ""},
		"only looks":                     {manager, []string{"sso:Describe*", "sso:List*"}, true, ""},
		"everything, in another account": {other, []string{"sso:*"}, true, ""},
		"everything, and no tree":        {manager, []string{"sso:*"}, false, ""},
		"in its own account":             {shop, []string{"sso:*"}, false, "assign-set"},
	} {
		from, to := &account{id: c.account}, &account{id: shop}
		if c.account == shop {
			from = to
		}
		from.user("me", nil, allow("*", c.actions...))
		to.role(seat, saml, nil, allow("*", "*"))
		all := []*account{to}
		if from != to {
			all = append(all, from)
		}
		var texts []string
		if c.tree {
			texts = append(texts, tree)
		}
		g := graphOf(t, all, nil, texts...)
		ways, err := g.Ways(arn(c.account, "user/me"))
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, e := range ways {
			if strings.Contains(g.Name(e.To), "AWSReservedSSO") && e.Truth == policy.Yes {
				got = append(got, e.Method.Name)
			}
		}
		if (c.method == "") != (len(got) == 0) || c.method != "" && got[0] != c.method {
			t.Errorf("%s: %q: want %q", name, got, c.method)
		}
	}
	for _, m := range reach.Methods() {
		if (m.Name == "assign-set" || m.Name == "write-set") && len(m.When) == 0 {
			t.Errorf("%s says nothing of what is not known", m.Name)
		}
	}
}
