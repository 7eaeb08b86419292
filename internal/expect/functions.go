package expect

import (
	"errors"
	"fmt"
	"strings"

	"jobzero/internal/expr"
	"jobzero/internal/fault"
)

// functions are what expressions may call besides CEL's own. What is null is understood as "there is none"; what was not read
// is unknown before a function is called, but for those about policies, which judge one statement by one.
func functions() []expr.Func {
	access := []*expr.Reading{{Of: readAccess}}
	said := []*expr.Reading{{Of: readStatements}}
	document := &expr.Reading{Of: readDocument}
	return []expr.Func{
		{Name: "publicStatements", Args: []expr.Kind{expr.Any}, Gives: expr.List, Reads: access, Call: publicStatements},
		{Name: "publicWriteStatements", Args: []expr.Kind{expr.Any}, Gives: expr.List, Reads: access, Call: publicWriteStatements},
		{Name: "publicGrants", Args: []expr.Kind{expr.Any}, Gives: expr.List, Gaps: true, Call: publicGrants},
		{Name: "publicWriteGrants", Args: []expr.Kind{expr.Any}, Gives: expr.List, Gaps: true, Call: publicWriteGrants},
		{Name: "openStatements", Args: []expr.Kind{expr.Text, expr.Any}, Gives: expr.List, Gaps: true, Reads: []*expr.Reading{nil, document}, Call: openStatements},
		{Name: "accountStatements", Args: []expr.Kind{expr.Any, expr.Text}, Gives: expr.List, Gaps: true, Reads: []*expr.Reading{document}, Call: accountStatements},
		{Name: "plainCalls", Args: []expr.Kind{expr.Text, expr.Any}, Gives: expr.List, Gaps: true, Reads: []*expr.Reading{nil, document}, Call: plainCalls},
		{Name: "fromWorld", Args: []expr.Kind{expr.Any}, Gives: expr.Bool, Gaps: true, Call: fromWorld},
		{Name: "opensAny", Args: []expr.Kind{expr.Any, expr.List}, Gives: expr.Bool, Gaps: true, Call: opensAny},
		{Name: "undecided", Args: []expr.Kind{expr.Text}, Gives: expr.Bool, Call: undecided},
		{Name: "reachable", Args: []expr.Kind{expr.Any, expr.Any}, Gives: expr.List, Gaps: true, Call: reachable},
		{Name: "entryFaults", Args: []expr.Kind{expr.Text, expr.Any, expr.Any}, Gives: expr.List, Gaps: true, Call: entryFaults},
		{Name: "worldRules", Args: []expr.Kind{expr.Any, expr.List}, Gives: expr.List, Gaps: true, Call: worldRules},
		{Name: "ruleText", Args: []expr.Kind{expr.Map}, Gives: expr.Text, Call: ruleText},
		{Name: "adminStatements", Args: []expr.Kind{expr.Any}, Gives: expr.List, Gaps: true, Reads: said, Call: adminStatements},
		{Name: "wideStatements", Args: []expr.Kind{expr.Any, expr.Any}, Gives: expr.List, Gaps: true, Reads: said, Call: wideStatements},
		{Name: "wholeServices", Args: []expr.Kind{expr.Any}, Gives: expr.List, Gaps: true, Reads: said, Call: wholeServices},
		{Name: "trustsEverybody", Args: []expr.Kind{expr.Any}, Gives: expr.List, Gaps: true, Reads: said, Call: trustsEverybody},
		{Name: "trustedAccounts", Args: []expr.Kind{expr.Any}, Gives: expr.List, Gaps: true, Reads: said, Call: trustedAccounts},
		{Name: "openFederation", Args: []expr.Kind{expr.Any}, Gives: expr.List, Gaps: true, Reads: said, Call: openFederation},
		{Name: "secretVariables", Args: []expr.Kind{expr.Any}, Gives: expr.List, Gaps: true, Call: secretVariables},
		{Name: "exceptStatements", Args: []expr.Kind{expr.Any}, Gives: expr.List, Gaps: true, Reads: said, Call: exceptStatements},
		{Name: "wholeActions", Args: []expr.Kind{expr.Any}, Gives: expr.List, Gaps: true, Reads: said, Call: wholeActions},
		{Name: "namelessStatements", Args: []expr.Kind{expr.Any, expr.Any}, Gives: expr.List, Gaps: true, Reads: said, Call: namelessStatements},
		{Name: "ownKey", Args: []expr.Kind{expr.Any}, Gives: expr.Bool, Gaps: true, Whole: true, Call: ownKey},
		{Name: "namesARN", Args: []expr.Kind{expr.Any}, Gives: expr.Bool, Gaps: true, Whole: true, Call: namesARN},
		{Name: "logDestination", Args: []expr.Kind{expr.Any}, Gives: expr.Bool, Gaps: true, Whole: true, Call: logDestination},
		{Name: "given", Args: []expr.Kind{expr.Any}, Gives: expr.Bool, Gaps: true, Whole: true, Call: given, Says: []string{"has", "not empty"}},
		{Name: "written", Args: []expr.Kind{expr.Any}, Gives: expr.Bool, Gaps: true, Whole: true, Call: written},
		{Name: "secretsIn", Args: []expr.Kind{expr.Any}, Gives: expr.List, Gaps: true, Call: secretsIn},
	}
}

// The groups of S3's access lists that are everybody: anybody at all, and anybody with an AWS account of their own.
const (
	allUsers   = "http://acs.amazonaws.com/groups/global/AllUsers"
	anyAccount = "http://acs.amazonaws.com/groups/global/AuthenticatedUsers"
)

func publicGrants(args []any) (any, error) {
	return grants(args[0], func(string) bool { return true })
}

func publicWriteGrants(args []any) (any, error) {
	return grants(args[0], func(permission string) bool { return permission != "READ" && permission != "READ_ACP" })
}

// grants names the grants of an access list to everybody whose permission counts. What is not known only matters where it could
// be everybody: a single account, whichever it is, is not.
func grants(acl any, counts func(permission string) bool) (any, error) {
	list, ok := acl.(map[string]any)
	if !ok {
		return nil, expr.Undecided("the bucket has no access list that could be read", gapsOf(acl)...)
	}
	entries, ok := list["Grants"].([]any)
	if !ok {
		return nil, expr.Undecided("the bucket's access list has no grants", gapsOf(list, "Grants")...)
	}
	out, gaps := []any{}, []expr.Gap(nil)
	for i, e := range entries {
		said, open, err := granted(e, counts)
		if err != nil {
			return nil, fault.New(fault.Invalid, "grant %d %v", i+1, err)
		}
		if gaps = append(gaps, open...); said != "" {
			out = append(out, said)
		}
	}
	if len(out) == 0 && len(gaps) > 0 {
		return nil, expr.Undecided("", gaps...)
	}
	return out, nil
}

// undecided is for what nothing that is written decides, with the reason in words.
func undecided(args []any) (any, error) {
	text, _ := args[0].(string)
	return nil, expr.Undecided(text)
}

// granted says what a grant gives to everybody, empty for nothing, and the gaps that could make it such a grant.
func granted(grant any, counts func(permission string) bool) (said string, gaps []expr.Gap, err error) {
	if gaps = gapsOf(grant, "Grantee", "Permission"); len(gaps) > 0 {
		return "", gaps, nil
	}
	g, _ := grant.(map[string]any)
	grantee, ok := g["Grantee"].(map[string]any)
	if !ok {
		return "", nil, errors.New("has no Grantee")
	}
	permission := field(g, "Permission")
	if !counts(permission) {
		return "", nil, nil
	}
	switch uri := field(grantee, "URI"); {
	case strings.EqualFold(uri, allUsers):
		return permission + " to everybody", nil, nil
	case strings.EqualFold(uri, anyAccount):
		return permission + " to everybody with an AWS account", nil, nil
	case uri == "" && field(grantee, "Type") != "CanonicalUser":
		return "", gapsOf(grantee, "URI", "Type"), nil
	}
	return "", nil, nil
}

// field is a field of a map as text, empty when it is not there.
func field(m map[string]any, key string) string {
	s, _ := m[key].(string)
	return s
}

// ruleText says a rule of a security group in words.
func ruleText(args []any) (any, error) {
	r, _ := args[0].(map[string]any)
	from, to := portOf(r["FromPort"]), portOf(r["ToPort"])
	peer := "an unnamed peer"
	for _, key := range peers() {
		if s := field(r, key); s != "" {
			peer = s
			break
		}
	}
	what := "everything"
	switch protocol := field(r, "IpProtocol"); {
	case protocol == "-1":
	case from == to:
		what = fmt.Sprintf("%s port %d", protocol, from)
	default:
		what = fmt.Sprintf("%s ports %d to %d", protocol, from, to)
	}
	return what + " from " + peer, nil
}

func peers() []string {
	return []string{"CidrIp", "CidrIpv6", "SourceSecurityGroupId", "SourcePrefixListId"}
}
